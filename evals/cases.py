"""Evaluation cases: labelled inputs as JSON lines, one folder of files a suite.

``id`` is ``<family>`` or ``<family>.<variant>``; paraphrases and translations of one idea share the family.
``split`` follows from the family alone: ``held`` where the first eight hexadecimal digits of its SHA-256,
taken as a number, leave a remainder of 0 when divided by 4, else ``tune``. So a family never sits on both
sides, and nobody chooses what is held back.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, StringConstraints, ValidationError, model_validator

from assistant.domain import Noun
from assistant.errors import InvalidInput
from assistant.vocabulary import Language, ShortText

BUNDLED = Path(str(files("evals"))) / "datasets"
MAX_LINE = 2 * 1024 * 1024

Split = Literal["tune", "held"]
Origin = Literal["synthetic", "anonymised", "regression"]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
CaseId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*$", max_length=80)]

I = TypeVar("I", bound=Noun)  # noqa: E741 - input
T = TypeVar("T", bound=Noun)


def family_of(identity: str) -> str:
    """The part of an id that stands for its idea."""
    return identity.split(".", 1)[0]


def split_of(identity: str) -> Split:
    """The side a case is on; see the module for the rule."""
    digest = hashlib.sha256(family_of(identity).encode()).hexdigest()
    return "held" if int(digest[:8], 16) % 4 == 0 else "tune"


class EvalCase(Noun, Generic[I, T]):
    """One labelled case. ``note`` says why the label is right where that is not plain."""

    id: CaseId
    input: I
    target: T
    language: Language
    tags: tuple[Tag, ...] = ()
    origin: Origin = "synthetic"
    split: Split
    note: Annotated[ShortText, Field(repr=False)] = ""

    @model_validator(mode="after")
    def _split_follows_from_id(self) -> "EvalCase[I, T]":
        wanted = split_of(self.id)
        if self.split != wanted:
            raise ValueError(f"split must be {wanted}: it follows from the id {self.id}")
        return self

    @property
    def said(self) -> dict[str, Any]:
        """What the case says, as a result keeps it: its JSON without what is as usual."""
        return self.model_dump(mode="json", exclude_defaults=True, by_alias=True)


def read(folder: Path, shape: type[EvalCase[I, T]]) -> tuple[EvalCase[I, T], ...]:
    """Every case of a folder's ``*.jsonl`` files, in order of file name and line.

    Raises:
        InvalidInput: no file, or lines that are no case; names each file and line and what is wrong.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise InvalidInput(f"{folder} holds no .jsonl file of evaluation cases")
    cases: list[EvalCase[I, T]] = []
    wrong: list[str] = []
    seen: dict[str, str] = {}
    for path in paths:
        for place, line in _lines(path):
            try:
                case = case_of(line, shape)
            except ValueError as error:
                wrong.append(f"{place}: {reason_of(error)}")
                continue
            if case.id in seen:
                wrong.append(f"{place}: the id {case.id} is already that of {seen[case.id]}")
            seen.setdefault(case.id, place)
            cases.append(case)
    if wrong:
        more = f" (and {len(wrong) - 5} more)" if len(wrong) > 5 else ""
        raise InvalidInput("; ".join(wrong[:5]) + more)
    return tuple(cases)


def case_of(line: str, shape: type[EvalCase[I, T]]) -> EvalCase[I, T]:
    """One line as a case.

    Raises:
        ValueError: it is none; ``reason_of`` says why.
    """
    return shape.model_validate(_object(line))


def fingerprint(cases: Sequence[EvalCase[Any, Any]]) -> str:
    """SHA-256 over what the cases say, whatever their order in the files."""
    lines = sorted(case.model_dump_json(exclude={"note"}) for case in cases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: not UTF-8 at byte {error.start}") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{path.name}, line {number}", line


def _object(line: str) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise ValueError(f"longer than {MAX_LINE} characters")
    try:
        found = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def reason_of(error: ValueError) -> str:
    """What is wrong with a line, and in which field."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place}: {first['msg']}" if place else str(first["msg"])
    return str(error)
