"""Fit the curve from similarity to probability on labelled questions.

``python -m knowledge_base.calibrate evals/datasets/retrieval/tuned.jsonl`` prints midpoint and steepness for
``relevance.toml``. A line holds ``input: {query, language, marketplace, asin?}`` and ``target: {relevant:
[document ids] (none: the knowledge has no answer), relevant_other? (right in another language),
contains_by_document?}``; of those held back nothing may be fitted.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from knowledge_base import search, tables
from knowledge_base.base import KnowledgeBase
from knowledge_base.demo_vectors import DEMO, VECTORS
from knowledge_base.embeddings import open_embeddings
from knowledge_base.types import Chunk, Hit, Query

_HITS = 3
"""As many as a reply is made from."""


def labelled(knowledge: KnowledgeBase, questions: Sequence[dict[str, Any]]) -> Iterator[tuple[Hit, bool]]:
    """The first hits of each question and whether they answer it."""
    for question in questions:
        asins = (question["asin"],) if question.get("asin") else ()
        query = Query(question["query"], question["language"], question["marketplace"], asins, _HITS)
        for hit in knowledge.search(query):
            yield hit, _answers(question, hit.chunk)


def _answers(question: dict[str, Any], chunk: Chunk) -> bool:
    if chunk.document_id not in {*question.get("relevant", ()), *question.get("relevant_other", ())}:
        return False
    wanted = question.get("contains_by_document", {}).get(chunk.document_id, "")
    return chunk.kind == "qa" or wanted.casefold() in chunk.text.casefold()


def fit(similarities: Sequence[float], answers: Sequence[bool]) -> tuple[float, float]:
    """Midpoint and steepness of the logistic curve of greatest likelihood (Newton's method)."""
    x = np.array(similarities, np.float64)
    y = np.array(answers, np.float64)
    centre, scale = float(x.mean()), float(x.std())
    design = np.stack([np.ones_like(x), (x - centre) / scale], axis=1)
    weights = np.zeros(2)
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-design @ weights))
        hessian = (design * (p * (1 - p))[:, None]).T @ design + 1e-6 * np.eye(2)
        weights += np.linalg.solve(hessian, design.T @ (y - p))
    return centre - scale * float(weights[0] / weights[1]), float(weights[1]) / scale


def main(path: Path) -> str:
    """Import the demo into a throw-away home, ask the questions, fit; the lines for ``relevance.toml``."""
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    questions = [case["input"] | case["target"] for case in cases]
    named = open_embeddings("bundled", model="", api_key=None, base_url=None)
    curve = search.settings()["encoder"][named.name]
    with tempfile.TemporaryDirectory() as home:
        engine = sa.create_engine(f"sqlite:///{home}/calibrate.sqlite3")
        tables.metadata.create_all(engine)
        with KnowledgeBase(engine, Path(home), embeddings=lambda: named) as knowledge:
            if VECTORS.exists():
                knowledge.seed_vectors(VECTORS)
            knowledge.import_paths([DEMO], publish=True)
            pairs = list(labelled(knowledge, questions))
        engine.dispose()
    scores = np.clip([hit.score for hit, _ in pairs], 1e-4, 1 - 1e-4)
    similarities = np.log(scores / (1 - scores)) / curve["steepness"] + curve["midpoint"]
    midpoint, steepness = fit(similarities.tolist(), [right for _, right in pairs])
    return f"[encoder.{named.name}]\nmidpoint = {midpoint:.3f}\nsteepness = {steepness:.0f}\n"


if __name__ == "__main__":
    sys.stdout.write(main(Path(sys.argv[1])))
