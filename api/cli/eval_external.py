"""``replydesk eval external``: public data sets as a look from outside, beside what others have published."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.eval_run import progress
from api.cli.eval_tables import interval, number
from api.cli.output import emit, say, table

if TYPE_CHECKING:
    from evals.external.adapter import ExternalReport


def external(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="xquad, bitext, hint3 or presidio.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder with the files of the set.")],
    limit: Annotated[int | None, typer.Option("--limit", help="Most items of each part.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of the choice and of the intervals.")] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only these languages of a set; may be repeated.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Measure on a public set and show the published figures beside; never a gate."""
    from assistant.settings import load
    from evals.external.adapter import Options, Task, measured
    from evals.external.sets import set_of

    asked = Options.model_validate(options.given(limit=limit, seed=seed, languages=language or None))
    with progress() as advance:
        report = measured(set_of(name), Task(folder, asked, load(), advance))
    if as_json:
        emit(report.model_dump(mode="json"))
    else:
        _show(report)


def _show(report: "ExternalReport") -> None:
    say(f"{report.name}: {report.question}")
    rows = [
        (
            one.part,
            one.name,
            number(one.estimate.value),
            interval(one.estimate.low, one.estimate.high),
            one.estimate.n,
        )
        for one in report.figures
    ]
    table("", ("part", "figure", "ours", "95 % interval", "items"), rows)
    if report.published:
        others = [
            (one.part, one.name, one.system, number(one.value), one.source, one.note)
            for one in report.published
        ]
        table("others", ("part", "figure", "system", "value", "source", "note"), others)
    for reason, count in report.left_out.items():
        say(f"left out {count}: {reason}")
    for note in report.notes:
        say(f"note: {note}")
