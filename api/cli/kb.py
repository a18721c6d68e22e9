"""``replydesk kb``: search, import, publish and take back knowledge."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options
from api.cli.batch import run_batch
from api.cli.output import emit, first_words, say, table
from api.cli.wiring import searching_app, whole_app

if TYPE_CHECKING:
    from api.schemas import SearchResult
    from assistant.bootstrap import App
    from knowledge_base.types import ImportReport, Refusal, ReleaseInfo

kb = typer.Typer(
    help="The knowledge base: search, import, publish, rollback, status, check.", no_args_is_help=True
)

Note = Annotated[str, typer.Option("--note", help="What this release is for.")]


@kb.command("search")
def search(
    *,
    query: Annotated[
        str | None, typer.Argument(help="The question; else it is read from standard input.")
    ] = None,
    language: options.Language = None,
    marketplace: options.Marketplace = None,
    asin: Annotated[str | None, typer.Option("--asin", help="Product it is about.")] = None,
    k: Annotated[int | None, typer.Option("-k", "--k", help="Most passages; default 5.")] = None,
    jsonl: options.Jsonl = None,
    as_json: options.Json = False,
) -> None:
    """Find the passages that answer a question."""
    if jsonl is not None:
        with searching_app() as app:
            run_batch(jsonl, lambda case: search_case(app, case))
        return
    text = options.read_text(query)
    fields = options.given(query=text, language=language, marketplace=marketplace, asin=asin, k=k)
    with searching_app() as app:
        result = _searched(app, fields)
    if as_json:
        emit(result.model_dump(mode="json"))
    else:
        rows = [
            (f"{hit.score:.2f}", hit.document_id, hit.language, hit.title, first_words(hit.text))
            for hit in result.hits
        ]
        table("", ("score", "document", "language", "title", "text"), rows)


@kb.command("import")
def import_(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Files and folders.", show_default=False)
    ],
    publish: Annotated[bool, typer.Option("--publish", help="Serve it at once.")] = False,
    as_json: options.Json = False,
) -> None:
    """Take documents in. What cannot be taken is named with its reason, and the exit code is 2."""
    with whole_app() as app, progress("encoding") as advance:
        report = app.knowledge.import_paths(paths, publish=publish, actor="operator", progress=advance)
    if as_json:
        emit(asdict(report))
    else:
        _show_report(report)
    if report.refused:
        sys.stderr.write(f"replydesk: {len(report.refused)} row(s) or file(s) were not taken\n")
        raise typer.Exit(2)


@kb.command("publish")
def publish(note: Note = "", as_json: options.Json = False) -> None:
    """Serve everything that was imported, as a new release."""
    with whole_app() as app:
        _show_release(app.knowledge.publish(note=note, actor="operator"), as_json=as_json)


@kb.command("rollback")
def rollback(
    number: Annotated[int, typer.Argument(metavar="N", help="The release to serve again.")],
    as_json: options.Json = False,
) -> None:
    """Serve an earlier release again."""
    with whole_app() as app:
        _show_release(app.knowledge.rollback(number), as_json=as_json)


@kb.command("status")
def status(as_json: options.Json = False) -> None:
    """Show releases and documents."""
    with whole_app() as app:
        releases, documents = app.knowledge.releases(), app.knowledge.documents()
    if as_json:
        emit({"releases": [asdict(release) for release in releases], "documents": len(documents)})
        return
    rows = [
        (
            "*" if release.active else "",
            release.number,
            release.created_at,
            release.documents,
            release.chunks,
            release.note,
        )
        for release in releases
    ]
    table(
        f"{len(documents)} documents imported",
        ("", "release", "published", "documents", "passages", "note"),
        rows,
    )


@kb.command("check")
def check(as_json: options.Json = False) -> None:
    """Look for what is wrong with the imported knowledge; exit 1 when something is."""
    with whole_app() as app:
        found = app.knowledge.check()
    if as_json:
        emit({"ok": not found, "problems": [asdict(problem) for problem in found]})
    elif found:
        _show_refusals(found)
    else:
        say("nothing to complain about")
    if found:
        raise typer.Exit(1)


def search_case(app: "App", case: dict[str, Any]) -> dict[str, Any]:
    """One line of a batch file; see ``SearchQuery`` for its fields."""
    return _searched(app, case).model_dump(mode="json", exclude={"id"})


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal, fed with done and total; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _searched(app: "App", fields: dict[str, Any]) -> "SearchResult":
    from api.schemas import SearchQuery, SearchResult

    query = SearchQuery.model_validate(fields)
    return SearchResult.of(None, app.service.search(query.as_query()))


def _show_report(report: "ImportReport") -> None:
    counts = (
        (name, len(getattr(report, name))) for name in ("added", "changed", "removed", "unchanged", "refused")
    )
    say(", ".join(f"{number} {name}" for name, number in counts))
    say(f"{report.embedded} passages encoded in {report.seconds:.1f} s")
    if report.refused:
        _show_refusals(report.refused)


def _show_refusals(refusals: "tuple[Refusal, ...] | list[Refusal]") -> None:
    table("", ("where", "why"), [(refusal.origin, refusal.reason) for refusal in refusals])


def _show_release(release: "ReleaseInfo", *, as_json: bool) -> None:
    if as_json:
        emit(asdict(release))
    else:
        say(f"release {release.number} is served: {release.documents} documents, {release.chunks} passages")
