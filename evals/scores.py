"""What a scorer says of a case, and what a run keeps of it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from assistant.domain import Noun
from assistant.vocabulary import Language
from evals.cases import Origin, Split, Tag


class Score(Noun):
    """One respect in which a case was judged.

    ``value`` 0..1, ``None``: *unscored*, which is not wrong: it counts nowhere, and ``why`` says why.
    ``passed``: right in this respect; what "turned" means is read from it. ``parts`` are the numbers that
    metrics add up over cases. ``slices``: further groups the case belongs to, such as ``rule=AMZ-07``.
    ``expected`` and ``got``: the cell of a confusion matrix.
    """

    value: Annotated[float, Field(ge=0, le=1)] | None = None
    passed: bool | None = None
    why: str = ""
    parts: dict[str, float] = Field(default_factory=dict)
    slices: tuple[str, ...] = ()
    expected: str | None = None
    got: str | None = None


def unscored(why: str) -> Score:
    """No judgement is possible."""
    return Score(why=why)


def judged(right: bool, why: str = "", **more: Any) -> Score:
    """A plain right or wrong; its parts are ``right`` and ``n``."""
    parts = {"right": float(right), "n": 1.0, **more.pop("parts", {})}
    return Score(value=float(right), passed=right, why=why, parts=parts, **more)


def content_of(case: Mapping[str, Any]) -> str:
    """SHA-256 over what a case says (``EvalCase.said``), its note apart: another value, another case."""
    said = {name: value for name, value in case.items() if name != "note"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class CaseResult(Noun):
    """Everything about one case in one run: enough to judge it again without the product.

    ``case`` is the case as it was read, ``output`` what the product made of it. ``error``: the solver or a
    scorer failed; then nothing is scored. ``unscored``: the run could not ask (budget, no recorded reply).
    """

    suite: str
    id: str
    language: Language
    split: Split
    origin: Origin
    tags: tuple[Tag, ...] = ()
    case: dict[str, Any]
    output: dict[str, Any] | None = None
    scores: dict[str, Score] = Field(default_factory=dict)
    seconds: float = 0.0
    error: str | None = None
    unscored: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Suite and id."""
        return self.suite, self.id

    @property
    def is_judged(self) -> bool:
        """It was answered, and the answer could be judged."""
        return self.error is None and self.unscored is None

    @property
    def content(self) -> str:
        """``content_of`` the case."""
        return content_of(self.case)

    def slices(self, scorer: str) -> tuple[str, ...]:
        """The groups that this case counts in for one scorer."""
        score = self.scores.get(scorer)
        own = score.slices if score else ()
        return ("all", f"split={self.split}", f"language={self.language}", *own)
