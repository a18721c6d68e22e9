"""Times given on the command line."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from datetime import datetime


def instant(value: str | None, option: str) -> "datetime | None":
    """Read a day or a time.

    Raises:
        typer.BadParameter: it is neither.
    """
    from pydantic import TypeAdapter, ValidationError

    from assistant.vocabulary import Instant

    if value is None:
        return None
    try:
        return TypeAdapter(Instant).validate_python(value)
    except ValidationError:
        raise typer.BadParameter(
            "not a time such as 2026-11-01 or 2026-11-01T08:00:00Z", param_hint=option
        ) from None
