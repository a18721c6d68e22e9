"""Complaints name the field and never repeat the value."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.field_errors import field_errors, one_line
from assistant.domain import Case, Order

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def _errors(model: Any, value: Any) -> list[Any]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(value)
    return list(caught.value.errors())


@pytest.mark.parametrize(
    ("value", "field", "message"),
    [
        ({}, "message", "is missing"),
        ({"message": {"text": "x", "marketplace": "DE", "mood": 1}}, "message.mood", "is not a known field"),
        ({"message": "x"}, "message", "must be a JSON object"),
        ("x", "body", "must be a JSON object"),
        (
            {"message": {"text": "x", "marketplace": "DE"}, "thread": [{"from": "me", "text": "x"}]},
            "thread.0.from",
            "Input should be 'buyer' or 'seller'",
        ),
    ],
)
def test_the_field_is_named_by_its_path(value: Any, field: str, message: str) -> None:
    assert {"field": field, "message": message} in field_errors(_errors(Case, value))


def test_the_place_in_the_request_is_no_part_of_the_path() -> None:
    [error] = field_errors([{"loc": ("query", "tier"), "msg": "no", "type": "x"}])
    assert error["field"] == "tier"


@pytest.mark.parametrize("day", ["2026-13-01", "SECRETWORD", "SECRETWORD SECRETWORD"])
def test_a_date_that_is_none_is_not_repeated(day: str) -> None:
    order = {
        "order_id": "302-1234567-7654321",
        "status": "SHIPPED",
        "fulfilled_by": "AMAZON",
        "deliver_by": day,
    }
    assert day not in one_line(_errors(Order, order))


def test_one_line_counts_the_rest() -> None:
    errors = _errors(Case, {"message": {}, "thread": 1})
    assert one_line(errors) == f"message.text: is missing (and {len(errors) - 1} more)"


@given(json_values)
def test_any_value_gives_short_complaints(value: Any) -> None:
    try:
        Case.model_validate(value)
    except ValidationError as error:
        for complaint in field_errors(error.errors()):
            assert complaint["field"]
            assert len(complaint["message"]) <= 300
