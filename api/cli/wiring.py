"""Opening the product for one command, and giving it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.bootstrap import App, StoreApp


@contextmanager
def whole_app() -> Iterator["App"]:
    """Database, knowledge and drafter as the environment says; raises the errors of both trees."""
    from assistant.bootstrap import build
    from assistant.settings import load

    with build(load()) as app:
        yield app


@contextmanager
def searching_app() -> Iterator["App"]:
    """The whole product, with its knowledge proven to be searchable."""
    with whole_app() as app:
        warm_up(app)
        yield app


def warm_up(app: "App") -> None:
    """Search once: what keeps the knowledge from being searched ends the command, not each of its cases.

    Raises:
        KnowledgeUnavailable: in use by another process, broken, or made by another encoder.
    """
    from knowledge_base.types import Query

    if app.knowledge.active_release() is not None:
        app.knowledge.search(Query("parcel", k=1))


@contextmanager
def store_app() -> Iterator["StoreApp"]:
    """The database alone, which may be opened beside a running service."""
    from assistant.bootstrap import build_store_only
    from assistant.settings import load

    with build_store_only(load()) as app:
        yield app
