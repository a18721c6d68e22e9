"""`replydesk serve`, as a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from uvicorn import Server

from api.cli import demo
from assistant import bootstrap
from assistant.bootstrap import App
from assistant.domain import Case
from assistant.settings import Settings
from assistant.vocabulary import Role
from evals import data

Replydesk = Callable[..., Any]


class Served:
    """A service in a process of its own, with what it has printed so far."""

    def __init__(self, home: Path, *arguments: str) -> None:
        code = "from api.cli.main import run; run()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "REPLYDESK_HOME": str(home)},
        )
        assert self.process.stdout is not None
        self.first = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", self.first)
        if not found:
            self.process.kill()
        assert found, self.process.communicate()[1]
        self.address = found.group()

    def get(self, path: str, key: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code, what else was printed, and the log.

        Read through the same buffers as the first line: `communicate` would lose what they already hold.
        """
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.send_signal(number)
        with self.process.stdout as out, self.process.stderr as err:
            printed, logged = out.read(), err.read()
        return self.process.wait(timeout=30), printed, logged


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    service = Served(tmp_path / "home")
    yield service
    if service.process.poll() is None:
        service.stop(signal.SIGKILL)


def test_an_empty_home_is_served_and_stops_cleanly(served: Served) -> None:
    status, ready = served.get("/readyz")
    assert status == 200
    assert ready["parts"]["knowledge"] == {"ok": True, "state": "empty"}
    assert served.get("/v1/suggestions")[0] == 401
    code, out, err = served.stop()
    assert code == 0
    assert "replydesk keys add" in out
    assert out.endswith("Stopped.\n")
    assert "method=GET route=/readyz status=200" in err
    assert "Traceback" not in err


def test_an_interrupt_stops_it_too(served: Served) -> None:
    served.get("/healthz")
    code, _, err = served.stop(signal.SIGINT)
    assert code == 0
    assert "Traceback" not in err


def test_a_port_in_use_gives_one_line(replydesk: Replydesk, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = replydesk("serve", "--port", str(port))
    assert ran.code == 2
    assert ran.err == f"replydesk: cannot listen on 127.0.0.1:{port}: address already in use\n"
    assert not home.exists()


def test_an_address_that_is_none_gives_one_line(replydesk: Replydesk, home: Path) -> None:
    ran = replydesk("serve", "--host", "999.999.0.1", "--port", "0")
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve", "--port", "0"),
        ("kb", "search", "parcel"),
        ("draft", "--text", "Where is my parcel?", "--marketplace", "UK"),
    ],
)
def test_a_home_in_use_by_another_process_gives_one_line(
    replydesk: Replydesk, home: Path, knowledge_files: Path, arguments: tuple[str, ...]
) -> None:
    assert replydesk("kb", "import", str(knowledge_files), "--publish").code == 0
    with bootstrap.build(Settings(home=home)) as other:
        other.knowledge.publish()
        ran = replydesk(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert "in use by another process" in ran.err
    assert len(ran.err.splitlines()) == 1


# --- the demo -----------------------------------------------------------------------------------------------


@pytest.fixture
def empty(home: Path) -> Iterator[App]:
    with bootstrap.build(Settings(home=home)) as app:
        yield app


@pytest.fixture
def small_demo(monkeypatch: pytest.MonkeyPatch, knowledge_files: Path) -> None:
    texts = (("Wo bleibt mein Paket?", "DE"), ("Is it dishwasher safe?", "UK"))
    cases = [Case.model_validate({"message": {"text": text, "marketplace": place}}) for text, place in texts]
    monkeypatch.setattr(demo, "KNOWLEDGE", knowledge_files)
    monkeypatch.setattr(demo, "VECTORS", knowledge_files / "none.npz")
    monkeypatch.setattr(data, "demo_messages", lambda: cases)


@pytest.mark.usefixtures("small_demo")
def test_an_empty_home_is_filled_once(empty: App) -> None:
    assert demo.fill_knowledge(empty) == 3
    assert demo.fill_knowledge(empty) == 0
    made = demo.make_keys(empty)
    assert [key.role for key in made] == list(Role)
    assert demo.make_keys(empty) == []
    assert demo.wants_messages(empty)
    feeder = demo.MessageFeeder(empty)
    feeder.run()
    assert not demo.wants_messages(empty)
    feeder.run()
    assert len(empty.service.listing().items) == 2


@pytest.mark.usefixtures("small_demo")
def test_the_first_start_shows_keys_and_the_second_says_so(
    replydesk: Replydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(self: Server, sockets: list[socket.socket]) -> None:
        assert sockets[0].getsockname()[0] == "127.0.0.1"

    monkeypatch.setattr(Server, "run", run)
    first = replydesk("serve", "--port", "0", "--demo")
    assert first.code == 0, first.err
    assert first.out.count("rd_") == len(Role)
    second = replydesk("serve", "--port", "0", "--demo")
    assert "rd_" not in second.out
    assert "replydesk keys add" in second.out
    third = replydesk("serve", "--port", "0")
    assert "key" not in third.out


@pytest.mark.usefixtures("small_demo")
def test_a_message_that_fails_is_left_out(
    empty: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret words of a buyer")

    monkeypatch.setattr(empty.service, "suggest", fail)
    demo.MessageFeeder(empty).run()
    assert "demo message 1: RuntimeError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.usefixtures("small_demo")
def test_a_feeder_that_is_stopped_drafts_nothing_more(empty: App) -> None:
    feeder = demo.MessageFeeder(empty)
    feeder.stop()
    feeder.run()
    assert demo.wants_messages(empty)


def test_missing_demo_knowledge_is_no_fault(
    empty: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "KNOWLEDGE", tmp_path / "none")
    assert demo.fill_knowledge(empty) == 0
