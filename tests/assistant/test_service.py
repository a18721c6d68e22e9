"""The tools without state, and readiness."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from assistant.domain import Case, GuardReport, Proposal
from assistant.errors import StoreUnavailable
from assistant.guard.context import GuardContext, GuardRequest
from assistant.readiness import Part
from assistant.service import Service
from assistant.store.idempotency import Runs
from assistant.store.schema import open_store
from assistant.triage.classify import TriageRequest
from knowledge_base.errors import KnowledgeUnavailable
from knowledge_base.types import Hit, Query, ReleaseInfo


class Shelf:
    def __init__(self) -> None:
        self.asked: list[Query] = []
        self.release: ReleaseInfo | Exception | None = None

    def search(self, query: Query) -> list[Hit]:
        self.asked.append(query)
        return []

    def active_release(self) -> ReleaseInfo | None:
        if isinstance(self.release, Exception):
            raise self.release
        return self.release


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture
def build(engine: Engine, shelf: Shelf, now: datetime, tmp_path: Path) -> Callable[..., Service]:
    def never(case: Case, *, instructions: str | None = None) -> Proposal:
        raise AssertionError

    def make(**parts: Any) -> Service:
        return Service(engine, propose=never, knowledge=shelf, now=lambda: now, runs=Runs(tmp_path), **parts)

    return make


@pytest.mark.parametrize("given", [None, "2026-01-02T03:04:05Z"])
def test_the_time_of_sending_is_now_unless_it_is_given(
    build: Callable[..., Service], now: datetime, given: str | None
) -> None:
    seen: list[GuardContext] = []

    def check(text: str, context: GuardContext) -> GuardReport:
        seen.append(context)
        return GuardReport(verdict="pass", grounding="not_checked", pack=text)

    request = GuardRequest.model_validate({"text": "Hallo", "marketplace": "DE", "at": given})
    assert build(check=check).guard(request).pack == "Hallo"
    assert seen[0].at == (now if given is None else request.at)


def test_triage_needs_no_store(build: Callable[..., Service]) -> None:
    found = build().triage(TriageRequest(text="Where is my parcel?", marketplace="UK"))
    assert (found.tier, found.language) == (1, "en")


@pytest.mark.parametrize("at", [None, date(2026, 1, 2)])
def test_a_search_is_as_of_today_unless_a_day_is_given(
    build: Callable[..., Service], shelf: Shelf, now: datetime, at: date | None
) -> None:
    build().search(Query("filter", at=at))
    assert shelf.asked == [Query("filter", at=at or now.date())]


RELEASE = ReleaseInfo(7, "2026-11-22T00:00:00Z", 1, 1, True)


@pytest.mark.parametrize(
    ("release", "model", "ok", "says"),
    [
        (RELEASE, Part(True, "reachable"), True, "release 7"),
        (None, Part(True, "none needed"), True, "empty"),
        (RELEASE, Part(False, "not reachable: refused"), False, "release 7"),
        (KnowledgeUnavailable("locked"), Part(True, "reachable"), False, "locked"),
        (StoreUnavailable("no tables"), Part(True, "reachable"), False, "no tables"),
    ],
)
def test_ready_means_every_part(
    build: Callable[..., Service],
    shelf: Shelf,
    release: ReleaseInfo | Exception | None,
    model: Part,
    ok: bool,
    says: str,
) -> None:
    shelf.release = release
    state = build(probe_model=lambda: model).ready()
    assert (state.ok, state.knowledge.state, state.model) == (ok, says, model)
    assert state.database == Part(True, "reachable")


def test_without_its_database_it_is_not_ready(
    build: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(engine: Engine) -> None:
        raise StoreUnavailable("the disk is gone")

    monkeypatch.setattr("assistant.readiness.read", gone)
    state = build().ready()
    assert not state.ok
    assert state.database == Part(False, "the disk is gone")
    assert state.model == Part(True, "none needed")
