"""Metadata of a document, checked strictly: unknown names, languages, marketplaces and dates are refused."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)

from knowledge_base.types import Document, DocumentKind, DocumentStatus

LANGUAGES = ("en", "de", "fr", "it", "es", "ja", "zh")
MARKETPLACES = (
    "US", "CA", "MX", "BR", "IE", "ES", "UK", "FR", "BE", "NL", "DE", "IT",
    "SE", "ZA", "PL", "EG", "TR", "SA", "AE", "IN", "SG", "AU", "JP",
)  # fmt: skip
MAX_TEXT = 500_000
"""Longest text of one document or entry in characters."""


class FieldError(ValueError):
    """What is wrong with the metadata, in words for the person who wrote it."""


def _items(value: Any) -> Any:
    """A list, or one string with items separated by ``;``."""
    if isinstance(value, str):
        value = value.split(";")
    if not isinstance(value, list | tuple | set | frozenset):
        raise ValueError("must be a list")
    if not all(isinstance(item, str) for item in value):
        raise ValueError("must be a list of words; put quotes around each")
    return frozenset(item.strip().upper() for item in value if item.strip())


def _known_marketplaces(value: frozenset[str]) -> frozenset[str]:
    codes = frozenset("UK" if code == "GB" else code for code in value)
    if unknown := sorted(codes - set(MARKETPLACES)):
        raise ValueError(f"unknown marketplace {unknown[0]!r}; known are {', '.join(MARKETPLACES)}")
    return codes


def _language(value: Any) -> str:
    base = str(value).replace("_", "-").split("-")[0].strip().lower()
    if base not in LANGUAGES:
        raise ValueError(f"unknown language {value!r}; known are {', '.join(LANGUAGES)}")
    return base


def _iso_day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"{value} is not a date like 2026-12-31") from None


def _one_of(*allowed: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if value not in allowed:
            raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
        return value

    return BeforeValidator(check)


def _readable(value: str) -> str:
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("holds characters that are not UTF-8 text")
    return value


def _identifier(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Day = Annotated[date | None, BeforeValidator(_iso_day)]
Text = Annotated[
    str, AfterValidator(_readable), StringConstraints(strip_whitespace=True, max_length=MAX_TEXT)
]
Asin = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{4,20}$")]


class Fields(BaseModel):
    """Every key a knowledge file may carry; ``question`` and ``answer`` only in tables and JSONL."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document_id: Annotated[
        str, BeforeValidator(_identifier), StringConstraints(pattern=r"^\w[\w.:/-]*$", max_length=200)
    ]
    title: Annotated[Text, StringConstraints(min_length=1, max_length=500)]
    language: Annotated[str, BeforeValidator(_language)]
    kind: Annotated[DocumentKind, _one_of(*get_args(DocumentKind))]
    marketplaces: Annotated[frozenset[str], BeforeValidator(_items), AfterValidator(_known_marketplaces)] = (
        frozenset()
    )
    asins: Annotated[frozenset[Asin], BeforeValidator(_items)] = frozenset()
    effective_from: Day = None
    effective_to: Day = None
    review_by: Day = None
    status: Annotated[DocumentStatus, _one_of(*get_args(DocumentStatus))] = "active"

    @model_validator(mode="after")
    def _in_order(self) -> "Fields":
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise ValueError("effective_to is before effective_from")
        return self

    def document(self, *, origin: str, body: str = "", entries: Sequence[tuple[str, str]] = ()) -> Document:
        """The document with this metadata and the given content."""
        metadata = {name: getattr(self, name) for name in Fields.model_fields}
        return Document(**metadata, origin=origin, body=body, entries=tuple(entries))


class EntryFields(Fields):
    """One Q/A entry of a table or JSONL file: title and kind may be left out."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=500)] = ""
    kind: Annotated[DocumentKind, _one_of(*get_args(DocumentKind))] = "faq"
    question: Annotated[Text, StringConstraints(min_length=1, max_length=2_000)]
    answer: Annotated[Text, StringConstraints(min_length=1)]


Model = TypeVar("Model", bound=Fields)


def read_fields(model: type[Model], raw: Mapping[str, object]) -> Model:
    """Check raw metadata; ``None`` counts as absent.

    Raises:
        FieldError: one line naming the field, what is wrong and what would be right.
    """
    try:
        return model.model_validate({str(key): value for key, value in raw.items() if value is not None})
    except ValidationError as error:
        raise FieldError(_explain(model, error)) from None


def _explain(model: type[Fields], error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name.strip().lower(), model.model_fields, n=1, cutoff=0.0)
        return f"unknown field {name!r}; did you mean {near[0]!r}?"
    if first["type"] == "missing":
        return f"field {name!r} is missing"
    if first["type"] in {"string_too_short", "too_short"}:
        return f"field {name!r} is empty"
    message = first["msg"].removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
