"""A real suggestion becomes an evaluation case: anonymised, with a target read from what people decided."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from assistant.domain import Noun
from assistant.errors import InvalidInput
from assistant.pipeline import guard_context, triage_request
from evals.anonymise import Anonymised, anonymised, familiar_words
from evals.cases import EvalCase, reason_of, split_of
from evals.handled import Handled
from evals.labels import impossible
from evals.personal.found import Kind
from evals.personal.remains import Remain, remains
from evals.problems import Labelled
from evals.suite import Suite
from evals.targets_proposed import TARGETS, Learnt, Target, proposed

SUITES = tuple(TARGETS)
DEFAULT_SUITE = "end_to_end"
DIGITS = 10
"""Of the hash in an id: two of a million suggestions share one with a chance of one half."""
NOTE = 2_000


class Anonymity(Noun):
    """What was replaced, by kind, and where to look before the case is kept."""

    replaced: dict[Kind, int]
    remains: tuple[Remain, ...]


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that is ready to be looked over, and what became of the personal data in it."""

    suite: str
    case: EvalCase[Any, Any]
    anonymity: Anonymity


def case_from(
    found: Handled,
    suite: Suite[Any, Any, Any],
    key: bytes,
    override: Mapping[str, Any] | None = None,
) -> NewCase:
    """Make the case of a suggestion for a suite; ``override`` is merged over the target, ``None`` removes.

    Raises:
        InvalidInput: the suite takes no such cases, the decision says nothing it asks, or the target is none.
    """
    if suite.name not in SUITES:
        raise InvalidInput(f"cases of real suggestions go to {', '.join(SUITES)}, not to {suite.name}")
    hidden = anonymised(found.record.suggestion.case, _further(found, override or {}), key)
    learnt = _learnt(found, hidden)
    target = _merged(proposed(suite.name, learnt), hidden.apply(override or {}))
    if not target:
        raise InvalidInput(
            f"what was decided about suggestion {found.record.suggestion.id} says nothing that the suite "
            f"{suite.name} asks; choose another suite, or say what is right with --target"
        )
    identity = identity_of(found.record.suggestion.id)
    fields = {
        "id": identity,
        "input": hidden.apply(_input(suite.name, found, learnt)),
        "target": target,
        "language": learnt.language,
        "tags": found.tags,
        "origin": "anonymised",
        "split": split_of(identity),
        "note": hidden.text("; ".join(found.reasons))[:NOTE],
    }
    try:
        case = suite.shape.model_validate(fields)
    except ValidationError as error:
        raise InvalidInput(f"the case cannot be made: {reason_of(error)}; see --target") from error
    _refuse_impossible(suite.name, case)
    familiar = familiar_words(found.record.suggestion.case)
    left = tuple(remains({"input": _told(case), "note": case.note}, hidden.stand_ins, hidden.names, familiar))
    return NewCase(suite.name, case, Anonymity(replaced=dict(hidden.counts), remains=left))


def identity_of(suggestion: str) -> str:
    """The id of a suggestion's cases."""
    return f"sug-{hashlib.sha256(suggestion.encode()).hexdigest()[:DIGITS]}"


def _further(found: Handled, override: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything beside the case in which personal data may stand."""
    drafts = (draft.proposal.draft.text for draft in found.drafts)
    texts = (*drafts, found.record.text, *found.reasons, *_strings(override))
    return tuple(dict.fromkeys(texts))


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return tuple(text for one in inner for text in _strings(one))


def _learnt(found: Handled, hidden: Anonymised) -> Learnt:
    proposal = found.proposal
    findings = tuple(
        one.model_copy(update={"evidence": hidden.text(one.evidence)}) for one in proposal.guard.findings
    )
    return Learnt(
        triage=proposal.triage,
        outcome=proposal.draft.outcome,
        escalated=found.decided.escalated,
        draft=hidden.text(proposal.draft.text),
        sent=None if found.sent is None else hidden.text(found.sent),
        earlier=tuple(hidden.text(one.proposal.draft.text) for one in found.drafts[:-1]),
        passages=proposal.passages,
        guard=proposal.guard.model_copy(update={"findings": findings}),
    )


def _input(suite: str, found: Handled, learnt: Learnt) -> dict[str, Any]:
    """What the suite is asked, as JSON."""
    case, at = found.record.suggestion.case, found.record.suggestion.created_at
    if suite == "triage":
        return _json(triage_request(case, at))
    if suite == "guard":
        proposal = found.proposal
        drafted = found.sent is None or learnt.judged != learnt.sent
        text = proposal.draft.text if drafted else found.sent
        return _json(guard_context(case, proposal.triage, proposal.passages, at)) | {"text": text}
    return _json(case)


def _json(noun: Noun) -> dict[str, Any]:
    return noun.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _told(case: EvalCase[Any, Any]) -> dict[str, Any]:
    """The input without the passages: knowledge of the seller, not words about a buyer."""
    return {name: value for name, value in _json(case.input).items() if name != "passages"}


def _merged(target: Target, override: Mapping[str, Any]) -> Target:
    merged = target | dict(override)
    return {name: value for name, value in merged.items() if value is not None}


def _refuse_impossible(suite: str, case: EvalCase[Any, Any]) -> None:
    for problem in impossible([Labelled.of(suite, case)]):
        raise InvalidInput(f"the target cannot be met: {problem.message}; see --target")


def line_of(case: EvalCase[Any, Any]) -> str:
    """A case as a line of a data file."""
    return json.dumps(case.said, ensure_ascii=False)
