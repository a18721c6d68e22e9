from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge_base import index as index_module
from knowledge_base import search as ranking
from knowledge_base.base import KnowledgeBase
from knowledge_base.errors import KnowledgeInvalid
from knowledge_base.types import Query

DAY = date(2026, 11, 22)


@pytest.fixture
def shop(knowledge: KnowledgeBase, folder: Path, write: Callable[..., Path]) -> KnowledgeBase:
    """Two sibling products, general rules, rules of one marketplace, rules of another time."""
    write("general", "Clean the basket with water.")
    write("small", "Clean the basket with water.", asins="[B0SMALL001]", kind="product")
    write("large", "Clean the basket with water, by hand.", asins="[B0LARGE001]", kind="product")
    write("german", "Clean the basket in Germany.", marketplaces="[DE]")
    write("old", "Clean the basket as last year.", effective_to="2025-12-31")
    write("coming", "Clean the basket as next year.", effective_from="2027-01-01")
    write("superseded", "Clean the basket as before.", status="superseded")
    write("draft", "Clean the basket perhaps.", status="draft")
    knowledge.import_paths([folder], publish=True)
    return knowledge


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ({}, {"general", "small", "large", "german"}),
        ({"asins": ("B0SMALL001",)}, {"general", "small", "german"}),
        ({"asins": ("B0SMALL001", "B0LARGE001")}, {"general", "small", "large", "german"}),
        ({"asins": ("B0UNKNOWN1",)}, {"general", "german"}),
        ({"marketplace": "UK"}, {"general", "small", "large"}),
        ({"marketplace": "DE", "asins": ("B0LARGE001",)}, {"general", "large", "german"}),
        ({"at": date(2025, 12, 31)}, {"general", "small", "large", "german", "old"}),
        ({"at": date(2027, 1, 1)}, {"general", "small", "large", "german", "coming"}),
    ],
)
def test_scope(shop: KnowledgeBase, scope: dict[str, object], found: set[str]) -> None:
    query = Query("clean the basket", "en", **{"k": 20, "at": DAY, **scope})  # type: ignore[arg-type]
    assert {hit.chunk.document_id for hit in shop.search(query)} == found


def test_own_product_goes_before_an_equal_general_one(shop: KnowledgeBase) -> None:
    hits = shop.search(Query("clean the basket with water", "en", asins=("B0SMALL001",), k=2, at=DAY))
    assert [hit.chunk.document_id for hit in hits] == ["small", "general"]


def test_scores_fall_and_stay_within_bounds(shop: KnowledgeBase) -> None:
    hits = shop.search(Query("basket water", "en", k=20, at=DAY))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert shop.search(Query("clean the basket with water", "en", k=1, at=DAY))[0].score > 0.5
    assert shop.search(Query("quantum chromodynamics lecture", "en", k=1, at=DAY))[0].score < 0.5


def test_the_search_widens_until_enough_is_in_scope(
    knowledge: KnowledgeBase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"n{number},en,US,,Basket {number}?,Basket {number}." for number in range(60)]
    rows.append("far,en,DE,,Something else?,Entirely different.")
    header = "document_id,language,marketplaces,asins,question,answer"
    (folder / "f.csv").write_text("\n".join([header, *rows]))
    knowledge.import_paths([folder], publish=True)
    monkeypatch.setattr(index_module, "_OVERFETCH", 4)
    hits = knowledge.search(Query("basket", "en", marketplace="DE", k=3))
    assert [hit.chunk.document_id for hit in hits] == ["far"]


def test_a_lexical_hit_far_away_in_vector_space_is_measured(
    knowledge: KnowledgeBase,
    folder: Path,
    write: Callable[..., Path],
    encoder: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(40):
        write(f"n{number}", f"Lamp lamp lamp lamp {number}.")
    write("code", "The lamp shows code zx-81 and many other words stand around it here too.")
    knowledge.import_paths([folder], publish=True)
    monkeypatch.setattr(index_module, "_OVERFETCH", 8)
    active = knowledge.active_release()
    assert active is not None
    index = knowledge._index(active)
    place = next(place for place, chunk in enumerate(index.chunks) if chunk.document_id == "code")
    everything = np.ones(len(index.chunks), bool)
    vector = np.asarray(encoder.embed_query("lamp"), np.float32)  # type: ignore[attr-defined]
    assert np.isneginf(index.similarities(vector, everything, enough=1, also=[])[place])
    assert 0 < index.similarities(vector, everything, enough=1, also=[place, place])[place] < 0.9


def test_words_speak_only_in_their_own_language(knowledge: KnowledgeBase, folder: Path) -> None:
    (folder / "f.csv").write_text(
        "document_id,language,question,answer\n"
        "english,en,Return the gift?,Yes the gift.\n"
        "german,de,Return the gift?,Yes the gift.\n"  # the same words: only the language differs
        "other,en,Lamp?,Bulb.\n"
        "andere,de,Lampe?,Birne.\n"
    )
    knowledge.import_paths([folder], publish=True)
    assert knowledge.search(Query("return gift", "en", k=1))[0].chunk.language == "en"
    assert knowledge.search(Query("return gift", "de", k=1))[0].chunk.language == "de"


def test_a_missing_language_is_guessed(knowledge: KnowledgeBase, folder: Path) -> None:
    (folder / "f.csv").write_text(
        "document_id,language,question,answer\n"
        "e,en,Where is the parcel?,It is on the way.\n"
        "d,de,Wo ist das Paket?,Es ist auf dem Weg.\n"
        "j,ja,荷物はどこですか,配達中です\n"
        "z,zh,我的包裹在哪里,正在派送\n"
    )
    knowledge.import_paths([folder], publish=True)
    active = knowledge.active_release()
    assert active is not None
    lexical = knowledge._index(active).lexical
    assert lexical.guess_language("wo ist es auf dem Weg") == "de"
    assert lexical.guess_language("where is it") == "en"
    assert lexical.guess_language("荷物はどこ") == "ja"
    assert lexical.guess_language("包裹在哪里") == "zh"
    assert len(knowledge.search(Query("xyzzy", k=9))) == 4
    assert len(knowledge.search(Query("où est", "fr", k=9))) == 4


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "\ud800", "x" * 300_000, "' OR 1=1 --", "{}", "🙂"])
def test_odd_queries_are_harmless(shop: KnowledgeBase, text: str) -> None:
    assert len(shop.search(Query(text, "en", at=DAY))) in {0, 4}


@pytest.mark.parametrize("k", [0, -1, 101])
def test_k_has_bounds(shop: KnowledgeBase, k: int) -> None:
    with pytest.raises(KnowledgeInvalid, match="between 1 and 100"):
        shop.search(Query("x", k=k))


def test_nothing_in_scope_is_nothing_found(
    knowledge: KnowledgeBase, folder: Path, write: Callable[..., Path]
) -> None:
    write("a", marketplaces="[DE]")
    knowledge.import_paths([folder], publish=True)
    assert knowledge.search(Query("words", marketplace="US")) == []


def test_relevance_is_a_rising_curve_for_every_encoder() -> None:
    similarities = np.linspace(-1, 1.5, 50, dtype=np.float32)
    for encoder in (*ranking.settings()["encoder"], "never heard of"):
        scores = ranking.relevance(similarities, encoder)
        assert (np.diff(scores) >= 0).all()
        assert 0 <= scores.min() < 0.01
        assert 0.99 < scores.max() <= 1
