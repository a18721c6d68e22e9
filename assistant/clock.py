"""Amazon's answer clock: hours elapsed from the oldest unanswered buyer message, weekends included.

All arithmetic is on instants in UTC, so no change between summer and winter time can move a deadline.
"""

from datetime import datetime, timedelta

from assistant.domain import Case, Clock, ThreadEntry


def clock_for(case: Case, *, now: datetime, answer_hours: float, warn_hours: float) -> Clock:
    """Return the clock of the case: due ``answer_hours`` and warned ``warn_hours`` after its anchor.

    The anchor is the oldest buyer message that no seller entry follows, be it in the thread or the message
    itself; ``now`` where nothing carries a time, or only one in the future, as a wrong clock gives: such a
    message would else come last in the queue. The message being answered counts as unanswered whatever the
    thread says. ``overdue``: the deadline has passed at ``now`` (an answer at the last second is in time).
    """
    unanswered = [entry.at for entry in _unanswered(case.thread) if entry.at is not None]
    if case.message.received_at is not None:
        unanswered.append(case.message.received_at)
    anchor = min((*unanswered, now))
    due_at = anchor + timedelta(hours=answer_hours)
    return Clock(
        first_unanswered_at=anchor,
        warn_at=anchor + timedelta(hours=warn_hours),
        due_at=due_at,
        overdue=now > due_at,
    )


def _unanswered(thread: tuple[ThreadEntry, ...]) -> list[ThreadEntry]:
    sellers = [(place, entry) for place, entry in enumerate(thread) if entry.sender == "seller"]
    return [
        entry
        for place, entry in enumerate(thread)
        if entry.sender == "buyer" and not any(_follows(seller, (place, entry)) for seller in sellers)
    ]


def _follows(later: tuple[int, ThreadEntry], earlier: tuple[int, ThreadEntry]) -> bool:
    """Times decide; where one is missing or both are equal, the order in the thread does."""
    (later_place, later_entry), (earlier_place, earlier_entry) = later, earlier
    if later_entry.at is not None and earlier_entry.at is not None and later_entry.at != earlier_entry.at:
        return later_entry.at > earlier_entry.at
    return later_place > earlier_place
