"""Choosing and filling phrases: the same case gives the same words, two cases rarely do."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Template

import emoji
import regex

from assistant.domain import Case, OrderItem
from assistant.drafting.scenes import Scene
from prompts.phrase_blocks import PhraseBook, Symptom

TITLE = 48
"""Longest product title in a sentence, in characters; Amazon titles run to 200."""

_TITLE_END = regex.compile(r"\s[–—|-]\s|[,，、;；(（\[【|｜:：]|\s/\s")
_UNSAYABLE = regex.compile(
    r"@|://|www\.|\.(?:com|net|org|de|fr|it|es|jp|cn|uk)\b|[<>{}\[\]$*_#★☆\p{Cc}]|\d{6}", regex.IGNORECASE
)
_CODE = regex.compile(r"(?<![\p{L}\p{N}.-])[A-Z]{1,2}-?\d{1,3}(?![\p{L}\p{N}-])")
_NOT_CODES = frozenset({"A3", "A4", "A5", "H2", "CO2", "H1"})
_QUOTES = str.maketrans("", "", '“”„"«»「」『』')
_EXCERPT = 12
"""Characters of a fixed part that are enough to recognise a phrase in an earlier message."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The phrases of one reply. ``seed`` decides between variants, ``avoid`` is our last message."""

    book: PhraseBook
    seed: str
    avoid: str
    values: Mapping[str, str]

    def say(self, slot: str) -> str:
        """Fill a variant of the slot; one that stands in our last message is passed over."""
        variants = self.book.slots[slot]
        digest = hashlib.sha256(f"{self.seed}\x1f{slot}".encode("utf-8", "replace")).digest()
        start = int.from_bytes(digest[:4]) % len(variants)
        ordered = (*variants[start:], *variants[:start])
        fresh = (variant for variant in ordered if not self._said(variant))
        return Template(next(fresh, ordered[0])).substitute(self.values)

    def name(self, form: str) -> str:
        """A form that has one wording, such as the line with the order number."""
        return Template(self.book.names[form]).substitute(self.values)

    def paragraph(self, slots: Iterable[str]) -> str:
        """The slots said one after the other, joined as the language joins sentences."""
        return self.book.names["separator"].join(self.say(slot) for slot in slots)

    def _said(self, variant: str) -> bool:
        if not self.avoid:
            return False
        fixed = [part.strip() for part in regex.split(r"\$\w+", variant)]
        telling = [part for part in fixed if len(part) >= min(_EXCERPT, max(map(len, fixed)))]
        return all(part in self.avoid for part in telling)


def wording(case: Case, book: PhraseBook, facts: Mapping[str, str]) -> Wording:
    """The phrases for a case: names of product and order, what the buyer saw, and the facts of the order."""
    ours = [entry.text for entry in case.thread if entry.sender == "seller"]
    seen = symptom(case, book)
    code = error_code(case)
    values = {**facts, **_names(case, book)}
    if seen:
        values["symptom"] = seen.say
    if code:
        values["code"] = code
    if case.order:
        values["order_id"] = case.order.order_id
    seed = f"{case.message.text}\x1f{case.message.thread_id or ''}"
    return Wording(book, seed, ours[-1] if ours else "", values)


def listen_slot(scene: Scene, words: Wording) -> str:
    """The phrase that names the matter: by error code or symptom where the buyer gave one."""
    if (
        scene in {Scene.USAGE_HELP, Scene.PRODUCT_QUESTION, Scene.WARRANTY, Scene.DAMAGED}
        and "code" in words.values
    ):
        return "listen.code"
    if scene in {Scene.USAGE_HELP, Scene.DAMAGED, Scene.COMPLAINT} and "symptom" in words.values:
        return "listen.symptom"
    return f"listen.{scene.value}"


def symptom(case: Case, book: PhraseBook) -> Symptom | None:
    """The first thing that goes wrong in the buyer's words, by place in the message."""
    text = case.message.text.casefold().replace("’", "'")
    found = [
        (text.find(word.replace("’", "'")), place, known)
        for place, known in enumerate(book.symptoms)
        for word in known.words
    ]
    hits = [hit for hit in found if hit[0] >= 0]
    return min(hits, key=lambda hit: hit[:2])[2] if hits else None


def error_code(case: Case) -> str | None:
    """A code of a display ("E3") in the message that is not part of a product's title."""
    titles = " ".join(item.title for item in case.order.items) if case.order else ""
    codes = [
        code for code in _CODE.findall(case.message.text) if code not in _NOT_CODES and code not in titles
    ]
    return codes[0] if codes else None


def short_title(title: str) -> str | None:
    """The name at the start of a product title, or ``None`` where it cannot stand in a reply as it is."""
    head = _TITLE_END.split(" ".join(title.split()), maxsplit=1)[0].translate(_QUOTES).strip()
    if len(head) > TITLE:
        cut = head[: TITLE + 1].rsplit(" ", 1)[0]
        head = cut if len(cut) <= TITLE else ""
    plain = len(head) >= 2 and not _UNSAYABLE.search(head) and not emoji.emoji_count(head)
    return head if plain else None


def _names(case: Case, book: PhraseBook) -> dict[str, str]:
    item = _item_meant(case)
    title = short_title(item.title) if item else None
    whose = "item" if case.order else "offer"
    form = "titled" if title else "plain"
    several = case.order is not None and len(case.order.items) > 1
    fill = {"title": title or ""}
    return {
        "item": Template(book.names[f"{whose}_{form}"]).substitute(fill),
        "order": Template(book.names[f"order_{'plain' if several else form}"]).substitute(fill),
    }


def _item_meant(case: Case) -> OrderItem | None:
    """The product asked about; with several in the order, the one the message names, else none."""
    items = case.order.items if case.order else ()
    if len(items) <= 1:
        return items[0] if items else None
    text = case.message.text.casefold()
    meant = [item for item in items if item.asin == case.message.asin]
    named = [item for item in items if (title := short_title(item.title)) and title.casefold() in text]
    return next(iter(meant or named), None)
