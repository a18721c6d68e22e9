"""Is the reply of a length that a buyer reads?"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from assistant.domain import Proposal
from evals.scorers.facts import DraftCase
from evals.scores import Score, judged


def length(case: DraftCase, proposal: Proposal) -> Score:
    """Characters of the draft, beside the limits of its language."""
    least, most = _limits()[case.target.language]
    characters = len(proposal.draft.text)
    right = least <= characters <= most
    why = "" if right else f"{characters} characters; {least} to {most} are read"
    return judged(right, why, parts={"characters": float(characters)})


@cache
def _limits() -> Mapping[str, tuple[int, int]]:
    table = files("evals.scorers") / "tables" / "length.toml"
    rows = tomllib.loads(table.read_text(encoding="utf-8"))["limit"]
    return {row["language"]: (row["least"], row["most"]) for row in rows}
