"""What is wrong with evaluation data, and the cases it is looked for in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.domain import Noun
from evals.cases import EvalCase

Level = Literal["error", "warning"]
Kind = Literal[
    "schema", "leakage", "contradiction", "duplicate", "quotation", "personal data", "balance", "unread"
]
PROSE = frozenset({"text", "subject", "query", "agent_facts", "model_reply"})
"""Fields that hold what a person or a model wrote."""


class Problem(Noun):
    """Something wrong. An ``error`` falsifies figures or must not be published; a ``warning`` weakens them.

    ``cases``: as ``suite/id``.
    """

    level: Level
    kind: Kind
    suite: str
    cases: tuple[str, ...] = ()
    message: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A case of a suite. ``asked`` and ``wanted``: input and target as plain values."""

    suite: str
    case: EvalCase[Any, Any]
    asked: Mapping[str, Any]
    wanted: Mapping[str, Any]

    @classmethod
    def of(cls, suite: str, case: EvalCase[Any, Any]) -> "Labelled":
        """The case with its plain values."""
        asked = case.input.model_dump(mode="json", exclude_defaults=True)
        return cls(suite, case, asked, case.target.model_dump(mode="json", exclude_defaults=True))

    @property
    def path(self) -> str:
        """Suite and id."""
        return f"{self.suite}/{self.case.id}"

    def prose(self) -> Iterator[str]:
        """Everything in the input that somebody wrote."""
        return _prose(self.asked)


def _prose(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in PROSE and isinstance(inner, str):
                yield inner
            else:
                yield from _prose(inner)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for inner in value:
            yield from _prose(inner)
