"""The baseline: what was accepted, so that a later run can be held against it. One file, ``baseline.json``.

A person accepts a finished run (``evals/acceptance.py``); nothing lowers a floor by itself. ``tolerance``,
``turned`` and ``why`` are a person's to edit, and accepting another run keeps them.
"""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from assistant.domain import Noun
from assistant.errors import InvalidInput, StoreUnavailable
from assistant.vocabulary import Instant
from evals.causes import Causes

BASELINE = Path(str(files("evals"))) / "baseline.json"
_ROUNDING = 1e-9

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class Gate(Noun):
    """What ``metric`` (``suite/metric``) has to come to in a slice: at least a floor or at most a ceiling.

    ``n``: cases it was measured on. ``tolerance``: what it may miss by.
    """

    metric: str
    slice: str = "all"
    floor: Share | None = None
    ceiling: Share | None = None
    tolerance: Share = 0.0
    n: Annotated[int, Field(ge=1)]
    why: str

    @model_validator(mode="after")
    def _one_limit(self) -> "Gate":
        if (self.floor is None) == (self.ceiling is None):
            raise ValueError("floor, ceiling: exactly one of them is needed")
        return self

    @property
    def limit(self) -> float:
        """The floor or ceiling with its tolerance."""
        if self.floor is not None:
            return self.floor - self.tolerance
        return (self.ceiling or 0.0) + self.tolerance

    def holds(self, value: float) -> bool:
        """The value is on the right side of the limit."""
        if self.floor is not None:
            return value >= self.limit - _ROUNDING
        return value <= self.limit + _ROUNDING

    @property
    def can_break(self) -> bool:
        """Some share between 0 and 1 would break it."""
        return not (self.holds(0.0) and self.holds(1.0))


class Baseline(Noun):
    """What was accepted.

    ``turned``: by dangerous scorer (``suite/scorer``), how many cases that were right may go wrong.
    ``unjudged``: how many cases of a suite may fail or stay unscored. ``known_failures``: by suite and
    scorer. ``cases``: by suite, each with the beginning of the hash of its content. ``prompts``: version to
    hash.
    """

    run: str
    accepted_at: Instant
    gates: tuple[Gate, ...]
    turned: dict[str, Count] = Field(default_factory=dict)
    unjudged: dict[str, Count] = Field(default_factory=dict)
    causes: Causes
    prompts: dict[str, str] = Field(default_factory=dict)
    known_failures: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    cases: dict[str, dict[str, str]] = Field(default_factory=dict)

    def known(self, suite: str, scorer: str) -> frozenset[str]:
        """The cases that are known to fail in this respect."""
        return frozenset(self.known_failures.get(suite, {}).get(scorer, ()))


def read_baseline(path: Path) -> Baseline:
    """The baseline of a file.

    Raises:
        InvalidInput: there is none, or it is no baseline; names field and fault.
    """
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        cure = "`replydesk eval accept RUN` writes one"
        raise InvalidInput(f"baseline {path}: {error.strerror}; {cure}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"baseline {path}: {place} {first['msg']}") from error


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Replace the file in one step.

    Raises:
        StoreUnavailable: it cannot be written.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        new.write_text(baseline.model_dump_json(indent=1, exclude_none=True) + "\n", encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise StoreUnavailable(f"baseline {path} cannot be written: {error.strerror}") from error
