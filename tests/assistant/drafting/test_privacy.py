from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Case, Message
from assistant.drafting.privacy import Mask, mask_for

MakeCase = Callable[..., Case]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Order 302-1234567-1234567 please", "302-1234567-1234567"),
        ("write to jo.doe+x@mail.example.org", "jo.doe+x@mail.example.org"),
        ("Tel. 030 901820, danke", "030 901820"),
        ("call +44 20 7946 0958", "+44 20 7946 0958"),
        ("電話は03-1234-5678です", "03-1234-5678"),
    ],
)
def test_personal_data_is_hidden_and_put_back(make_case: MakeCase, text: str, hidden: str) -> None:
    marketplace = "JP" if "電話" in text else "DE"
    mask = mask_for(make_case(text, message={"marketplace": marketplace}))
    masked = mask.hide(text)
    assert hidden not in masked
    assert mask.restore(masked) == text


def test_order_thread_and_notes_are_covered(make_case: MakeCase, shipped_order: dict[str, Any]) -> None:
    case = make_case(
        "Where is it?",
        order=shipped_order,
        thread=[{"from": "buyer", "text": "I am anna@mail.example.org"}],
        agent_facts="spoke to 302-7654321-1234567",
        message={"subject": "ask bert@mail.example.org"},
    )
    mask = mask_for(case)
    values = [value for value, _ in mask.pairs]
    assert set(values) == {
        "302-1234567-7654321",
        "00340434161094015902",
        "anna@mail.example.org",
        "302-7654321-1234567",
        "bert@mail.example.org",
    }
    assert len({token for _, token in mask.pairs}) == len(values)


def test_a_value_inside_a_longer_one_does_not_tear_it() -> None:
    mask = Mask((("a@b.example.org", "{{EMAIL_1}}"), ("b.example.org", "{{EMAIL_2}}")))
    assert mask.hide("a@b.example.org") == "{{EMAIL_1}}"


@given(st.text(max_size=200))
def test_hiding_then_restoring_gives_the_text_back(text: str) -> None:
    mask = mask_for(Case(message=Message(text=text, marketplace="US")))
    assert mask.restore(mask.hide(text)) == text


def test_a_huge_message_is_masked_in_reasonable_time(make_case: MakeCase) -> None:
    text = "1 2 3 4 5 6 7 " * 14_000
    assert mask_for(make_case(text)).hide("ok") == "ok"
