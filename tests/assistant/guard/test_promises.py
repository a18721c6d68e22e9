"""Promises and claims of done things: what needs a record, what needs a condition."""

from typing import Any

import pytest

from assistant.guard import promises
from assistant.guard.check import check_with
from assistant.guard.context import GuardContext

_ORDER: dict[str, Any] = {"order_id": "302-1234567-1234567", "status": "SHIPPED", "fulfilled_by": "MERCHANT"}
_REFUND = {"amount": "20.00", "currency": "EUR", "at": "2026-11-20"}


def _rules(text: str, **fields: Any) -> list[str]:
    context = GuardContext.model_validate({"marketplace": "DE", "order": _ORDER, **fields})
    return [found.rule for found in check_with(promises.RULES, text, context).findings]


def test_a_refund_on_record_may_be_told() -> None:
    assert _rules("We have refunded you.") == ["AMZ-35"]
    assert _rules("We have refunded you.", order=None) == ["AMZ-35"]
    assert _rules("We have refunded you.", order={**_ORDER, "refund": _REFUND}) == []
    assert _rules("We will refund you.", order={**_ORDER, "refund": _REFUND}) == []
    assert _rules("We have refunded you.", agent_facts="Finance: refund has been issued today.") == []


def test_shipping_needs_a_record() -> None:
    unshipped = {**_ORDER, "status": "UNSHIPPED"}
    assert _rules("We have shipped your order.") == []
    assert _rules("We have shipped your order.", order=unshipped) == ["AMZ-35"]
    assert _rules("We have shipped your order.", order=None) == ["AMZ-35"]
    assert _rules("We have shipped your order.", order=unshipped, agent_facts="It was shipped at noon.") == []
    assert _rules("We have not shipped your order.", order=unshipped) == []
    assert _rules("As soon as we have shipped it, you can follow it.", order=unshipped) == []


def test_a_shipped_order_proves_no_replacement() -> None:
    assert _rules("We have shipped a replacement.") == ["AMZ-35"]
    assert _rules("We have shipped a replacement.", agent_facts="Replacement was shipped today") == []


def test_a_cancellation_contradicts_an_order_that_runs() -> None:
    assert _rules("We have cancelled your order.") == ["AMZ-35"]
    assert _rules("We have cancelled your order.", order=None) == []
    assert _rules("We have cancelled your order.", order={**_ORDER, "status": "CANCELLED"}) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("You can keep the item and we will refund you 20 €.", "PR-01"),
        ("El reembolso se ha realizado.", "AMZ-35"),
        ("Wir werden Ihnen 20 € erstatten.", "PR-01"),
        ("You will get a compensation of 10 €.", "PR-01"),
        ("Your replacement is on its way.", "PR-02"),
        ("我们会给您补发一个新的。", "PR-02"),
        ("A manager will contact you today.", "PR-03"),
        ("We have opened an investigation with the carrier.", "PR-03"),
        ("It will definitely arrive on time.", "PR-04"),
        ("Your parcel will arrive tomorrow.", "PR-04"),
    ],
)
def test_unconditional(text: str, rule: str) -> None:
    assert _rules(text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "We will refund you once a colleague has confirmed it.",
        "Would it help if we refund you?",
        "We will not refund outside Amazon.",
        "We can offer a partial refund.",
        "Amazon will refund you.",
        "The refund will be issued by Amazon.",
        "I have passed your message to a colleague.",
        "Falls Sie möchten, senden wir Ihnen ein Ersatzgerät.",
        "確認後に代替品を発送いたします。",
        "如果您愿意，我们会给您补发一个新的。",
        "We cannot promise that the carrier will call you.",
        "Will the carrier call you?",
        "Is it guaranteed to arrive tomorrow?",
    ],
)
def test_conditional_denied_or_done_by_others(text: str) -> None:
    assert _rules(text) == []


def test_the_promised_day_may_be_told() -> None:
    order = {**_ORDER, "deliver_by": "2026-11-23"}
    at = "2026-11-22T09:00:00Z"
    assert _rules("Your parcel will arrive tomorrow.", order=order, at=at) == []
    assert _rules("Your parcel will be delivered today.", order=order, at=at) == ["PR-04"]
    assert _rules("Your parcel will arrive tomorrow.", order=order) == ["PR-04"]


def test_amazon_decides_on_orders_it_fulfils() -> None:
    amazon = {**_ORDER, "fulfilled_by": "AMAZON"}
    assert "AMZ-34" in _rules("Once it is back, we will refund you.", order=amazon)
    assert "AMZ-34" in _rules("We will send you a return label.", order=amazon)
    assert _rules("We will send you a return label.") == []
    assert _rules("We will send you a return label.", order=None) == ["AMZ-34"]
    assert _rules("Amazon customer service will send a label and refund you.", order=amazon) == []
    assert _rules("Shall we send you a return label?", order=amazon) == []


def test_an_arranged_call_may_be_told() -> None:
    assert (
        _rules("Our warehouse will call you.", agent_facts="Agreed: the warehouse will call the buyer.") == []
    )
