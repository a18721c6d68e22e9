"""Corrected labels: what people marked on a report, written back into the files of cases.

A corrections file holds JSON lines ``{"suite", "id", "target", "note", "data"}``. ``data`` is the hash of the
case as it was judged (``scores.content_of``): a case that has changed since is refused, for its reader saw
another one. All of a file is applied or nothing. In the files of cases only the values of ``target`` and,
where one is given, ``note`` change; every other byte stays.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from assistant.domain import Noun
from assistant.errors import InvalidInput, StoreUnavailable
from assistant.vocabulary import ShortText
from evals.cases import case_of, reason_of
from evals.runner import AnyCase, AnySuite
from evals.scores import content_of

_SPACE = " \t\r\n"


class Correction(Noun):
    """A label that somebody found wrong. ``note`` empty: the note of the case stays."""

    suite: str
    id: str
    target: dict[str, Any]
    note: ShortText = ""
    data: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Corrected(Noun):
    """A case whose label was changed: file, line, and both targets."""

    suite: str
    id: str
    file: str
    line: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Line:
    path: Path
    number: int
    text: str


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """The corrections of a file.

    Raises:
        InvalidInput: it cannot be read, a line is no correction, or a case is corrected twice.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from error
    found: dict[tuple[str, str], Correction] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            one = Correction.model_validate_json(line)
        except ValidationError as error:
            raise InvalidInput(f"{path.name}, line {number}: {reason_of(error)}") from error
        if (one.suite, one.id) in found:
            raise InvalidInput(f"{path.name}, line {number}: {one.suite}/{one.id} is corrected twice")
        found[one.suite, one.id] = one
    return tuple(found.values())


def apply(
    corrections: Sequence[Correction], data: Path, suites: Mapping[str, AnySuite]
) -> tuple[Corrected, ...]:
    """Write corrections into the cases under ``data`` and return what was changed.

    A case that says already what the correction wants is left as it is and not returned.

    Raises:
        InvalidInput: a suite or case does not exist, has changed since, or the target is none of its suite;
            nothing is written then.
        StoreUnavailable: a file cannot be written.
    """
    wrong: list[str] = []
    lines: dict[Path, dict[int, str]] = defaultdict(dict)
    changed = []
    places: dict[str, dict[str, _Line]] = {}
    for one in corrections:
        suite = suites.get(one.suite)
        if suite is None:
            wrong.append(f"{one.suite}/{one.id}: no suite {one.suite}; there are {', '.join(suites)}")
            continue
        if one.suite not in places:
            places[one.suite] = dict(_places(data / suite.place))
        try:
            found = _corrected(one, suite, places[one.suite].get(one.id))
        except InvalidInput as error:
            wrong.append(str(error))
            continue
        if found:
            line, text, report = found
            if lines[line.path].setdefault(line.number, text) != text:
                wrong.append(
                    f"{one.suite}/{one.id}: another correction wants something else of the same line"
                )
            changed.append(report)
    if wrong:
        more = f" (and {len(wrong) - 5} more)" if len(wrong) > 5 else ""
        raise InvalidInput("; ".join(wrong[:5]) + more)
    _write(lines)
    return tuple(changed)


def _corrected(one: Correction, suite: AnySuite, line: _Line | None) -> tuple[_Line, str, Corrected] | None:
    """The line as it is to be, or ``None`` where it is so already."""
    name = f"{one.suite}/{one.id}"
    if line is None:
        raise InvalidInput(f"{name}: there is no such case")
    before = _case(suite, line.text, f"{line.path.name}, line {line.number}")
    wanted = {"target": one.target, **({"note": one.note} if one.note else {})}
    text = replaced(line.text, wanted)
    after = _case(suite, text, name)
    if after == before:
        return None
    if content_of(before.said) != one.data:
        raise InvalidInput(f"{name}: the case has changed since it was judged; look at it again in a new run")
    report = Corrected(
        suite=one.suite,
        id=one.id,
        file=line.path.name,
        line=line.number,
        before=before.said["target"],
        after=after.said["target"],
    )
    return line, text, report


def replaced(line: str, values: Mapping[str, Any]) -> str:
    """The line of a JSON object with some top-level values replaced or, where missing, added at the end."""
    spans, end = _spans(line)
    missing = {name: value for name, value in values.items() if name not in spans}
    added = "".join(f", {_json(name)}: {_json(value)}" for name, value in missing.items())
    line = line[:end] + added + line[end:]
    for name in sorted(values.keys() & spans.keys(), key=lambda known: -spans[known][0]):
        start, stop = spans[name]
        line = line[:start] + _json(values[name]) + line[stop:]
    return line


def _spans(line: str) -> tuple[dict[str, tuple[int, int]], int]:
    """Where each top-level value of a valid, filled JSON object stands, and where the last one ends."""
    decoder = json.JSONDecoder()
    spans: dict[str, tuple[int, int]] = {}
    at = line.index("{") + 1
    while True:
        name, at = decoder.raw_decode(line, _past(line, at))
        start = _past(line, _past(line, at) + 1)
        _, at = decoder.raw_decode(line, start)
        spans[name] = start, at
        following = _past(line, at)
        if line[following] == "}":
            return spans, at
        at = following + 1


def _past(line: str, at: int) -> int:
    while line[at] in _SPACE:
        at += 1
    return at


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _places(folder: Path) -> Iterator[tuple[str, _Line]]:
    """Every case of a folder with its line; lines that are no case with an id are left to ``cases.read``."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, text in enumerate(_text(path).split("\n")):
            try:
                found = json.loads(text.removeprefix("\ufeff"))
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict) and isinstance(found.get("id"), str):
                yield found["id"], _Line(path, number + 1, text)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from error


def _case(suite: AnySuite, line: str, place: str) -> AnyCase:
    try:
        return case_of(line.removeprefix("\ufeff"), suite.shape)
    except ValueError as error:
        raise InvalidInput(f"{place}: {reason_of(error)}") from error


def _write(lines: Mapping[Path, Mapping[int, str]]) -> None:
    """Replace the files, once all of them could be written beside; line breaks stay what they are."""
    beside = {path: path.with_name(f"{path.name}.new") for path in lines}
    try:
        for path, changes in lines.items():
            old = _text(path).split("\n")
            new = "\n".join(changes.get(number, text) for number, text in enumerate(old, start=1))
            beside[path].write_bytes(new.encode())
        for path, new_path in beside.items():
            new_path.replace(path)
    except OSError as error:
        raise StoreUnavailable(f"{error.filename} cannot be written: {error.strerror}") from error
