"""Bitext customer-support messages, made from templates: does triage name the matter?"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from assistant.domain import Triage
from assistant.vocabulary import INTENT_TIER, Intent
from evals.cases import EvalCase, split_of
from evals.external.adapter import External, Figure, Measured, Task, table
from evals.external.asking import asked
from evals.external.reading import chosen, rows
from evals.metrics import estimate, macro_f1, ratio
from evals.scorers.intents import main_intent
from evals.scores import Score
from evals.suite import Scorer
from evals.suites.triage import SUITE as TRIAGE
from evals.targets import TriageRequest, TriageTarget

FILE = "bitext.csv"
PART = "mapped intents"

TriageCase = EvalCase[TriageRequest, TriageTarget]


def among_those(case: TriageCase, triage: Triage) -> Score:
    """As our own suite judges; an intent that nothing here asks for has no F1 to lower the mean with."""
    score = main_intent(case, triage)
    mains = {ours[0] for ours in mapped().values()}
    parts = {
        name: value for name, value in score.parts.items() if name.split(":")[-1] in mains | {"right", "n"}
    }
    return score.model_copy(update={"parts": parts})


METRICS = (ratio("intent accuracy", "main intent"), macro_f1("intent macro-F1", "main intent"))
SUITE = replace(TRIAGE, name="bitext", scorers=(Scorer("main intent", among_those),), metrics=METRICS)


def measure(task: Task) -> Measured:
    """Sort the messages whose intent has a counterpart of ours.

    Raises:
        InvalidInput: there is no such file, or it lacks a column.
    """
    left_out: Counter[str] = Counter()
    options = task.options
    cases = chosen(_cases(task, left_out), lambda case: case.id, options.limit, options.seed)
    results, failed = asked(SUITE, cases, task, PART)
    figures = [
        Figure(part=PART, name=one.name, estimate=estimate(one, results, seed=options.seed))
        for one in METRICS
    ]
    for theirs, ours in mapped().items():
        mine = [result for result in results if theirs in result.tags]
        if mine:
            value = estimate(METRICS[0], mine, seed=options.seed)
            figures.append(Figure(part=f"{theirs} as {ours[0]}", name="intent accuracy", estimate=value))
    return Measured(figures=tuple(figures), left_out=dict(left_out) | failed)


@cache
def mapped() -> Mapping[str, tuple[Intent, ...]]:
    """Their intents that have a counterpart, with ours."""
    return {row["theirs"]: tuple(map(Intent, row["ours"])) for row in table("bitext")["intent"]}


@cache
def unmapped() -> Mapping[str, str]:
    """Their other intents, with the reason why they have none."""
    return {theirs: row["why"] for row in table("bitext")["left_out"] for theirs in row["theirs"]}


def _cases(task: Task, left_out: Counter[str]) -> Iterator[TriageCase]:
    path = task.folder / FILE
    for line, row in rows(path, ("instruction", "intent")):
        ours = mapped().get(row["intent"])
        if ours:
            yield _case(f"bitext-{line}", row, ours)
        else:
            left_out[
                unmapped().get(row["intent"], f"an intent the table does not know: {row['intent'][:40]}")
            ] += 1


def _case(identity: str, row: Mapping[str, str], ours: tuple[Intent, ...]) -> TriageCase:
    main, *also = ours
    return TriageCase(
        id=identity,
        input=TriageRequest(text=row["instruction"], marketplace="US"),
        target=TriageTarget(tier=INTENT_TIER[main], intents=(main,), also=tuple(also)),
        language="en",
        tags=(row["intent"],),
        split=split_of(identity),
    )


EXTERNAL = External(
    name="bitext",
    question="Does triage name the matter of customer-support messages?",
    files=FILE,
    notes=(
        "made from templates by the publisher: it shows what is covered, not how buyers write",
        "their intents are not ours; the table of counterparts decides what is right",
    ),
    measure=measure,
)
