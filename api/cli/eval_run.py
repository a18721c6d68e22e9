"""``replydesk eval run``: put the cases to the product, keep every result, judge the gates."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options
from api.cli.eval_tables import show_gates, show_run
from api.cli.output import complain, emit

if TYPE_CHECKING:
    from evals.baseline import Baseline
    from evals.gates import GateReport
    from evals.planning import RunRequest
    from evals.runs import Run, RunFolder, Runs

KEYBOARD = 130
"""Exit code of a command that was interrupted, as shells have it."""


def run(
    *,
    suites: Annotated[
        list[str] | None, typer.Argument(metavar="SUITE…", help="Suites; default all.", show_default=False)
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help="Folder with one folder of cases a suite; default bundled and `eval add`ed."
        ),
    ] = None,
    knowledge: Annotated[
        str | None, typer.Option("--knowledge", help="`demo` (default), or `home`: a copy of what is served.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="`composer` (default), `recorded`, `recorded:NAME`, or `live`: as set.",
        ),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="The same as --model live.")] = False,
    judge: Annotated[
        str | None,
        typer.Option(
            "--judge", help="Let a chat model judge drafts too: `live`, `recorded`, `recorded:NAME`."
        ),
    ] = None,
    refresh: options.Refresh = False,
    max_calls: options.MaxCalls = None,
    max_usd: options.MaxUsd = None,
    split: Annotated[str | None, typer.Option("--split", help="Only `tune` or only `held`.")] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only cases in this language; may be repeated.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Only cases with this tag; may be repeated.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Most cases of each suite.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Cases at a time; default 2.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of the resamples behind the intervals.")] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Where the time stands still (RFC 3339); default the demo's."),
    ] = None,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="RUN", help="Go on with a run that was stopped.")
    ] = None,
    gate: Annotated[
        bool | None,
        typer.Option(
            "--gate/--no-gate",
            help="Hold the bundled cases against the baseline; default for whole suites as bundled.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Baseline; default that of the product.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Run suites and keep the results; exit 1 when a gate is broken. SUITE: see `eval list --suites`."""
    if live and model not in (None, "live"):
        raise typer.BadParameter(f"--live and --model {model} exclude each other", param_hint="--live")
    selection = options.given(
        suites=suites or None,
        data=data,
        knowledge=knowledge,
        split=split,
        languages=language or None,
        tags=tag or None,
        limit=limit,
        seed=seed,
        at=at,
        model="live" if live else model,
        judge=judge,
        refresh=refresh or None,
    )
    spending = options.given(max_calls=max_calls, max_usd=max_usd, workers=workers)
    folder, request = _asked(selection, spending, resume)
    if gate:  # a baseline knows the bundled cases, not those that a team has added
        request = request.model_copy(update={"additions": False})
    held_against = _baseline(request, baseline, gate=gate)
    record = _run(folder, request, resume=resume is not None)
    report = _judged(folder, held_against) if held_against and record.state == "finished" else None
    if as_json:
        emit(record.model_dump(mode="json") | {"gates": report.model_dump(mode="json") if report else None})
    else:
        show_run(record)
        if report:
            show_gates(report)
    _end(record, report)


def _asked(
    selection: dict[str, Any], spending: dict[str, Any], resume: str | None
) -> "tuple[RunFolder, RunRequest]":
    """A new run, or the one to go on with: then its own request, but for what it may cost."""
    from evals.planning import RunRequest, recall

    if resume is None:
        return runs_of_home().new(), RunRequest.model_validate(selection | spending)
    if selection:
        raise typer.BadParameter(
            f"a run goes on with its own selection; leave out {', '.join(selection)}", param_hint="--resume"
        )
    folder = runs_of_home().find(resume)
    kept = recall(folder).model_dump(exclude_none=True)
    return folder, RunRequest.model_validate(kept | spending)


def _baseline(request: "RunRequest", path: Path | None, *, gate: bool | None) -> "Baseline | None":
    """The baseline to hold the run against, read before anything is run; ``None``: no gates."""
    from assistant.errors import InvalidInput
    from evals.baseline import BASELINE, read_baseline
    from evals.causes import CHOSEN_SUITES

    if gate is False or (gate is None and not (_is_usual(request) and (path or BASELINE).exists())):
        return None
    part = ", ".join(name for name in request.selection if name != CHOSEN_SUITES)
    if part:
        raise InvalidInput(f"gates judge all cases of a suite; leave out {part}, or say --no-gate")
    return read_baseline(path or BASELINE)


def _is_usual(request: "RunRequest") -> bool:
    """As a baseline is made, and the home has added no case to it."""
    from assistant.settings import load
    from evals.planning import data_folders

    return request.usual and len(data_folders(load(), request.data)) == 1


def _run(folder: "RunFolder", request: "RunRequest", *, resume: bool) -> "Run":
    from assistant.settings import load
    from evals.planning import prepared, remember
    from evals.runner import run as run_plan
    from evals.suites import SUITES

    with prepared(request, load(), SUITES) as ready, progress() as advance:
        remember(folder, request)
        return run_plan(ready.plan, folder, ready.workplace, resume=resume, progress=advance)


def _judged(folder: "RunFolder", baseline: "Baseline") -> "GateReport":
    from evals.gates import judge, save
    from evals.suites import SUITES

    report = judge(folder, baseline, SUITES)
    save(folder, report)
    return report


def _end(record: "Run", report: "GateReport | None") -> None:
    if record.state != "finished":
        complain(f"{record.reason}; `replydesk eval run --resume {record.id}` goes on")
        raise typer.Exit(KEYBOARD if "keyboard" in (record.reason or "") else 2)
    if report and not report.ok:
        raise typer.Exit(1)


def runs_of_home() -> "Runs":
    """The runs kept in the home of the settings."""
    from assistant.settings import load
    from evals.runs import Runs

    return Runs(load().home)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar a suite on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    tasks: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True) as bar:

        def advance(suite: str, done: int, total: int) -> None:
            if suite not in tasks:
                tasks[suite] = bar.add_task(suite, total=total)
            bar.update(tasks[suite], completed=done)

        yield advance
