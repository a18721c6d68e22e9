"""`replydesk guard check` and `replydesk triage`."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from api.cli.options import read_text

Replydesk = Callable[..., Any]

BLOCKED = "Please write to help@shop.example instead."


@pytest.fixture(autouse=True)
def _no_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """These commands open nothing: a home that cannot be made must not matter."""
    monkeypatch.setenv("REPLYDESK_HOME", "/proc/nowhere")
    monkeypatch.chdir(tmp_path)


def test_a_blocked_text_exits_1(replydesk: Replydesk) -> None:
    ran = replydesk("guard", "check", "--text", BLOCKED, "--marketplace", "UK", "--json")
    found = json.loads(ran.out)
    assert ran.code == 1
    assert found.keys() == {"id", "verdict", "grounding", "pack", "findings"}
    assert found["verdict"] == "blocked"
    assert ran.err == ""


def test_findings_are_shown_to_people(replydesk: Replydesk) -> None:
    ran = replydesk("guard", "check", "--text", BLOCKED, "--marketplace", "UK")
    assert ran.code == 1
    assert ran.out.startswith("blocked (grounding not_checked, rules base-")
    assert "AMZ-12" in ran.out


def test_the_text_may_come_through_a_pipe(replydesk: Replydesk) -> None:
    ran = replydesk("guard", "check", "--marketplace", "UK", "--json", stdin=BLOCKED)
    assert ran.code == 1
    assert replydesk("guard", "check", "--text", "-", "--marketplace", "UK", stdin=BLOCKED).code == 1


def test_everything_a_rule_may_weigh_can_be_given(
    replydesk: Replydesk, tmp_path: Path, shipped_order: Any
) -> None:
    order = tmp_path / "order.json"
    order.write_text(json.dumps(shipped_order), "utf-8")
    ran = replydesk(
        "guard", "check", "--text", "Your parcel was shipped on 13 November.", "--marketplace", "UK",
        "--kind", "reply", "--subject", "Your order", "--buyer-language", "en", "--order", str(order),
        "--thread", '[{"from": "buyer", "text": "Where?"}]', "--passages", '[{"text": "We ship daily."}]',
        "--attachment", "manual.pdf", "--at", "2026-11-22T12:00:00Z", "--json",
    )  # fmt: skip
    assert json.loads(ran.out)["grounding"] == "checked"
    assert ran.code in {0, 1}


def test_a_batch_of_texts_exits_0_whatever_the_verdicts(replydesk: Replydesk) -> None:
    lines = [{"id": "x", "text": BLOCKED, "marketplace": "UK", "kind": "reply", "subject": None}]
    ran = replydesk("guard", "check", "--jsonl", "-", stdin=json.dumps(lines[0]))
    found = json.loads(ran.out)
    assert ran.code == 0
    assert list(found) == ["id", "verdict", "grounding", "pack", "findings"]
    assert (found["id"], found["verdict"]) == ("x", "blocked")


def test_a_message_is_triaged(replydesk: Replydesk) -> None:
    ran = replydesk("triage", "--text", "Where is my parcel?", "--marketplace", "UK", "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["tier"] == 1


def test_triage_explains_itself(replydesk: Replydesk, shipped_order: Any) -> None:
    arguments = (
        "triage",
        "--text",
        "Wo ist mein Paket?",
        "--order",
        json.dumps(shipped_order),
        "--language",
        "de",
    )
    plain, explained = replydesk(*arguments), replydesk(*arguments, "--explain")
    assert "tier" in plain.out
    assert "because" in explained.out
    assert "because" not in plain.out


def test_a_batch_of_messages(replydesk: Replydesk) -> None:
    ran = replydesk("triage", "--jsonl", "-", stdin='{"id": 1, "text": "Where is my parcel?"}\n{"id": 2}\n')
    first, second = (json.loads(line) for line in ran.out.splitlines())
    assert ran.code == 2
    assert list(first) == [
        "id", "tier", "intents", "risk_flags", "sentiment", "language", "route", "reasons"
    ]  # fmt: skip
    assert second == {"id": 2, "error": "line 2: text: is missing"}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("guard", "check", "--text", "x"), "marketplace: is missing"),
        (("guard", "check", "--text", "x", "--marketplace", "XX"), "marketplace: Input should be"),
        (("triage", "--text", "x", "--order", "none.json"), "No such file"),
        (("triage", "--text", "x", "--order", "{bad"), "not JSON"),
        (("triage", "--text", "x", "--at", "yesterday"), "at: "),
        (("triage", "--no-such-option",), "No such option"),
        (("no-such-command",), "No such command"),
    ],
)  # fmt: skip
def test_bad_input_gives_one_line_and_2(
    replydesk: Replydesk, arguments: tuple[str, ...], complaint: str
) -> None:
    ran = replydesk(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert complaint in ran.err
    assert len(ran.err.splitlines()) == 1


def test_text_that_is_not_utf_8_is_refused(replydesk: Replydesk) -> None:
    assert replydesk("triage", stdin=b"\xff\xfe").code == 2


def test_without_text_on_a_terminal_the_command_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO()))
    with pytest.raises(typer.BadParameter, match="give --text"):
        read_text(None)
