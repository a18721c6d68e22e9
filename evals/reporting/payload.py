"""The cases of a run as JSON for the page's script, worst first.

Long texts that several cases share, such as prompts, stand once in ``texts``; a number in a text's place
points there. ``<`` is escaped throughout, so no text can end the element that holds it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from evals.reporting.outcomes import OUTCOMES, Outcome, Suites, kind_of_failure, outcome_of
from evals.reporting.trace import Section, excerpt, sections
from evals.runs import Run
from evals.scores import CaseResult, Score

SHARED_FROM = 60
"""Characters from which a text is worth a place of its own."""


def payload(record: Run, results: Sequence[CaseResult], suites: Suites, words: Mapping[Outcome, str]) -> str:
    """The JSON of the page: run, scorers by suite, cases worst first, shared texts."""
    texts: dict[str, int] = {}
    judged = [(outcome_of(one, suites.get(one.suite)), one) for one in results]
    suite_order = {name: place for place, name in enumerate(record.suites)}
    judged.sort(key=lambda pair: (OUTCOMES.index(pair[0]), suite_order.get(pair[1].suite, 99), pair[1].id))
    cases = [_case(result, outcome, suites, texts) for outcome, result in judged]
    return embedded({"run": record.id, "outcomes": words, "cases": cases, "texts": list(texts)})


def embedded(value: Any) -> str:
    """JSON that may stand inside an HTML script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _case(result: CaseResult, outcome: Outcome, suites: Suites, texts: dict[str, int]) -> dict[str, Any]:
    whole = outcome != "passed"
    found: dict[str, Any] = {
        "suite": result.suite,
        "id": result.id,
        "language": result.language,
        "split": result.split,
        "origin": result.origin,
        "tags": result.tags,
        "outcome": outcome,
        "seconds": result.seconds,
        "excerpt": excerpt(result),
        "scores": [_score(name, score, result, suites) for name, score in result.scores.items()],
        "target": result.case.get("target", {}),
        "data": result.content,
        "trace": [_shared(section, texts) for section in sections(result, whole=whole)],
        "error": result.error,
        "unscored": result.unscored,
    }
    return {name: value for name, value in found.items() if value is not None}


def _score(name: str, score: Score, result: CaseResult, suites: Suites) -> dict[str, Any]:
    outcome: Outcome = "unscored" if score.value is None else "passed"
    if score.passed is False:
        outcome = kind_of_failure(name, suites.get(result.suite))
    found = {
        "name": name,
        "outcome": outcome,
        "value": score.value,
        "why": score.why or None,
        "expected": score.expected,
        "got": score.got,
    }
    return {key: value for key, value in found.items() if value is not None}


def _shared(section: Section, texts: dict[str, int]) -> Section:
    """The section with long texts replaced by their number."""

    def number(text: str) -> str | int:
        return texts.setdefault(text, len(texts)) if len(text) >= SHARED_FROM else text

    found = dict(section)
    if "text" in found:
        found["text"] = number(found["text"])
    for name in ("pairs", "rows"):
        if name in found:
            found[name] = [[number(cell) for cell in row] for row in found[name]]
    return found
