"""``replydesk keys``: who may use the service. Works beside a running one."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.output import emit, say, table
from api.cli.wiring import store_app

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.store.keys import KeyInfo

keys = typer.Typer(help="Access keys: add, list, revoke; also while the service runs.", no_args_is_help=True)


@keys.command("add")
def add(
    role: Annotated[
        str,
        typer.Option(
            "--role",
            help="agent, supervisor, finance, compliance, knowledge_manager, qa or admin.",
            show_default=False,
        ),
    ],
    name: Annotated[str, typer.Option("--name", help="Whose key it is; default the role.")] = "",
    as_json: options.Json = False,
) -> None:
    """Make a key and show it, this once."""
    with store_app() as app:
        made = app.keys.add(role, name)
    if as_json:
        emit({"id": made.id, "role": made.role, "name": made.name, "key": made.key})
    else:
        say(f"{made.key}\n{made.role} key {made.id} for {made.name}; it is not shown again")


@keys.command("list")
def listing(as_json: options.Json = False) -> None:
    """Show all keys without their secrets."""
    with store_app() as app:
        known = app.keys.listing()
    if as_json:
        emit([_as_json(key) for key in known])
        return
    rows = [
        (key.id, key.role, key.name, _day(key.created_at), _day(key.last_used_at), _day(key.revoked_at))
        for key in known
    ]
    table("", ("id", "role", "name", "added", "last used", "revoked"), rows)


@keys.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The id that `keys list` shows.")],
    as_json: options.Json = False,
) -> None:
    """End a key at once."""
    with store_app() as app:
        ended = app.keys.revoke(key_id)
    if as_json:
        emit(_as_json(ended))
    else:
        say(f"{ended.role} key {ended.id} of {ended.name} is revoked")


def _as_json(key: "KeyInfo") -> dict[str, str | None]:
    return {
        "id": key.id,
        "role": key.role,
        "name": key.name,
        "created_at": _instant(key.created_at),
        "last_used_at": _instant(key.last_used_at),
        "revoked_at": _instant(key.revoked_at),
    }


def _instant(value: "datetime | None") -> str | None:
    return value.isoformat().replace("+00:00", "Z") if value else None


def _day(value: "datetime | None") -> str:
    return value.strftime("%Y-%m-%d %H:%M") if value else ""
