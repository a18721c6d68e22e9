"""Cases that a team adds to its own data: checked against what is there, appended whole or not at all."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.errors import InvalidInput, StoreUnavailable
from evals.cases import EvalCase, family_of
from evals.from_suggestion import line_of
from evals.problems import Labelled
from evals.similar import nearest
from evals.suite import Suite

FILE = "added.jsonl"
LOCK = Path("evaluations") / "add.lock"
WAIT_SECONDS = 30

Suites = Mapping[str, Suite[Any, Any, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where cases are added: under ``folder``, if they are not under one of ``known`` yet.

    ``home`` holds the lock, so that nobody adds the same case at the same time.
    """

    folder: Path
    known: tuple[Path, ...]
    home: Path

    @property
    def all(self) -> tuple[Path, ...]:
        """Every folder in which a case may be already."""
        return tuple(dict.fromkeys((*self.known, self.folder)))


def add_case(case: EvalCase[Any, Any], suite: str, to: Place, suites: Suites) -> Path:
    """Append a case to ``<folder>/<suite>/added.jsonl`` and return that file.

    Raises:
        InvalidInput: the case or one nearly the same is there already, or the data there cannot be read.
        StoreUnavailable: the file cannot be written, or another process holds the lock.
    """
    place, lock = to.folder / suites[suite].place, to.home / LOCK
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(lock, timeout=WAIT_SECONDS):
            refuse_known(case, suite, to.all, suites)
            place.mkdir(parents=True, exist_ok=True)
            _append(place / FILE, line_of(case))
    except Timeout:
        raise StoreUnavailable(f"another process has been adding cases for {WAIT_SECONDS} s") from None
    except OSError as error:
        raise StoreUnavailable(f"{place / FILE} cannot be written: {error.strerror}") from error
    return place / FILE


def refuse_known(case: EvalCase[Any, Any], suite: str, folders: Iterable[Path], suites: Suites) -> None:
    """Refuse a case that is there already, or whose text nearly is, in any suite.

    Raises:
        InvalidInput: it is; names the other one.
    """
    others = [*_there(folders, suites)]
    new = Labelled.of(suite, case)
    if any(other.path == new.path for other in others):
        raise InvalidInput(f"{new.path} is there already; `replydesk eval correct` changes its label")
    family = family_of(case.id)
    found = nearest(new, [other for other in others if family_of(other.case.id) != family])
    if found:
        other, likeness = found
        raise InvalidInput(f"the text of {other.path} is {likeness:.0%} the same; one case of it is enough")


def _there(folders: Iterable[Path], suites: Suites) -> Iterator[Labelled]:
    for folder in folders:
        for suite in suites.values():
            if not suite.borrows and any((folder / suite.place).glob("*.jsonl")):
                yield from (Labelled.of(suite.name, case) for case in suite.cases(folder))


def _append(path: Path, line: str) -> None:
    """Write the file anew beside the old one, then put it in its place."""
    old = path.read_bytes() if path.exists() else b""
    gap = b"\n" if old and not old.endswith(b"\n") else b""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(old + gap + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
