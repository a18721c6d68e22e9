"""What people see: bars on a terminal, nothing in a pipe."""

import io
import sys
from pathlib import Path

import pytest

from api.cli import batch, kb
from api.cli.output import table


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_batch_shows_a_bar_only_where_results_go_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"{}\n")
    for source in (str(path), "-"):
        shown = Terminal()
        monkeypatch.setattr(sys, "stderr", shown)
        with batch._progress(source) as advance:
            advance(3)
        assert "working" in shown.getvalue()
    monkeypatch.setattr(sys, "stderr", pipe := io.StringIO())
    with batch._progress(str(path)) as advance:
        advance(3)
    assert pipe.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", both := Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    with batch._progress(str(path)) as advance:
        advance(3)
    assert both.getvalue() == ""


def test_an_import_shows_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", shown := Terminal())
    with kb.progress("encoding") as advance:
        assert advance is not None
        advance(1, 2)
    assert "encoding" in shown.getvalue()
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with kb.progress("encoding") as advance:
        assert advance is None


def test_a_table_in_a_pipe_keeps_its_lines_whole(capsys: pytest.CaptureFixture[str]) -> None:
    table("title", ("a", "b"), [("x" * 300, "[bold]not markup[/bold]")])
    out = capsys.readouterr().out
    assert "x" * 300 in out
    assert "[bold]not markup[/bold]" in out
