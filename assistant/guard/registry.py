"""The whole pack of rules, listed one family after the other, and its name."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from assistant import marketplaces
from assistant.guard import (
    conduct,
    contact,
    courtesy,
    echo,
    grounding,
    language,
    legal,
    links,
    privacy,
    promises,
    promotion,
    refunds,
    reviews,
    safety,
    style,
)
from assistant.guard.rule import Rule

RULES: tuple[Rule, ...] = (
    *reviews.RULES,
    *promotion.RULES,
    *links.RULES,
    *contact.RULES,
    *refunds.RULES,
    *courtesy.RULES,
    *language.RULES,
    *style.RULES,
    *conduct.RULES,
    *echo.RULES,
    *grounding.RULES,
    *promises.RULES,
    *safety.RULES,
    *legal.RULES,
    *privacy.RULES,
)

_EDITION = "base-2026.11"


@cache
def pack_id() -> str:
    """Edition and fingerprint: another rule, severity or table gives another name."""
    digest = hashlib.sha256()
    for part in _parts():
        digest.update(part)
        digest.update(b"\0")
    return f"{_EDITION}@{digest.hexdigest()[:8]}"


def _parts() -> Iterator[bytes]:
    for rule in RULES:
        yield f"{rule.id} {rule.severity} {sorted(rule.kinds)}".encode()
    yield marketplaces.table()
    tables = (files("assistant.guard") / "tables").iterdir()
    for entry in sorted((entry for entry in tables if entry.is_file()), key=lambda entry: entry.name):
        yield entry.name.encode()
        yield entry.read_bytes()
