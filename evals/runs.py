"""Runs on disk: ``<home>/evaluations/<id>/`` holds ``run.json`` and ``results.jsonl``.

Results are appended as they come, one line a case, so a killed run has lost at most the line it was writing
and can go on where it stopped. ``run.json`` is replaced in one step.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from ulid import ULID

from assistant.domain import Noun
from assistant.errors import InvalidInput, NotFound, StoreUnavailable
from assistant.vocabulary import Instant
from evals.causes import Causes
from evals.metrics import Estimate
from evals.scores import CaseResult

State = Literal["running", "finished", "interrupted", "failed"]
RESULTS = "results.jsonl"
RECORD = "run.json"
CANCEL = "cancel"


class SuiteSummary(Noun):
    """One suite of a run: how many cases came to what, and its metrics by slice."""

    cases: int
    scored: int
    unscored: int
    errors: int
    seconds: float
    metrics: dict[str, dict[str, Estimate]] = Field(default_factory=dict)


class Run(Noun):
    """The record of a run. ``outcome``: hash over all scores; the same inputs give the same one.

    ``reason`` says why a run was interrupted or failed.
    """

    id: str
    state: State
    created_at: Instant
    finished_at: Instant | None = None
    suites: tuple[str, ...]
    causes: Causes
    total: int
    done: int = 0
    calls: int = 0
    seconds: float = 0.0
    reason: str | None = None
    outcome: str | None = None
    summary: dict[str, SuiteSummary] = Field(default_factory=dict)


class RunFolder:
    """One run on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def record(self) -> Run:
        """The record.

        Raises:
            InvalidInput: there is none, or it cannot be read.
        """
        path = self.path / RECORD
        try:
            return Run.model_validate_json(path.read_bytes())
        except OSError as error:
            raise InvalidInput(f"{self.path} holds no evaluation run: {error.strerror}") from error
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise InvalidInput(f"{path} is no record of a run: {place} {first['msg']}") from error

    def write(self, record: Run) -> None:
        """Replace the record.

        Raises:
            StoreUnavailable: the disk is full or may not be written.
        """
        with writing(self.path):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = self.path / f"{RECORD}.new"
            new.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
            new.replace(self.path / RECORD)

    def results(self) -> list[CaseResult]:
        """Every result, in the order of suite and id; half a line at the end is left out.

        Raises:
            InvalidInput: a whole line cannot be read.
        """
        found: dict[tuple[str, str], CaseResult] = {}
        try:
            lines = (self.path / RESULTS).read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        for number, line in enumerate(lines[:-1], start=1):
            try:
                result = CaseResult.model_validate_json(line)
            except ValidationError:
                raise InvalidInput(f"{self.path / RESULTS}, line {number}: no result of a case") from None
            found[result.key] = result
        return [found[key] for key in sorted(found)]

    @contextmanager
    def appending(self) -> Iterator[Callable[[CaseResult], None]]:
        """Append results; what a kill left half written is cut off first."""
        with writing(self.path):
            path = self.path / RESULTS
            with path.open("ab+") as stream:
                _cut_half_line(stream.fileno(), path)

                def append(result: CaseResult) -> None:
                    with writing(self.path):
                        stream.write(result.model_dump_json().encode() + b"\n")
                        stream.flush()

                yield append

    @property
    def cancelled(self) -> bool:
        """Somebody asked for an end."""
        return (self.path / CANCEL).exists()

    def cancel(self) -> None:
        """Ask the run to end after the cases under way."""
        with writing(self.path):
            (self.path / CANCEL).touch()

    def take_back_cancel(self) -> None:
        """Forget an earlier wish to end."""
        with writing(self.path):
            (self.path / CANCEL).unlink(missing_ok=True)


class Runs:
    """All runs of a home."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "evaluations"

    def new(self) -> RunFolder:
        """A folder for a new run; it appears with the first record."""
        return RunFolder(self.folder / str(ULID()))

    def find(self, name: str) -> RunFolder:
        """A run by its id, the beginning of its id, ``latest``, or the path of its folder.

        Raises:
            NotFound: there is none, or the beginning fits several.
        """
        if os.sep in name and (Path(name) / RECORD).exists():
            return RunFolder(Path(name))
        known = self._names()
        if name == "latest" and known:
            return RunFolder(self.folder / known[-1])
        fitting = [one for one in known if one.startswith(name.upper())] if name.isalnum() else []
        if len(fitting) != 1:
            several = f": it fits {', '.join(fitting[:5])}" if fitting else ""
            raise NotFound(f"no evaluation run {name}{several}")
        return RunFolder(self.folder / fitting[0])

    def listing(self) -> list[Run]:
        """Every record, newest first; a folder whose record cannot be read is left out."""
        found = []
        for name in reversed(self._names()):
            try:
                found.append(RunFolder(self.folder / name).record)
            except InvalidInput:
                continue
        return found

    def _names(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if (path / RECORD).exists())


def outcome_hash(results: Sequence[CaseResult]) -> str:
    """SHA-256 over every score and fault, whatever the order and the time they took."""
    lines = [
        json.dumps(
            [
                one.suite, one.id, one.error, one.unscored,
                {name: score.model_dump(mode="json") for name, score in sorted(one.scores.items())},
            ],
            sort_keys=True,
            ensure_ascii=False,
        )
        for one in sorted(results, key=lambda one: one.key)
    ]  # fmt: skip
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a fault of the disk into one clear line."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"evaluation run {path} cannot be written: {error.strerror}") from error


def _cut_half_line(descriptor: int, path: Path) -> None:
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.ftruncate(descriptor, whole)
