"""What is right for a case, read from what a person decided: a proposal that somebody looks over.

What the sent text states is required, what the draft stated and the person took out is forbidden; tier,
matters and flags are those of the triage, which nobody has contradicted. All texts are anonymised already.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.domain import GuardReport, Passage, Triage
from assistant.guard.quantities import Quantity, quantities
from assistant.guard.support import agrees, supported
from assistant.vocabulary import Language, OutcomeKind
from evals.scorers.wordings import said

Target = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is known of a case that people dealt with.

    ``sent``: what was approved, if anything. ``earlier``: other drafts; they and the passages may
    say the same in other words. ``guard``: the report on ``draft``.
    """

    triage: Triage
    outcome: OutcomeKind
    escalated: bool
    draft: str
    sent: str | None
    earlier: tuple[str, ...]
    passages: tuple[Passage, ...]
    guard: GuardReport

    @property
    def language(self) -> Language:
        """The buyer's."""
        return self.triage.language

    @property
    def edited(self) -> bool:
        """Something else was sent than was drafted."""
        return self.sent is not None and self.sent != self.draft

    @property
    def judged(self) -> str:
        """The text that a guard case is about: what was sent, else the draft that was stopped."""
        stopped = self.guard.verdict != "pass" and (self.edited or self.sent is None)
        return self.draft if stopped or self.sent is None else self.sent


def proposed(suite: str, learnt: Learnt) -> Target:
    """The target for a suite, as JSON; empty where the decision says nothing that the suite asks."""
    return TARGETS[suite](learnt)


def _triage(learnt: Learnt) -> Target:
    triage = learnt.triage
    return {
        "tier": triage.tier,
        "intents": [intent.name.value for intent in triage.intents],
        "flags": [flag.value for flag in triage.risk_flags],
    }


def _draft(learnt: Learnt) -> Target:
    required, forbidden = _required(learnt), _forbidden(learnt)
    if not (required or forbidden or learnt.escalated):
        return {}
    return _reply(learnt) | {"required": required, "forbidden": forbidden}


def _end_to_end(learnt: Learnt) -> Target:
    figures = {"required": _required(learnt), "forbidden": _forbidden(learnt)}
    return _triage(learnt) | _reply(learnt) | figures


def _guard(learnt: Learnt) -> Target:
    """A text that was sent passes; one that was stopped has the verdict and the rules of its findings."""
    if learnt.judged == learnt.sent:
        return {"verdict": "pass"}
    stops = [found for found in learnt.guard.findings if found.severity != "warn"]
    if not stops:
        return {}
    once = [found.evidence for found in stops if learnt.draft.count(found.evidence) == 1]
    return {
        "verdict": learnt.guard.verdict,
        "rules": sorted({found.rule for found in stops}),
        "spans": list(dict.fromkeys(once)),
    }


TARGETS: Mapping[str, Callable[[Learnt], Target]] = {
    "end_to_end": _end_to_end,
    "drafts": _draft,
    "triage": _triage,
    "guard": _guard,
}


def _reply(learnt: Learnt) -> Target:
    outcome = "escalate" if learnt.escalated else learnt.outcome
    return {"language": learnt.language, "outcome": outcome}


def _required(learnt: Learnt) -> list[list[str]]:
    """Each figure of the sent text with the other ways in which drafts and passages write it."""
    if learnt.sent is None:
        return []
    others = [
        one
        for text in (learnt.draft, *learnt.earlier, *_in_language(learnt))
        for one in _stated(text, learnt.language)
    ]
    return [_ways(figure, others) for figure in _distinct(_stated(learnt.sent, learnt.language))]


def _forbidden(learnt: Learnt) -> list[str]:
    """Figures of the draft that the sent text does not state in any way."""
    if learnt.sent is None or not learnt.edited:
        return []
    kept = quantities(learnt.sent, learnt.language)
    gone = [one for one in _stated(learnt.draft, learnt.language) if not supported(one, kept)]
    return [one.text for one in _distinct(gone) if said(learnt.sent, [one.text]) is None]


def _stated(text: str, language: Language) -> tuple[Quantity, ...]:
    """Figures with a meaning: bare numbers count lines and name models."""
    return tuple(one for one in quantities(text, language) if one.kind != "number" and not one.weak)


def _distinct(figures: Sequence[Quantity]) -> Iterator[Quantity]:
    seen: list[Quantity] = []
    for one in figures:
        if not any(_same(one, other) for other in seen):
            seen.append(one)
            yield one


def _ways(figure: Quantity, others: Sequence[Quantity]) -> list[str]:
    return list(dict.fromkeys((figure.text, *(other.text for other in others if _same(figure, other)))))


def _same(one: Quantity, other: Quantity) -> bool:
    return agrees(one, other) and agrees(other, one)


def _in_language(learnt: Learnt) -> Iterator[str]:
    return (one.text for one in learnt.passages if one.language == learnt.language)
