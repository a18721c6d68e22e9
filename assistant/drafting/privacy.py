"""Personal data is replaced by stable tokens before a chat model sees anything, and put back afterwards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

from assistant.domain import Case

EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
ORDER_ID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{3}-\d{7}-\d{7}(?![0-9A-Za-z])")
SCANNED = 20_000
"""Characters of each text searched for telephone numbers: longer ones are cut from the prompt anyway."""

REGIONS = {"UK": "GB"}
"""Amazon's country codes that differ from ISO 3166."""


@dataclass(frozen=True, slots=True)
class Mask:
    """Pairs of value and token, longest value first so that no value is torn by a shorter one."""

    pairs: tuple[tuple[str, str], ...]

    def hide(self, text: str) -> str:
        """Replace every known value by its token."""
        for value, token in self.pairs:
            text = text.replace(value, token)
        return text

    def restore(self, text: str) -> str:
        """Put the values back. A token the model bent stays as it is, and the guard finds the placeholder."""
        for value, token in self.pairs:
            text = text.replace(token, value)
        return text


def mask_for(case: Case) -> Mask:
    """Collect order ids, tracking number, e-mail addresses and telephone numbers of a case."""
    seen: dict[str, str] = {}
    counts: dict[str, int] = {}
    for kind, value in _values(case):
        if value and value not in seen:
            counts[kind] = counts.get(kind, 0) + 1
            seen[value] = f"{{{{{kind}_{counts[kind]}}}}}"
    return Mask(tuple(sorted(seen.items(), key=lambda pair: -len(pair[0]))))


def _values(case: Case) -> Iterator[tuple[str, str]]:
    if case.order:
        yield "ORDER", case.order.order_id
        yield "TRACKING", case.order.tracking_number or ""
    region = REGIONS.get(case.message.marketplace, case.message.marketplace)
    texts = (
        case.message.subject,
        case.message.text,
        case.agent_facts,
        *(entry.text for entry in case.thread),
    )
    for text in filter(None, texts):
        yield from (("ORDER", found) for found in ORDER_ID.findall(text))
        yield from (("EMAIL", found) for found in EMAIL.findall(text))
        if sum(map(str.isdigit, text[:SCANNED])) >= 7:
            matches = phonenumbers.PhoneNumberMatcher(text[:SCANNED], region)
            yield from (("PHONE", match.raw_string) for match in matches)
