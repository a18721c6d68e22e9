"""What is judged with and without an order and passages, and what the messages say."""

from typing import Any

import pytest

from assistant.domain import Finding
from assistant.guard import grounding
from assistant.guard.check import check_with
from assistant.guard.context import GuardContext
from assistant.guard.evidence import evidence_of, order_text

_ORDER: dict[str, Any] = {
    "order_id": "302-1234567-1234567",
    "status": "SHIPPED",
    "fulfilled_by": "MERCHANT",
    "purchased_at": "2026-11-10T23:30:00Z",
    "shipped_at": "2026-11-12T10:00:00Z",
    "deliver_by": "2026-11-24",
    "carrier": "DHL",
    "tracking_number": "00340434161094000000",
    "items": [
        {
            "asin": "B0TEST0001",
            "title": "Lamp LX-200, 12 W",
            "quantity": 2,
            "price": {"amount": "19.95", "currency": "EUR"},
        }
    ],
}
_FAQ = {
    "document_id": "faq",
    "text": "The LX-200 has a warranty of 24 months and runs 8 hours.",
    "language": "en",
}


def _findings(text: str, **fields: Any) -> list[Finding]:
    context = GuardContext.model_validate({"marketplace": "DE", "buyer_language": "en", **fields})
    return list(check_with(grounding.RULES, text, context).findings)


def _rules(text: str, **fields: Any) -> list[str]:
    return [found.rule for found in _findings(text, **fields)]


@pytest.mark.parametrize(
    "text",
    [
        "Your parcel was delivered yesterday.",
        "Your package is out for delivery.",
        "Your parcel was shipped on 3 May.",
        "You paid 20 € for this order.",
        "Your order 302-7654321-7654321 is with us.",
        "It travels with DHL.",
        "The tracking number is JJD0001234567890123.",
    ],
)
def test_without_an_order_a_claim_about_it_cannot_be_decided(text: str) -> None:
    found = _findings(text)
    assert {item.rule for item in found} == {"GR-01"}
    assert all(item.severity == "edit" and "no order is given" in item.message for item in found)


@pytest.mark.parametrize(
    "text",
    [
        "The warranty is 36 months.",
        "It weighs 3 kg and costs 20 €.",
        "The offer ended on 3 May.",
        "Use part F-99, 50 % of it.",
        "It takes 3 to 5 business days.",
    ],
)
def test_product_and_policy_are_not_judged_without_passages(text: str) -> None:
    assert _rules(text) == []
    assert _rules(text, passages=[_FAQ]) != []
    assert _rules(text, passages=[]) != []


@pytest.mark.parametrize(
    ("text", "wrong", "right", "fix"),
    [
        (
            "Your order 302-1234567-7654321 is fine.",
            "302-1234567-7654321",
            "302-1234567-1234567",
            "302-1234567-1234567",
        ),
        (
            "Tracking: 00340434161094000001.",
            "00340434161094000001",
            "00340434161094000000",
            "00340434161094000000",
        ),
        ("Your parcel travels with GLS.", "GLS", "DHL", "DHL"),
        ("Your parcel should arrive by 25 November.", "25 November", "2026-11-24", None),
        ("You paid 25 € for this order.", "25 €", "19.95 EUR", None),
        ("Your parcel was delivered.", "was delivered", "no delivery", None),
    ],
)
def test_a_contradiction_names_what_the_order_says(
    text: str, wrong: str, right: str, fix: str | None
) -> None:
    (found,) = _findings(text, order=_ORDER)
    assert (found.rule, found.severity, found.evidence, found.fix) == ("GR-01", "edit", wrong, fix)
    assert right in found.message


@pytest.mark.parametrize(
    "text",
    [
        "You ordered on 10 November.",
        "You ordered on 11 November.",
        "You paid 39.90 € for your order of two lamps.",
        "You paid EUR 19.95 for each, ordered on 2026-11-10.",
        "Your parcel travels with DHL, tracking number 0034 0434 1610 9400 0000.",
        "Your parcel is on its way.",
        "Your parcel was shipped 10 days ago.",
    ],
)
def test_what_the_order_says_may_be_said(text: str) -> None:
    assert _rules(text, order=_ORDER, passages=[], at="2026-11-22T09:00:00Z") == []


def test_elapsed_days_support_no_promise_of_days() -> None:
    assert _rules("It takes 10 days.", order=_ORDER, passages=[], at="2026-11-22T09:00:00Z") == ["GR-02"]


def test_a_delivered_parcel_is_no_longer_on_its_way() -> None:
    order = {**_ORDER, "delivered_at": "2026-11-20T10:00:00Z"}
    assert _rules("Your parcel was delivered on 20 November.", order=order) == []
    assert _rules("Your parcel is on its way.", order=order) == ["GR-01"]


@pytest.mark.parametrize(
    "text",
    [
        "If it has been delivered, please ask your neighbours.",
        "Was the parcel delivered to a neighbour?",
        "You wrote that it was marked as delivered.",
        "It has not been delivered yet.",
    ],
)
def test_conditions_questions_and_the_buyers_account_claim_nothing(text: str) -> None:
    assert _rules(text) == []


