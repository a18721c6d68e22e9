"""What people decided is read back from either database as it happened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from assistant.domain import Actor, Case
from assistant.service import Service
from assistant.store import repository
from assistant.store.engine import read
from evals.online.decided import Decided, decided

DRAFT = (
    "We are looking into it and will write to you again tomorrow morning, thank you for your patience so far."
)

Act = Callable[[Service, str, Callable[[str], Actor]], object]


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda s, i, who: None, {"fate": "open", "seconds": None, "agent": None}),
        (
            lambda s, i, who: s.approve(i, who("agent")),
            {"fate": "unedited", "distance": 0.0, "agent": "agent"},
        ),
        (
            lambda s, i, who: s.approve(i, who("agent"), text=DRAFT.replace("tomorrow", "today")),
            {"fate": "lightly_edited", "distance": round(1 / 22, 4)},
        ),
        (
            lambda s, i, who: s.approve(i, who("agent"), text="Your parcel arrives soon."),
            {"fate": "rewritten"},
        ),
        (
            lambda s, i, who: s.reject(i, who("agent"), "too cold"),
            {"fate": "rejected", "reasons": ("too cold",)},
        ),
        (
            lambda s, i, who: (
                s.escalate(i, who("agent"), who("supervisor").role, "angry"),
                s.approve(i, who("supervisor", "sam")),
            ),
            {
                "fate": "unedited",
                "escalated": True,
                "reasons": ("angry",),
                "agent": "sam",
                "role": "supervisor",
            },
        ),
        (
            lambda s, i, who: (s.regenerate(i, who("agent")), s.approve(i, who("agent"))),
            {"fate": "unedited", "drafts": 2},
        ),
        (
            lambda s, i, who: s.approve(
                i, who("supervisor"), text=f"{DRAFT} EDITME", override_reason="agreed by phone"
            ),
            {"fate": "lightly_edited", "overridden": True, "reasons": ("agreed by phone",)},
        ),
    ],
)
def test_a_decision_is_read_back(
    act: Act,
    expected: dict[str, Any],
    service: Service,
    engine: Engine,
    desk: Any,
    actor: Callable[[str], Actor],
    make_case: Callable[..., Case],
) -> None:
    desk.text = DRAFT
    made = service.suggest(make_case(), actor("agent"))
    act(service, made.id, actor)
    (found,) = decided(engine)
    assert found.model_dump(include=set(expected)) == expected
    assert (found.id, found.created_at, found.language) == (made.id, made.created_at, made.draft.language)
    assert (found.seconds is None) == (found.agent is None)


def test_a_span_of_time_is_half_open_and_read_in_batches(
    service: Service,
    engine: Engine,
    clock: Any,
    actor: Callable[[str], Actor],
    make_case: Callable[..., Case],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repository, "_BATCH", 2)
    made = []
    for _ in range(5):
        made.append(service.suggest(make_case(), actor("agent")))
        clock.forward(timedelta(hours=1))
    with read(engine) as connection:
        ids = [record.suggestion.id for record in repository.created(connection)]
    assert ids == [one.id for one in made]
    found: list[Decided] = list(decided(engine, made[1].created_at, made[3].created_at))
    assert [one.id for one in found] == [one.id for one in made[1:3]]
