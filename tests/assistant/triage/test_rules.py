"""The phrase tables: how phrases are written, and that every row is complete."""

from importlib.resources import files
from typing import Any

import pytest

from assistant.triage import routes, rules
from assistant.triage.rules import Folded, find, table
from assistant.vocabulary import LANGUAGES, Intent, RiskFlag

KINDS = ("intents", "danger", "risk", "sentiment")
SIGNALS = {"refund_amount", "not_arrived", "redelivery", "error_code", "size_choice"}
SIGNALS |= {"asks", "product", "owned", "parcel"}
MOODS = {"worried", "frustrated", "angry"}


def rows_of(language: str) -> list[rules.Row]:
    return [row for kind in KINDS for row in table(f"{kind}_{language}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_covers_the_whole_vocabulary(language: str) -> None:
    marks = {row.mark for row in rows_of(language)}
    flagged = {"safety_incident", "legal_threat", "a_to_z_claim", "counterfeit_claim", "privacy_request"}
    implied = flagged | {"fraud_suspicion", "other"}
    assert {intent.value for intent in Intent} - implied <= marks
    assert {flag.value for flag in RiskFlag} | MOODS | SIGNALS <= marks


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_a_known_mark_a_weight_and_a_reason(language: str) -> None:
    known = {*Intent, *RiskFlag, *MOODS, *SIGNALS}
    for row in rows_of(language):
        assert row.mark in known, row.id
        assert 0 < row.weight <= 1
        assert len(row.reason) > 10


def test_every_table_is_there() -> None:
    names = {path.name for path in (files("assistant.triage") / "tables").iterdir()}
    phrases = {f"{kind}_{language}.toml" for kind in KINDS for language in LANGUAGES}
    others = {"context.toml", "routes.toml", "language.toml", "quotation.toml", "commitments.toml"}
    assert phrases | others <= names


def row(language: str, **fields: Any) -> rules.Row:
    entry = {"id": "x", "mark": "thanks", "weight": 0.5, "reason": "test", "language": language, **fields}
    return rules._row("test", entry)


@pytest.mark.parametrize(
    ("language", "phrase", "text", "found"),
    [
        ("en", "spark(s|ed)?", "It SPARKED.", "SPARKED"),
        ("en", "spark", "sparkling", None),
        ("en", "explod*", "it exploded!", "exploded"),
        ("en", "refund ... late", "the refund is very late", "refund is very late"),
        ("en", "refund ... late", "the refund. Very late", None),
        ("en", "don't", "I don’t know", "don’t"),
        ("en", "back <amount>", "pay back €12.50 now", "back €12.50"),
        ("en", "<amount> back", "give 20 % back", "20 % back"),
        ("en", "for ... <amount>", "for this 20 euros", "for this 20 euros"),
        ("de", "für", "fuer mich", "fuer"),
        ("de", "für", "fur mich", "fur"),
        ("de", "groß", "zu gross", "gross"),
        ("fr", "reçu", "pas recu", "recu"),
        ("fr", "où", "où est-il", "où"),
        ("ja", "焦げ", "ちょっと焦げ臭い", "焦げ"),
        ("zh", "退...款", "退 我的货款", "退 我的货款"),
        ("zh", "<amount>", "退我５０元", "50元"),
        ("en", "not received", "not\nreceived", "not received"),
        ("en", "smoke", "sm\u200boke", "smoke"),
    ],
)
def test_phrases(language: str, phrase: str, text: str, found: str | None) -> None:
    matches = find([row(language, phrases=[phrase])], Folded.of(text))
    assert [match.words for match in matches] == ([found] if found else [])


def test_a_look_alike_that_is_not_shorter_voids_the_match() -> None:
    smoke = row("en", phrases=["smoke ... alarm", "smoke"], unless=["smoke detector"])
    assert find([smoke], Folded.of("a smoke detector")) == []
    matches = find([smoke], Folded.of("smoke detector, and smoke came out"))
    assert [match.start for match in matches] == [20]
    assert find([smoke], Folded.of("smoke detector then alarm")) != []


def test_letters_that_change_length_keep_the_offsets() -> None:
    matches = find([row("en", phrases=["smoke"])], Folded.of("İİ smoke"))
    assert [match.words for match in matches] == ["smoke"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"phrases": ["[abc]"]},
        {"phrases": ["a\\d"]},
        {"phrases": ["(a"]},
        {"phrases": ["a"], "weight": 2},
        {"phrases": ["a"], "reason": ""},
        {},
    ],
)
def test_a_wrong_row_is_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"tables/test.toml, row x: "):
        row("en", **wrong)


def test_routes_end_with_a_row_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    empty: frozenset[str] = frozenset()
    assert routes.route_for(tier=1, flags=empty, intents=empty, signals=empty)[0] == "agent"
    assert routes.route_for(tier=3, flags=empty, intents=empty, signals=empty)[0] == "supervisor"
    monkeypatch.setattr(routes, "_rows", list)
    with pytest.raises(ValueError, match="no row fits"):
        routes.route_for(tier=1, flags=empty, intents=empty, signals=empty)


def test_an_id_that_stands_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = '[[row]]\nid="a"\nmark="thanks"\nweight=0.5\nreason="r"\nphrases=["x"]\nlanguage="en"\n'
    monkeypatch.setattr(rules, "files", lambda _: _Fake(entry * 2))
    with pytest.raises(ValueError, match="an id stands twice"):
        table.__wrapped__("double")


class _Fake:
    """Stands for a package directory that holds one table."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __truediv__(self, _: str) -> "_Fake":
        return self

    def read_text(self, _: str) -> str:
        return self.text
