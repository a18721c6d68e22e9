"""``python -m evals.reporting.paint [REPORT]``: how soon a report can be read, in headless Chromium, offline.

Without a report, one of 2,000 cases with whole traces is made. Nothing is asserted: figures belong to the
machine they were measured on.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from evals.runs import RunFolder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

CASES = 2_000
TIMES = 7
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MOMENTS = """async () => {
  const at = (name) => performance.getEntriesByName(name)[0]?.startTime;
  const both = () => [at("first-contentful-paint"), at("cases-filled")];
  while (!both().every(Boolean)) await new Promise((done) => setTimeout(done, 20));
  return both();
}"""
"""Waits until the page has painted and its script has set its mark."""


@dataclass(frozen=True, slots=True)
class Painted:
    """Milliseconds from the start of loading until something is seen, and until the cases are listed."""

    first: float
    filled: float


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print a table, return the exit code: 2 where there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m evals.reporting.paint", description=__doc__)
    parser.add_argument("report", nargs="?", type=Path, help="a report.html; default: one made up")
    parser.add_argument("--cases", type=int, default=CASES, help="size of the one made up")
    parser.add_argument("--times", type=int, default=TIMES)
    chosen = parser.parse_args(words)
    console = Console(width=100)
    program = browser()
    if program is None:
        console.print(f"no browser found: install one of {', '.join(BROWSERS)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="replydesk-paint-") as folder:
        report = chosen.report or _made_up(Path(folder), chosen.cases)
        painted = measure(report, program, times=chosen.times)
        table = Table("what", "p50", "max", title=f"{report.name}, {report.stat().st_size / 1e6:.1f} MB")
    for what, figures in (
        ("first contentful paint", [one.first for one in painted]),
        ("cases listed", [one.filled for one in painted]),
    ):
        table.add_row(what, f"{statistics.median(figures):.0f} ms", f"{max(figures):.0f} ms")
    console.print(table)
    return 0


def browser() -> str | None:
    """The Chromium of this machine."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def launched(playwright: "Playwright", program: str) -> "Browser":
    """A headless browser; root has no sandbox to run it in."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=program, args=arguments)


def measure(report: Path, program: str, *, times: int) -> list[Painted]:
    """Open the report so many times, each in a browser that has seen nothing, without a network."""
    from playwright.sync_api import sync_playwright

    painted = []
    with sync_playwright() as playwright:
        for _ in range(times):
            opened = launched(playwright, program)
            page = opened.new_context(offline=True).new_page()
            page.goto(report.resolve().as_uri())
            painted.append(Painted(*page.evaluate(MOMENTS)))
            opened.close()
    return painted


def _made_up(folder: Path, cases: int) -> Path:
    from evals.reporting.report import write_report
    from evals.reporting.synthetic import synthetic_run

    run = RunFolder(folder / "run")
    synthetic_run(run, cases)
    return write_report(run)


if __name__ == "__main__":
    sys.exit(main())
