"""Faults planted in evaluation data are found, sound data pass, and thousands of cases take seconds."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from assistant.domain import Case
from assistant.errors import InvalidInput
from evals.cases import BUNDLED, EvalCase, split_of
from evals.datacheck import DataReport, check_data
from evals.problems import Labelled
from evals.similar import ALIKE, alike, essence
from evals.suite import Suite
from evals.suites import SUITES
from evals.targets import (
    DraftTarget,
    GroundingTarget,
    GuardRequest,
    GuardTarget,
    InjectionInput,
    InjectionTarget,
)
from evals.workplace import Workplace

TUNE = [name for name in map("tune-{}".format, range(40)) if split_of(name) == "tune"]
HELD = [name for name in map("held-{}".format, range(40)) if split_of(name) == "held"]
TEXT = "Dear Ms Hall, your parcel left our warehouse on Monday and arrives by Friday evening at the latest."
OTHER = "Bonjour, il suffit de rincer le panier a l'eau tiede, puis de le laisser secher a l'air libre."


def solve(case: EvalCase[Any, Any], _: Workplace) -> Any:
    return case.input


def suite(name: str, asked: Any, wanted: Any) -> Suite[Any, Any, Any]:
    return Suite(name, f"Is {name} right?", EvalCase[asked, wanted], solve, (), ())


GUARD = suite("guard", GuardRequest, GuardTarget)
GROUNDING = suite("grounding", GuardRequest, GroundingTarget)
DRAFTS = suite("drafts", Case, DraftTarget)
INJECTION = suite("injection", InjectionInput, InjectionTarget)
ALL = {one.name: one for one in (GUARD, GROUNDING, DRAFTS, INJECTION)}


def guard(identity: str, text: str, **more: Any) -> dict[str, Any]:
    target = more.pop("target", {"verdict": "pass"})
    return row(identity, {"text": text, "marketplace": "UK", **more.pop("input", {})}, target, **more)


def draft(identity: str, text: str, **more: Any) -> dict[str, Any]:
    target = {"language": "en", "outcome": "answerable", **more.pop("target", {})}
    return row(identity, {"message": {"text": text, "marketplace": "UK"}}, target, **more)


def row(identity: str, asked: Any, wanted: Any, **more: Any) -> dict[str, Any]:
    fields = {"language": "en", "split": split_of(identity), **more}
    return {"id": identity, "input": asked, "target": wanted, **fields}


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., DataReport]:
    """Check these rows, by suite."""

    def check(**rows: Sequence[dict[str, Any]]) -> DataReport:
        for name, some in rows.items():
            (tmp_path / name).mkdir(exist_ok=True)
            lines = "".join(json.dumps(one) + "\n" for one in some)
            (tmp_path / name / "cases.jsonl").write_text(lines, encoding="utf-8")
        return check_data(tmp_path, ALL)

    return check


def found(report: DataReport, kind: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.level, one.cases) for one in report.problems if one.kind == kind]


def messages(report: DataReport, kind: str) -> list[str]:
    return [one.message for one in report.problems if one.kind == kind]


def test_a_copy_on_the_other_side_is_leakage_and_on_the_same_side_a_double(
    checked: Callable[..., DataReport],
) -> None:
    rows = [
        guard(TUNE[0], TEXT),
        guard(HELD[0], TEXT.replace("Ms Hall", "Mr Kent")),
        guard(TUNE[1], f"{TEXT} Thank you."),
        guard(TUNE[2], OTHER),
    ]
    report = checked(guard=rows)
    assert not report.ok
    assert found(report, "leakage") == [
        ("error", (f"guard/{HELD[0]}", f"guard/{TUNE[0]}")),
        ("error", (f"guard/{HELD[0]}", f"guard/{TUNE[1]}")),
    ]
    assert found(report, "duplicate") == [("warning", (f"guard/{TUNE[0]}", f"guard/{TUNE[1]}"))]
    assert "on both sides of the split" in report.problems[0].message


def test_a_copy_in_another_suite_leaks_too(checked: Callable[..., DataReport]) -> None:
    report = checked(guard=[guard(TUNE[0], TEXT)], drafts=[draft(HELD[0], TEXT)])
    assert found(report, "leakage") == [("error", (f"drafts/{HELD[0]}", f"guard/{TUNE[0]}"))]


def test_variants_of_a_family_and_translations_are_no_copies(checked: Callable[..., DataReport]) -> None:
    rows = [
        guard(f"{TUNE[0]}.a", TEXT),
        guard(f"{TUNE[0]}.b", f"{TEXT} Bye."),
        guard(HELD[0], TEXT, language="de", input={"marketplace": "DE"}),
    ]
    assert checked(guard=rows).ok


def test_what_sets_cases_apart_is_compared_not_what_they_share() -> None:
    planted = {"message": {"text": "Hi", "marketplace": "UK"}, "planted": [{"text": "poison"}]}
    assert essence(InjectionInput.model_validate({**planted, "model_reply": "yes"})) == "Hi\npoison\nyes"
    assert essence(Case.model_validate({"message": planted["message"]})) == "Hi"
    assert "tier" in essence(DraftTarget(language="en", outcome="answerable", required=(("tier",),)))


def test_one_input_with_two_labels_is_a_contradiction(checked: Callable[..., DataReport]) -> None:
    bad = {"verdict": "blocked", "rules": ["AMZ-01"]}
    rows = [guard(f"{TUNE[0]}.a", TEXT), guard(f"{TUNE[0]}.b", TEXT, target=bad)]
    assert found(checked(guard=rows), "contradiction") == [
        ("error", (f"guard/{TUNE[0]}.a", f"guard/{TUNE[0]}.b"))
    ]
    twice = checked(guard=[rows[0], guard(f"{TUNE[0]}.b", TEXT)])
    assert found(twice, "duplicate") == [("error", (f"guard/{TUNE[0]}.a", f"guard/{TUNE[0]}.b"))]
    order = {"order_id": "302-1234567-7654321", "status": "SHIPPED", "fulfilled_by": "MERCHANT"}
    assert checked(guard=[rows[0], guard(f"{TUNE[0]}.b", TEXT, input={"order": order}, target=bad)]).ok


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        (["by Friday"], None),
        (["by Sunday"], "not in the text: 'by Sunday'"),
        (["a"], "more than once in the text: 'a'"),
    ],
)
def test_words_at_fault_stand_once_in_the_text(
    checked: Callable[..., DataReport], spans: list[str], message: str | None
) -> None:
    target = {"verdict": "blocked", "rules": ["AMZ-01"], "spans": spans}
    report = checked(guard=[guard(TUNE[0], TEXT, target=target)])
    assert [one.message for one in report.problems if one.kind == "quotation"] == (
        [message] if message else []
    )


def test_a_claim_is_not_both_supported_and_unsupported(checked: Callable[..., DataReport]) -> None:
    target = {"supported": ["by Friday", "no such words"], "unsupported": ["by Friday"]}
    report = checked(grounding=[guard(TUNE[0], TEXT, target=target)])
    messages = [one.message for one in report.problems if one.kind == "quotation"]
    assert messages == [
        "not in the text: 'no such words'",
        "labelled as supported and as unsupported: 'by Friday'",
    ]


def test_what_is_required_is_not_forbidden(checked: Callable[..., DataReport]) -> None:
    sound = {"required": [["30 days", "a refund"]], "forbidden": ["refund"]}
    assert checked(drafts=[draft(TUNE[0], TEXT, target=sound)]).ok
    never = {"required": [["a refund", "your refund"]], "forbidden": ["refund"]}
    report = checked(drafts=[draft(TUNE[0], TEXT, target=never)])
    assert "each of its alternatives is forbidden: 'a refund'" in report.problems[0].message


@pytest.mark.parametrize(
    ("text", "origin", "what"),
    [
        ("Call me on 020 7219 3000 please", "anonymised", "a telephone number at character 11"),
        ("Call me on 020 7946 0018 please", "anonymised", None),
        ("Schreiben Sie an anna.keller@web.de", "anonymised", "an e-mail address at character 17"),
        ("Write to anna@mail.example.com", "anonymised", None),
        ("Write to x7k2@marketplace.amazon.co.uk", "anonymised", None),
        ("Order 302-1234567-7654321 from 2026", "anonymised", None),
        ("Call me on 020 7946 0018 please", "synthetic", None),
    ],
)
def test_personal_data_may_not_be_left_in_what_is_called_anonymised(
    checked: Callable[..., DataReport], text: str, origin: str, what: str | None
) -> None:
    report = checked(drafts=[draft(TUNE[0], text, origin=origin)])
    assert messages(report, "personal data") == ([what] if what else [])
    assert "020" not in "".join(one.message for one in report.problems)


def test_everything_somebody_wrote_is_looked_through() -> None:
    asked = {
        "message": {"text": "a", "subject": "b"},
        "planted": [{"title": "x", "text": "c"}],
        "thread": ["d"],
    }
    case = EvalCase[Case, DraftTarget].model_validate(draft(TUNE[0], TEXT))
    assert list(Labelled("drafts", case, asked, {}).prose()) == ["a", "b", "c"]


def test_balance_is_counted_and_warned_about(checked: Callable[..., DataReport]) -> None:
    texts = [f"{word * 9} {place}" for place, word in enumerate(["alpha", "bravo", "casa", "delta"])]
    rows = [guard(name, text, tags=["short"]) for name, text in zip(TUNE, texts, strict=False)]
    report = checked(guard=rows)
    assert report.ok
    content = report.suites["guard"]
    assert (content.cases, content.languages, content.splits) == (4, {"en": 4}, {"tune": 4})
    assert (content.origins, content.tags) == ({"synthetic": 4}, {"short": 4})
    languages, sides = messages(report, "balance")
    assert languages == "less than 5% of 4 cases by language: de 0, fr 0, it 0, es 0, ja 0, zh 0"
    assert sides == "less than 10% of 4 cases by side: held 0"


def test_a_line_that_is_no_case_is_an_error_and_the_rest_is_checked(
    checked: Callable[..., DataReport],
) -> None:
    report = checked(guard=[{"id": "x"}], drafts=[draft(TUNE[0], TEXT)])
    assert [(one.kind, one.suite) for one in report.problems if one.level == "error"] == [("schema", "guard")]
    assert set(report.suites) == {"drafts"}


def test_files_that_no_suite_reads_are_named(checked: Callable[..., DataReport], tmp_path: Path) -> None:
    (tmp_path / "gaurd").mkdir()
    (tmp_path / "gaurd" / "cases.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "loose.jsonl").write_text("", encoding="utf-8")
    report = checked(guard=[guard(TUNE[0], TEXT)])
    assert messages(report, "unread") == ["no suite reads gaurd/cases.jsonl", "no suite reads loose.jsonl"]


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="one of these folders is needed: guard, grounding"):
        check_data(tmp_path, ALL)


@given(st.lists(st.text("abc ", max_size=12), max_size=12))
def test_every_pair_that_is_alike_is_found_once(texts: list[str]) -> None:
    pairs = {
        (one, other)
        for one in range(len(texts))
        for other in range(one + 1, len(texts))
        if texts[one] and texts[other] and fuzz.ratio(texts[one], texts[other]) >= ALIKE * 100
    }
    listed = [(one, other) for one, other, _ in alike(texts)]
    assert {(min(pair), max(pair)) for pair in listed} == pairs
    assert len(listed) == len(pairs)


def test_blocks_are_joined_without_a_gap() -> None:
    texts = [f"{number:04d} " * 10 for number in range(600)]
    texts[3], texts[598] = "a rather special text " * 3, "a rather special text  " * 3
    special = [{one, other} for one, other, _ in alike(texts, 0.95) if 3 in (one, other)]
    assert special == [{3, 598}]


def test_the_data_of_the_product_have_no_error() -> None:
    report = check_data(BUNDLED, SUITES)
    assert [one for one in report.problems if one.level == "error"] == []
    assert set(report.suites) == {name for name, one in SUITES.items() if not one.borrows}
