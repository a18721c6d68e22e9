"""The audit chain: appended by many, changed by nobody, verified by anybody."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from assistant.domain import Actor
from assistant.errors import AuditBroken
from assistant.store import audit
from assistant.store.audit import AuditTrail
from assistant.store.engine import read, write
from assistant.vocabulary import Role

ANN = Actor(key_id="k1", name="Ann", role=Role.AGENT)


def fill(engine: Engine, clock: Callable[[], object], rows: int = 5) -> None:
    for number in range(rows):
        with write(engine) as connection:
            audit.append(connection, ANN, "tested", f"s{number % 2}", {"n": number}, at=clock())  # type: ignore[arg-type]


def tamper(engine: Engine, statement: str) -> None:
    """Do what an intruder with the owner's rights can: switch the triggers off first."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for act in ("update", "delete", "replace"):
                connection.execute(sa.text(f"DROP TRIGGER audit_rows_no_{act}"))
        else:
            connection.execute(sa.text("ALTER TABLE audit_rows DISABLE TRIGGER USER"))
        connection.execute(sa.text(statement))


def test_an_untouched_chain_verifies(engine: Engine, clock: Callable[[], object]) -> None:
    assert audit.verify(engine) == 0
    fill(engine, clock)
    assert AuditTrail(engine).verify() == 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_rows SET actor = 'Bob'",
        "UPDATE audit_rows SET actor = 'Bob' WHERE seq = 1",
        "DELETE FROM audit_rows WHERE seq = 5",
        "DELETE FROM audit_rows",
    ],
)
def test_the_database_refuses_changes(engine: Engine, clock: Callable[[], object], statement: str) -> None:
    fill(engine, clock)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert audit.verify(engine) == 5


def test_replacing_and_truncating_are_refused_too(engine: Engine, clock: Callable[[], object]) -> None:
    fill(engine, clock)
    statement = (
        "INSERT OR REPLACE INTO audit_rows SELECT * FROM audit_rows WHERE seq = 2"
        if engine.dialect.name == "sqlite"
        else "TRUNCATE audit_rows"
    )
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(sa.text(statement))


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE audit_rows SET actor = 'Bob' WHERE seq = 3", 3),
        ("UPDATE audit_rows SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 1", 1),
        ("UPDATE audit_rows SET details = '[]' WHERE seq = 2", 2),
        ("UPDATE audit_rows SET role = 'admin' WHERE seq >= 4", 4),
        (f"UPDATE audit_rows SET hash = '{'0' * 64}' WHERE seq = 5", 5),
        (f"UPDATE audit_rows SET previous_hash = '{'1' * 64}' WHERE seq = 1", 1),
        ("DELETE FROM audit_rows WHERE seq = 2", 2),
        ("DELETE FROM audit_rows WHERE seq = 5", 6 - 1),
        ("DELETE FROM audit_rows", 1),
        ("UPDATE audit_rows SET seq = 7 WHERE seq = 5", 5),
        ("UPDATE audit_head SET seq = 4", 6),
        ("DELETE FROM audit_head", 6),
    ],
)
def test_every_tampering_is_found_and_named(
    engine: Engine, clock: Callable[[], object], statement: str, first_bad: int
) -> None:
    fill(engine, clock)
    tamper(engine, statement)
    with pytest.raises(AuditBroken, match=f"^audit row {first_bad} "):
        audit.verify(engine)


def test_a_row_put_in_at_the_end_is_found(engine: Engine, clock: Callable[[], object]) -> None:
    fill(engine, clock)
    with read(engine) as connection:
        last = dict(connection.execute(sa.text("SELECT * FROM audit_rows WHERE seq = 5")).mappings().one())
    forged = {**last, "seq": 6, "action": "approved", "previous_hash": last["hash"]}
    body = {
        name: forged[name]
        for name in ("seq", "at", "actor", "key_id", "role", "action", "subject", "details")
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    forged["hash"] = hashlib.sha256(f"{last['hash']}\n{text}".encode()).hexdigest()
    names = ", ".join(forged)
    with engine.begin() as connection:
        connection.execute(
            sa.text(f"INSERT INTO audit_rows ({names}) VALUES ({', '.join(f':{name}' for name in forged)})"),
            forged,
        )
    with pytest.raises(AuditBroken, match="head is 5"):
        audit.verify(engine)


def test_writers_at_once_never_fork_the_chain(engine: Engine, clock: Callable[[], object]) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: fill(engine, clock, 6), range(4)))
    assert audit.verify(engine) == 24


def test_a_change_that_fails_leaves_no_row(engine: Engine, clock: Callable[[], object]) -> None:
    def fail() -> None:
        with write(engine) as connection:
            audit.append(connection, ANN, "tested", "s", {}, at=clock())  # type: ignore[arg-type]
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert audit.verify(engine) == 0


def test_history_is_of_one_subject_in_order(engine: Engine, clock: Callable[[], object]) -> None:
    fill(engine, clock)
    with read(engine) as connection:
        steps = audit.history(connection, "s0")
    assert [step.details["n"] for step in steps] == [0, 2, 4]
    assert {(step.actor, step.role, step.action) for step in steps} == {("Ann", "agent", "tested")}


def test_export_is_bounded_by_time(engine: Engine, clock: Callable[[], object]) -> None:
    fill(engine, clock)
    rows = list(AuditTrail(engine).export())
    assert [row["details"] for row in rows] == [{"n": number} for number in range(5)]
    with read(engine) as connection:
        times = [step.at for subject in ("s0", "s1") for step in audit.history(connection, subject)]
    second = sorted(times)[1]
    assert [row["seq"] for row in audit.export(engine, since=second)] == [2, 3, 4, 5]
    assert [row["seq"] for row in audit.export(engine, until=second)] == [1]
    assert [row["seq"] for row in audit.export(engine, second, second + timedelta(microseconds=1))] == [2]


@pytest.mark.parametrize("change", ["details = '{'", "details = '[1]'", "at = 'noon'"])
def test_a_row_nobody_can_read_is_named(engine: Engine, clock: Callable[[], object], change: str) -> None:
    fill(engine, clock)
    tamper(engine, f"UPDATE audit_rows SET {change} WHERE seq = 3")
    with read(engine) as connection:
        subject = connection.execute(sa.text("SELECT subject FROM audit_rows WHERE seq = 3")).scalar_one()
        with pytest.raises(AuditBroken, match=r"^audit row 3 was changed"):
            audit.history(connection, subject)
    if change == "details = '{'":
        with pytest.raises(AuditBroken, match=r"^audit row 3 was changed"):
            list(audit.export(engine))
