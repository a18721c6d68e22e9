"""Composed replies as a buyer reads them. Renew with ``REPLYDESK_UPDATE_GOLDEN=1`` and read each one."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import Case, Passage, ScoredIntent, Triage
from assistant.drafting.composer import compose
from assistant.guard.check import check
from assistant.guard.context import GuardContext
from assistant.vocabulary import INTENT_TIER, Intent

GOLDEN = Path(__file__).parents[2] / "golden" / "composer"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CASES: list[dict[str, Any]] = json.loads((GOLDEN / "cases.json").read_text(encoding="utf-8"))


def read(row: dict[str, Any]) -> tuple[Case, Triage, list[Passage]]:
    case = Case.model_validate({name: row[name] for name in ("message", "order", "thread") if name in row})
    intents = [Intent(name) for name in row["intents"]]
    triage = Triage(
        tier=max(INTENT_TIER[intent] for intent in intents),
        intents=tuple(ScoredIntent(name=intent, confidence=0.8) for intent in intents),
        risk_flags=row.get("flags", ()),
        sentiment=row["sentiment"],
        language=row["language"],
        route="agent",
    )
    return case, triage, [Passage.model_validate(passage) for passage in row.get("passages", ())]


@pytest.mark.parametrize("row", CASES, ids=[row["name"] for row in CASES])
def test_the_reply_is_the_golden_one_and_passes_the_guard(row: dict[str, Any]) -> None:
    case, triage, passages = read(row)
    draft = compose(case, triage, passages, now=NOW)
    golden = GOLDEN / f"{row['name']}.txt"
    shown = f"[{draft.outcome}]\n{draft.text}\n"
    if os.environ.get("REPLYDESK_UPDATE_GOLDEN"):
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8")
    context = GuardContext(
        marketplace=case.message.marketplace,
        buyer_language=triage.language,
        order=case.order,
        thread=(*case.thread, {"sender": "buyer", "text": case.message.text}),
        passages=tuple(passages),
        at=NOW,
    )
    report = check(draft.text, context)
    assert report.verdict == "pass", report.findings


def test_every_golden_file_has_a_case() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {row["name"] for row in CASES}
