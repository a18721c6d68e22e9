"""``python -m api.cli.reference``: writes ``env.example`` and ``api/reference.md``."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Write both files."""
    for path, content in generated().items():
        path.write_text(content, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def generated() -> dict[Path, str]:
    """Every generated file with the content it should have."""
    return {ROOT / "env.example": environment(), ROOT / "api" / "reference.md": reference()}


def environment() -> str:
    """All settings with their defaults, ready to be sourced; commented out, as defaults need not be set."""
    lines = ["# Every setting with its default. Written by `make docs` from assistant/settings.py."]
    for name, default, description in settings():
        lines += ["", f"# {description}", f"# {name}={default}"]
    return "\n".join(lines) + "\n"


def settings() -> Iterator[tuple[str, str, str]]:
    """Name, default and description of every setting."""
    from pydantic import AliasChoices

    from assistant.settings import Settings

    prefix = Settings.model_config.get("env_prefix", "")
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        variable = str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"{prefix}{name}".upper()
        yield variable, "" if field.default is None else str(field.default), field.description or ""


def reference() -> str:
    """Command line, HTTP routes and settings as Markdown."""
    from api.app import bare_app

    parts = ["# Reference", "", "Written by `make docs` from the code; do not edit.", "", *_commands()]
    parts += [
        "## HTTP",
        "",
        "The whole description, with an example for every body: `GET /openapi.json`.",
        "",
    ]
    parts += _table(("method and path", "what", "roles"), _routes(bare_app().openapi()))
    parts += ["", "## Settings", ""]
    parts += _table(("variable", "default", "meaning"), ((f"`{n}`", _code(d), w) for n, d, w in settings()))
    return "\n".join(parts) + "\n"


def _commands() -> Iterator[str]:
    from api.cli.main import app

    yield from ("## Command line", "", "Exit 0 done, 1 the answer is no, 2 bad input or a fault.", "")
    for path, command in _walk("replydesk", typer.main.get_command(app)):
        arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
        usage = " ".join([path, *(_argument(argument) for argument in arguments)])
        yield from (f"### `{usage}`", "", _plain(command.help), "")
        options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
        rows = [
            (f"`{', '.join(option.opts)}`", _plain(option.help))
            for option in options
            if option.name != "help"
        ]
        if rows:
            yield from (*_table(("option", "meaning"), rows), "")


def _walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, child in command.commands.items():
        yield from _walk(f"{path} {name}", child)


def _argument(argument: Any) -> str:
    name = argument.metavar or str(argument.name).upper()
    return name if argument.required else f"[{name}]"


def _routes(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    from api.roles import OPEN, allowed

    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = operation["operationId"]
            who = "no key needed" if name in OPEN else allowed(name)
            yield f"`{method.upper()} {path}`", operation["summary"], who


def _table(header: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _code(text: str) -> str:
    return f"`{text}`" if text else "none"


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()


if __name__ == "__main__":
    main()
