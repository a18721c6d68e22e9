"""The words of the knowledge that a reply may use: in the buyer's language, to the point, no more."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from assistant.domain import Citation, Passage
from assistant.vocabulary import Language

RELEVANT = 0.5
"""Score from which a passage on procedure is taken to answer (the meaning of a score: ``domain.Passage``)."""
SURE = 0.65
"""The same for a question on a product, where a neighbouring entry reads like an answer and is none."""
LEAD = 0.1
"""So far may a passage in another language be ahead before ours counts as a mere neighbour of the answer."""
LONGEST = 900
"""Characters of one excerpt; a longer answer ends with its last whole sentence before."""
SENTENCES = 3
"""Sentences taken from prose; a numbered list is an instruction and is not torn."""

_SENTENCE = regex.compile(r"[^\n]+?(?:[.!?…](?=\s|$)|[。！？]+[」』）]?|(?=\n)|$)")
_WORD = regex.compile(r"[\p{Latin}\p{N}]{3,}")
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー]+")
_RULE_ROW = regex.compile(r"\|?[\s:|-]+\|?")
_BULLET = regex.compile(r"\s*[-*+•]\s+")
_STEP = regex.compile(r"\s*\d{1,2}[.)]\s+")
_MARKS = regex.compile(r"\*\*|__|`|^#{1,6}\s+", regex.MULTILINE)
_UNSENDABLE = regex.compile(r"@|://|www\.|<[a-z/]", regex.IGNORECASE)
_STEM = 6
_SHARED = 2
"""Terms a sentence must share with the message to be taken from prose: one alone is a coincidence."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a passage as they go into the reply, with where they stand."""

    text: str
    citation: Citation


def on_the_matter(passages: Iterable[Passage], language: Language, *, procedure: bool) -> tuple[Passage, ...]:
    """The passages in the buyer's language that may answer a matter, best first.

    A matter of procedure is answered by what is on no product; a question on a product needs a surer score,
    and none of ours answers it where a passage in another language is clearly ahead: then that one is the
    answer, and ours only lies near it. A passage whose language is not known is not used.
    """
    candidates = sorted(
        (one for one in passages if not (procedure and one.asins)), key=lambda one: -one.score
    )
    needed = RELEVANT if procedure else max([SURE, *(one.score - LEAD for one in candidates)])
    return tuple(one for one in candidates if one.language == language and one.score >= needed)


def excerpts(passages: Iterable[Passage], message: str, *, code: str | None) -> tuple[Excerpt, ...]:
    """What may be said from each passage, in their order.

    Where the buyer names an error code, a passage that does not know the code is no answer. Links and
    addresses in a passage make it unusable here; the agent still sees it.
    """
    found: list[Excerpt] = []
    for passage in passages:
        if code and code not in passage.text:
            continue
        text = _words_of(passage, message, code)
        if text and sendable(text) and all(text != one.text for one in found):
            found.append(
                Excerpt(
                    text,
                    Citation(
                        document_id=passage.document_id,
                        release=passage.release,
                        chunk_id=passage.chunk_id,
                        quote=text,
                    ),
                )
            )
    return tuple(found)


def sendable(text: str) -> bool:
    """Whether a text is free of links, addresses and markup."""
    return not _UNSENDABLE.search(text)


def _words_of(passage: Passage, message: str, code: str | None) -> str | None:
    if passage.answer:
        return shortened(plain(passage.answer))
    units = list(_units(passage.text))
    wanted = _terms(message)
    scores = [_score(unit, wanted, code) for unit in units]
    best = max(scores, default=0.0)
    if best < _SHARED:
        return None
    first = scores.index(best)
    if "\n" in units[first] or _is_row(passage.text):
        return shortened(units[first])
    following = zip(units[first + 1 : first + SENTENCES], scores[first + 1 : first + SENTENCES], strict=True)
    chosen = [units[first]]
    for unit, score in following:
        if score < best / 2 or "\n" in unit:
            break
        chosen.append(unit)
    return shortened(("" if _CJK.search(chosen[0]) else " ").join(chosen))


def plain(markdown: str) -> str:
    """Markdown as the plain text a message is: no marks, at most one empty line."""
    text = _MARKS.sub("", markdown.strip())
    text = "\n".join(_BULLET.sub("– ", line, count=1).strip() for line in text.splitlines())
    return regex.sub(r"\n{3,}", "\n\n", text)


def shortened(text: str) -> str | None:
    """The text, or its whole sentences up to ``LONGEST`` characters; ``None`` if not one fits."""
    if len(text) <= LONGEST:
        return text
    ends = [found.end() for found in _SENTENCE.finditer(text) if found.end() <= LONGEST]
    return text[: ends[-1]].strip() if ends else None


def _units(text: str) -> Iterator[str]:
    """Sentences, whole numbered lists, bullets, and table rows with their headings said."""
    header: list[str] = []
    steps: list[str] = []
    for line in (*text.splitlines(), ""):
        if steps and not _STEP.match(line):
            yield "\n".join(steps)
            steps = []
        if line.lstrip().startswith("|"):
            if not header:
                header = _cells(line)
            elif not _RULE_ROW.fullmatch(line.strip()):
                yield _row(header, _cells(line))
            continue
        header = []
        if _STEP.match(line):
            steps.append(plain(line))
        elif _BULLET.match(line):
            yield plain(_BULLET.sub("", line, count=1))
        elif line.strip() and not line.startswith("#"):
            yield from (part for found in _SENTENCE.finditer(plain(line)) if (part := found.group().strip()))


def _cells(line: str) -> list[str]:
    return [plain(cell) for cell in line.strip().strip("|").split("|")]


def _row(header: Sequence[str], cells: Sequence[str]) -> str:
    if len(cells) <= 2:
        return ": ".join(cells)
    pairs = [f"{name}: {cell}" for name, cell in zip(header[1:], cells[1:], strict=False)]
    return f"{cells[0]} – {'; '.join(pairs)}"


def _is_row(text: str) -> bool:
    return text.lstrip().startswith("|")


def _score(unit: str, wanted: frozenset[str], code: str | None) -> float:
    """How much of the message a unit speaks about; the code the buyer saw outweighs everything."""
    if code and code in unit:
        return 100.0
    return float(len(_terms(unit) & wanted))


def _terms(text: str) -> frozenset[str]:
    """Beginnings of words, pairs of characters in Chinese and Japanese: crude, the same for both sides."""
    folded = text.casefold()
    words = {word[:_STEM] for word in _WORD.findall(folded) if len(word) >= 4 or word.isdigit()}
    runs = _CJK.findall(folded)
    return frozenset(words | {run[place : place + 2] for run in runs for place in range(len(run) - 1)})
