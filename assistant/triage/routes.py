"""Whose desk a message goes to: the first row of ``tables/routes.toml`` that fits."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.vocabulary import Route, Tier


@cache
def _rows() -> list[dict[str, Any]]:
    source = (files("assistant.triage") / "tables" / "routes.toml").read_text("utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(source)["route"]
    return rows


def route_for(
    *, tier: Tier, flags: frozenset[str], intents: frozenset[str], signals: frozenset[str]
) -> tuple[Route, str]:
    """Return the desk and the reason; the last row of the table fits everything."""
    present = {"flags": flags, "intents": intents, "signals": signals}
    for row in _rows():
        named = [present[kind] & set(row[kind]) for kind in present if kind in row]
        if tier in row.get("tiers", (1, 2, 3)) and all(named):
            return Route(row["to"]), row["reason"]
    raise ValueError("tables/routes.toml: no row fits, the last one must fit everything")
