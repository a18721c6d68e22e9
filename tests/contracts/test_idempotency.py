"""One key, one suggestion: repeated, raced, failed, killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from assistant.domain import Actor, Case
from assistant.errors import Conflict, InvalidInput, StoreUnavailable
from assistant.service import Service
from assistant.store import audit
from assistant.store.engine import read, write
from assistant.store.idempotency import LEASE, LONGEST_DRAFT, Runs


def count(engine: Engine, table: str = "suggestions") -> int:
    with read(engine) as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.fixture
def ann(actor: Callable[..., Actor]) -> Actor:
    return actor("agent", "ann")


def test_the_same_request_again_gives_the_same_suggestion(
    service: Service, desk: Any, make_case: Callable[..., Case], ann: Actor, engine: Engine
) -> None:
    first = service.suggest(make_case(), ann, "k")
    service.reject(first.id, ann, "no")
    again = service.suggest(make_case(), ann, "k")
    assert (again.id, again.status.value) == (first.id, "rejected")
    assert (len(desk.calls), count(engine)) == (1, 1)


def test_another_request_with_the_key_is_refused(
    service: Service, make_case: Callable[..., Case], ann: Actor
) -> None:
    service.suggest(make_case("one"), ann, "k")
    with pytest.raises(Conflict, match="another request"):
        service.suggest(make_case("two"), ann, "k")


def test_keys_belong_to_their_actor_and_none_is_none(
    service: Service, make_case: Callable[..., Case], actor: Callable[..., Actor], engine: Engine
) -> None:
    for who in ("ann", "bob"):
        service.suggest(make_case(), actor("agent", who), "k")
        service.suggest(make_case(), actor("agent", who))
    assert count(engine) == 4


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_a_size(service: Service, make_case: Callable[..., Case], ann: Actor, key: str) -> None:
    with pytest.raises(InvalidInput, match="idempotency key"):
        service.suggest(make_case(), ann, key)


def test_a_failed_draft_gives_the_key_back(
    service: Service, desk: Any, make_case: Callable[..., Case], ann: Actor, engine: Engine
) -> None:
    desk.on_call = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        service.suggest(make_case(), ann, "k")
    assert (count(engine), count(engine, "idempotency_keys"), audit.verify(engine)) == (0, 0, 0)
    desk.on_call = lambda: None
    service.suggest(make_case(), ann, "k")
    assert count(engine) == 1


def test_a_second_request_waits_for_the_first(
    service: Service, desk: Any, make_case: Callable[..., Case], ann: Actor, engine: Engine
) -> None:
    service._wait_seconds = 20
    desk.on_call = lambda: time.sleep(0.5)
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: service.suggest(make_case(), ann, "k").id, range(3)))
    assert len(set(made)) == 1
    assert (len(desk.calls), count(engine)) == (1, 1)


def test_a_second_request_does_not_wait_for_ever(
    service: Service, desk: Any, make_case: Callable[..., Case], ann: Actor, engine: Engine
) -> None:
    go_on, started = threading.Event(), threading.Event()

    def hang() -> None:
        started.set()
        assert go_on.wait(20)

    desk.on_call = hang
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(service.suggest, make_case(), ann, "k")
        assert started.wait(20)
        with pytest.raises(Conflict, match="in progress"):
            service.suggest(make_case(), ann, "k")
        go_on.set()
        assert service.suggest(make_case(), ann, "k").id == first.result(20).id


def test_no_draft_holds_a_transaction_open(
    service: Service, desk: Any, make_case: Callable[..., Case], ann: Actor, engine: Engine
) -> None:
    """While one draft runs, another process writes, and no connection is out of the pool."""
    seen: list[str] = []

    def look() -> None:
        seen.append(engine.pool.status())
        with write(engine) as connection:
            connection.execute(sa.text("DELETE FROM access_keys"))

    desk.on_call = look
    service.suggest(make_case(), ann, "k")
    assert "checked out connections: 0" in seen[0].lower()


def test_the_last_step_fails_and_nothing_is_left(
    service: Service,
    make_case: Callable[..., Case],
    ann: Actor,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr("assistant.store.audit.append", full)
    with pytest.raises(StoreUnavailable):
        service.suggest(make_case(), ann, "k")
    monkeypatch.undo()
    assert (count(engine), count(engine, "suggestion_drafts"), audit.verify(engine)) == (0, 0, 0)
    service.suggest(make_case(), ann, "k")
    assert count(engine) == 1


def test_a_slow_run_that_lost_its_key_stores_nothing(
    service: Service, desk: Any, make_case: Callable[..., Case], ann: Actor, engine: Engine, clock: Any
) -> None:
    inner: list[str] = []

    def overtaken() -> None:
        desk.on_call = lambda: None
        clock.forward(LONGEST_DRAFT)
        inner.append(service.suggest(make_case(), ann, "k").id)

    desk.on_call = overtaken
    with pytest.raises(Conflict, match="taken over"):
        service.suggest(make_case(), ann, "k")
    assert count(engine) == 1
    assert service.suggest(make_case(), ann, "k").id == inner[0]


def test_a_run_of_another_machine_is_trusted_for_the_lease(
    service: Service, desk: Any, make_case: Callable[..., Case], ann: Actor, engine: Engine, clock: Any
) -> None:
    def elsewhere() -> None:
        with write(engine) as connection:
            connection.execute(sa.text("UPDATE idempotency_keys SET run = 'elsewhere', claim = 'theirs'"))
        raise ZeroDivisionError

    desk.on_call = elsewhere
    with pytest.raises(ZeroDivisionError):
        service.suggest(make_case(), ann, "k")
    desk.on_call = lambda: None
    with pytest.raises(Conflict, match="in progress"):
        service.suggest(make_case(), ann, "k")
    clock.forward(LEASE)
    service.suggest(make_case(), ann, "k")
    assert count(engine) == 1


class TestRuns:
    def test_claims_live_as_long_as_their_work(self, tmp_path: Path) -> None:
        mine, beside = Runs(tmp_path), Runs(tmp_path)
        name = mine.begin("c")
        assert mine.is_alive(name, "c")
        assert beside.is_alive(name, "c")
        mine.end("c")
        assert mine.is_alive(name, "c") is False
        mine.close()
        assert not beside.is_alive(name, "c")
        mine.close()

    def test_a_stranger_is_unknown(self, tmp_path: Path) -> None:
        assert Runs(tmp_path).is_alive("stranger", "c") is None

    def test_old_leftovers_are_swept_and_the_living_are_not(self, tmp_path: Path) -> None:
        folder = tmp_path / "runs"
        folder.mkdir()
        for name in ("dead", "fresh"):
            (folder / name).touch()
        living = Runs(tmp_path)
        kept = living.begin("c")
        for old in ("dead", kept):
            os.utime(folder / old, (1, 1))
        newcomer = Runs(tmp_path)
        newcomer.begin("c")
        assert not (folder / "dead").exists()
        assert (folder / "fresh").exists()
        assert (folder / kept).exists()
        living.close()
        newcomer.close()


HANGING = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from assistant.domain import Actor, Case
from assistant.service import Service
from assistant.store.idempotency import Runs
from assistant.store.schema import open_store

url, home, case = sys.argv[1:]

def hang(case, *, instructions=None):
    print("drafting", flush=True)
    time.sleep(600)

service = Service(open_store(url), propose=hang, knowledge=None, runs=Runs(Path(home)),
                  now=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
service.suggest(Case.model_validate_json(case), Actor(key_id="key-ann", name="ann", role="agent"), "k")
"""


def test_a_process_killed_while_drafting_loses_and_doubles_nothing(
    service: Service,
    store_url: str,
    tmp_path: Path,
    make_case: Callable[..., Case],
    ann: Actor,
    engine: Engine,
) -> None:
    request = make_case().model_dump_json(exclude_none=True, by_alias=True)
    command = [sys.executable, "-c", HANGING, store_url, str(tmp_path), request]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"drafting\n"
        with pytest.raises(Conflict, match="in progress"):
            service.suggest(make_case(), ann, "k")
        killed.send_signal(signal.SIGKILL)
    made = service.suggest(make_case(), ann, "k")
    assert service.suggest(make_case(), ann, "k").id == made.id
    assert (count(engine), audit.verify(engine)) == (1, 1)


def test_the_lease_is_shorter_than_the_longest_draft() -> None:
    assert timedelta(0) < LEASE < LONGEST_DRAFT
