"""What a reply cost and how long the model took: to look at, never right or wrong."""

from assistant.domain import Proposal
from evals.scores import Score, unscored


def cost(_: object, proposal: Proposal) -> Score:
    """US dollars and tokens of all rounds; nothing where no model was asked."""
    usage = proposal.draft.usage
    tokens = usage.prompt_tokens + usage.completion_tokens
    return _shown({"usd": float(usage.cost_usd), "tokens": float(tokens)})


def latency(_: object, proposal: Proposal) -> Score:
    """Milliseconds that the model's answers took, as they were measured when it was asked.

    The pipeline's own time is in the result's ``seconds``: it depends on the machine, and scores shall not.
    """
    asked = [attempt for attempt in proposal.rounds if attempt.drafter == "llm" and attempt.draft]
    if not asked:
        return unscored("no model answered")
    return _shown({"ms": sum(attempt.latency_ms for attempt in asked)})


def _shown(parts: dict[str, float]) -> Score:
    return Score(value=1.0, parts={**parts, "n": 1.0})
