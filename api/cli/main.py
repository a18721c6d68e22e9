"""The command line. Exit 0 done, 1 the answer is no, 2 bad input or a fault, with one line on stderr."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from api.cli.audit import audit
from api.cli.checks import guard, triage
from api.cli.draft import draft
from api.cli.evals import evaluation
from api.cli.kb import kb
from api.cli.keys import keys
from api.cli.output import complain
from api.cli.serve import serve

app = typer.Typer(
    name="replydesk",
    help="Drafts replies to Amazon buyers from a team's own knowledge, guards them, hands them to a person.",
    epilog="Settings come from the environment, see env.example. "
    "Exit 0 done, 1 the answer is no, 2 bad input or a fault.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve)
app.command("draft")(draft)
app.add_typer(guard, name="guard")
app.command("triage")(triage)
app.add_typer(kb, name="kb")
app.add_typer(evaluation, name="eval")
app.add_typer(audit, name="audit")
app.add_typer(keys, name="keys")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"replydesk {version('replydesk')}\n")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Only holds options that stand before a command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        return int(app(arguments, prog_name="replydesk", standalone_mode=False) or 0)
    except TyperException as error:
        complain(error.format_message())
        return 2
    except SystemExit:  # this is how Typer ends when nobody reads the output any more
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # else Python complains when it flushes
        return 2
    except Exception as error:
        complain(_line(error))
        return 2


def run() -> NoReturn:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())


def _line(error: Exception) -> str:
    """One clear line. An unexpected fault shows its place in full where the log level is DEBUG."""
    from pydantic import ValidationError

    from api.field_errors import one_line
    from assistant.errors import ReplyDeskError
    from knowledge_base.errors import KnowledgeError

    if isinstance(error, ReplyDeskError | KnowledgeError):
        return str(error)
    if isinstance(error, ValidationError):
        return one_line(error.errors(include_url=False, include_input=False))
    if os.environ.get("REPLYDESK_LOG_LEVEL", "").upper() == "DEBUG":
        sys.excepthook(type(error), error, error.__traceback__)
    return f"unexpected fault ({type(error).__name__}: {error}); REPLYDESK_LOG_LEVEL=DEBUG shows where"[:300]
