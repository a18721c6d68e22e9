"""Drafts hiding a violation among ordinary service, and clean ones that come close, in seven languages."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant.guard.check import check
from assistant.guard.context import GuardContext

_DRAFTS = tomllib.loads((Path(__file__).parent / "fresh.toml").read_text("utf-8"))["draft"]
_MARKETPLACE = {"en": "US", "de": "DE", "fr": "FR", "it": "IT", "es": "ES", "ja": "JP", "zh": "SG"}
_ORDER = {
    "order_id": "302-1234567-1234567",
    "status": "SHIPPED",
    "fulfilled_by": "MERCHANT",
    "purchased_at": "2026-11-16T08:00:00Z",
    "shipped_at": "2026-11-17T12:00:00Z",
    "deliver_by": "2026-11-24",
    "carrier": "DHL",
}


@pytest.mark.parametrize("row", _DRAFTS, ids=[f"{row['language']}-{n}" for n, row in enumerate(_DRAFTS)])
def test_a_fresh_draft_is_judged_rightly(row: dict[str, Any]) -> None:
    context = GuardContext.model_validate(
        {
            "marketplace": _MARKETPLACE[row["language"]],
            "buyer_language": row["language"],
            "order": _ORDER,
            "at": "2026-11-20T10:00:00Z",
            **row.get("fields", {}),
        }
    )
    report = check(row["text"], context)
    assert report.verdict == row["expected"], report.findings
    if "rule" in row:
        assert row["rule"] in {finding.rule for finding in report.findings}


def test_every_language_has_as_many_drafts_of_either_kind() -> None:
    for language in _MARKETPLACE:
        rows = [row for row in _DRAFTS if row["language"] == language]
        assert len(rows) == 15
        assert sum(row["expected"] == "pass" for row in rows) == 7
