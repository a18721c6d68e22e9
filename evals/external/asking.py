"""Put the items of a public set to the product, one by one, as a suite of ours would."""

from collections.abc import Sequence
from typing import Any

from evals.cases import EvalCase
from evals.external.adapter import Task
from evals.runner import attempt
from evals.scores import CaseResult
from evals.suite import Suite
from evals.workplace import Workplace

STEP = 25
"""Items between two reports of progress."""


def asked(
    suite: Suite[Any, Any, Any],
    cases: Sequence[EvalCase[Any, Any]],
    task: Task,
    part: str,
    workplace: Workplace | None = None,
) -> tuple[list[CaseResult], dict[str, int]]:
    """The results that can be judged, and how many failed."""
    desk = workplace or Workplace(task.settings)
    results = []
    for place, case in enumerate(cases, start=1):
        results.append(attempt(suite, case, desk))
        if place % STEP == 0 or place == len(cases):
            task.tell(part, place, len(cases))
    failed = sum(not result.is_judged for result in results)
    judged = [result for result in results if result.is_judged]
    return judged, ({f"the product failed ({part})": failed} if failed else {})
