"""The command as a whole: quick, quiet, one line for every fault."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import checks
from api.cli import main as command
from api.cli.output import printable
from assistant.errors import StoreUnavailable

Replydesk = Callable[..., Any]

HEAVY = {
    "chromadb",
    "langchain",
    "langchain_core",
    "numpy",
    "fastapi",
    "sqlalchemy",
    "pydantic",
    "lingua",
    "re2",
}


def _run(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)


def test_help_answers_at_once_and_imports_nothing_heavy() -> None:
    started = time.monotonic()
    ran = _run("-X", "importtime", "-c", "from api.cli.main import run; run()", "--help")
    seconds = time.monotonic() - started
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in ran.stderr.splitlines()}
    assert ran.returncode == 0
    assert "guard" in ran.stdout
    assert "typer" in imported
    assert not imported & HEAVY
    assert seconds < 3  # alone it takes 0.3 s; the rest is for busy machines


def test_guard_check_opens_neither_store_nor_knowledge() -> None:
    ran = _run(
        "-X", "importtime", "-c", "from api.cli.main import run; run()",
        "guard", "check", "--text", "Thank you.", "--marketplace", "UK",
    )  # fmt: skip
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in ran.stderr.splitlines()}
    assert ran.stdout
    assert not imported & {"chromadb", "langchain", "langchain_core", "fastapi", "sqlalchemy"}


def test_every_command_has_help() -> None:
    runner = CliRunner()
    for path in (
        "",
        "serve",
        "draft",
        "triage",
        "guard check",
        "kb search",
        "kb import",
        "keys add",
        "audit export",
        "eval run",
        "eval compare",
        "eval report",
    ):
        result = runner.invoke(command.app, [*path.split(), "--help"])
        assert result.exit_code == 0
        assert "Usage: " in result.output


def test_version(replydesk: Replydesk) -> None:
    ran = replydesk("--version")
    assert ran.code == 0
    assert ran.out.startswith("replydesk ")


def test_no_command_shows_the_help(replydesk: Replydesk) -> None:
    ran = replydesk()
    assert ran.code == 2
    assert "Usage" in ran.out + ran.err


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (StoreUnavailable("the database is locked"), 2, "the database is locked"),
        (KeyError("x"), 2, "unexpected fault (KeyError: 'x'); REPLYDESK_LOG_LEVEL=DEBUG shows where"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_faults_give_one_line(
    replydesk: Replydesk, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, line: str
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(checks, "_triaged", fail)
    ran = replydesk("triage", "--text", "x")
    assert ran.code == code
    assert ran.err == (f"replydesk: {line}\n" if line else "")


def test_debug_shows_the_place_of_an_unexpected_fault(
    replydesk: Replydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(checks, "_triaged", fail)
    monkeypatch.setenv("REPLYDESK_LOG_LEVEL", "DEBUG")
    assert "Traceback" in replydesk("triage", "--text", "x").err


def test_a_setting_that_cannot_be_is_named(replydesk: Replydesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLYDESK_PORT", "many")
    ran = replydesk("keys", "list")
    assert ran.code == 2
    assert "REPLYDESK_PORT" in ran.err


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": 1, "text": "Where is my parcel?"}\n' * 2_000)
    script = f'"{sys.executable}" -c "from api.cli.main import run; run()" triage --jsonl "{cases}" | head -1'
    ran = subprocess.run(
        ["/bin/sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=dict(os.environ),
    )
    assert ran.stdout.startswith('{"id": 1')
    assert ran.stderr == ""


def test_control_characters_never_reach_the_terminal() -> None:
    assert printable("a\x1b[31mb\u202ec\x07\td\n") == "a[31mbc\td\n"
    assert printable("全角\u3000空白") == "全角\u3000空白"


def test_output_that_nobody_reads_is_no_answer() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ended = subprocess.run(
            [sys.executable, "-c", "from api.cli.main import run; run()", "triage", "--jsonl", "-"],
            input=b'{"id": 1, "text": "Where is my parcel?"}\n',
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (2, b"")
