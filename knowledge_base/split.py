"""Documents to chunks, by structure: headings lead, a table stays whole, a Q/A pair is never torn."""

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from knowledge_base.types import Chunk, ChunkKind, Document

PROSE_WORDS = 180
"""Longest prose chunk in words: big enough to read, small enough to cite."""
TABLE_WORDS = 600
"""A longer table is split between rows, its header repeated."""

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_END = re.compile(r"(?<!\d)[.!?][\"'”»)\]]*\s+|[。！？][」』”]*\s*|\n+")
_ASKS = re.compile(r"[?？]\W*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of Markdown as the parser sees it; ``level`` 1–6 for headings."""

    kind: Literal["heading", "table", "prose"]
    text: str
    level: int = 0


@dataclass(slots=True)
class _Section:
    """What stands under one path of headings."""

    path: tuple[str, ...] = ()
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A chunk to be: what it says and where it stands."""

    kind: ChunkKind
    text: str
    heading: str
    question: str | None = None
    answer: str | None = None

    @classmethod
    def of_pair(cls, question: str, answer: str, heading: str) -> "_Piece":
        return cls("qa", f"{question}\n{answer}", heading, question, answer)


def split(parts: Sequence[Document]) -> tuple[Chunk, ...]:
    """Chunks of all parts (languages, scopes) of one document, in reading order.

    Every word of the document is in the text, question or heading of some chunk.
    """
    seen: Counter[str] = Counter()
    return tuple(_chunk(part, piece, seen) for part in parts for piece in _pieces(part))


def _pieces(part: Document) -> Iterator[_Piece]:
    for question, answer in part.entries:
        yield _Piece.of_pair(question, answer, "")
    for section in _sections(blocks(part.body)):
        yield from _section_pieces(section)


def _section_pieces(section: _Section) -> Iterator[_Piece]:
    heading = " › ".join(section.path)
    if section.path and _ASKS.search(section.path[-1]) and section.blocks:
        answer = "\n\n".join(block.text for block in section.blocks)
        yield _Piece.of_pair(section.path[-1], answer, " › ".join(section.path[:-1]))
        return
    for is_table, run in itertools.groupby(section.blocks, key=lambda block: block.kind == "table"):
        if is_table:
            yield from (_Piece("table", text, heading) for block in run for text in _tables(block.text))
        else:
            texts = pack((block.text for block in run), PROSE_WORDS)
            yield from (_Piece("prose", text, heading) for text in texts)
    if not section.blocks:  # a heading with nothing under it is still a word of the author
        yield _Piece("prose", section.path[-1], heading)


def _chunk(part: Document, piece: _Piece, seen: Counter[str]) -> Chunk:
    place = "\x1f".join((part.document_id, part.language, piece.heading, piece.text))
    seen[place] += 1
    digest = hashlib.sha256(f"{place}\x1f{seen[place]}".encode()).hexdigest()[:16]
    return Chunk(
        chunk_id=digest,
        document_id=part.document_id,
        title=part.title,
        language=part.language,
        kind=piece.kind,
        text=piece.text,
        heading=piece.heading,
        question=piece.question,
        answer=piece.answer,
        marketplaces=part.marketplaces,
        asins=part.asins,
        status=part.status,
        effective_from=part.effective_from,
        effective_to=part.effective_to,
        origin=part.origin,
    )


# --- Markdown -----------------------------------------------------------------------------------------------


def blocks(markdown: str) -> list[Block]:
    """Top-level blocks of a Markdown text in order; nothing but blank lines lies between them."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    lines = re.split(r"\r\n|\r|\n", markdown)  # the parser counts these and no others as line ends
    found: list[Block] = []
    done = 0
    for place, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        start, end = max(token.map[0], done), token.map[1]
        # Link definitions make no token; their lines are kept as prose.
        _append_prose(found, lines[done:start])
        if token.type == "heading_open":
            found.append(Block("heading", tokens[place + 1].content.strip(), int(token.tag[1])))
        elif token.type == "table_open":
            found.append(Block("table", "\n".join(lines[start:end]).strip()))
        else:
            _append_prose(found, lines[start:end])
        done = max(done, end)
    _append_prose(found, lines[done:])
    return found


def _append_prose(found: list[Block], lines: Iterable[str]) -> None:
    if text := "\n".join(lines).strip():
        found.append(Block("prose", text))


def _sections(found: Iterable[Block]) -> Iterator[_Section]:
    """Blocks grouped by heading path; a heading that only leads to deeper ones makes no section."""
    levels: list[tuple[int, str]] = []
    section = _Section()
    for block in found:
        if block.kind != "heading":
            section.blocks.append(block)
            continue
        if section.blocks or (levels and block.level <= levels[-1][0]):
            yield section
        levels = [(level, title) for level, title in levels if level < block.level]
        levels.append((block.level, block.text))
        section = _Section(tuple(title for _, title in levels))
    if section.blocks or section.path:
        yield section


def _tables(table: str) -> Iterator[str]:
    """The table itself; a very long one between rows, header repeated."""
    if words(table) <= TABLE_WORDS:
        yield table
        return
    header, rows = table.split("\n")[:2], table.split("\n")[2:]
    room = max(TABLE_WORDS - words("\n".join(header)), 1)
    for group in _fill((f"{row}\n" for row in rows), room):
        yield "\n".join((*header, group.rstrip("\n")))


# --- sizes --------------------------------------------------------------------------------------------------


def words(text: str) -> int:
    """Number of words; two Chinese or Japanese characters count as one."""
    return len(text.split()) + len(_CJK.findall(text)) // 2


def sentences(text: str) -> list[str]:
    """Sentences and lines with their trailing blanks: joined they are the text again."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if start < end]


def pack(texts: Iterable[str], limit: int) -> Iterator[str]:
    """Join neighbouring texts up to ``limit`` words; longer ones are cut at sentence ends, else at words."""
    fitting: list[str] = []
    for text in texts:
        if words(text) <= limit:
            fitting.append(f"{text}\n\n")
        else:
            pieces = [bit for sentence in sentences(text) for bit in _bits(sentence, limit)]
            fitting.extend((*pieces[:-1], f"{pieces[-1]}\n\n"))
    yield from (stripped for group in _fill(fitting, limit) if (stripped := group.strip()))


def _fill(pieces: Iterable[str], limit: int) -> Iterator[str]:
    """Greedy concatenation; every group but those of a single piece has at most ``limit`` words."""
    group, size = "", 0
    for piece in pieces:
        count = words(piece)
        if group and size + count > limit:
            yield group
            group, size = "", 0
        group, size = group + piece, size + count
    if group:
        yield group


def _bits(sentence: str, limit: int) -> Iterator[str]:
    """The sentence, or runs of its words where it alone is too long."""
    if words(sentence) <= limit:
        yield sentence
    else:
        yield from _fill(re.findall(r"\S{1,40}\s*|\s+", sentence), limit)
