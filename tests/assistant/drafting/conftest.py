"""A model server on loopback that behaves as badly as it is told to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@pytest.fixture
def completion() -> Callable[..., bytes]:
    """Build the body of an answer of an OpenAI-compatible server."""
    return _completion


def _completion(content: str | None, **extra: Any) -> bytes:
    message = {"role": "assistant", "content": content} | extra.pop("message", {})
    choice = {"index": 0, "message": message, "finish_reason": extra.pop("finish_reason", "stop")}
    body = {
        "id": "c-1",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [choice],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
    return json.dumps(body | extra).encode()


@dataclass
class FakeModelServer:
    """``script``: (status, content type, body, seconds to wait, Retry-After) a call; the last one repeats."""

    url: str = ""
    script: list[tuple[int, str, bytes, float, str]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def says(
        self,
        body: bytes,
        *,
        status: int = 200,
        kind: str = "application/json",
        wait: float = 0,
        retry_after: str = "",
    ) -> None:
        self.script.append((status, kind, body, wait, retry_after))


@pytest.fixture
def model_server() -> Iterator[FakeModelServer]:
    fake = FakeModelServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            fake.requests.append(json.loads(self.rfile.read(length)))
            status, kind, body, wait, retry_after = (
                fake.script.pop(0) if len(fake.script) > 1 else fake.script[0]
            )
            time.sleep(wait)
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if retry_after:
                    self.send_header("Retry-After", retry_after)
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client gave up waiting, as the test wants

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}/v1"
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()
