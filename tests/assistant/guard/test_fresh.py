"""Drafts hiding a violation among ordinary service, and clean ones that come close, in seven languages."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import Order
from assistant.guard.check import check
from assistant.guard.context import GuardContext
from assistant.vocabulary import LANGUAGES

_DRAFTS = tomllib.loads((Path(__file__).parent / "fresh.toml").read_text("utf-8"))["draft"]


@pytest.mark.parametrize("row", _DRAFTS, ids=[f"{row['language']}-{n}" for n, row in enumerate(_DRAFTS)])
def test_a_fresh_draft_is_judged_rightly(
    row: dict[str, Any], home: Mapping[str, str], shipped: Order
) -> None:
    context = GuardContext.model_validate(
        {
            "marketplace": home[row["language"]],
            "buyer_language": row["language"],
            "order": shipped,
            "at": "2026-11-20T10:00:00Z",
            **row.get("fields", {}),
        }
    )
    report = check(row["text"], context)
    assert report.verdict == row["expected"], report.findings
    if "rule" in row:
        assert row["rule"] in {finding.rule for finding in report.findings}


def test_every_language_has_drafts_of_either_kind() -> None:
    for language in LANGUAGES:
        rows = [row for row in _DRAFTS if row["language"] == language]
        assert len(rows) >= 15
        assert sum(row["expected"] == "pass" for row in rows) >= 7
