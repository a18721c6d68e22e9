"""Are the five parts of a considerate reply there: listen, empathize, acknowledge, resolve, notify?

Cues of each language stand in ``tables/learn.toml``: words with which such sentences are commonly built, in
whatever reply. One cue is enough for a part. A cue begins where a word begins, save in Japanese and Chinese,
which leave no space between words. A reply that cites a document resolves: it says what stands there.
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import re2

from assistant.domain import Proposal
from assistant.vocabulary import Language
from evals.scorers.facts import DraftCase
from evals.scorers.wordings import fold
from evals.scores import Score

Part = Literal["listen", "empathize", "acknowledge", "resolve", "notify"]
PARTS: tuple[Part, ...] = get_args(Part)
UNSPACED = ("ja", "zh")


def learn(case: DraftCase, proposal: Proposal) -> Score:
    """Share of the parts that are found; each part is counted under its own name too."""
    found = set(parts_of(proposal.draft.text, case.target.language))
    if proposal.draft.citations:
        found.add("resolve")
    absent = [part for part in PARTS if part not in found]
    return Score(
        value=1 - len(absent) / len(PARTS),
        passed=not absent,
        why=f"no sign of: {', '.join(absent)}" if absent else "",
        parts={
            "n": 1.0,
            "all": float(not absent),
            "found": float(len(PARTS) - len(absent)),
            "parts": float(len(PARTS)),
            **{part: float(part in found) for part in PARTS},
        },
    )


def parts_of(text: str, language: Language) -> dict[Part, str]:
    """The parts found, each with the first cue that stands for it."""
    folded = fold(text)
    hits = ((part, cues.search(folded)) for part, cues in _cues()[language].items())
    return {part: hit[0] for part, hit in hits if hit}


@cache
def _cues() -> Mapping[Language, Mapping[Part, Any]]:
    table = files("evals.scorers") / "tables" / "learn.toml"
    said: defaultdict[Language, defaultdict[Part, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in tomllib.loads(table.read_text(encoding="utf-8"))["cue"]:
        said[row["language"]][row["part"]].extend(row["says"])
    return {
        language: {part: _pattern(cues, language) for part, cues in parts.items()}
        for language, parts in said.items()
    }


def _pattern(cues: list[str], language: Language) -> Any:
    either = "|".join(re2.escape(fold(cue)) for cue in cues)
    return re2.compile(either if language in UNSPACED else rf"(?:^|[^\p{{L}}])(?:{either})")
