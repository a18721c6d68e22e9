"""``replydesk serve``: the HTTP service, in this process."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import say
from api.cli.wiring import warm_up

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.settings import Settings

SHUTDOWN_SECONDS = 10
_OURS = ("api", "assistant", "knowledge_base")


def serve(
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; default REPLYDESK_HOST.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65_535, help="Port; 0 picks a free one; default REPLYDESK_PORT."),
    ] = None,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo", help="Fill an empty home with the demo seller's knowledge, messages and keys."
        ),
    ] = False,
) -> None:
    """Start the service and print its address."""
    from assistant.bootstrap import build
    from assistant.settings import load

    settings = load()
    _set_up_logging(settings)
    with (
        _listening(host or settings.host, settings.port if port is None else port) as door,
        build(settings) as app,
    ):
        _run(app, door, demo=demo)


def _run(app: "App", door: socket.socket, *, demo: bool) -> None:
    from uvicorn import Config, Server

    from api.app import create_app
    from api.cli.demo import MessageFeeder, fill_knowledge, wants_messages

    if demo and fill_knowledge(app):
        say("The demo seller's knowledge is in place.")
    warm_up(app)
    config = Config(
        create_app(app),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    feeder = MessageFeeder(app) if demo and wants_messages(app) else None
    _announce(app, door, demo=demo)
    with _quiet_signals():
        if feeder:
            feeder.start()
        try:
            Server(config).run(sockets=[door])
        finally:
            if feeder:
                feeder.stop()
    say("Stopped.")


def _announce(app: "App", door: socket.socket, *, demo: bool) -> None:
    from api.cli.demo import make_keys

    host, port = door.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    say(f"ReplyDesk listens on http://{shown}:{port}")
    made = make_keys(app) if demo else []
    for key in made:
        say(f"  {key.role:18} {key.key}")
    if made:
        say("These keys are shown this once. Send one as: Authorization: Bearer <key>")
    elif demo:
        say("The keys were shown at the first start. Another one: replydesk keys add --role agent")
    elif not app.keys.listing():
        say("There is no key yet. Make one: replydesk keys add --role agent")
    sys.stdout.flush()


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything else is opened.

    Raises:
        SettingsInvalid: it cannot be had.
    """
    from assistant.errors import SettingsInvalid

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise SettingsInvalid(f"cannot listen on {host}:{port}: {_why(error)}") from None
    with door:
        yield door


def _why(error: OSError) -> str:
    """The system's own words, without what Python adds to them; of name look-ups their text as it is."""
    named = isinstance(error, socket.gaierror) or error.errno is None
    return str(error.strerror or error) if named else os.strerror(error.errno or 0).lower()


@contextmanager
def _quiet_signals() -> Iterator[None]:
    """Uvicorn stops at these signals and then raises them again; by then they have done their work."""
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: None) for number in wanted]
    try:
        yield
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


def _set_up_logging(settings: "Settings") -> None:
    """Our own lines at the level that was set, those of libraries from WARNING on, whatever these set."""
    import logging

    def wanted(record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] in _OURS

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(wanted)
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(settings.log_level)
