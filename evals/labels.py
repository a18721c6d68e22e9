"""Labels that cannot be right, whatever the product does, and data that must not be published."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import singledispatch
from typing import Any

import phonenumbers

from assistant.domain import Noun
from assistant.drafting.privacy import EMAIL, ORDER_ID, REGIONS, SCANNED
from evals.personal.telephones import is_invented
from evals.problems import Kind, Labelled, Problem
from evals.scorers.wordings import said
from evals.targets import DraftTarget, GroundingTarget, GuardTarget

INVENTED = re.compile(r"@(?:[a-z0-9-]+\.)*(?:example(?:\.[a-z]{2,3}){0,2}|marketplace\.amazon\.[a-z.]{2,6})$")
"""Domains that name nobody: those set aside for examples (RFC 2606) and Amazon's relay."""
NUMBERS = 7
"""Fewer digits are no telephone number."""


def twice(cases: Sequence[Labelled]) -> Iterator[Problem]:
    """The same input twice in a suite: with another target one label is wrong, else it counts twice."""
    groups: dict[tuple[str, str], list[Labelled]] = defaultdict(list)
    for one in cases:
        groups[one.suite, _plain(one.asked)].append(one)
    for (suite, _), group in groups.items():
        if len(group) > 1:
            same = len({_plain(one.wanted) for one in group}) == 1
            yield Problem(
                level="error",
                kind="duplicate" if same else "contradiction",
                suite=suite,
                cases=tuple(one.path for one in group),
                message="the same input and target" if same else "the same input, but not the same target",
            )


def impossible(cases: Sequence[Labelled]) -> Iterator[Problem]:
    """Targets that no output can meet, and words at fault that do not stand in the text."""
    for one in cases:
        for message in _faults(one.case.target, one.asked):
            yield _error("quotation", one, message)


@singledispatch
def _faults(target: Noun, asked: Any) -> Iterator[str]:  # noqa: ARG001 - other targets use what was asked
    yield from ()


@_faults.register
def _(target: GuardTarget, asked: Any) -> Iterator[str]:
    yield from _not_once(target.spans, asked["text"])


@_faults.register
def _(target: GroundingTarget, asked: Any) -> Iterator[str]:
    yield from _not_once((*target.supported, *target.unsupported), asked["text"])
    for claim in set(target.supported) & set(target.unsupported):
        yield f"labelled as supported and as unsupported: {claim!r}"


@_faults.register
def _(target: DraftTarget, asked: Any) -> Iterator[str]:  # noqa: ARG001 - only the target is looked at
    for wording in target.required:
        if all(said(alternative, target.forbidden) for alternative in wording):
            yield f"required, but each of its alternatives is forbidden: {wording[0]!r}"


def _not_once(quotations: Sequence[str], text: str) -> Iterator[str]:
    for quotation in quotations:
        start = text.find(quotation)
        if start < 0:
            yield f"not in the text: {quotation!r}"
        elif text.find(quotation, start + 1) >= 0:
            yield f"more than once in the text: {quotation!r}"


def personal(cases: Sequence[Labelled]) -> Iterator[Problem]:
    """Telephone numbers and e-mail addresses of somebody in cases that are said to be anonymised."""
    for one in cases:
        if one.case.origin != "anonymised":
            continue
        region = _region(one.asked)
        found = {what for text in one.prose() for what in _personal(text, region)}
        for what in sorted(found):
            yield _error("personal data", one, what)


def _personal(text: str, region: str | None) -> Iterator[str]:
    """What was found, by kind and place: the value itself is not repeated."""
    for mail in EMAIL.finditer(text):
        if not INVENTED.search(mail.group().lower()):
            yield f"an e-mail address at character {mail.start()}"
    read = ORDER_ID.sub(lambda order: " " * len(order.group()), text[:SCANNED])
    if sum(map(str.isdigit, read)) >= NUMBERS:
        for found in phonenumbers.PhoneNumberMatcher(read, region):
            if not is_invented(found.number):
                yield f"a telephone number at character {found.start}"


def _region(asked: Mapping[str, Any]) -> str | None:
    """Where numbers without a country code are from: of the request, or of the message inside it."""
    marketplace = asked.get("marketplace") or asked.get("message", {}).get("marketplace")
    return REGIONS.get(marketplace, marketplace) if marketplace else None


def _error(kind: Kind, one: Labelled, message: str) -> Problem:
    return Problem(level="error", kind=kind, suite=one.suite, cases=(one.path,), message=message)


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
