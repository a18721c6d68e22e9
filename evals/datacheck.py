"""Is the data fit to measure with? Shape, leakage, doubles, labels, personal data, balance.

A family cannot stand on both sides of the split, as the side follows from its name (``evals/cases.py``); but
a text copied into another family can, and that is looked for.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from assistant.domain import Noun
from assistant.errors import InvalidInput
from assistant.vocabulary import LANGUAGES
from evals.cases import Split
from evals.labels import impossible, personal, twice
from evals.problems import Labelled, Problem
from evals.similar import near_duplicates
from evals.suite import Suite

LEAST_LANGUAGE = 0.05
"""Share of a suite below which a language's figure says little: equal ones would have a seventh each."""
LEAST_SPLIT = 0.10
"""Share below which a side is too small; the rule of the split gives a quarter to those held back."""

Suites = Mapping[str, Suite[Any, Any, Any]]
SEARCHES: tuple[Callable[[Sequence[Labelled]], Iterator[Problem]], ...] = (
    near_duplicates,
    twice,
    impossible,
    personal,
)


class Content(Noun):
    """What a suite's data consist of: number of cases, and of each language, side, origin and tag."""

    cases: int
    languages: dict[str, int]
    splits: dict[str, int]
    origins: dict[str, int]
    tags: dict[str, int]


class DataReport(Noun):
    """What was found, errors first. ``ok``: no error."""

    ok: bool
    suites: dict[str, Content]
    problems: tuple[Problem, ...] = ()


def check_data(data: Path, suites: Suites) -> DataReport:
    """Look through all data of the suites that have a folder under ``data``.

    Raises:
        InvalidInput: none of them has one.
    """
    cases: list[Labelled] = []
    problems: list[Problem] = [*_unread(data, suites)]
    for suite in with_data(data, suites):
        if suite.borrows:
            continue
        try:
            cases += (Labelled.of(suite.name, case) for case in suite.cases(data))
        except InvalidInput as error:
            problems.append(Problem(level="error", kind="schema", suite=suite.name, message=str(error)))
    for search in SEARCHES:
        problems += search(cases)
    contents = {name: _content(of) for name, of in _by_suite(cases).items()}
    for name, content in contents.items():
        problems += _unbalanced(name, content)
    problems.sort(key=lambda one: (one.level, one.kind, one.suite, one.cases))
    return DataReport(
        ok=all(one.level != "error" for one in problems), suites=contents, problems=tuple(problems)
    )


def with_data(data: Path, suites: Suites) -> list[Suite[Any, Any, Any]]:
    """The suites that have a folder under ``data``.

    Raises:
        InvalidInput: none has one.
    """
    found = [suite for suite in suites.values() if (data / suite.place).is_dir()]
    if not found:
        wanted = ", ".join(suite.place for suite in suites.values())
        raise InvalidInput(f"{data} holds no evaluation data; one of these folders is needed: {wanted}")
    return found


def _unread(data: Path, suites: Suites) -> Iterator[Problem]:
    known = {suite.place for suite in suites.values()}
    for path in sorted(data.glob("*/*.jsonl")) + sorted(data.glob("*.jsonl")):
        name = path.relative_to(data).parts[0]
        if name not in known:
            message = f"no suite reads {path.relative_to(data)}"
            yield Problem(level="warning", kind="unread", suite="", message=message)


def _by_suite(cases: Sequence[Labelled]) -> dict[str, list[Labelled]]:
    found: dict[str, list[Labelled]] = {}
    for one in cases:
        found.setdefault(one.suite, []).append(one)
    return found


def _content(cases: Sequence[Labelled]) -> Content:
    def counted(values: Iterator[str]) -> dict[str, int]:
        return dict(Counter(values).most_common())

    return Content(
        cases=len(cases),
        languages=counted(one.case.language for one in cases),
        splits=counted(one.case.split for one in cases),
        origins=counted(one.case.origin for one in cases),
        tags=counted(tag for one in cases for tag in one.case.tags),
    )


def _unbalanced(suite: str, content: Content) -> Iterator[Problem]:
    sides = (
        ("language", LANGUAGES, content.languages, LEAST_LANGUAGE),
        ("side", get_args(Split), content.splits, LEAST_SPLIT),
    )
    for what, names, counts, least in sides:
        few = {name: counts.get(name, 0) for name in names if counts.get(name, 0) < least * content.cases}
        if few:
            listed = ", ".join(f"{name} {number}" for name, number in few.items())
            message = f"less than {least:.0%} of {content.cases} cases by {what}: {listed}"
            yield Problem(level="warning", kind="balance", suite=suite, message=message)
