"""Sums over decisions: shares with intervals, times, reasons, by any group; and before against after.

Interval of a share: Wilson 1927, 95 %. Before and after: Fisher's exact test on sent unedited against all
else that was decided; below 0.05 the change is called one, else there is no evidence.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, get_args

from scipy.stats import binomtest, fisher_exact

from assistant.domain import Noun
from assistant.vocabulary import Instant
from evals.online.decided import DECIDED, Decided, Fate

Group = Literal["intent", "language", "marketplace", "tier", "prompt", "model", "drafter", "agent", "week"]
GROUPS: tuple[Group, ...] = get_args(Group)
CONFIDENCE = 0.95
REASONS = 5


class Share(Noun):
    """A part of a whole with its 95 % interval."""

    count: int
    of: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


class Spread(Noun):
    """Median and ninth decile of times in seconds."""

    n: int
    p50: float | None = None
    p90: float | None = None


class Summary(Noun):
    """What became of the drafts of one group. ``shares``: of those that a person decided about.

    ``again``: suggestions for which another draft was asked. ``reasons``: the most frequent with their count.
    """

    group: str
    suggestions: int
    decided: int
    waiting: int
    stale: int
    shares: dict[Fate, Share]
    again: Share
    escalated: Share
    median_distance: float | None = None
    time_to_decision: Spread
    reasons: tuple[tuple[str, int], ...] = ()


class Change(Noun):
    """Sent unedited before and after a moment. ``p``: Fisher's exact test, two-sided."""

    at: Instant
    before: Summary
    after: Summary
    difference: float | None = None
    p: float | None = None
    verdict: Literal["better", "worse", "no evidence of change", "too few decisions"]


def summary(group: str, cases: Sequence[Decided]) -> Summary:
    """Sum up one group."""
    judged = [case for case in cases if case.fate in DECIDED]
    fates = Counter(case.fate for case in cases)
    distances = [case.distance for case in judged if case.distance is not None]
    reasons = Counter(reason for case in cases for reason in case.reasons)
    return Summary(
        group=group,
        suggestions=len(cases),
        decided=len(judged),
        waiting=fates["open"],
        stale=fates["stale"],
        shares={fate: share(fates[fate], len(judged)) for fate in DECIDED},
        again=share(sum(case.drafts > 1 for case in cases), len(cases)),
        escalated=share(sum(case.escalated for case in cases), len(cases)),
        median_distance=round(statistics.median(distances), 4) if distances else None,
        time_to_decision=spread([case.seconds for case in judged if case.seconds is not None]),
        reasons=tuple(reasons.most_common(REASONS)),
    )


def by_group(cases: Iterable[Decided], group: Group) -> tuple[Summary, ...]:
    """One summary for each value of a group, the most frequent first."""
    found: dict[str, list[Decided]] = {}
    for case in cases:
        found.setdefault(_value(case, group), []).append(case)
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(summary(name, of) for name, of in ranked)


def change(cases: Sequence[Decided], at: datetime) -> Change:
    """Compare the suggestions made before a moment with those made since."""
    before = summary("before", [case for case in cases if case.created_at < at])
    after = summary("after", [case for case in cases if case.created_at >= at])
    old, new = before.shares["unedited"], after.shares["unedited"]
    if old.value is None or new.value is None:
        return Change(at=at, before=before, after=after, verdict="too few decisions")
    table = [[old.count, old.of - old.count], [new.count, new.of - new.count]]
    p = float(fisher_exact(table).pvalue)
    difference = new.value - old.value
    verdict = "no evidence of change" if p >= 1 - CONFIDENCE else "better" if difference > 0 else "worse"
    return Change.model_validate(
        {
            "at": at,
            "before": before,
            "after": after,
            "difference": round(difference, 4),
            "p": p,
            "verdict": verdict,
        }
    )


def share(count: int, of: int) -> Share:
    """A share and its interval; no value of nothing."""
    if not of:
        return Share(count=0, of=0)
    interval = binomtest(count, of).proportion_ci(CONFIDENCE, method="wilson")
    low, high = (round(float(end), 4) for end in (interval.low, interval.high))
    return Share(count=count, of=of, value=round(count / of, 4), low=low, high=high)


def spread(seconds: Sequence[float]) -> Spread:
    """Median and ninth decile."""
    if not seconds:
        return Spread(n=0)
    ninth = statistics.quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return Spread(n=len(seconds), p50=round(statistics.median(seconds), 1), p90=round(ninth, 1))


def _value(case: Decided, group: Group) -> str:
    if group == "week":
        return "{}-W{:02}".format(*case.created_at.isocalendar()[:2])
    return str(getattr(case, group) or "nobody yet")
