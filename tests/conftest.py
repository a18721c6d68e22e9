"""What every test shares: no real model, no real time, invented cases."""

import hashlib
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from assistant.domain import Case, Passage, ScoredIntent, Triage
from assistant.vocabulary import Intent, Route

if TYPE_CHECKING:
    from knowledge_base.embeddings import NamedEmbeddings

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_real_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for a real model server must fail: nothing listens on port 9 of this machine."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "no-key-in-tests")
    for name in ("REPLYDESK_HOME", "REPLYDESK_LLM", "REPLYDESK_DATABASE_URL", "REPLYDESK_CHROMA_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make_case() -> Callable[..., Case]:
    """Build a case from the parts that matter; the rest is an ordinary late parcel to Germany."""

    def make(text: str = "Hallo, wo bleibt mein Paket?", **parts: Any) -> Case:
        message = {"text": text, "marketplace": "DE", "received_at": "2026-11-22T08:00:00Z"}
        message |= parts.pop("message", {})
        return Case.model_validate({"message": message, **parts})

    return make


@pytest.fixture
def shipped_order() -> dict[str, Any]:
    return {
        "order_id": "302-1234567-7654321",
        "status": "SHIPPED",
        "fulfilled_by": "MERCHANT",
        "purchased_at": "2026-11-12T09:00:00Z",
        "shipped_at": "2026-11-13T15:00:00Z",
        "deliver_by": "2026-11-18",
        "carrier": "DHL",
        "tracking_number": "00340434161094015902",
        "items": [{"asin": "B0VNAF5501", "title": "Velanoor CrispAir 5", "quantity": 1}],
    }


@pytest.fixture
def make_triage() -> Callable[..., Triage]:
    def make(intent: Intent = Intent.DELIVERY_DELAY, **parts: Any) -> Triage:
        fields: dict[str, Any] = {
            "tier": 1,
            "intents": (ScoredIntent(name=intent, confidence=0.9),),
            "language": "de",
            "route": Route.AGENT,
        }
        return Triage.model_validate(fields | parts)

    return make


@pytest.fixture
def passage() -> Passage:
    return Passage(
        document_id="faq-parcel-late-de",
        chunk_id="c1",
        release="r1",
        title="Paket verspätet",
        language="de",
        text="Wir melden den Fall am selben Tag beim Zusteller. Die Nachforschung dauert zwei Werktage.",
        score=0.9,
    )


class WordHashes:
    """An encoder of 64 numbers: each word adds to one of them. Equal words, near vectors; no weights."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [0.001] * 64
        for word in re.findall(r"\w+", text.lower()):
            vector[hashlib.sha256(word.encode()).digest()[0] % 64] += 1.0
        length = math.hypot(*vector)
        return [number / length for number in vector]


@pytest.fixture(scope="session")
def word_hashes() -> "NamedEmbeddings":
    """A named encoder that needs no weights."""
    from knowledge_base.embeddings import NamedEmbeddings

    return NamedEmbeddings("word-hashes", 64, WordHashes())  # type: ignore[arg-type]


@pytest.fixture
def _word_hashes(monkeypatch: pytest.MonkeyPatch, word_hashes: "NamedEmbeddings") -> None:
    """Whatever is opened in this test encodes with :class:`WordHashes`."""
    monkeypatch.setattr("assistant.bootstrap._embeddings", lambda settings: word_hashes)
