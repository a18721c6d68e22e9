"""The queue: nearest deadline first, filtered, in pages that neither repeat nor skip."""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.domain import Actor, Case
from assistant.errors import InvalidInput, NotFound
from assistant.service import Service
from assistant.store.records import OPEN, Position, QueueFilter

EARLY = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.fixture
def fill(service: Service, desk: Any, make_case: Callable[..., Case], actor: Callable[..., Actor]) -> Any:
    def add(hours: int = 0, tier: int = 1, marketplace: str = "DE", by: str = "ann") -> str:
        desk.triage = {"tier": tier}
        received = (EARLY + timedelta(hours=hours)).isoformat()
        case = make_case(message={"received_at": received, "marketplace": marketplace})
        return service.suggest(case, actor("agent", by)).id

    return add


def test_order_is_deadline_then_tier_then_age(service: Service, fill: Any) -> None:
    late, routine, serious, routine_too = fill(5), fill(1), fill(1, tier=3), fill(1)
    assert [item.id for item in service.listing().items] == [serious, routine, routine_too, late]


def test_pages_cover_everything_once_while_rows_come_and_go(
    service: Service, fill: Any, actor: Callable[..., Actor]
) -> None:
    expected = {fill(hours=number % 3, tier=1 + number % 2) for number in range(11)}
    seen: list[str] = []
    page = service.listing(QueueFilter(limit=4))
    while True:
        seen += [item.id for item in page.items]
        if page.next_cursor is None:
            break
        service.reject(seen[-1], actor("agent"), "a decision between two pages")
        fill(hours=-1)
        page = service.listing(QueueFilter(limit=4, cursor=page.next_cursor))
    assert sorted(seen) == sorted(expected)
    assert len(seen) == 11


def test_an_exact_page_has_no_next(service: Service, fill: Any) -> None:
    fill(), fill()
    assert service.listing(QueueFilter(limit=2)).next_cursor is None


def test_filters_narrow_and_combine(service: Service, fill: Any, actor: Callable[..., Actor]) -> None:
    mine, french, serious, done = fill(), fill(marketplace="FR"), fill(tier=3, by="bob"), fill()
    service.reject(done, actor("agent"), "no answer needed")

    def found(**filters: Any) -> set[str]:
        return {item.id for item in service.listing(QueueFilter(**filters)).items}

    assert found(status="rejected") == {done}
    assert found(marketplace="FR") == {french}
    assert found(tier=3) == {serious}
    assert found(assignee="bob") == {serious}
    assert found(status="pending_approval", marketplace="DE", assignee="ann") == {mine}
    assert found(status=tuple(OPEN)) == {mine, french, serious}
    assert found() == {mine, french, serious, done}
    assert service.counts() == {
        "pending_approval": 3, "rejected": 1, "approved": 0, "escalated": 0, "stale": 0,
    }  # fmt: skip


def _token(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "ä", "%%%", "A" * 2000, _token([]), _token({"due_at": "today", "tier": 1, "id": "A"}),
        _token({"due_at": "2026-11-22T00:00:00", "tier": 1, "id": "A"}),
        _token({"due_at": "2026-11-22T00:00:00Z", "tier": 9, "id": "A"}),
        _token({"due_at": "2026-11-22T00:00:00Z", "tier": 1, "id": "a\x00b"}),
        _token({"due_at": "2026-11-22T00:00:00Z", "tier": 1, "id": "A", "more": 1}),
        base64.urlsafe_b64encode(b"[" * 900).decode(),
    ],
)  # fmt: skip
def test_a_cursor_that_is_none_is_refused(service: Service, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="cursor"):
        service.listing(QueueFilter(cursor=cursor))


def test_cursors_go_there_and_back() -> None:
    place = Position(due_at=EARLY, tier=2, id="01ABC")
    assert Position.read(place.cursor()) == place


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_page_sizes_have_bounds(limit: int) -> None:
    with pytest.raises(ValidationError):
        QueueFilter(limit=limit)


@pytest.mark.parametrize(
    "identity", ["", "nope", "a\x00b", "ä", "x" * 5000, "01M82GY78ZXT1P5T34P1ZCMB8C", "' OR 1=1"]
)
def test_what_is_not_there_is_not_found(service: Service, identity: str) -> None:
    with pytest.raises(NotFound, match="no suggestion"):
        service.get(identity)


def test_a_value_no_database_can_hold_is_bad_input_or_finds_nothing(service: Service) -> None:
    with suppress(InvalidInput):
        assert service.listing(QueueFilter(assignee="nul\x00")).items == ()


def test_overdue_goes_on_while_it_waits_and_stops_with_the_decision(
    service: Service, fill: Any, clock: Any, actor: Callable[..., Actor]
) -> None:
    waiting, decided = fill(), fill()
    service.reject(decided, actor("agent"), "answered elsewhere")
    assert not service.get(waiting).clock.overdue
    clock.forward(timedelta(days=2))
    assert service.get(waiting).clock.overdue
    assert {item.id for item in service.listing().items if item.clock.overdue} == {waiting}
