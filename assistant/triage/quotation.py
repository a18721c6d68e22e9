"""The buyer's own new words: earlier mail quoted below or between them, and mail furniture, taken away."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import re2

_PROBED = 400
"""Characters of a line that are looked at; no marker is longer."""
_QUOTE_MARKS = (">", "＞", "|")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("assistant.triage") / "tables" / "quotation.toml").read_text("utf-8"))


@cache
def _any_of(kind: str) -> Any:
    patterns = [pattern for row in _table()[kind] for pattern in row["patterns"]]
    return re2.compile("(?i)" + "|".join(f"(?:{pattern})" for pattern in patterns))


@cache
def _header() -> Any:
    return re2.compile("(?i)" + _table()["headers"]["pattern"])


@cache
def _any_trace() -> Any:
    rows = [row for kind in ("cut", "restart", "drop") for row in _table()[kind]]
    patterns = [pattern for row in rows for pattern in row["patterns"]]
    patterns.append(_table()["headers"]["pattern"])
    return re2.compile("(?im)" + "|".join(f"(?:{pattern})" for pattern in patterns))


def own_words(text: str) -> str:
    """Return ``text`` without quoted earlier mail; the whole text where nothing else would be left.

    An attribution line ("On … wrote:") above lines marked with ``>`` takes away only those, so that an answer
    written below the quotation is kept; above unmarked lines it takes away the rest.
    """
    if not _any_trace().search(text):
        return text.strip()
    lines = text.splitlines()
    kept: list[str] = []
    for place, line in enumerate(lines):
        probe = line[:_PROBED]
        if not probe or probe.lstrip().startswith(_QUOTE_MARKS):
            kept.append("")
        elif _any_of("restart").search(probe):
            kept.clear()
        elif _any_of("cut").search(_unwrapped(lines, place)):
            if not _quoted_below(lines, place):
                break
        elif _header().search(probe) and _header().search("".join(lines[place + 1 : place + 2])[:_PROBED]):
            break
        elif not _any_of("drop").search(probe):
            kept.append(line)
    own = "\n".join(kept).strip()
    return own or text.strip()


def _unwrapped(lines: list[str], place: int) -> str:
    """The line, with the next one where a mail program has wrapped a long attribution."""
    line = lines[place][:_PROBED]
    following = lines[place + 1].strip()[:200] if place + 1 < len(lines) else ""
    wrapped = (
        len(line) >= 50 and following.endswith((":", "：")) and not line.rstrip().endswith((".", "!", "?"))
    )
    return f"{line.rstrip()} {following}" if wrapped else line


def _quoted_below(lines: list[str], place: int) -> bool:
    return any(line.lstrip().startswith(_QUOTE_MARKS) for line in lines[place + 1 : place + 4])
