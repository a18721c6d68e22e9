"""What the house knows of each Amazon marketplace: its day, its way of writing, its consumer law."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

from assistant.vocabulary import Marketplace


@dataclass(frozen=True, slots=True)
class Market:
    """One row of ``marketplaces.toml``, where the columns are explained."""

    zone: ZoneInfo
    month_first: bool | None
    law: Literal["eu", "uk"] | None
    region: str | None

    def day(self, at: datetime) -> date:
        """The day of an instant on the calendar of this marketplace's buyers."""
        return at.astimezone(self.zone).date()


def table() -> bytes:
    """The table as it is written, for fingerprints."""
    return (files("assistant") / "marketplaces.toml").read_bytes()


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(table().decode())


@cache
def market(code: Marketplace) -> Market:
    """What is known of a marketplace; every one that the domain names has a row."""
    row = _rows()[code]
    return Market(ZoneInfo(row["zone"]), row.get("month_first"), row.get("law"), row.get("region"))
