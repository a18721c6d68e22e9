"""What people did with a suggestion is read back from either database, whole and in order."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from assistant.domain import Actor, Case
from assistant.errors import InvalidInput, NotFound
from assistant.service import Service
from evals.handled import Handled, handled

DRAFT = "We are looking into it and will write to you again tomorrow morning."

Act = Callable[[Service, str, Callable[[str], Actor]], object]


@pytest.fixture
def after(
    service: Service,
    engine: Engine,
    desk: Any,
    actor: Callable[[str], Actor],
    make_case: Callable[..., Case],
) -> Callable[[Act], Handled]:
    """What is read after somebody did something with a new suggestion."""

    def act(does: Act) -> Handled:
        desk.text = DRAFT
        made = service.suggest(make_case(), actor("agent"))
        does(service, made.id, actor)
        return handled(engine, made.id)

    return act


@pytest.mark.parametrize(
    ("act", "tags", "sent", "reasons"),
    [
        (
            lambda s, i, who: s.approve(i, who("agent"), note="fine"),
            ("approved",),
            DRAFT,
            ("approved: fine",),
        ),
        (lambda s, i, who: s.approve(i, who("agent"), text="Sorry."), ("edited",), "Sorry.", ()),
        (
            lambda s, i, who: s.reject(i, who("agent"), "too cold"),
            ("rejected",),
            None,
            ("rejected: too cold",),
        ),
        (
            lambda s, i, who: s.escalate(i, who("agent"), who("supervisor").role, "angry"),
            ("escalated",),
            None,
            ("escalated: angry",),
        ),
        (
            lambda s, i, who: (
                s.regenerate(i, who("agent"), "warmer"),
                s.escalate(i, who("agent"), who("supervisor").role, "angry"),
                s.approve(i, who("supervisor"), text=f"{DRAFT} EDITME", override_reason="agreed"),
            ),
            ("edited", "escalated"),
            f"{DRAFT} EDITME",
            ("drafted again: warmer", "escalated: angry", "approved: agreed"),
        ),
    ],
)
def test_what_was_done_is_read(
    act: Act,
    tags: tuple[str, ...],
    sent: str | None,
    reasons: tuple[str, ...],
    after: Callable[[Act], Handled],
) -> None:
    found = after(act)
    assert (found.tags, found.sent, found.reasons) == (tags, sent, reasons)
    assert found.proposal.draft.text == DRAFT
    assert found.decided.escalated is ("escalated" in tags)
    assert len(found.drafts) == found.decided.drafts


def test_an_open_suggestion_is_no_case(after: Callable[[Act], Handled]) -> None:
    with pytest.raises(InvalidInput, match="is still open; approve, reject or escalate it"):
        after(lambda service, identity, who: None)


def test_a_suggestion_nobody_decided_about_is_no_case(
    service: Service, engine: Engine, actor: Callable[[str], Actor], make_case: Callable[..., Case]
) -> None:
    first = service.suggest(make_case(message={"thread_id": "t", "message_id": "1"}), actor("agent"))
    service.suggest(make_case(message={"thread_id": "t", "message_id": "2"}), actor("agent"))
    with pytest.raises(InvalidInput, match=r"nobody decided about suggestion \w+: it is stale"):
        handled(engine, first.id)


def test_there_has_to_be_one(engine: Engine) -> None:
    with pytest.raises(NotFound, match="no suggestion 'nothing'"):
        handled(engine, "nothing")
