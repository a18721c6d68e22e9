"""Asking a model server whether it is there, against a real one on this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from assistant.readiness import CACHE_SECONDS, ModelProbe, Part


class Models(HTTPServer):
    status = 200
    asked: list[tuple[str, str | None]]


class Answer(BaseHTTPRequestHandler):
    server: Models

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

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
        (503, Part(False, "the model server fails (HTTP 503)")),
    ],
)
def test_what_the_status_means(server: Models, status: int, part: Part) -> None:
    server.status = status
    assert ModelProbe(address(server) + "/", "secret")() == part
    assert server.asked == [("/v1/models", "Bearer secret")]


def test_the_answer_is_kept_for_a_while(server: Models) -> None:
    time = [0.0]
    probe = ModelProbe(address(server), None, clock=lambda: time[0])
    assert probe() == probe() == Part(True, "reachable")
    assert server.asked == [("/v1/models", None)]
    server.status, time[0] = 500, CACHE_SECONDS
    assert not probe().ok
    assert len(server.asked) == 2


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "file:///etc", "http://[bad"])
def test_a_server_that_is_not_there(url: str) -> None:
    assert not ModelProbe(url, None)().ok


def test_without_an_address_it_is_openai() -> None:
    assert ModelProbe(None, None)._url == "https://api.openai.com/v1/models"
