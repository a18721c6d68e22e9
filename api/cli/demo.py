"""Filling an empty home for ``make run``: the demo seller's knowledge, a key per role, buyer messages."""

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.store.keys import NewKey

log = logging.getLogger(__name__)

_ROOT = Path(__file__).parents[2]
KNOWLEDGE = _ROOT / "knowledge_base" / "demo"
VECTORS = KNOWLEDGE / "vectors.npz"


def fill_knowledge(app: "App") -> int:
    """Import and publish the demo seller's documents where nothing is served yet; return how many."""
    if app.knowledge.active_release() is not None or not KNOWLEDGE.is_dir():
        return 0
    if VECTORS.is_file():
        app.knowledge.seed_vectors(VECTORS)
    report = app.knowledge.import_paths([KNOWLEDGE], publish=True, actor="demo")
    for refusal in report.refused:
        log.warning("demo knowledge: %s: %s", refusal.origin, refusal.reason)
    return len(report.added)


def make_keys(app: "App") -> list["NewKey"]:
    """Make one key a role where there is none at all."""
    from assistant.vocabulary import Role

    return [] if app.keys.listing() else [app.keys.add(role, f"demo {role}") for role in Role]


class MessageFeeder(threading.Thread):
    """Drafts the demo messages one after the other while the service runs; stops when told to."""

    def __init__(self, app: "App") -> None:
        super().__init__(name="demo-messages", daemon=True)
        self._app = app
        self._stopping = threading.Event()

    def run(self) -> None:
        """Draft until all is done; a message that fails is logged and left out."""
        from assistant.domain import Actor
        from assistant.vocabulary import Role
        from evals.data import demo_messages

        actor = Actor(key_id="demo", name="demo", role=Role.AGENT)
        for number, case in enumerate(demo_messages(), 1):
            if self._stopping.is_set():
                return
            try:
                self._app.service.suggest(case, actor, idempotency_key=f"demo-{number}")
            except Exception as error:
                log.warning("demo message %d: %s", number, type(error).__name__)

    def stop(self) -> None:
        """Finish the message at hand, then end."""
        self._stopping.set()
        if self.is_alive():
            self.join(timeout=10)


def wants_messages(app: "App") -> bool:
    """Whether there is no suggestion yet, of any state."""
    from assistant.store.records import QueueFilter

    return not app.service.listing(QueueFilter(limit=1)).items
