"""Asking a model server whether it is there, against a real one on this machine."""

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from assistant.readiness import CACHE_SECONDS, ModelProbe, Part


class Models(HTTPServer):
    status = 200
    kind = "application/json"
    drip = 0.0
    asked: list[tuple[str, str | None]]


class Answer(BaseHTTPRequestHandler):
    server: Models

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.send_header("Content-Type", self.server.kind)
        if self.server.drip:
            self._drip()
        self.end_headers()

    def _drip(self) -> None:
        """Send a header byte by byte, as a server does that keeps a connection from timing out."""
        self.flush_headers()
        self.wfile.write(b"X-Slow: ")
        end = time.monotonic() + self.server.drip
        with contextlib.suppress(OSError):
            while time.monotonic() < end:
                self.wfile.write(b"a")
                time.sleep(0.02)
            self.wfile.write(b"\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[Models]:
    server = Models(("127.0.0.1", 0), Answer)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def address(server: Models) -> str:
    return f"http://127.0.0.1:{server.server_port}/v1"


@pytest.mark.parametrize(
    ("status", "part"),
    [
        (200, Part(True, "reachable")),
        (404, Part(True, "reachable")),
        (401, Part(False, "the model server refuses the key (HTTP 401)")),
        (429, Part(False, "the model server takes no more requests for now (HTTP 429)")),
        (503, Part(False, "the model server fails (HTTP 503)")),
    ],
)
def test_what_the_status_means(server: Models, status: int, part: Part) -> None:
    server.status = status
    assert ModelProbe(address(server) + "/", "secret")() == part
    assert server.asked == [("/v1/models", "Bearer secret")]


def test_the_answer_is_kept_for_a_while(server: Models) -> None:
    now = [0.0]
    probe = ModelProbe(address(server), None, clock=lambda: now[0])
    assert probe() == probe() == Part(True, "reachable")
    assert server.asked == [("/v1/models", None)]
    server.status, now[0] = 500, CACHE_SECONDS
    assert not probe().ok
    assert len(server.asked) == 2


def test_a_web_page_is_no_model_server(server: Models) -> None:
    server.kind = "text/html; charset=utf-8"
    assert ModelProbe(address(server), None)() == Part(
        False, "what answers is no model server but a web page"
    )


def test_a_server_that_drips_is_not_waited_for(server: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.readiness.PROBE_SECONDS", 0.2)
    server.drip, now = 60.0, [0.0]
    probe = ModelProbe(address(server), None, clock=lambda: now[0])
    late = Part(False, "not reachable: no answer within 0 s")
    started = time.monotonic()
    assert probe() == late
    now[0] = CACHE_SECONDS
    assert probe() == late  # still under way: not asked once more
    assert time.monotonic() - started < server.drip
    assert len(server.asked) == 1
    assert probe._asking is not None
    probe._asking.join()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "file:///etc", "http://[bad"])
def test_a_server_that_is_not_there(url: str) -> None:
    assert not ModelProbe(url, None)().ok


def test_without_an_address_it_is_openai() -> None:
    assert ModelProbe(None, None)._url == "https://api.openai.com/v1/models"
