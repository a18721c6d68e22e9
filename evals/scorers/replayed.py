"""What became of what a chat model wrote: its first reply, the rounds, who wrote in the end."""

from assistant.domain import Proposal, Round
from evals.scores import Score, judged, unscored

NOT_ASKED = "the model is not asked: only a holding reply may go out"


def recorded(_: object, proposal: Proposal) -> Score:
    """Everything that the pipeline asked the model could be answered."""
    return _share(1.0) if _asked(proposal) else unscored(NOT_ASKED)


def not_recorded(reason: str) -> Score:
    """The same of a case that could not be asked: neither right nor wrong, but counted."""
    return _share(0.0, reason)


def first_reply(_: object, proposal: Proposal) -> Score:
    """The guard has nothing against the model's first reply, word for word as it came."""
    asked = _asked(proposal)
    if not asked:
        return unscored(NOT_ASKED)
    first = asked[0]
    if first.guard is None:
        return judged(False, first.failure or "", expected="pass", got="fault")
    stops = sorted({finding.rule for finding in first.guard.findings if finding.severity != "warn"})
    right = first.guard.verdict == "pass"
    why = "" if right else f"{first.guard.verdict} by {', '.join(stops)}"
    slices = tuple(f"rule={rule}" for rule in stops)
    return judged(right, why, slices=slices, expected="pass", got=first.guard.verdict)


def rounds_needed(_: object, proposal: Proposal) -> Score:
    """How often the model was asked; neither right nor wrong."""
    asked = _asked(proposal)
    if not asked:
        return unscored(NOT_ASKED)
    return Score(value=1.0, parts={"rounds": float(len(asked)), "n": 1.0})


def written_by_model(_: object, proposal: Proposal) -> Score:
    """The final draft is the model's; otherwise the composer had to step in."""
    if not _asked(proposal):
        return unscored(NOT_ASKED)
    draft = proposal.draft
    return judged(draft.drafter == "llm", draft.degraded_reason or "", expected="llm", got=draft.drafter)


def _asked(proposal: Proposal) -> list[Round]:
    return [attempt for attempt in proposal.rounds if attempt.drafter == "llm"]


def _share(of: float, why: str = "") -> Score:
    return Score(value=of, why=why, parts={"right": of, "n": 1.0})
