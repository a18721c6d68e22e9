"""A real case without the people in it: the same personal value by the same stand-in everywhere.

What is searched for: ``evals/personal``. What was found anywhere is replaced everywhere, also where nothing
around it would give it away. Nothing here can promise that a text names nobody: a person has to read it, and
``personal.remains`` says where to look.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.domain import Case
from assistant.drafting.privacy import REGIONS
from assistant.vocabulary import Marketplace
from evals.personal.addresses import addresses
from evals.personal.found import KINDS, Found, Kind, apart, plain, stands_alone
from evals.personal.identifiers import identifiers
from evals.personal.names import names
from evals.personal.standins import Inventor, pieces_of, variants

CLOSED = frozenset(
    {
        "language", "marketplace", "status", "fulfilled_by", "from", "kind", "asin", "asins", "currency",
        "document_id", "chunk_id", "release", "rules", "verdict", "tier", "intents", "flags", "outcome",
    }
)  # fmt: skip
"""Fields whose values are words of the product, not of people."""


@dataclass(frozen=True, slots=True)
class Anonymised:
    """What to write in place of what. ``counts``: how many different values of each kind there were."""

    pairs: tuple[tuple[str, str], ...]
    counts: Mapping[Kind, int]
    names: tuple[str, ...] = ()

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Everything that was put in."""
        return tuple(made for _, made in self.pairs)

    def text(self, text: str) -> str:
        """A text with every known value replaced; longer ones go before those inside them."""
        taken: list[tuple[int, int, str]] = []
        for value, made in self.pairs:
            for start in _occurrences(text, value):
                end = start + len(value)
                if all(end <= first or last <= start for first, last, _ in taken):
                    taken.append((start, end, made))
        pieces: list[str] = []
        place = 0
        for start, end, made in sorted(taken):
            pieces += (text[place:start], made)
            place = end
        return "".join((*pieces, text[place:]))

    def apply(self, value: Any, field: str = "") -> Any:
        """A JSON value with every text replaced but those of closed fields."""
        if isinstance(value, str):
            return value if field in CLOSED else self.text(value)
        if isinstance(value, Mapping):
            return {name: self.apply(inner, name) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.apply(inner, field) for inner in value]
        return value


def anonymised(case: Case, further: Iterable[str], key: bytes) -> Anonymised:
    """Find personal data in a case and in ``further`` texts about it, and invent what to write instead.

    ``key``: secret, 16 bytes or more; the same key and texts give the same stand-ins.
    """
    said = [*_said(case), *further]
    region = region_of(case.message.marketplace)
    found = [*_recorded(case)]
    for text in said:
        found += found_in(text, region, _records(case), familiar_words(case))
    values = frozenset(value.casefold() for one in found for value in pieces_of(one))
    inventor = Inventor(key, "\n".join(said), region, values)
    pairs: dict[str, str] = {}
    for one in found:
        for value, made in variants(one, inventor):
            pairs.setdefault(value, made)
    different = Counter(kind for kind, _ in {(one.kind, one.identity) for one in found})
    return Anonymised(
        pairs=tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0]))),
        counts={kind: different[kind] for kind in KINDS if different[kind]},
        names=tuple(sorted({one.written for one in found if one.kind == "name"})),
    )


def found_in(
    text: str,
    region: str | None,
    records: Iterable[tuple[Kind, str]] = (),
    familiar: frozenset[str] = frozenset(),
) -> tuple[Found, ...]:
    """Personal data in one text, in order, without overlaps."""
    read = plain(text)
    found = [*identifiers(read, region, tuple(records)), *addresses(read), *names(text, familiar)]
    return apart([_as_written(one, text) for one in found])


def region_of(marketplace: Marketplace) -> str:
    """The ISO 3166 code of a marketplace's country."""
    return REGIONS.get(marketplace, marketplace)


def familiar_words(case: Case) -> frozenset[str]:
    """Words of products and carriers: they end a message as names do."""
    order = case.order
    known = [*(item.title for item in order.items), order.carrier or ""] if order else []
    return frozenset(word.casefold().strip(".,–-") for title in known for word in title.split())


def _as_written(found: Found, text: str) -> Found:
    written = text[found.start : found.end]
    part = text[found.start : found.end][found.written.find(found.part) :][: len(found.part)]
    return Found(found.kind, found.start, found.end, written, found.identity, part)


def _said(case: Case) -> Iterator[str]:
    message = case.message
    yield from filter(None, (message.text, message.subject, case.agent_facts))
    yield from (entry.text for entry in case.thread)


def _records(case: Case) -> tuple[tuple[Kind, str], ...]:
    """Numbers that the order's record names."""
    if case.order is None:
        return ()
    tracking: tuple[tuple[Kind, str], ...] = ()
    if case.order.tracking_number:
        tracking = (("tracking number", case.order.tracking_number),)
    return (("order id", case.order.order_id), *tracking)


def _recorded(case: Case) -> Iterator[Found]:
    """What fields of the case name, whether a text repeats it or not."""
    for kind, value in _records(case):
        yield from (one for one in found_in(value, None, [(kind, value)]) if one.kind == kind)
    for identity in filter(None, (case.message.message_id, case.message.thread_id)):
        yield Found("message id", 0, len(identity), identity, identity)


def _occurrences(text: str, value: str) -> Iterator[int]:
    start = text.find(value)
    while start >= 0:
        if stands_alone(text, start, start + len(value)):
            yield start
        start = text.find(value, start + 1)
