"""``replydesk eval add``: a real suggestion becomes an evaluation case, once a person has looked at it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options
from api.cli.output import complain, emit, json_line, say, table
from api.cli.wiring import store_app

if TYPE_CHECKING:
    from assistant.settings import Settings
    from evals.additions import Place
    from evals.from_suggestion import NewCase


def add(
    *,
    suggestion: Annotated[
        str, typer.Option("--from-suggestion", metavar="ID", help="A suggestion that somebody decided about.")
    ],
    suite: Annotated[
        str, typer.Option("--suite", help="end_to_end (default), drafts, triage or guard.")
    ] = "end_to_end",
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="FILE",
            help="What is right, merged over the proposal: a JSON file, or the JSON itself; null removes.",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder with one folder of cases a suite; default one in the home."),
    ] = None,
    reviewed: Annotated[
        bool,
        typer.Option("--reviewed", help="I have looked: it names nobody. Needed where nobody can be asked."),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Make a case of a suggestion, personal data replaced; exit 1 when it is not added."""
    override = _override(target)
    with store_app() as app:
        made = _made(app.engine, app.settings, suggestion, suite, override)
        place = _place(app.settings, data)
    if not as_json:
        _show(made)
    _refuse_known(made, place)
    agreed = reviewed or (not as_json and _asked())
    written = _written(made, place) if agreed else None
    if as_json:
        emit(_told(made) | {"file": str(written) if written else None})
    elif written:
        say(f"added to {written}")
    if not agreed:
        complain("not added: read it, then say --reviewed")
        raise typer.Exit(1)


def _override(target: str | None) -> dict[str, Any]:
    read = options.read_json(target, "--target")
    if read is not None and not isinstance(read, dict):
        raise typer.BadParameter("not a JSON object", param_hint="--target")
    return read or {}


def _made(
    engine: Any, settings: "Settings", suggestion: str, suite: str, override: dict[str, Any]
) -> "NewCase":
    from evals.from_suggestion import case_from
    from evals.handled import handled
    from evals.personal.secret import case_key
    from evals.suite import chosen
    from evals.suites import SUITES

    found = handled(engine, suggestion)
    return case_from(found, chosen(SUITES, [suite])[0], case_key(settings.home, suggestion), override)


def _place(settings: "Settings", data: Path | None) -> "Place":
    from evals.additions import Place
    from evals.planning import ADDED, data_folders

    return Place(data or settings.home / ADDED, data_folders(settings), settings.home)


def _refuse_known(made: "NewCase", place: "Place") -> None:
    """Before anybody is asked; looked at again when it is written."""
    from evals.additions import refuse_known
    from evals.suites import SUITES

    refuse_known(made.case, made.suite, place.all, SUITES)


def _written(made: "NewCase", place: "Place") -> Path:
    from evals.additions import add_case
    from evals.suites import SUITES

    return add_case(made.case, made.suite, place, SUITES)


def _told(made: "NewCase") -> dict[str, Any]:
    return {"suite": made.suite, "case": made.case.said} | made.anonymity.model_dump(mode="json")


def _show(made: "NewCase") -> None:
    """The case as it would be kept: whoever says yes has seen all of it but the passages."""
    from evals.personal.remains import texts

    say(f"{made.suite}/{made.case.id} ({made.case.language}; {', '.join(made.case.tags)})")
    said = made.case.said
    asked = {name: value for name, value in said["input"].items() if name != "passages"}
    table("", ("field", "text"), [*texts(asked), *texts({"note": made.case.note})])
    say(f"target {json_line(said['target'])}")
    replaced = ", ".join(f"{count} {kind}" for kind, count in made.anonymity.replaced.items())
    say(f"replaced: {replaced or 'nothing'}")
    if made.anonymity.remains:
        rows = [(one.field.removeprefix("input."), one.at, one.looks_like) for one in made.anonymity.remains]
        table("look here", ("field", "character", "looks like"), rows)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked() -> bool:
    return _on_terminal() and typer.confirm(
        "Does it name nobody, and is the target right? Add it?", default=False
    )
