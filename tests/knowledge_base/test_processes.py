"""What only real processes show: the lock of the embedded store, and death at the worst moment."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge_base import tables
from knowledge_base.base import KnowledgeBase
from knowledge_base.types import Query

SCRIPT = """
import importlib.util, sys, time
from pathlib import Path
import sqlalchemy as sa
from knowledge_base.base import KnowledgeBase
from knowledge_base.embeddings import NamedEmbeddings
spec = importlib.util.spec_from_file_location("fakes", {conftest!r})
fakes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fakes)
engine = sa.create_engine("sqlite:///" + {home!r} + "/kb.sqlite3")
named = NamedEmbeddings("words", fakes.DIMENSION, fakes.WordEmbeddings())
knowledge = KnowledgeBase(engine, Path({home!r}), embeddings=lambda: named)
"""


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Run Python lines in another process that has the same knowledge base as ``knowledge``."""
    running: list[subprocess.Popen[str]] = []

    def start(lines: str) -> "subprocess.Popen[str]":
        head = SCRIPT.format(conftest=str(Path(__file__).with_name("conftest.py")), home=str(tmp_path))
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, "-c", head + lines], stdout=pipe, stderr=pipe, text=True)
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_a_second_process_is_refused_in_one_line(
    knowledge: KnowledgeBase,
    folder: Path,
    write: Callable[..., Path],
    spawn: Callable[[str], "subprocess.Popen[str]"],
) -> None:
    write("a", "Words.")
    knowledge.import_paths([folder], publish=True)
    lines = """
from knowledge_base.errors import KnowledgeUnavailable
from knowledge_base.types import Query
for attempt in (lambda: knowledge.search(Query("words")), lambda: knowledge.import_paths([], publish=True)):
    try:
        attempt()
    except KnowledgeUnavailable as error:
        print(error)
print(len(knowledge.documents()), knowledge.active_release().name)
"""
    out, err = spawn(lines).communicate(timeout=60)
    assert err == ""
    refused, again, listing = out.splitlines()
    assert "in use by another process" in refused
    assert refused == again
    assert listing == "1 r1"  # what needs no vectors works beside it


def test_kill_during_an_import_loses_and_doubles_nothing(
    knowledge: KnowledgeBase,
    engine: sa.Engine,
    encoder: object,
    folder: Path,
    write: Callable[..., Path],
    spawn: Callable[[str], "subprocess.Popen[str]"],
) -> None:
    write("before", "Words that are published.")
    knowledge.import_paths([folder], publish=True)
    knowledge.close()
    for number in range(100):
        write(f"n{number}", f"Words number {number}.")
    lines = f"""
def progress(done, total):
    print(done, total, flush=True)
    time.sleep(60)
knowledge.import_paths([{str(folder)!r}], publish=True, progress=progress)
"""
    process = spawn(lines)
    assert process.stdout is not None
    done, total = map(int, process.stdout.readline().split())
    assert 0 < done < total
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)

    assert [one.document_id for one in knowledge.documents()] == ["before"]
    assert {hit.release for hit in knowledge.search(Query("words", k=50))} == {"r1"}
    encoder.texts.clear()  # type: ignore[attr-defined]
    report = knowledge.import_paths([folder], publish=True)
    assert (len(report.added), report.unchanged) == (100, ("before",))
    assert len(encoder.texts) == total - done  # type: ignore[attr-defined]
    assert len(knowledge.search(Query("words", k=100))) == 100
    with engine.connect() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(tables.documents))
    assert count == 101


def test_kill_during_publish_keeps_the_active_release(
    knowledge: KnowledgeBase,
    folder: Path,
    write: Callable[..., Path],
    tmp_path: Path,
    spawn: Callable[[str], "subprocess.Popen[str]"],
) -> None:
    write("a", "Words.")
    knowledge.import_paths([folder], publish=True)
    knowledge.close()
    lines = """
from knowledge_base import releases
def stop(*_):
    print("built", flush=True)
    time.sleep(60)
releases.insert_active = stop
knowledge.publish()
"""
    process = spawn(lines)
    assert process.stdout is not None
    assert process.stdout.readline() == "built\n"
    process.kill()
    process.wait(timeout=30)
    assert len(list((tmp_path / "vectors").glob("release-*"))) == 2
    assert knowledge.search(Query("words"))[0].release == "r1"
    knowledge.close()
    assert knowledge.publish().number == 2
    assert knowledge.search(Query("words"))[0].release == "r2"
    assert len(list((tmp_path / "vectors").glob("release-*"))) == 2  # r1 and r2; the orphan is gone
