"""Is the message about what triage says it is about?"""

from assistant.domain import Triage
from assistant.vocabulary import Intent
from evals.scorers.calibration import calibrated
from evals.scorers.tier import TriageCase, slices
from evals.scores import Score, judged, unscored


def main_intent(case: TriageCase, triage: Triage) -> Score:
    """The main matter is the labelled one or one that may stand in its place.

    Parts for the macro-F1 name the labelled class; an answer that may stand there counts as that class.
    """
    wanted, got = case.target.intents[0], triage.main_intent
    right = got in _accepted(case)
    counts = {f"tp:{wanted}": 1.0} if right else {f"fn:{wanted}": 1.0, f"fp:{got}": 1.0}
    why = "" if right else f"{wanted} wanted, {got} given"
    expected = got if right else wanted
    return judged(right, why, parts=counts, slices=slices(case), expected=expected.value, got=got.value)


def matters(case: TriageCase, triage: Triage) -> Score:
    """All labelled matters beside all reported ones.

    What may stand beside the labelled matters neither counts for nor against, but it may stand for the main
    one. ``value`` is the share of labelled matters that was found.
    """
    main, *others = case.target.intents
    got = {intent.name for intent in triage.intents}
    missing = [matter for matter in others if matter not in got]
    if not got & _accepted(case):
        missing.insert(0, main)
    invented = sorted(got - {main, *others, *case.target.also})
    found = len(case.target.intents) - len(missing)
    parts = {"tp": float(found), "fn": float(len(missing)), "fp": float(len(invented))}
    told = [f"not found: {', '.join(missing)}"] if missing else []
    told += [f"reported without cause: {', '.join(invented)}"] if invented else []
    return Score(
        value=found / len(case.target.intents),
        passed=not missing,
        why="; ".join(told),
        parts=parts,
        slices=slices(case),
    )


def confidence(case: TriageCase, triage: Triage) -> Score:
    """How sure triage is of the main matter beside whether it is right."""
    if not triage.intents:
        return unscored("no matter is reported")
    return calibrated(triage.intents[0].confidence, right=triage.main_intent in _accepted(case))


def _accepted(case: TriageCase) -> set[Intent]:
    return {case.target.intents[0], *case.target.also}
