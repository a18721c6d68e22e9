"""Share of a reply's claims that its facts support, as a chat model sees it.

Supported claims over all claims, as in Es et al. 2024 (RAGAS, section 3), but with the words of both sides
copied, so that a judge that makes something up is found out.
"""

from typing import Annotated, Any

from pydantic import Field

from assistant.domain import Proposal
from evals.scorers.graded.judge import Answer, Judge, Papers, Unjudged
from evals.scorers.wordings import fold
from evals.scores import Score, unscored


class Claim(Answer):
    """One statement of the reply and what stands behind it."""

    claim: str
    supported: bool
    evidence: str


class Claims(Answer):
    """The judge's answer."""

    claims: Annotated[tuple[Claim, ...], Field(max_length=12, strict=False)]


def faithfulness(judge: Judge, case: Any, proposal: Proposal) -> Score:
    """Supported claims over all; parts ``supported`` and ``claims``."""
    papers = Papers.of(case.input, proposal)
    try:
        found = judge.ask(
            "faithfulness", Claims, facts=papers.facts, message=papers.message, reply=papers.reply
        ).claims
        _refuse_inventions(found, papers)
    except Unjudged as reason:
        return unscored(str(reason))
    if not found:
        return unscored("the judge sees no claim")
    bare = [one.claim for one in found if not one.supported]
    supported = len(found) - len(bare)
    return Score(
        value=supported / len(found),
        passed=not bare,
        why=f"without support: {'; '.join(bare)}" if bare else "",
        parts={"supported": float(supported), "claims": float(len(found))},
    )


def _refuse_inventions(found: tuple[Claim, ...], papers: Papers) -> None:
    reply, facts = fold(papers.reply), fold(papers.facts)
    for one in found:
        if not fold(one.claim) or fold(one.claim) not in reply:
            raise Unjudged("the judge's answer is nonsense: a claim that does not stand in the reply")
        if one.supported and (not fold(one.evidence) or fold(one.evidence) not in facts):
            raise Unjudged("the judge's answer is nonsense: evidence that does not stand in the facts")
