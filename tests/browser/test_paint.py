"""The measure of how soon a report can be read."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from evals.reporting import paint

Result = TypeVar("Result")


def elsewhere(work: Callable[[], Result]) -> Result:
    """In a thread of its own: Playwright drives one loop a thread, and other tests may have theirs open."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


@pytest.fixture
def program() -> str:
    found = paint.browser()
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


def test_a_made_up_report_is_measured(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert elsewhere(lambda: paint.main(["--cases", "4", "--times", "1"])) == 0
    said = capsys.readouterr().out
    assert "first contentful paint" in said
    assert "cases listed" in said


def test_both_moments_are_measured(program: str, tmp_path: Path) -> None:
    report = tmp_path / "page.html"
    report.write_text("<!doctype html><p>seen</p><script>performance.mark('cases-filled')</script>")
    (painted,) = elsewhere(lambda: paint.measure(report, program, times=1))
    assert painted.first > 0
    assert painted.filled > 0


def test_without_a_browser_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paint, "BROWSERS", ("no-such-browser",))
    assert paint.main([]) == 2
    assert "no browser found" in capsys.readouterr().out
