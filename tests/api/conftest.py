"""A real service on SQLite with a small real knowledge base; only the encoder is a fake one."""

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli.main import main
from assistant import bootstrap
from assistant.bootstrap import App
from assistant.settings import Settings
from assistant.vocabulary import Role
from knowledge_base.embeddings import NamedEmbeddings

POLICY = """\
---
document_id: policy-returns
title: Returns
language: en
kind: policy
---
# Returns

You can return any item within 30 days after delivery. Start the return in Your Orders.
"""

FAQ = """\
document_id,language,marketplaces,asins,question,answer
faq-dishwasher,en,,B0VNAF5501,Is the basket dishwasher safe?,Yes. The basket and the tray are dishwasher safe.
faq-parcel-late-de,de,DE,,Wo bleibt mein Paket?,Wir fragen heute beim Zusteller nach.
"""


@pytest.fixture(scope="session")
def knowledge_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "returns.md").write_text(POLICY, "utf-8")
    (folder / "faq.csv").write_text(FAQ, "utf-8")
    return folder


@pytest.fixture(scope="session")
def desk(
    tmp_path_factory: pytest.TempPathFactory, knowledge_files: Path, word_hashes: NamedEmbeddings
) -> Iterator[App]:
    """One service for all tests; each test makes the suggestions it needs."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), max_request_bytes=20_000, llm="composer")
    with bootstrap.build(settings) as app:
        with (
            pytest.MonkeyPatch.context() as patch
        ):  # the encoder is opened once; other tests need the real one
            patch.setattr(bootstrap, "_embeddings", lambda settings: word_hashes)
            app.knowledge.import_paths([knowledge_files], publish=True)
        yield app


@pytest.fixture(scope="session")
def client(desk: App) -> TestClient:
    return TestClient(create_app(desk), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def key_of(desk: App) -> dict[Role, dict[str, str]]:
    """The Authorization header of each role."""
    return {role: {"Authorization": f"Bearer {desk.keys.add(role).key}"} for role in Role}


@pytest.fixture
def agent(key_of: dict[Role, dict[str, str]]) -> dict[str, str]:
    return key_of[Role.AGENT]


@pytest.fixture
def late_parcel(shipped_order: dict[str, Any]) -> dict[str, Any]:
    """A suggestion request whose draft an agent may approve alone."""
    message = {
        "text": "Hallo, wo bleibt mein Paket? Die Sendung sollte längst da sein.",
        "marketplace": "DE",
        "received_at": "2026-11-22T08:00:00Z",
    }
    return {"message": message, "order": shipped_order}


@pytest.fixture
def suggest(
    client: TestClient, agent: dict[str, str], late_parcel: dict[str, Any]
) -> Callable[..., dict[str, Any]]:
    """Draft a reply over HTTP; keywords replace parts of the late parcel's request."""

    def make(**parts: Any) -> dict[str, Any]:
        answer = client.post("/v1/suggestions", json={**late_parcel, **parts}, headers=agent)
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    return make


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _word_hashes: None) -> Path:
    """A home of its own for the commands of this test."""
    path = tmp_path / "home"
    monkeypatch.setenv("REPLYDESK_HOME", str(path))
    return path


@pytest.fixture
def replydesk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> Callable[..., Ran]:
    """Run a command in this process, on a home of its own; ``stdin`` is what stands in the pipe."""

    def run(*arguments: str, stdin: str | bytes = "") -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        code = main(arguments)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
