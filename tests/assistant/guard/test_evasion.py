"""Tricks that must not get through, and near misses that must."""

import pytest

from assistant.guard.check import check
from assistant.guard.context import GuardContext
from assistant.vocabulary import Language

EVASIONS = [
    ("AMZ-12", "Write to s e r v i c e @ s h o p . d e"),
    ("AMZ-12", "Write to ｓｅｒｖｉｃｅ＠ｓｈｏｐ．ｄｅ"),
    ("AMZ-12", "Write to ser\u200bvice@shop.de"),
    ("AMZ-12", "Write to service (at) shop (dot) de"),
    ("AMZ-12", "service[ät]shop[punkt]de"),
    ("AMZ-12", "service＠shop点com"),
    ("AMZ-08", "www dot our-shop dot com"),
    ("AMZ-08", "hTTps://OUR-shop.example/x"),
    ("AMZ-08", "ｗｗｗ．ｓｈｏｐ．ｃｏｍ"),
    ("AMZ-08", "https://www.amazon.de.evil.com/gp/help"),
    ("AMZ-08", "https://evil.com/www.amazon.de/gp/help"),
    ("AMZ-08", "https://amazon.de@evil.com/"),
    ("AMZ-13", "Call ０３－３２２４－５０００"),
    ("AMZ-13", "Tel. +4\u200b9 30 901820"),
    ("AMZ-01", "Any p o s i t i v e r\u0435view would help"),
    ("AMZ-01", "Please leave us a POSITIVE\nreview"),
    ("AMZ-01", "Please give ⭐⭐⭐⭐⭐"),
    ("AMZ-02", "Could you up\u00addate your re\u00adview?"),
    ("AMZ-14", "Add us on W h a t s A p p"),
    ("AMZ-14", "Add us on Ｗｈａｔｓａｐｐ"),
    ("AMZ-14", "加薇信 abc123"),
    ("AMZ-15", "We will P a y P a l you the money"),
    ("AMZ-30", "Dear {{ buyer.name }},"),
    ("AMZ-30", "Dear [insert name here],"),
    ("AMZ-30", "Hello <Customer Name>,"),
]


@pytest.mark.parametrize(("rule", "text"), EVASIONS)
def test_a_trick_does_not_get_through(rule: str, text: str) -> None:
    report = check(text, GuardContext(marketplace="JP" if "０３" in text else "DE"))
    assert rule in {finding.rule for finding in report.findings}, report.findings


FORGIVEN: list[tuple[Language, str]] = [
    ("en", "The lamp has a five-star energy label."),
    ("en", "You will find the online manual under model X.com-3."),
    ("en", "The fishing line breaks at 12 kg."),
    ("en", "Please open manual_v2.pdf and look at page 4."),
    ("en", "It runs Node.js and passed EN 62368-1."),
    ("en", "The scale shows a weight rating of 120 kg."),
    ("en", "Please confirm the phone number shown on your order is right."),
    ("en", "The bag has a passport holder and credit card slots."),
    ("en", "Our team is still under internal review of your case, please bear with us."),
    ("en", "Thanks for waiting.It is under the lid."),
    ("en", "Line 3 of the table is right, lines 4 and 5 are not."),
    ("de", "Wir freuen uns über Ihre positive Rückmeldung zum Liefertermin."),
    ("de", "Die Linie im 1.Stock, z.B. links, ist online sichtbar."),
    ("de", "Die Konformitätsbewertung liegt bei, bitte prüfen Sie die Seite 2."),
    ("de", "Bitte ändern Sie die Lieferadresse in Ihrem Konto."),
    ("fr", "Le facteur a laissé un avis de passage, veuillez le garder."),
    ("fr", "À notre avis, la vis est trop courte ; pourriez-vous la mesurer ?"),
    ("fr", "Le point de vente est fermé."),
    ("it", "Attendiamo un Suo riscontro positivo sull'indirizzo."),
    ("es", "Puede eliminar el artículo del carrito de devolución."),
    ("es", "El punto es importante: la tecla izquierda."),
    ("ja", "5つ星ホテル仕様のタオルです。"),
    ("ja", "生産ラインの都合により色味が異なる場合がございます。"),
    ("ja", "「お客様名」の欄をご確認ください。"),
    ("zh", "五星级酒店同款面料，请放心使用。"),
    ("zh", "您可以在订单页修改收货地址。"),
    ("zh", "手表支持微信消息提醒。"),
]


@pytest.mark.parametrize(("language", "text"), FORGIVEN)
def test_a_near_miss_passes(language: Language, text: str) -> None:
    report = check(text, GuardContext(marketplace="DE", buyer_language=language))
    assert report.verdict == "pass", report.findings


def test_the_buyers_language_is_read_from_the_thread() -> None:
    text = "The left key turns the lamp on, and the right key turns it off again after a while."
    thread = ({"from": "buyer", "text": "Guten Tag, wie schalte ich die Lampe wieder aus, bitte?"},)
    context = GuardContext.model_validate({"marketplace": "DE", "thread": thread})
    assert "AMZ-22" in {finding.rule for finding in check(text, context).findings}
    proactive = context.model_copy(update={"kind": "proactive"})
    (finding,) = [found for found in check(text, proactive).findings if found.rule == "AMZ-22"]
    assert finding.severity == "block"


def test_the_tracking_number_of_the_order_is_no_phone_number() -> None:
    order = {
        "order_id": "302-1234567-1234567",
        "status": "SHIPPED",
        "fulfilled_by": "MERCHANT",
        "tracking_number": "030901820",
    }
    context = GuardContext.model_validate({"marketplace": "DE", "order": order})
    assert "AMZ-13" not in {found.rule for found in check("It is 030901820.", context).findings}
    assert "AMZ-13" in {found.rule for found in check("It is 030901821, call.", context).findings}


def test_markup_and_breaks_come_with_a_repair() -> None:
    findings = check(
        "**Press** it.\n\n\nhttp://www.amazon.de/gp/help 😊", GuardContext(marketplace="DE")
    ).findings
    fixes = {found.rule: found.fix for found in findings}
    assert fixes["AMZ-29"] == "Press"
    assert fixes["AMZ-28"] == "\n\n"
    assert fixes["AMZ-11"] == "https://"
    assert fixes["AMZ-27"] == ""


def test_a_thanks_only_message_is_worse_when_nobody_asked() -> None:
    text = "Thank you for your order! We are here if you need anything."
    for kind, severity in (("reply", "warn"), ("proactive", "block")):
        context = GuardContext.model_validate({"marketplace": "DE", "kind": kind})
        (finding,) = [found for found in check(text, context).findings if found.rule == "AMZ-20"]
        assert finding.severity == severity
