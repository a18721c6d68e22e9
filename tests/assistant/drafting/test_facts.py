"""What an order says, and what it is not trusted to say."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from assistant.domain import Order
from assistant.drafting.facts import OrderFacts, order_facts
from assistant.drafting.formats import day, local_day, locale_for, money, with_article
from assistant.vocabulary import LANGUAGES, MARKETPLACES, Language, Marketplace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def order(**fields: Any) -> Order:
    base = {
        "order_id": "302-1234567-7654321", "status": "SHIPPED", "fulfilled_by": "MERCHANT",
        "purchased_at": "2026-11-10T10:00:00Z",
    }  # fmt: skip
    return Order.model_validate(base | fields)


def facts(language: Language = "de", marketplace: Marketplace = "DE", **fields: Any) -> OrderFacts:
    return order_facts(order(**fields), language, marketplace, NOW)


@pytest.mark.parametrize(
    ("language", "marketplace", "written"),
    [
        ("de", "DE", "24. November 2026"),
        ("en", "US", "November 24, 2026"),
        ("en", "UK", "24 November 2026"),
        ("en", "DE", "24 November 2026"),
        ("fr", "FR", "24 novembre 2026"),
        ("fr", "CA", "24 novembre 2026"),
        ("it", "IT", "24 novembre 2026"),
        ("es", "ES", "24 de noviembre de 2026"),
        ("es", "MX", "24 de noviembre de 2026"),
        ("ja", "JP", "2026年11月24日"),
        ("zh", "US", "2026年11月24日"),
    ],
)
def test_days_are_written_as_the_buyer_writes_them(
    language: Language, marketplace: Marketplace, written: str
) -> None:
    assert facts(language, marketplace, deliver_by="2026-11-24").deliver_by == written


@pytest.mark.parametrize(
    ("language", "marketplace", "amount", "currency", "written"),
    [
        ("de", "DE", "1299.90", "EUR", "1.299,90 €"),
        ("fr", "FR", "1299.90", "EUR", "1 299,90 €"),
        ("en", "UK", "39.90", "GBP", "£39.90"),
        ("en", "US", "39.90", "USD", "$39.90"),
        ("ja", "JP", "3980", "JPY", "￥3,980"),
        ("de", "DE", "39.90", "USD", "39,90 $"),
    ],
)
def test_money_keeps_the_currency_of_the_order(
    language: Language, marketplace: Marketplace, amount: str, currency: str, written: str
) -> None:
    refund = {"amount": amount, "currency": currency, "at": "2026-11-20"}
    assert facts(language, marketplace, refund=refund).amount == written


def test_every_pair_of_language_and_marketplace_has_a_locale_and_a_zone() -> None:
    for language in LANGUAGES:
        for marketplace in MARKETPLACES:
            locale = locale_for(language, marketplace)
            assert locale.language == language
            assert day(local_day(NOW, marketplace), locale)
            assert money(Decimal("12.34"), "EUR", locale)


def test_the_day_is_that_of_the_marketplace_but_a_plain_day_stays() -> None:
    late_evening = datetime(2026, 11, 20, 22, tzinfo=UTC)
    assert local_day(late_evening, "JP") == date(2026, 11, 21)
    assert local_day(late_evening, "US") == date(2026, 11, 20)
    assert local_day(datetime(2026, 11, 20, tzinfo=UTC), "US") == date(2026, 11, 20)


@pytest.mark.parametrize(("number", "said"), [(8, "l'8 marzo"), (11, "l'11 marzo"), (9, "il 9 marzo")])
def test_italian_days_take_their_article(number: int, said: str) -> None:
    assert with_article(f"{number} marzo", "it") == said
    assert with_article(f"{number} marzo", "fr") == f"{number} marzo"


def test_the_first_of_a_month_in_french() -> None:
    assert day(date(2026, 12, 1), locale_for("fr", "FR")) == "1er décembre 2026"


@pytest.mark.parametrize(
    ("fields", "state", "late"),
    [
        ({"status": "PENDING"}, "pending", False),
        ({"status": "UNSHIPPED", "deliver_by": "2026-11-24"}, "not_shipped", False),
        ({"status": "UNSHIPPED", "deliver_by": "2026-11-21"}, "not_shipped", True),
        ({"status": "PARTIALLY_SHIPPED", "shipped_at": "2026-11-12"}, "partly_shipped", False),
        ({"shipped_at": "2026-11-12", "deliver_by": "2026-11-22"}, "in_transit", False),
        ({"shipped_at": "2026-11-12", "deliver_by": "2026-11-21"}, "in_transit", True),
        (
            {"shipped_at": "2026-11-12", "delivered_at": "2026-11-14", "deliver_by": "2026-11-13"},
            "delivered",
            False,
        ),
        ({"status": "CANCELLED", "deliver_by": "2026-11-13"}, "cancelled", False),
        ({"status": "UNFULFILLABLE"}, "unfulfillable", False),
    ],
)
def test_the_state_of_an_order(fields: dict[str, Any], state: str, late: bool) -> None:
    found = facts(**fields)
    assert (found.state, found.late, found.contradictions) == (state, late, ())


def test_without_an_order_nothing_is_known() -> None:
    found = order_facts(None, "de", "DE", NOW)
    assert found.state == "unknown"
    assert found.values("de") == {}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"shipped_at": "2026-11-14", "delivered_at": "2026-11-12"}, "delivered before shipped"),
        (
            {"shipped_at": "2026-11-14T10:00:00Z", "delivered_at": "2026-11-14T09:00:00Z"},
            "delivered before shipped",
        ),
        ({"shipped_at": "2026-11-05"}, "shipped before purchased"),
        ({"delivered_at": "2026-11-05"}, "delivered before purchased"),
        ({"shipped_at": "2026-11-30"}, "shipped in the future"),
        ({"shipped_at": "2026-11-14", "delivered_at": "2026-11-25T10:00:00Z"}, "delivered in the future"),
        ({"purchased_at": "2026-12-24"}, "purchased in the future"),
        (
            {"status": "UNSHIPPED", "shipped_at": "2026-11-14"},
            "UNSHIPPED with a date of shipping or delivery",
        ),
        ({"status": "CANCELLED", "delivered_at": "2026-11-14"}, "delivered although cancelled"),
    ],
)
def test_contradicting_dates_are_dropped_and_the_state_is_unclear(
    fields: dict[str, Any], reason: str
) -> None:
    found = facts(**fields)
    assert found.contradictions == (reason,)
    assert found.state == "unclear"
    assert found.shipped is found.delivered is found.last_scan is found.tracking is None


@pytest.mark.parametrize(
    ("at", "reason"),
    [("2026-11-01", "refunded before purchased"), ("2026-12-01", "refunded in the future")],
)
def test_a_refund_with_an_impossible_date_is_not_told(at: str, reason: str) -> None:
    found = facts(shipped_at="2026-11-12", refund={"amount": "5", "currency": "EUR", "at": at})
    assert (found.refund, found.amount, found.refunded) == ("unclear", None, None)
    assert found.contradictions == (reason,)
    assert found.state == "in_transit"


def test_a_scan_before_shipping_and_a_promise_before_purchase_only_drop_themselves() -> None:
    found = facts(shipped_at="2026-11-14", last_scan_at="2026-11-12", deliver_by="2026-11-01")
    assert found.contradictions == ("last scan before shipped", "promised before purchased")
    assert (found.state, found.last_scan, found.deliver_by) == ("in_transit", None, None)
    assert found.shipped == "14. November 2026"


def test_a_day_already_begun_in_the_east_is_not_the_future() -> None:
    evening = datetime(2026, 11, 22, 20, tzinfo=UTC)
    found = order_facts(order(shipped_at="2026-11-23"), "ja", "JP", evening)
    assert found.contradictions == ()


@pytest.mark.parametrize(
    ("carrier", "number", "told"),
    [
        ("DHL", "00340434161094000000", ("DHL", "00340434161094000000")),
        (" Colissimo ", "6A 1234-5678", ("Colissimo", "6A 1234-5678")),
        ("see http://x.example", "track@x.example", (None, None)),
        ("", "1", (None, None)),
    ],
)
def test_carrier_and_number_are_told_only_if_they_look_like_it(
    carrier: str, number: str, told: tuple[str | None, str | None]
) -> None:
    found = facts(shipped_at="2026-11-12", carrier=carrier, tracking_number=number)
    assert (found.carrier, found.tracking) == told
