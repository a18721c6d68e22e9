"""Safety reports wake the rule; look-alikes do not."""

import pytest

from assistant.domain import Finding
from assistant.guard import safety
from assistant.guard.check import check_with
from assistant.guard.context import GuardContext


def _findings(text: str, buyer: str | None) -> list[Finding]:
    thread = [{"from": "buyer", "text": buyer}] if buyer else []
    context = GuardContext.model_validate({"marketplace": "DE", "thread": thread})
    return list(check_with(safety.RULES, text, context).findings)


@pytest.mark.parametrize(
    "text",
    [
        "it sparked",
        "it caught fire",
        "I got an electric shock",
        "the battery is swollen",
        "there was a burning smell",
        "es hat gequalmt",
        "ich bekam einen Stromschlag",
        "der Akku ist aufgebläht",
        "es riecht nach Brandgeruch",
        "de la fumée est sortie",
        "j'ai été électrocuté",
        "une brûlure à la main",
        "è uscito del fumo",
        "ho preso la scossa",
        "mi sono fatto un'ustione",
        "salió humo",
        "me dio una descarga",
        "tengo una quemadura",
        "発火しました",
        "煙が出た",
        "感電した",
        "やけどをしました",
        "バッテリーが膨張",
        "冒烟了",
        "漏电",
        "起火",
        "电池鼓包",
        "被烫伤",
    ],
)
def test_a_danger_is_heard(text: str) -> None:
    assert safety.names_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "smoke-coloured glass",
        "a smoke detector",
        "how do I burn a CD",
        "a shocking price",
        "the Fire TV stick",
        "the charger is hot stuff",
        "der Rauchmelder piept",
        "rauchgraues Glas",
        "ein brandneues Gerät",
        "un prix choc",
        "gris fumée",
        "comment graver un disque",
        "la batterie se décharge",
        "grigio fumo",
        "masterizzare un CD",
        "gris humo",
        "descargar el manual",
        "火曜日に届く",
        "煙色のガラス",
        "火災報知器",
        "花火柄",
        "烟灰色",
        "烟雾报警器",
        "这款很火爆",
        "防火材料",
    ],
)
def test_look_alikes_are_no_danger(text: str) -> None:
    assert not safety.names_danger(text)


def test_a_careless_answer_is_blocked_and_says_why() -> None:
    found = _findings("This is harmless. Please stop using it.", "It sparked!")
    assert [(item.rule, item.severity) for item in found] == [("AMZ-38", "block")]
    assert "plays the danger down" in found[0].message


def test_without_a_thread_the_danger_named_in_the_draft_wakes_the_rule() -> None:
    assert [item.rule for item in _findings("The smoke you saw is normal.", None)] == ["AMZ-38"]
    assert _findings("This colour is normal. You can keep using it.", None) == []


@pytest.mark.parametrize(
    "text",
    [
        "Please do not continue to use it.",
        "Bitte benutzen Sie das Gerät nicht weiter.",
        "We cannot say that it is safe. Please stop using it.",
        "Please unplug it if that is safe to do.",
    ],
)
def test_a_warning_is_no_permission(text: str) -> None:
    assert "keep_using" not in [item.rule for item in _findings(text, "It sparked!")]
    assert [
        item.severity for item in _findings(text, "It sparked!") if item.evidence.startswith("contin")
    ] == []


def test_a_seller_message_is_no_report() -> None:
    context = GuardContext.model_validate(
        {"marketplace": "DE", "thread": [{"from": "seller", "text": "smoke came out"}]}
    )
    assert not safety.reported(context)
