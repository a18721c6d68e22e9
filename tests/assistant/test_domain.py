import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.domain import Attachment, Case, Message, Money, Order, ThreadEntry
from assistant.vocabulary import INTENT_TIER, Intent

MESSAGE = {"text": "Hi", "marketplace": "DE"}
ORDER = {"order_id": "302-1234567-1234567", "status": "SHIPPED", "fulfilled_by": "MERCHANT"}


@pytest.mark.parametrize(
    ("field", "given", "read"),
    [
        ("marketplace", "de", "DE"),
        ("marketplace", "GB", "UK"),
        ("language", "de-AT", "de"),
        ("language", "zh_CN", "zh"),
        ("received_at", "2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("received_at", "2026-11-22T09:00:00+01:00", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("received_at", "2026-11-22T08:00:00", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("received_at", date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC)),
        ("subject", None, None),
    ],
)
def test_inputs_are_read_generously(field: str, given: Any, read: Any) -> None:
    assert getattr(Message.model_validate(MESSAGE | {field: given}), field) == read


@pytest.mark.parametrize(
    ("case", "place"),
    [
        ({"message": MESSAGE | {"marketplace": "XX"}}, "message.marketplace"),
        ({"message": MESSAGE | {"language": "nl"}}, "message.language"),
        ({"message": MESSAGE | {"mood": "bad"}}, "message.mood"),
        ({"message": {"text": "Hi"}}, "message.marketplace"),
        ({"message": MESSAGE | {"text": "a" * 250_001}}, "message.text"),
        ({"message": MESSAGE, "order": ORDER | {"order_id": "12"}}, "order.order_id"),
        ({"message": MESSAGE | {"received_at": "9999-12-31T23:59:59-12:00"}}, "message.received_at"),
        ({"message": MESSAGE | {"received_at": "0001-01-01T00:00:00+14:00"}}, "message.received_at"),
        ({"message": MESSAGE, "order": ORDER | {"deliver_by": "9999-12-31"}}, "order.deliver_by"),
        ({"message": MESSAGE, "order": ORDER | {"deliver_by": "0001-01-01T00:00:00"}}, "order.deliver_by"),
        ({"message": MESSAGE, "order": ORDER | {"status": "LOST"}}, "order.status"),
        ({"message": MESSAGE, "order": ORDER | {"shipped_at": "soon"}}, "order.shipped_at"),
        ({"message": MESSAGE, "thread": [{"from": "amazon", "text": "x"}]}, "thread.0.from"),
        ({"message": MESSAGE, "kind": "advert"}, "kind"),
        ({}, "message"),
    ],
)
def test_bad_input_names_its_field(case: dict[str, Any], place: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Case.model_validate(case)
    assert ".".join(map(str, caught.value.errors()[0]["loc"])) == place


def test_null_is_the_same_as_absent() -> None:
    given = {"message": MESSAGE | {"subject": None}, "order": None, "thread": None, "kind": None}
    assert Case.model_validate(given) == Case.model_validate({"message": MESSAGE})


def test_times_are_written_as_rfc_3339_utc() -> None:
    order = Order.model_validate(
        ORDER | {"shipped_at": "2026-11-13T15:00:00+01:00", "deliver_by": "2026-11-18T22:00:00Z"}
    )
    written = json.loads(order.model_dump_json(exclude_none=True))
    assert written["shipped_at"] == "2026-11-13T14:00:00Z"
    assert written["deliver_by"] == "2026-11-18"


def test_money_is_a_decimal_string() -> None:
    assert json.loads(Money.model_validate({"amount": "12.30", "currency": "EUR"}).model_dump_json()) == {
        "amount": "12.30",
        "currency": "EUR",
    }


def test_a_thread_entry_is_read_and_written_with_from() -> None:
    entry = ThreadEntry.model_validate({"from": "seller", "text": "x"})
    assert entry == ThreadEntry(sender="seller", text="x")
    assert entry.model_dump(by_alias=True)["from"] == "seller"


def test_the_products_of_a_case() -> None:
    item = {"asin": "B0VNAF5501", "title": "Velanoor CrispAir 5"}
    asked = MESSAGE | {"asin": "B0VNRJ0110"}
    assert Case.model_validate({"message": asked}).asins == ("B0VNRJ0110",)
    assert Case.model_validate({"message": asked, "order": ORDER | {"items": [item]}}).asins == (
        "B0VNAF5501",
    )
    assert Case.model_validate({"message": MESSAGE, "order": ORDER}).asins == ()


def test_every_intent_has_its_tier() -> None:
    tiers = list(INTENT_TIER.values())
    assert (tiers.count(1), tiers.count(2), tiers.count(3)) == (11, 9, 11)
    assert INTENT_TIER[Intent.OTHER] == 1
    assert INTENT_TIER[Intent.RETURN_REQUEST] == 2
    assert INTENT_TIER[Intent.WARRANTY] == 2
    assert INTENT_TIER[Intent.QUALITY_DISPUTE] == 3


def test_an_attachment_may_be_its_name_alone() -> None:
    assert Attachment.model_validate("manual.pdf") == Attachment(filename="manual.pdf")
