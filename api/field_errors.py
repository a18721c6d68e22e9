"""Turning a validation failure into lines that name the field; shared by HTTP and batch files.

The value that was sent is never repeated: it may be long, and it may be a buyer's.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

MOST = 20
"""Errors listed; a caller repairs the first ones first, and a hostile body could make millions."""

_LONGEST = 300
_PLACES = {"body", "query", "path", "header"}
_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "json_invalid": "is not valid JSON",
    "model_attributes_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "string_unicode": "must be valid Unicode",
}


class FieldError(TypedDict):
    """One complaint; ``field`` is a dotted path such as ``order.items.0.asin``, or ``body`` for all of it."""

    field: str
    message: str


def field_errors(errors: Sequence[Any]) -> list[FieldError]:
    """Shape Pydantic's error list; at most :data:`MOST` entries."""
    return [FieldError(field=_path(error), message=_message(error)) for error in errors[:MOST]]


def one_line(errors: Sequence[Any]) -> str:
    """The first complaint and how many more there are, for a line of text."""
    first = field_errors(errors[:1])[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{first['field']}: {first['message']}{more}"


def _path(error: Any) -> str:
    parts = [str(part) for part in error["loc"]]
    if error["type"] == "json_invalid":  # the rest is a place in the text
        parts = parts[:1]
    if len(parts) > 1 and parts[0] in _PLACES:
        parts = parts[1:]
    return ".".join(part[:80] for part in parts) or "body"


def _message(error: Any) -> str:
    kind = error["type"]
    if kind == "json_invalid":
        return f"{_MESSAGES[kind]}: {error.get('ctx', {}).get('error', '')}".rstrip(": ")
    text: str = _MESSAGES.get(kind, error["msg"])
    if kind == "value_error":  # its text may quote the value, as that of date.fromisoformat does
        text = text.removeprefix("Value error, ").split(": ", 1)[0]
    return text[:_LONGEST]
