"""Whether the parts that an answer depends on can be reached, one line a part."""

import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException

from sqlalchemy import Engine, text

from assistant.errors import StoreUnavailable
from assistant.store.engine import read
from knowledge_base.errors import KnowledgeError
from knowledge_base.types import ReleaseInfo

CACHE_SECONDS = 15.0
PROBE_SECONDS = 2.0
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: whether it is ready, and what it says."""

    ok: bool
    state: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """All parts; ready only as a whole."""

    database: Part
    knowledge: Part
    model: Part

    @property
    def ok(self) -> bool:
        """Whether every part is ready."""
        return self.database.ok and self.knowledge.ok and self.model.ok


NO_MODEL = Part(True, "none needed")


def no_model() -> Part:
    """The composer drafts alone."""
    return NO_MODEL


def database(engine: Engine) -> Part:
    """Whether the database answers."""
    try:
        with read(engine) as connection:
            connection.execute(text("SELECT 1"))
    except StoreUnavailable as error:
        return Part(False, str(error))
    return Part(True, "reachable")


def served(active_release: Callable[[], ReleaseInfo | None]) -> Part:
    """Which knowledge is served; none at all is no fault, drafts then rest on the order alone."""
    try:
        release = active_release()
    except (KnowledgeError, StoreUnavailable) as error:
        return Part(False, str(error))
    return Part(True, f"release {release.number}" if release else "empty")


class ModelProbe:
    """Asks an OpenAI-compatible server for its models, at most every ``CACHE_SECONDS``."""

    def __init__(
        self, base_url: str | None, api_key: str | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = f"{(base_url or OPENAI_URL).rstrip('/')}/models"
        self._api_key = api_key
        self._clock = clock
        self._lock = threading.Lock()
        self._last: tuple[float, Part] | None = None
        self._asking: threading.Thread | None = None

    def __call__(self) -> Part:
        """Return the state of the server, now or a moment ago."""
        with self._lock:
            if self._last is None or self._clock() - self._last[0] >= CACHE_SECONDS:
                self._last = (self._clock(), self._in_time())
            return self._last[1]

    def _in_time(self) -> Part:
        """Ask in a thread: a server that sends byte after byte never runs into the timeout of a socket."""
        if self._asking is None or not self._asking.is_alive():
            answer: queue.SimpleQueue[Part] = queue.SimpleQueue()
            self._asking = threading.Thread(
                target=lambda: answer.put(self._ask()), name="model-probe", daemon=True
            )
            self._asking.start()
            with suppress(queue.Empty):
                return answer.get(timeout=PROBE_SECONDS)
        return Part(False, f"not reachable: no answer within {PROBE_SECONDS:.0f} s")

    def _ask(self) -> Part:
        if not self._url.startswith(("http://", "https://")):
            return Part(False, "OPENAI_BASE_URL is not an http address")
        headers = {"Authorization": f"Bearer {self._api_key}"} if self._api_key else {}
        try:
            request = urllib.request.Request(self._url, headers=headers)  # noqa: S310  scheme checked above
            with urllib.request.urlopen(request, timeout=PROBE_SECONDS) as answer:  # noqa: S310
                if answer.headers.get_content_type() == "text/html":
                    return Part(False, "what answers is no model server but a web page")
                return Part(True, "reachable")
        except urllib.error.HTTPError as error:
            with error:
                return _answered(error.code)
        except (OSError, ValueError, HTTPException) as error:
            return Part(False, f"not reachable: {getattr(error, 'reason', error)}")


def _answered(status: int) -> Part:
    if status in {401, 403}:
        return Part(False, f"the model server refuses the key (HTTP {status})")
    if status == 429:
        return Part(False, "the model server takes no more requests for now (HTTP 429)")
    if status >= 500:
        return Part(False, f"the model server fails (HTTP {status})")
    return Part(True, "reachable")  # some servers list no models