def test_a_condition_elsewhere_in_the_sentence_does_not_excuse_a_claim() -> None:
    assert _rules("Your parcel was delivered, and if you cannot find it, write to us.") == ["GR-01"]


@pytest.mark.parametrize("source", ["thread", "agent_facts", "passages"])
def test_every_source_supports(source: str) -> None:
    text = "Your parcel was delivered on 3 May with UPS, tracking number 1Z999AA10123456784."
    rows = {
        "thread": [{"from": "buyer", "text": text}],
        "agent_facts": text,
        "passages": [{"document_id": "x", "text": text, "language": "en"}],
    }
    expected = [] if source == "agent_facts" else ["was delivered"]
    assert [found.evidence for found in _findings(text, **{source: rows[source]})] == expected


def test_a_policy_that_names_a_carrier_is_no_word_on_this_parcel() -> None:
    policy = {"document_id": "p", "text": "We ship with DHL or GLS."}
    assert _rules("We ship with GLS.", order=_ORDER, passages=[policy]) == []
    assert _rules("Your parcel travels with GLS.", order=_ORDER, passages=[policy]) == ["GR-01"]


def test_carriers_by_everyday_words_count_in_capitals_only() -> None:
    assert _rules("oops, ups and downs") == []
    assert _rules("sent by UPS") == ["GR-01"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Use the LX-200.", []),
        ("Use the LX 200 or LX200.", []),
        ("Use the LX-201.", ["LX-201"]),
        ("Use the LX-2000.", ["LX-2000"]),
        ("Use the LX-20.", ["LX-20"]),
        ("A4 paper, 3D, 12W and CO2", []),
        ("the 1st and 2nd step, USB-C", []),
        ("LX-201をご使用ください", ["LX-201"]),
        ("Item B0TEST0001", []),
        ("Item B0TEST0002", ["B0TEST0002"]),
    ],
)
def test_product_names(text: str, names: list[str]) -> None:
    found = _findings(text, passages=[_FAQ], order=_ORDER)
    assert [item.evidence for item in found if item.rule == "GR-05"] == names


def test_the_message_offers_the_nearest_value() -> None:
    (found,) = _findings("The warranty is 36 months.", passages=[_FAQ], order=_ORDER)
    assert found.message == '"36 months" is not supported: the passage says 24 months'
    (bare,) = _findings("It costs 36 £.", passages=[_FAQ])
    assert "nothing given says so" in bare.message


@pytest.mark.parametrize(
    "text",
    [
        "We are here 24/7.",
        "Please follow step 1 and step 2.",
        "There are 2 options:\n1. Keep it.\n2. Return it.",
        "7 x 24",
    ],
)
def test_figures_of_speech_and_numbering_are_no_claims(text: str) -> None:
    assert _rules(text, passages=[]) == []


def test_what_cannot_be_read_in_full_is_said() -> None:
    found = _findings("word " * 5_000, passages=[])
    assert [item.rule for item in found] == ["GR-02"]
    assert "too long" in found[0].message
    assert len(_findings("999 " * 100, passages=[])) == 25


def test_local_days_and_utc_days_both_stand() -> None:
    context = GuardContext.model_validate({"marketplace": "JP", "order": _ORDER})
    assert context.order is not None
    facts, elapsed = order_text(context.order, context.marketplace, context.at)
    assert "2026-11-10" in facts
    assert "2026-11-11" in facts
    assert "13 days" in elapsed
    assert [source.label for source in evidence_of(context)] == ["order"]


_POLICY = ({"text": "Our parcels leave with DPD or Colissimo."},)


@pytest.mark.parametrize(
    "text",
    [
        "We ship with DPD or Colissimo.",
        "Parcels are usually shipped with DPD or Colissimo.",
        "Les colis partent avec DPD ou Colissimo.",
        "Wir versenden mit DPD oder Colissimo.",
        "Votre colis est parti avec DHL.",
    ],
)
def test_a_carrier_of_the_knowledge_may_be_named_in_general(text: str) -> None:
    assert _carrier_findings(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Your parcel was shipped with DPD.",
        "We have sent your order with DPD.",
        "Votre colis a été expédié avec DPD.",
        "Ihr Paket wurde mit DPD verschickt.",
        "Il pacco è stato spedito con DPD.",
        "Su paquete fue enviado con DPD.",
        "お荷物はDPDで発送いたしました。",
        "您的包裹已由DPD派送。",
        "We ship with Hermes.",
    ],
)
def test_a_carrier_that_contradicts_the_order_is_found(text: str) -> None:
    assert _carrier_findings(text) == ["GR-01"]


def _carrier_findings(text: str) -> list[str]:
    order = {
        "order_id": "302-1234567-1234567",
        "status": "SHIPPED",
        "fulfilled_by": "MERCHANT",
        "carrier": "DHL",
    }
    context = GuardContext.model_validate({"marketplace": "DE", "order": order, "passages": _POLICY})
    return [finding.rule for finding in check_with(grounding.RULES, text, context).findings]
