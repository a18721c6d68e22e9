"""Names are found by the words around them, in seven languages; words that stand like names are not."""

import pytest

from evals.personal.names import has_signs, invented, is_no_name, names, titles


def found(text: str, *familiar: str) -> list[str]:
    return list(dict.fromkeys(one.written for one in names(text, frozenset(familiar))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wo bleibt mein Paket?\nViele Grüße\nK. Brandstetter", ["K. Brandstetter"]),
        ("Danke im Voraus!\nMfG Brandstetter, Klaus", ["Brandstetter, Klaus"]),
        ("Melden Sie sich. LG Tom", ["Tom"]),
        ("Sehr geehrte Frau Dr. Meier, danke.", ["Meier"]),
        ("mein Name ist Anna von Hohenfels und ich warte", ["Anna von Hohenfels"]),
        ("Hallo Jürgen,\nich warte.", ["Jürgen"]),
        ("Dear Ms. Walker,\nthanks for waiting.", ["Walker"]),
        ("It broke.\nKind regards,\n\nWendy O'Hara", ["Wendy O'Hara"]),
        ("Thanks,\nwendy", ["wendy"]),
        ("No rush on the second.\nWendy", ["Wendy"]),
        ("Hello, this is Dr. Kyle Kuefer. Who are you?", ["Kyle Kuefer"]),
        ("My name is Rubija", ["Rubija"]),
        ("Name: Toshimi Arata\nfine", ["Toshimi Arata"]),
        ("Merci.\nCordialement, Mme Dubois", ["Dubois"]),
        ("Cordialement,\nJean-Luc de La Fontaine", ["Jean-Luc de La Fontaine"]),
        ("Je m'appelle Zoé Martin.", ["Zoé Martin"]),
        ("Grazie mille!\nGiulia", ["Giulia"]),
        ("Gentile Signora Bianchi,", ["Bianchi"]),
        ("Gracias, un saludo\nMaría José García López", ["María José García López"]),
        ("Estimado Sr. Pérez:", ["Pérez"]),
        ("田中様\nお世話になっております。", ["田中"]),
        ("届きません。\n佐藤より", ["佐藤"]),
        ("よろしくお願いします。\n山田 花子", ["山田 花子"]),
        ("担当の田中さんに聞きました。", ["田中"]),
        ("山本と申します。", ["山本"]),
        ("尊敬的王先生，您好。", ["王先生"]),
        ("此致\n敬礼\n王小明", ["王小明"]),
        ("我叫王小明，手机坏了。", ["王小明"]),
        ("请问李小姐在吗？", ["李小姐"]),
        ("谢谢！\n张伟", ["张伟"]),
    ],
)
def test_a_name_is_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mit freundlichen Grüßen\nIhr Kundenservice-Team",
        "Kind regards,\nThe Velanoor Team",
        "Sehr geehrte Damen und Herren,\nich warte.",
        "Dear Sir or Madam,",
        "Thanks, I will wait.",
        "Thanks in advance\nSent from my iPhone",
        "Viele Grüße\nGesendet von meinem iPad",
        "Hallo Amazon,",
        "製品の仕様について、同様の質問です。お客様、皆さん、業者さん",
        "お客様\nご担当者様",
        "这位先生说，各位女士，老先生",
        "此致\n敬礼",
        "Danke",
        "Thanks,\n4 of 5 arrived",
        "",
    ],
)
def test_what_only_stands_like_a_name_is_none(text: str) -> None:
    assert found(text) == []


def test_words_of_products_end_a_message_without_being_names() -> None:
    text = "Does it fit this one?\nVelanoor Lamp"
    assert found(text, "velanoor", "lamp") == []
    assert found(text) == ["Velanoor Lamp"]


def test_a_long_message_takes_time_in_proportion() -> None:
    assert found("Thanks " * 20_000) == []


def test_the_table_has_enough_to_choose_from() -> None:
    known = invented()
    assert min(len(known[kind]) for kind in ("first", "last", "han", "han_single", "han_double", "kana")) >= 8
    for kind, row in known.items():
        assert len(set(row)) == len(row), kind
    assert not any(is_no_name(name) for row in known.values() for name in row)
    assert all(map(has_signs, (*known["han"], *known["kana"], *titles())))
