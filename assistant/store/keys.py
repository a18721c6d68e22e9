"""Access keys: shown once, kept as a keyed hash, revoked beside a running service.

A key reads ``rd_<id>_<secret>``. The hash is keyed with a secret in a file of the home: the database or a
backup of it alone opens nothing. Services that share a database share that file too.
"""

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, Row, insert, or_, select, update

from assistant.domain import Actor
from assistant.errors import InvalidInput, NotFound, StoreUnavailable
from assistant.store import audit
from assistant.store.engine import read, write
from assistant.store.tables import access_keys
from assistant.vocabulary import Role

OPERATOR = Actor(key_id="operator", name="operator", role=Role.ADMIN)
"""Whoever works at the machine itself, without a key."""

SECRET_FILE = "key-secret"  # noqa: S105  the name of a file
TOUCH_EVERY = timedelta(minutes=1)
MAX_NAME = 100
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; ``key`` is never shown again."""

    id: str
    role: Role
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What may be told of a key."""

    id: str
    role: Role
    name: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class Keys:
    """The keys of one database."""

    def __init__(self, engine: Engine, home: Path, *, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._secret_path = home / SECRET_FILE
        self._secret: bytes | None = None
        self._now = now

    def add(self, role: Role | str, name: str = "", *, by: Actor = OPERATOR) -> NewKey:
        """Make a key. Without a name it is called by its role.

        Raises:
            InvalidInput: no such role, or a name that cannot be shown on one line.
        """
        try:
            role = Role(role)
        except ValueError:
            raise InvalidInput(f"role {role!r} is none of {', '.join(Role)}") from None
        name = name.strip() or role.value
        if len(name) > MAX_NAME or not name.isprintable():
            raise InvalidInput(f"the name must be one printable line of at most {MAX_NAME} characters")
        identity, secret, now = secrets.token_hex(6), secrets.token_hex(24), self._now()
        row = {
            "id": identity,
            "role": role.value,
            "name": name,
            "mac": self._mac(identity, secret),
            "created_at": now,
        }
        with write(self._engine) as connection:
            connection.execute(insert(access_keys).values(row))
            audit.append(connection, by, "key_added", identity, {"name": name, "role": role.value}, at=now)
        return NewKey(identity, role, name, f"rd_{identity}_{secret}")

    def listing(self) -> list[KeyInfo]:
        """All keys, revoked ones too, oldest first."""
        with read(self._engine) as connection:
            rows = connection.execute(
                select(access_keys).order_by(access_keys.c.created_at, access_keys.c.id)
            ).all()
        return [_info(row) for row in rows]

    def revoke(self, identity: str, *, by: Actor = OPERATOR) -> KeyInfo:
        """End a key at once; one that is ended already stays as it is.

        Raises:
            NotFound: no such key.
        """
        now = self._now()
        chosen = access_keys.c.id == identity
        with write(self._engine) as connection:
            found = connection.execute(select(access_keys).where(chosen)).one_or_none()
            if found is None:
                raise NotFound(f"there is no key {identity!r}")
            if found.revoked_at is not None:
                return _info(found)
            connection.execute(update(access_keys).where(chosen).values(revoked_at=now))
            audit.append(
                connection, by, "key_revoked", identity, {"name": found.name, "role": found.role}, at=now
            )
            return _info(connection.execute(select(access_keys).where(chosen)).one())

    def authenticate(self, key: str) -> Actor | None:
        """Return who holds the key; ``None`` if it is unknown, wrong or revoked."""
        prefix, _, rest = key.partition("_")
        identity, _, secret = rest.partition("_")
        if prefix != "rd" or not secret or not identity.isalnum() or not key.isascii():
            return None
        with read(self._engine) as connection:
            row = connection.execute(select(access_keys).where(access_keys.c.id == identity)).one_or_none()
        stored = row.mac if row is not None else ""
        right = hmac.compare_digest(stored, self._mac(identity, secret))
        if row is None or not right or row.revoked_at is not None:
            return None
        self._touch(row)
        return Actor(key_id=row.id, name=row.name, role=Role(row.role))

    def _touch(self, row: Row[tuple[object, ...]]) -> None:
        now = self._now()
        due = or_(access_keys.c.last_used_at.is_(None), access_keys.c.last_used_at <= now - TOUCH_EVERY)
        if row.last_used_at is not None and row.last_used_at > now - TOUCH_EVERY:
            return
        with (
            suppress(StoreUnavailable),
            write(self._engine) as connection,
        ):  # a busy writer must not lock users out
            connection.execute(
                update(access_keys).where(access_keys.c.id == row.id, due).values(last_used_at=now)
            )

    def _mac(self, identity: str, secret: str) -> str:
        if self._secret is None:
            self._secret = _secret(self._secret_path)
        return hmac.new(self._secret, f"{identity}_{secret}".encode(), hashlib.sha256).hexdigest()


def _info(row: Row[tuple[object, ...]]) -> KeyInfo:
    return KeyInfo(row.id, Role(row.role), row.name, row.created_at, row.last_used_at, row.revoked_at)


def _secret(path: Path) -> bytes:
    """Read the secret, or make it. Of two processes that make it at once, the first one's counts."""
    try:
        if not path.exists():
            _create_secret(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
        content = path.read_bytes()
    except OSError as error:
        raise StoreUnavailable(f"the secret of the access keys cannot be read or made: {error}") from error
    if len(content) != _SECRET_BYTES:
        raise StoreUnavailable(
            f"{path} is damaged: restore it from a backup, or remove it and make new access keys"
        )
    return content


def _create_secret(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, it never replaces what another process has made
    finally:
        draft.unlink()
