"""``replydesk eval``: run suites, compare runs, accept a run as the baseline, check the data."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import options
from api.cli.eval_add import add
from api.cli.eval_external import external
from api.cli.eval_online import online
from api.cli.eval_prefer import prefer
from api.cli.eval_report import correct, report
from api.cli.eval_run import run, runs_of_home
from api.cli.eval_tables import show_comparison, show_data, show_moved, show_runs
from api.cli.output import emit, say, table

evaluation = typer.Typer(
    help="Offline evaluation: run, compare, accept, report; check and correct the data.",
    no_args_is_help=True,
)
evaluation.command("run")(run)
evaluation.command("add")(add)
evaluation.command("online")(online)
evaluation.command("external")(external)

RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's id or its beginning, its folder, or `latest`.")
]


@evaluation.command("compare")
def compare(
    before: Annotated[str, typer.Argument(metavar="A", help="The run before: id, folder or `latest`.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The run after.")],
    as_json: options.Json = False,
) -> None:
    """Compare two runs case by case; exit 1 when a figure is worse and that is no accident."""
    from evals.compare import compare as compare_runs
    from evals.suites import SUITES

    runs = runs_of_home()
    found = compare_runs(runs.find(before), runs.find(after), SUITES)
    if as_json:
        emit({"ok": not found.worse} | found.model_dump(mode="json"))
    else:
        show_comparison(found)
    if found.worse:
        raise typer.Exit(1)


@evaluation.command("list")
def listing(
    suites: Annotated[bool, typer.Option("--suites", help="The suites instead of the runs.")] = False,
    as_json: options.Json = False,
) -> None:
    """Show the runs of the home, newest first."""
    if suites:
        _list_suites(as_json=as_json)
        return
    from evals.gates import saved

    runs = runs_of_home()
    rows = []
    for record in runs.listing():
        verdict = saved(runs.find(record.id))
        rows.append((record, verdict.ok if verdict else None))
    if as_json:
        emit([record.model_dump(mode="json") | {"gates_ok": held} for record, held in rows])
    else:
        show_runs(rows)


@evaluation.command("check")
def check(
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of cases; default the bundled ones.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Look for leakage, doubles and wrong labels in evaluation data; exit 1 when there is an error."""
    from evals.cases import BUNDLED
    from evals.datacheck import check_data
    from evals.suites import SUITES

    report = check_data(data or BUNDLED, SUITES)
    if as_json:
        emit(report.model_dump(mode="json"))
    else:
        show_data(report)
    if not report.ok:
        raise typer.Exit(1)


@evaluation.command("accept")
def accept(
    name: RunName,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="File to write; default the product's."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Make a finished run the baseline that later runs are held against."""
    from evals.acceptance import accepted, moved
    from evals.baseline import BASELINE, read_baseline, write_baseline
    from evals.suites import SUITES

    path = baseline or BASELINE
    old = read_baseline(path) if path.exists() else None
    new = accepted(runs_of_home().find(name), SUITES, old)
    write_baseline(path, new)
    changes = moved(old, new)
    if as_json:
        emit({"baseline": str(path), "gates": len(new.gates), "moved": [one.model_dump() for one in changes]})
        return
    show_moved(changes)
    failing = sum(len(ids) for scorers in new.known_failures.values() for ids in scorers.values())
    say(f"{path}: {len(new.gates)} gates, {failing} known failures, from run {new.run}")


evaluation.command("report")(report)
evaluation.command("correct")(correct)
evaluation.command("prefer")(prefer)


def _list_suites(*, as_json: bool) -> None:
    from evals.suites import SUITES

    if as_json:
        emit(
            [
                {
                    "name": suite.name,
                    "question": suite.question,
                    "scorers": [
                        {"name": one.name, "danger": one.danger, "graded": one.graded}
                        for one in suite.scorers
                    ],
                    "metrics": [metric.name for metric in suite.metrics],
                }
                for suite in SUITES.values()
            ]
        )
        return
    rows = [
        (suite.name, suite.question, ", ".join(metric.name for metric in suite.metrics))
        for suite in SUITES.values()
    ]
    table("", ("suite", "question", "metrics"), rows)
