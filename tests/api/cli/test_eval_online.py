"""`replydesk eval online`: what people decided, as a table and as JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.bootstrap import build
from assistant.domain import Actor, Case
from assistant.settings import Settings
from assistant.vocabulary import Role

Replydesk = Callable[..., Any]


@pytest.fixture
def decisions(home: Path, make_case: Callable[..., Case]) -> None:
    agent = Actor(key_id="k", name="Kim", role=Role.AGENT)
    with build(Settings(home=home)) as app:
        sent = app.service.suggest(make_case(), agent)
        app.service.approve(sent.id, agent)
        question = make_case("Where is my parcel?", message={"marketplace": "UK"})
        dropped = app.service.suggest(question, agent)
        app.service.reject(dropped.id, agent, "too cold")


@pytest.mark.usefixtures("decisions")
def test_decisions_are_shown_by_group_and_around_a_change(replydesk: Replydesk) -> None:
    ran = replydesk("eval", "online", "--by", "language", "--change-at", "2020-01-01", "--json")
    said = json.loads(ran.out)
    assert said["all"]["shares"]["unedited"]["value"] == 0.5
    assert said["all"]["reasons"] == [["too cold", 1]]
    assert [one["group"] for one in said["groups"]] == ["de", "en"]
    assert said["change"]["verdict"] == "too few decisions"
    shown = replydesk("eval", "online", "--by", "agent", "--change-at", "2020-01-01").out
    assert "Kim" in shown
    assert "too few decisions" in shown
    assert (
        json.loads(replydesk("eval", "online", "--until", "2020-01-01", "--json").out)["all"]["decided"] == 0
    )


@pytest.mark.parametrize(
    ("option", "value"), [("--by", "mood"), ("--since", "soon"), ("--change-at", "then")]
)
def test_mistakes_name_the_option(replydesk: Replydesk, option: str, value: str) -> None:
    ran = replydesk("eval", "online", option, value)
    assert ran.code == 2
    assert option in ran.err
