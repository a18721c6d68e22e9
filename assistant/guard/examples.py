"""Examples of the rules, kept as data and read only when somebody asks for them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast, overload

from assistant.guard.rule import Example
from assistant.vocabulary import Language


@cache
def _table(family: str) -> Mapping[str, Any]:
    path = files("assistant.guard") / "tables" / "examples" / f"{family}.toml"
    return tomllib.loads(path.read_text("utf-8"))


@cache
def _examples(family: str, rule: str, side: str) -> tuple[Example, ...]:
    rows: Mapping[str, Sequence[str | Mapping[str, Any]]] = _table(family)[rule][side]
    return tuple(
        _example(cast("Language", language), row) for language, texts in rows.items() for row in texts
    )


def _example(language: Language, row: str | Mapping[str, Any]) -> Example:
    if isinstance(row, str):
        return Example(language, row)
    return Example(language, row["text"] * row.get("repeat", 1), row.get("context", {}))


class Examples(Sequence[Example]):
    """``[<rule>.<side>]`` of ``tables/examples/<family>.toml``: texts per language.

    A text that needs more is a table: ``{text, context, repeat}``.
    """

    def __init__(self, family: str, rule: str, side: Literal["bad", "good"]) -> None:
        self._key = (family, rule, side)

    @overload
    def __getitem__(self, index: int) -> Example: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Example]: ...
    def __getitem__(self, index: int | slice) -> Example | Sequence[Example]:
        """One example, or several."""
        return _examples(*self._key)[index]

    def __len__(self) -> int:
        """Number of examples in all languages."""
        return len(_examples(*self._key))

    def __iter__(self) -> Iterator[Example]:
        """Language by language."""
        return iter(_examples(*self._key))
