"""The answer clock starts with the oldest unanswered buyer message."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.clock import clock_for
from assistant.domain import Case, Clock, Message, ThreadEntry

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def entry(sender: str, hours: float | None) -> ThreadEntry:
    at = None if hours is None else NOW - timedelta(hours=hours)
    return ThreadEntry.model_validate({"from": sender, "text": "x", "at": at})


def clock(*entries: ThreadEntry, received: float | None = None, now: datetime = NOW) -> Clock:
    at = None if received is None else NOW - timedelta(hours=received)
    case = Case(message=Message(text="x", marketplace="DE", received_at=at), thread=entries)
    return clock_for(case, now=now, answer_hours=24, warn_hours=18)


@pytest.mark.parametrize(
    ("entries", "received", "anchor"),
    [
        ([], None, 0),
        ([], 3, 3),
        ([entry("buyer", 10), entry("buyer", 5)], 1, 10),
        ([entry("buyer", 10), entry("seller", 7), entry("buyer", 5)], 1, 5),
        ([entry("buyer", 10), entry("seller", 7)], 1, 1),
        ([entry("buyer", 10), entry("seller", 7)], None, 0),
        ([entry("buyer", 10)], None, 10),
        ([entry("seller", 7), entry("buyer", 10)], None, 0),  # times decide, not the place in the list
        ([entry("buyer", 10), entry("seller", None), entry("buyer", 5)], 1, 5),
        ([entry("seller", None), entry("buyer", 5)], 1, 5),
        ([entry("buyer", None), entry("buyer", 5)], 1, 5),
        ([entry("buyer", None)], None, 0),
        ([entry("buyer", 5), entry("seller", 5)], None, 0),
        ([entry("seller", 5), entry("buyer", 5)], None, 5),
        ([entry("buyer", 30)], 1, 30),
        ([], -1000, 0),  # a clock that is wrong must not move the deadline away
        ([entry("buyer", -2)], 1, 1),
        ([entry("buyer", 10), entry("seller", 2)], 5, 5),  # the message to be answered is unanswered
    ],
)
def test_anchor(entries: list[ThreadEntry], received: float | None, anchor: float) -> None:
    assert clock(*entries, received=received).first_unanswered_at == NOW - timedelta(hours=anchor)


def test_deadlines_are_elapsed_time() -> None:
    result = clock(received=20)
    assert result.due_at - result.first_unanswered_at == timedelta(hours=24)
    assert result.warn_at - result.first_unanswered_at == timedelta(hours=18)
    assert not result.overdue
    assert not clock(received=24).overdue
    assert clock(received=24.01).overdue


def test_a_change_to_winter_time_moves_nothing() -> None:
    summer = datetime(2026, 10, 24, 14, tzinfo=timezone(timedelta(hours=2)))
    case = Case(message=Message(text="x", marketplace="DE", received_at=summer))
    result = clock_for(case, now=NOW, answer_hours=24, warn_hours=18)
    assert result.due_at == datetime(2026, 10, 25, 12, tzinfo=UTC)


entries = st.builds(
    entry, st.sampled_from(["buyer", "seller"]), st.none() | st.floats(0, 90, allow_nan=False)
)


@given(st.lists(entries, max_size=8), st.none() | st.floats(0, 90, allow_nan=False))
def test_never_later_than_a_day_after_any_unanswered_message(
    thread: list[ThreadEntry], received: float | None
) -> None:
    result = clock(*thread, received=received)
    last_answer = max((e.at for e in thread if e.sender == "seller" and e.at), default=None)
    untimed = any(e.sender == "seller" and e.at is None for e in thread)
    for buyer in thread:
        if (
            buyer.sender == "buyer"
            and buyer.at
            and not untimed
            and (not last_answer or buyer.at > last_answer)
        ):
            assert result.due_at <= buyer.at + timedelta(hours=24)
    if received is not None:
        assert result.due_at <= NOW - timedelta(hours=received) + timedelta(hours=24)
    assert result.warn_at <= result.due_at <= NOW + timedelta(hours=24)
    assert result.overdue == (result.due_at < NOW)


@given(
    st.lists(st.builds(entry, st.sampled_from(["buyer", "seller"]), st.integers(0, 90)), max_size=6),
    st.randoms(),
)
def test_the_order_of_distinct_times_in_the_list_does_not_matter(
    thread: list[ThreadEntry], random: object
) -> None:
    distinct = list({e.at: e for e in thread}.values())
    shuffled = sorted(distinct, key=lambda e: hash((str(random), e.at)))
    assert clock(*distinct) == clock(*shuffled)
