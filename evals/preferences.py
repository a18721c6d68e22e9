"""Which run's replies a chat model would rather send, case by case. Never gated: taste is no proof."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import ValidationError

from assistant.domain import Case, Noun, Proposal
from evals.scorers.graded.judge import Judge, Papers, Unjudged
from evals.scorers.graded.preference import Preferred, prefer
from evals.scores import CaseResult

Verdict = Literal["before", "after", "tie", "unjudged"]
VERDICTS: dict[Preferred, Verdict] = {"ours": "after", "theirs": "before", "tie": "tie"}


class Preference(Noun):
    """One case: whose reply is preferred, and why."""

    suite: str
    id: str
    verdict: Verdict
    why: str


class Preferences(Noun):
    """All cases that both runs drafted a reply to.

    ``p``: two-sided sign test on the cases that are no ties (Dixon and Mood 1946): how likely so uneven a
    count would be if the judge did not care; ``None`` where there is none.
    """

    before: int
    after: int
    tie: int
    unjudged: int
    p: float | None = None
    cases: tuple[Preference, ...]


def preferences(before: Sequence[CaseResult], after: Sequence[CaseResult], judge: Judge) -> Preferences:
    """Ask the judge about every case whose content is the same in both runs."""
    earlier = {result.key: result for result in before}
    pairs = [(earlier[one.key], one) for one in after if one.key in earlier]
    cases = tuple(
        found for one, other in pairs if one.content == other.content for found in _of(one, other, judge)
    )
    counts = Counter(case.verdict for case in cases)
    return Preferences(
        before=counts["before"],
        after=counts["after"],
        tie=counts["tie"],
        unjudged=counts["unjudged"],
        p=sign_test(counts["before"], counts["after"]),
        cases=cases,
    )


def sign_test(one: int, other: int) -> float | None:
    """Two-sided p-value of the sign test; ``None`` without any case."""
    from scipy.stats import binomtest

    return round(float(binomtest(one, one + other).pvalue), 6) if one + other else None


def _of(before: CaseResult, after: CaseResult, judge: Judge) -> Iterator[Preference]:
    """The preference of one case; nothing where there are no two replies to compare."""
    theirs, ours = _proposal(before), _proposal(after)
    if theirs is None or ours is None:
        return
    try:
        verdict, why = prefer(judge, *_papers(after, ours, theirs))
        yield Preference(suite=after.suite, id=after.id, verdict=VERDICTS[verdict], why=why)
    except Unjudged as reason:
        yield Preference(suite=after.suite, id=after.id, verdict="unjudged", why=str(reason))


def _proposal(result: CaseResult) -> Proposal | None:
    if not result.is_judged or result.output is None:
        return None
    try:
        return Proposal.model_validate(result.output)
    except ValidationError:
        return None  # the output of a suite that drafts nothing


def _papers(result: CaseResult, ours: Proposal, theirs: Proposal) -> tuple[Papers, Papers]:
    """Both replies, each with the passages of both: what one writer knew must not look made up."""
    asked = result.case["input"]
    case = Case.model_validate({name: value for name, value in asked.items() if name in Case.model_fields})
    known = {(one.document_id, one.chunk_id): one for one in (*ours.passages, *theirs.passages)}
    both = {"passages": tuple(known.values())}
    return Papers.of(case, ours.model_copy(update=both)), Papers.of(case, theirs.model_copy(update=both))
