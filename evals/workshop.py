"""A throw-away home with the demo seller's knowledge published: what the checks and benchmarks work on."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.settings import Settings, load
from evals.data import DEMO_NOW, KNOWLEDGE

if TYPE_CHECKING:
    from assistant.bootstrap import App


@contextmanager
def demo_app(**changes: Any) -> Iterator["App"]:
    """Build the whole service on a new home at ``DEMO_NOW``; ``changes`` override the environment."""
    from assistant.bootstrap import build

    with tempfile.TemporaryDirectory() as folder:
        settings: Settings = load().model_copy(update={"home": Path(folder) / "home", **changes})
        app = build(settings, now=lambda: DEMO_NOW)
        try:
            app.knowledge.seed_vectors(KNOWLEDGE / "vectors.npz")
            app.knowledge.import_paths([KNOWLEDGE], publish=True)
            yield app
        finally:
            app.close()
