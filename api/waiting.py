"""What waits for a person: pages over several states, and how much there is of each."""

from sqlalchemy import Engine, func, select

from api.schemas import QueueQuery
from assistant.domain import Suggestion
from assistant.service import Service
from assistant.store.engine import read
from assistant.store.records import OPEN, Page, Position, QueueFilter
from assistant.store.tables import suggestions


def queue_page(service: Service, query: QueueQuery) -> Page:
    """A page of the queue over all states wanted, nearest deadline first; without any, those that are open.

    A cursor is a place in one order that all states share, so pages of single states merge into one.

    Raises:
        InvalidInput: the cursor is not one.
    """
    wanted = dict.fromkeys(query.status) or sorted(OPEN)
    filters = query.model_dump(exclude={"status"})
    pages = [service.listing(QueueFilter.model_validate({**filters, "status": status})) for status in wanted]
    merged = sorted((item for page in pages for item in page.items), key=_place)
    items = tuple(merged[: query.limit])
    more = len(merged) > query.limit or any(page.next_cursor for page in pages)
    return Page(items=items, next_cursor=Position.of(items[-1]).cursor() if more else None)


def open_counts(engine: Engine) -> dict[str, int]:
    """Number of open suggestions by state, zeros included."""
    state = suggestions.c.status
    query = select(state, func.count()).where(state.in_(OPEN)).group_by(state)
    with read(engine) as connection:
        found = {str(status): int(number) for status, number in connection.execute(query)}
    return {status: found.get(status, 0) for status in sorted(OPEN)}


def _place(suggestion: Suggestion) -> tuple[object, ...]:
    position = Position.of(suggestion)
    return position.due_at, -position.tier, position.id
