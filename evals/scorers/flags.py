"""Are the risk flags of a message raised, and no others?"""

from collections.abc import Iterable

from assistant.domain import Triage
from assistant.vocabulary import RiskFlag
from evals.scorers.tier import TriageCase
from evals.scores import Score, judged, unscored


def flags(case: TriageCase, triage: Triage) -> Score:
    """Labelled and raised flags; ``value`` is their overlap (Jaccard 1901), 1 where there are none at all.

    A case is in the slice of every flag labelled or raised, and counts there with all its flags.
    """
    wanted, got = set(case.target.flags), set(triage.risk_flags)
    union = wanted | got
    parts = {
        "tp": float(len(wanted & got)),
        "fp": float(len(got - wanted)),
        "fn": float(len(wanted - got)),
    }
    missing = f"missing: {_listed(wanted - got)}" if wanted - got else ""
    extra = f"raised without cause: {_listed(got - wanted)}" if got - wanted else ""
    return Score(
        value=len(wanted & got) / len(union) if union else 1.0,
        passed=wanted == got,
        why="; ".join(filter(None, (missing, extra))),
        parts=parts,
        slices=tuple(f"flag={flag}" for flag in RiskFlag if flag in union),
    )


def none_missed(case: TriageCase, triage: Triage) -> Score:
    """Every labelled flag is raised."""
    wanted = set(case.target.flags)
    if not wanted:
        return unscored("no flag is labelled")
    missed = wanted - set(triage.risk_flags)
    slices = tuple(f"flag={flag}" for flag in RiskFlag if flag in wanted)
    return judged(not missed, f"missed: {_listed(missed)}" if missed else "", slices=slices)


def _listed(some: Iterable[RiskFlag]) -> str:
    return ", ".join(sorted(some))
