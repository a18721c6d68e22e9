"""``replydesk eval report`` and ``eval correct``: a run to read, exports of it, and labels mended on it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.eval_run import runs_of_home
from api.cli.output import emit, json_line, say, table

if TYPE_CHECKING:
    from evals.runs import RunFolder


def report(
    *,
    name: Annotated[
        str, typer.Argument(metavar="RUN", help="A run's id or its beginning, its folder, or `latest`.")
    ],
    html: Annotated[bool, typer.Option("--html", help="A page to read; the default.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Record and every result as JSON.")] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="A line a case and scorer, for spreadsheets.")
    ] = False,
    junit: Annotated[bool, typer.Option("--junit", help="JUnit XML, for build servers.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File; default the run's folder for a page, else standard output."),
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="RUN", help="Show what changed since; page only.")
    ] = None,
) -> None:
    """Write a run as a page or for other programs."""
    flags = {"html": html, "json": as_json, "csv": as_csv, "junit": junit}
    chosen = [form for form, given in flags.items() if given] or ["html"]
    if len(chosen) > 1:
        raise typer.BadParameter(f"one form at a time, not {' and '.join(chosen)}")
    if before is not None and chosen != ["html"]:
        raise typer.BadParameter("only the page shows a comparison", param_hint="--before")
    folder = runs_of_home().find(name)
    if chosen == ["html"]:
        _page(folder, out, before)
    else:
        _export(folder, chosen[0], out)


def correct(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Corrections, as the page writes them.")],
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder with one folder of cases a suite; default bundled.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Write labels that were corrected on a report back into the cases; all of a file or nothing."""
    from evals.cases import BUNDLED
    from evals.corrections import apply, read_corrections
    from evals.suites import SUITES

    changed = apply(read_corrections(file), data or BUNDLED, SUITES)
    if as_json:
        emit([one.model_dump(mode="json") for one in changed])
        return
    rows = [
        (f"{one.file}, line {one.line}", f"{one.suite}/{one.id}", json_line(one.before), json_line(one.after))
        for one in changed
    ]
    if rows:
        table("", ("where", "case", "before", "after"), rows)
    say(f"{len(changed)} label(s) changed")


def _page(folder: "RunFolder", out: Path | None, before: str | None) -> None:
    from evals.compare import compare
    from evals.gates import saved
    from evals.reporting.report import render, write_report
    from evals.suites import SUITES

    comparison = compare(runs_of_home().find(before), folder, SUITES) if before else None
    verdict = saved(folder)
    if out is None:
        say(str(write_report(folder, comparison=comparison, verdict=verdict)))
    else:
        _write(out, render(folder, comparison=comparison, verdict=verdict).encode())


def _export(folder: "RunFolder", form: str, out: Path | None) -> None:
    from evals.reporting.exports import EXPORTS
    from evals.suites import SUITES

    content = EXPORTS[form].write(folder, SUITES)
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        _write(out, content)


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}", param_hint="--out") from None
    say(str(out))
