"""What a suite is: cases, a solver that asks the product, scorers that judge, metrics that sum up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from assistant.domain import Noun
from assistant.errors import InvalidInput
from evals.cases import EvalCase, read
from evals.metrics import Metric
from evals.scores import Score
from evals.workplace import Workplace

if TYPE_CHECKING:
    from evals.scorers.graded.judge import Judge

I = TypeVar("I", bound=Noun)  # noqa: E741 - input
T = TypeVar("T", bound=Noun)
O = TypeVar("O", bound=Noun)  # noqa: E741 - output


@dataclass(frozen=True, slots=True)
class Scorer(Generic[I, T, O]):
    """One respect in which outputs are judged: a pure function of case and output.

    ``danger``: what is wrong here can hurt buyer or seller, so it is listed first and gated hardest.
    ``graded``: a chat model judges; its figures are shown apart and never gated.
    """

    name: str
    judge: Callable[[EvalCase[I, T], O], Score]
    danger: bool = False
    graded: bool = False


@dataclass(frozen=True, slots=True)
class Grader(Generic[I, T, O]):
    """A respect in which a chat model judges, where a run has one for it, and the figures of its scores."""

    danger: ClassVar[bool] = False
    graded: ClassVar[bool] = True
    name: str
    judge: Callable[["Judge", EvalCase[I, T], O], Score]
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class Suite(Generic[I, T, O]):
    """A question to the product and how it is answered.

    ``folder`` holds its cases (default: its name); ``only`` says which of them, where it borrows those of
    another suite. ``knowledge``: whether its solver searches. ``graders`` are off unless a run has a judge.
    """

    name: str
    question: str
    shape: type[EvalCase[I, T]]
    solve: Callable[[EvalCase[I, T], Workplace], O]
    scorers: tuple[Scorer[I, T, O], ...]
    metrics: tuple[Metric, ...]
    knowledge: bool = False
    folder: str = ""
    only: Callable[[str], bool] | None = None
    graders: tuple[Grader[I, T, O], ...] = ()

    @property
    def every_scorer(self) -> tuple[Scorer[I, T, O] | Grader[I, T, O], ...]:
        """All that a result may hold scores of, whether its run had a judge or not."""
        return (*self.scorers, *self.graders)

    @property
    def every_metric(self) -> tuple[Metric, ...]:
        """All that a summary may hold figures of."""
        return (*self.metrics, *(metric for one in self.graders for metric in one.metrics))

    @property
    def borrows(self) -> bool:
        """Its cases are those of another suite, which answers for them."""
        return self.only is not None

    @property
    def place(self) -> str:
        """Name of the folder of its cases."""
        return self.folder or self.name

    def judged_by(self, judge: "Judge") -> "Suite[I, T, O]":
        """The suite with its graders at work."""
        more = tuple(
            Scorer(one.name, partial(one.judge, judge), graded=True)  # what a model says is never gated
            for one in self.graders
        )
        return replace(self, scorers=(*self.scorers, *more), metrics=self.every_metric, graders=())

    def cases(self, data: Path) -> tuple[EvalCase[I, T], ...]:
        """The cases under ``data``.

        Raises:
            InvalidInput: there are none, or a line is no case of this suite.
        """
        found = read(data / self.place, self.shape)
        return found if self.only is None else tuple(case for case in found if self.only(case.id))


def chosen(suites: Mapping[str, Suite[Any, Any, Any]], names: Sequence[str]) -> list[Suite[Any, Any, Any]]:
    """The suites of these names in the order of the registry; all for none.

    Raises:
        InvalidInput: a name is not that of a suite.
    """
    unknown = [name for name in names if name not in suites]
    if unknown:
        raise InvalidInput(f"no suite {', '.join(unknown)}; there are {', '.join(suites)}")
    return [suite for name, suite in suites.items() if not names or name in names]
