"""Access keys: shown once, hard to guess, easy to revoke, audited."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from assistant.errors import InvalidInput, NotFound, StoreUnavailable
from assistant.store import audit
from assistant.store.engine import read
from assistant.store.keys import OPERATOR, SECRET_FILE, Keys
from assistant.vocabulary import Role


@pytest.fixture
def keys(engine: Engine, tmp_path: Path, clock: Any) -> Keys:
    return Keys(engine, tmp_path, now=clock)


def test_a_key_opens_the_door_to_its_role(keys: Keys) -> None:
    made = keys.add("supervisor", " Ann ")
    actor = keys.authenticate(made.key)
    assert actor is not None
    assert (actor.key_id, actor.name, actor.role) == (made.id, "Ann", Role.SUPERVISOR)
    assert made.key.startswith(f"rd_{made.id}_")


def test_the_name_defaults_to_the_role(keys: Keys) -> None:
    assert keys.add(Role.QA).name == "qa"


@pytest.mark.parametrize(
    ("role", "name"),
    [("king", "x"), ("", "x"), ("agent", "two\nlines"), ("agent", "nul\x00"), ("agent", "x" * 101)],
)
def test_a_key_nobody_could_use_is_refused(keys: Keys, role: str, name: str) -> None:
    with pytest.raises(InvalidInput):
        keys.add(role, name)
    assert keys.listing() == []


def test_wrong_keys_open_nothing(keys: Keys) -> None:
    made, other = keys.add("agent"), keys.add("admin")
    secret = made.key.rsplit("_", 1)[1]
    for wrong in (
        "", "rd", "rd__", "x", made.key[:-1], made.key + "0", made.key.upper(), f"rd_{other.id}_{secret}",
        f"rx_{made.id}_{secret}", f"rd_{made.id}_",
        f"rd_nothing_{secret}", "rd_ä_ö", f"rd_{made.id}\x00_{secret}",
    ):  # fmt: skip
        assert keys.authenticate(wrong) is None, wrong


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=80))
def test_noise_opens_nothing(keys: Keys, noise: str) -> None:
    assert keys.authenticate(noise) is None
    assert keys.authenticate(f"rd_{noise}_{noise}") is None


def test_a_revoked_key_is_dead_at_once_and_stays_listed(keys: Keys) -> None:
    made = keys.add("agent", "Ann")
    info = keys.revoke(made.id)
    assert info.revoked_at is not None
    assert keys.authenticate(made.key) is None
    assert keys.revoke(made.id) == info
    assert keys.listing() == [info]


def test_revoking_the_unknown_says_so(keys: Keys) -> None:
    with pytest.raises(NotFound, match="no key 'nope'"):
        keys.revoke("nope")


def test_neither_database_nor_audit_hold_the_secret(keys: Keys, engine: Engine) -> None:
    made = keys.add("agent")
    secret = made.key.rsplit("_", 1)[1]
    with read(engine) as connection:
        stored = connection.execute(sa.text("SELECT * FROM access_keys")).all()
    assert secret not in f"{stored}{list(audit.export(engine))}"


def test_use_is_noted_at_most_once_a_minute(keys: Keys, clock: Any) -> None:
    made = keys.add("agent")

    def last_used() -> Any:
        keys.authenticate(made.key)
        return keys.listing()[0].last_used_at

    first = last_used()
    assert first is not None
    clock.forward(timedelta(seconds=50))
    assert last_used() == first
    clock.forward(timedelta(seconds=20))
    assert last_used() > first


def test_changes_are_audited(keys: Keys, engine: Engine) -> None:
    made = keys.add("finance", "Fin")
    keys.revoke(made.id)
    rows = list(audit.export(engine))
    assert [(row["action"], row["subject"], row["actor"]) for row in rows] == [
        ("key_added", made.id, OPERATOR.name),
        ("key_revoked", made.id, OPERATOR.name),
    ]
    assert rows[0]["details"] == {"name": "Fin", "role": "finance"}


def test_a_second_process_works_with_the_same_keys(
    keys: Keys, engine: Engine, tmp_path: Path, clock: Any
) -> None:
    beside = Keys(engine, tmp_path, now=clock)
    made = beside.add("agent")
    assert keys.authenticate(made.key) is not None
    beside.revoke(made.id)
    assert keys.authenticate(made.key) is None


def test_the_secret_is_private_and_made_once(
    engine: Engine, tmp_path: Path, clock: Any, store_url: str
) -> None:
    rings = [Keys(engine, tmp_path, now=clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda ring: ring.add("agent"), rings))
    assert all(rings[0].authenticate(one.key) for one in made)
    assert [path.name for path in tmp_path.iterdir() if SECRET_FILE in path.name] == [SECRET_FILE]
    assert stat.S_IMODE((tmp_path / SECRET_FILE).stat().st_mode) == 0o600


def test_a_secret_that_others_can_read_is_closed(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_bytes(b"s" * 32)
    (tmp_path / SECRET_FILE).chmod(0o644)
    keys.add("agent")
    assert stat.S_IMODE((tmp_path / SECRET_FILE).stat().st_mode) == 0o600


def test_a_damaged_secret_is_told(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_bytes(b"short")
    with pytest.raises(StoreUnavailable, match="damaged"):
        keys.add("agent")


def test_without_a_home_no_secret(engine: Engine, tmp_path: Path, clock: Any) -> None:
    with pytest.raises(StoreUnavailable, match="secret of the access keys"):
        Keys(engine, tmp_path / "missing", now=clock).add("agent")


def test_a_busy_writer_locks_nobody_out(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    made = keys.add("agent")

    def busy(engine: Engine) -> Callable[[], None]:
        raise StoreUnavailable("locked")

    monkeypatch.setattr("assistant.store.keys.write", busy)
    assert keys.authenticate(made.key) is not None
