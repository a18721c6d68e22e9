"""Each part of a reply is seen where it is, and missed where it is not, in all seven languages."""

import tomllib
from collections.abc import Callable
from importlib.resources import files
from itertools import product
from typing import Any

import pytest

from assistant.vocabulary import LANGUAGES, Language
from evals.scorers.learn import PARTS, Part, learn, parts_of

Make = Callable[..., Any]
REPLIES: dict[Language, dict[Part, str]] = {
    "en": {
        "listen": "You mention that the rack rattles whenever the fryer starts.",
        "empathize": "That is frustrating with a new machine.",
        "acknowledge": "We take this seriously.",
        "resolve": "Push the four silicone feet back on; you can do this without tools.",
        "notify": "Should this not help, write back to me.",
    },
    "de": {
        "listen": "Sie schildern, dass der Rost beim Start klappert.",
        "empathize": "Das ist ärgerlich.",
        "acknowledge": "Da haben Sie recht.",
        "resolve": "Die vier Füße können Sie ohne Werkzeug wieder aufstecken.",
        "notify": "Melden Sie sich gerne, wenn es weiter klappert.",
    },
    "fr": {
        "listen": "Vous signalez que la grille fait du bruit au démarrage.",
        "empathize": "C'est agaçant.",
        "acknowledge": "Cela n'est pas normal.",
        "resolve": "Les quatre patins se remettent en place à la main ; vous pouvez le faire sans outil.",
        "notify": "N'hésitez pas à revenir vers nous.",
    },
    "it": {
        "listen": "Ci segnala che la griglia fa rumore all'avvio.",
        "empathize": "È davvero fastidioso.",
        "acknowledge": "Prendiamo la cosa sul serio.",
        "resolve": "Controlli i quattro piedini di silicone e li rimetta al loro posto.",
        "notify": "Ci faccia sapere com'è andata.",
    },
    "es": {
        "listen": "Nos comenta que la rejilla hace ruido al arrancar.",
        "empathize": "Es molesto.",
        "acknowledge": "No debería ocurrir.",
        "resolve": "Compruebe las cuatro patas de silicona y colóquelas de nuevo.",
        "notify": "Avísenos cuando lo haya hecho.",
    },
    "ja": {
        "listen": "起動時に網から音がするとのこと。",
        "empathize": "ご不便をおかけしております。",
        "acknowledge": "重く受け止めております。",
        "resolve": "シリコンの脚を差し込み直すだけで、工具なしでお試しいただけます。",
        "notify": "結果をお聞かせください。",
    },
    "zh": {
        "listen": "您提到烤架启动时有响声。",
        "empathize": "这确实让人心烦，非常抱歉。",
        "acknowledge": "我们会认真对待。",
        "resolve": "您可以把四个硅胶脚垫重新套上。",
        "notify": "结果怎样，告诉我们。",
    },
}
BARE: dict[Language, str] = {
    "en": "Order 203-6640917-2281360. Kind regards, the team.",
    "de": "Bestellung 203-6640917-2281360. Mit freundlichen Grüßen, das Team.",
    "fr": "Commande 203-6640917-2281360. Cordialement, l'équipe.",
    "it": "Ordine 203-6640917-2281360. Cordiali saluti, la squadra.",
    "es": "Pedido 203-6640917-2281360. Un saludo cordial, el equipo.",
    "ja": "ご注文番号203-6640917-2281360。カスタマーサービス一同。",
    "zh": "订单号203-6640917-2281360。客服团队敬上。",
}
TERSE = [
    ("en", "The capacity is 8 litres.", set()),
    ("de", "Das Fassungsvermögen beträgt 8 Liter.", set()),
    ("fr", "La capacité est de 8 litres.", set()),
    ("en", "Sorry about that.", {"empathize"}),
    ("en", "The filter needs to be cleaned if the light is on; then it runs within seconds.", set()),
    ("de", "Wenn die Lampe blinkt, ist der Filter voll, dann ist er zu reinigen.", set()),
    ("zh", "容量为8升，功率1400瓦。", set()),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_reply_has_all_parts(make_reply_case: Make, proposed: Make, language: Language) -> None:
    score = learn(make_reply_case(language=language), proposed(" ".join(REPLIES[language].values())))
    assert (score.value, score.passed, score.why) == (1.0, True, "")
    assert score.parts == {"n": 1, "all": 1, "found": 5, "parts": 5} | {str(part): 1 for part in PARTS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("left_out", PARTS)
def test_a_part_left_out_is_missed(language: Language, left_out: Part) -> None:
    text = " ".join(said for part, said in REPLIES[language].items() if part != left_out)
    found = parts_of(text, language)
    assert left_out not in found, found[left_out]
    assert set(found) == set(PARTS) - {left_out}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_of_nothing_has_no_part(language: Language) -> None:
    assert parts_of(BARE[language], language) == {}


@pytest.mark.parametrize(("language", "text", "parts"), TERSE)
def test_a_bare_fact_is_no_considerate_reply(language: Language, text: str, parts: set[Part]) -> None:
    assert set(parts_of(text, language)) == parts


def test_what_is_cited_resolves(make_reply_case: Make, proposed: Make) -> None:
    cited = {"document_id": "faq-a", "release": "r1", "chunk_id": "c", "quote": "8 Liter"}
    case, text = make_reply_case(), "Das Fassungsvermögen beträgt 8 Liter."
    assert "resolve" in learn(case, proposed(text)).why
    score = learn(case, proposed(text, citations=[cited]))
    assert score.why == "no sign of: listen, empathize, acknowledge, notify"


def test_a_cue_begins_where_a_word_begins() -> None:
    assert parts_of("Die Bleidichtung hält.", "de") == {}
    assert set(parts_of("Das tut uns leid.", "de")) == {"empathize"}


def test_the_table_speaks_of_every_part_in_every_language_and_says_why() -> None:
    rows = tomllib.loads((files("evals.scorers") / "tables" / "learn.toml").read_text("utf-8"))["cue"]
    assert {(row["language"], row["part"]) for row in rows} == set(product(LANGUAGES, PARTS))
    assert all(row["why"] for row in rows)
    cues = [(row["language"], row["part"], cue) for row in rows for cue in row["says"]]
    assert len(cues) == len(set(cues))
    assert all(cue == cue.lower() and cue.strip() for _, _, cue in cues)
