"""HINT3: messages that two Indian shops got in their chats, half of them about nothing the shop foresaw.

In scope: the label has counterparts among our intents, and right is any of them. Out of scope: it has none,
and right is any intent that no label of the shop stands for, ``other`` first of all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from assistant.domain import Triage
from assistant.vocabulary import INTENT_TIER, Intent
from evals.cases import EvalCase, split_of
from evals.external.adapter import External, Figure, Measured, Task, table
from evals.external.asking import asked
from evals.external.reading import chosen, rows
from evals.metrics import estimate, ratio
from evals.scores import Score, judged, unscored
from evals.suite import Scorer
from evals.suites.triage import SUITE as TRIAGE
from evals.targets import TriageRequest, TriageTarget

IN_SCOPE, NO_LABEL, NO_COUNTERPART = "in-scope", "no-label", "no-counterpart"
METRICS = (
    ratio("in-scope accuracy", "in scope"),
    ratio("out-of-scope recall", "out of scope"),
    ratio("out-of-scope recall, no label", "no label"),
    ratio("out-of-scope recall, label without counterpart", "no counterpart"),
)

TriageCase = EvalCase[TriageRequest, TriageTarget]


@dataclass(frozen=True, slots=True)
class Shop:
    """The labels of a shop that have counterparts, and the one that means none."""

    labels: Mapping[str, tuple[Intent, ...]]
    out_of_scope: str

    @property
    def intents(self) -> tuple[Intent, ...]:
        """Our intents that some label stands for."""
        return tuple(dict.fromkeys(intent for row in self.labels.values() for intent in row))


def measure(task: Task) -> Measured:
    """Sort the test messages of every shop whose file is there."""
    figures: list[Figure] = []
    left_out: dict[str, int] = {}
    for name, shop in shops().items():
        path = task.folder / f"{name}_test.csv"
        if not path.exists():
            continue
        cases = (_case(f"{name}-{line}", row, shop) for line, row in rows(path, ("sentence", "label")))
        some = chosen(cases, lambda case: case.id, task.options.limit, task.options.seed)
        results, failed = asked(SUITE, some, task, name)
        left_out |= failed
        for metric in METRICS:
            value = estimate(metric, results, seed=task.options.seed)
            figures.append(Figure(part=name, name=metric.name, estimate=value))
    return Measured(figures=tuple(figures), left_out=left_out)


@cache
def shops() -> Mapping[str, Shop]:
    """The shops that the table knows."""
    return {
        name: Shop(
            {label["says"]: tuple(map(Intent, label["ours"])) for label in row["label"]}, row["out_of_scope"]
        )
        for name, row in table("hint3").items()
    }


def _case(identity: str, row: Mapping[str, str], shop: Shop) -> TriageCase:
    """``also``: for what is in scope all that is right, for the rest all that some label stands for."""
    ours = shop.labels.get(row["label"])
    missing = NO_LABEL if row["label"] == shop.out_of_scope else NO_COUNTERPART
    main = ours[0] if ours else Intent.OTHER
    return TriageCase(
        id=identity,
        input=TriageRequest(text=row["sentence"], marketplace="IN"),
        target=TriageTarget(tier=INTENT_TIER[main], intents=(main,), also=ours or shop.intents),
        language="en",
        tags=(IN_SCOPE if ours else missing,),
        split=split_of(identity),
    )


def in_scope(case: TriageCase, triage: Triage) -> Score:
    """Any of the counterparts is right."""
    if IN_SCOPE not in case.tags:
        return unscored("out of scope")
    return judged(triage.main_intent in case.target.also)


def out_of_scope(case: TriageCase, triage: Triage) -> Score:
    """Anything is right that no label of the shop stands for."""
    if IN_SCOPE in case.tags:
        return unscored("in scope")
    return judged(triage.main_intent not in case.target.also)


def no_label(case: TriageCase, triage: Triage) -> Score:
    """Out of scope for everybody."""
    return out_of_scope(case, triage) if NO_LABEL in case.tags else unscored("has a label")


def no_counterpart(case: TriageCase, triage: Triage) -> Score:
    """Out of scope for us alone."""
    return out_of_scope(case, triage) if NO_COUNTERPART in case.tags else unscored("no such label")


SUITE = replace(
    TRIAGE,
    name="hint3",
    scorers=(
        Scorer("in scope", in_scope),
        Scorer("out of scope", out_of_scope),
        Scorer("no label", no_label),
        Scorer("no counterpart", no_counterpart),
    ),
    metrics=METRICS,
)
EXTERNAL = External(
    name="hint3",
    question="Does triage know what real chat messages are about, and when they are about nothing it knows?",
    files="curekart_test.csv or sofmattress_test.csv",
    notes=(
        "no like-for-like: the published systems were trained on the shops' training data, ours was not",
        "their labels are not our intents: several of ours may be right where they have one label",
        "what a shop has a label for and we have no intent counts as out of scope",
        "published figures are for version 1 of the labels, and for curekart alone",
    ),
    measure=measure,
)
