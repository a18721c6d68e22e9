"""Every answer of the demonstration knowledge, sent as a reply that cites it, passes the whole pack."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import Order, Passage, ThreadEntry
from assistant.guard.check import check
from assistant.guard.context import GuardContext
from assistant.vocabulary import Marketplace

_FAQ = Path(__file__).parents[3] / "knowledge_base" / "demo" / "faq"
_FRAME = {
    "en": ("Hello,", "Kind regards"),
    "de": ("Guten Tag,", "Freundliche Grüße"),
    "fr": ("Bonjour,", "Cordialement"),
    "it": ("Buongiorno,", "Cordiali saluti"),
    "es": ("Hola:", "Un saludo"),
    "ja": ("お問い合わせいただきありがとうございます。", "よろしくお願いいたします。"),
    "zh": ("您好，", "祝好"),
}


def _rows() -> Iterator[dict[str, Any]]:
    for path in sorted(_FAQ.glob("*.csv")):
        for row in csv.DictReader(path.read_text("utf-8").splitlines(keepends=True)):
            yield {**row, "marketplace": row["marketplaces"].split("|")[0].split(",")[0].strip()}
    for path in sorted(_FAQ.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            entry = json.loads(line)
            yield {**entry, "marketplace": next(iter(entry["marketplaces"]), "")}


@pytest.mark.parametrize("row", [pytest.param(row, id=row["document_id"]) for row in _rows()])
def test_an_answer_of_the_knowledge_passes(
    row: dict[str, Any], home: Mapping[str, Marketplace], shipped: Order
) -> None:
    greeting, sign_off = _FRAME[row["language"]]
    context = GuardContext(
        marketplace=row["marketplace"] or home[row["language"]],
        order=shipped,
        thread=(ThreadEntry(sender="buyer", text=row["question"]),),
        passages=(Passage(document_id=row["document_id"], title=row["question"], text=row["answer"]),),
    )
    report = check(f"{greeting}\n\n{row['answer']}\n\n{sign_off}", context)
    assert report.verdict == "pass", report.findings
