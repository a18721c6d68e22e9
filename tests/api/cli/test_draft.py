"""`replydesk draft`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.cli.draft import case_of
from assistant.errors import InvalidInput

Replydesk = Callable[..., Any]

TEXT = "Hallo, wo bleibt mein Paket?"


def test_one_message_is_drafted_and_stored(
    replydesk: Replydesk, tmp_path: Path, shipped_order: dict[str, Any]
) -> None:
    order = tmp_path / "order.json"
    order.write_text(json.dumps(shipped_order), "utf-8")
    ran = replydesk("draft", "--text", TEXT, "--marketplace", "DE", "--order", str(order), "--json")
    made = json.loads(ran.out)
    assert ran.code == 0, ran.err
    assert made["status"] == "pending_approval"
    assert made["order"]["order_id"] == shipped_order["order_id"]
    assert made["draft"]["text"]
    assert replydesk("audit", "verify").out.startswith("whole: ")


def test_a_draft_is_shown_to_people(replydesk: Replydesk) -> None:
    ran = replydesk("draft", "--marketplace", "DE", stdin=TEXT)
    assert ran.code == 0
    assert "must approve" in ran.out


def test_a_batch_takes_both_shapes_and_keeps_ids(replydesk: Replydesk) -> None:
    lines = [
        {"id": "a", "message": {"text": TEXT, "marketplace": "DE"}},
        {"id": "b", "text": TEXT, "marketplace": "DE", "agent_facts": "Das Paket liegt im Zentrum."},
        {"id": "c", "text": TEXT},
        {"id": "d", "text": TEXT, "marketplace": "DE", "message": {"text": TEXT, "marketplace": "DE"}},
        {"id": "e", "text": "", "marketplace": "JP"},
    ]
    ran = replydesk("draft", "--jsonl", "-", stdin="\n".join(map(json.dumps, lines)))
    results = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 2
    assert [result["id"] for result in results] == ["a", "b", "c", "d", "e"]
    assert results[0]["suggestion_id"] != results[1]["suggestion_id"]
    assert results[1]["message"]["text"] == TEXT
    assert results[2]["error"] == "line 3: message.marketplace: is missing"
    assert results[3]["error"] == "line 4: text: give it at the top or in `message`, not both"
    assert results[4]["draft"]["text"]


def test_nothing_may_be_given_twice() -> None:
    with pytest.raises(InvalidInput, match="subject"):
        case_of({"subject": "x", "message": {"text": "x", "marketplace": "DE"}})


def test_a_home_that_cannot_be_made_gives_one_line(
    replydesk: Replydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLYDESK_HOME", "/proc/nowhere")
    ran = replydesk("draft", "--text", TEXT, "--marketplace", "DE")
    assert ran.code == 2
    assert "REPLYDESK_HOME" in ran.err
    assert len(ran.err.splitlines()) == 1
