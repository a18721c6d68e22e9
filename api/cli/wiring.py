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
def store_app() -> Iterator["StoreApp"]:
    """The database alone, which may be opened beside a running service."""
    from assistant.bootstrap import build_store_only
    from assistant.settings import load

    with build_store_only(load()) as app:
        yield app
