"""The secret behind the stand-ins: a file of the home, made when first needed.

Without it nobody can try out values until a stand-in fits; with it the same suggestion gets the same ones.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from assistant.errors import StoreUnavailable

FILE = Path("evaluations") / "anonymise-secret"
_BYTES = 32


def case_key(home: Path, suggestion: str) -> bytes:
    """The key for one suggestion: stand-ins of two cases do not tell that they are of the same buyer.

    Raises:
        StoreUnavailable: the file can neither be read nor made.
    """
    path = home / FILE
    try:
        if not path.exists():
            _make(path)
        secret = path.read_bytes()
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be read or made: {error.strerror}") from error
    if len(secret) != _BYTES:
        raise StoreUnavailable(f"{path} does not hold {_BYTES} bytes; take it away and a new one is made")
    return hmac.new(secret, suggestion.encode(), hashlib.sha256).digest()


def _make(path: Path) -> None:
    """Whole or not at all, and only one even if two processes make it at a time."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
