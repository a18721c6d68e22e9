"""What every HTTP exchange passes, as plain ASGI: log line, figures, security headers, faults, size limit."""

import logging
import time
import traceback
from collections.abc import Callable

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import UNEXPECTED, problem_for_status

log = logging.getLogger("api.access")
faults = logging.getLogger("api.faults")

Observer = Callable[[str, str, int, float], None]
"""Told method, route template, status and seconds of every exchange."""

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Pages that need scripts set their own policy; a header that is set already is kept."""


class AccessLog:
    """One line an exchange: never the query, the body, or a header, for these hold buyers' data and keys."""

    def __init__(self, app: ASGIApp, observe: Observer) -> None:
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "unknown")
            log.info("method=%s route=%s status=%d ms=%.1f", scope["method"], route, status, seconds * 1000)
            self._observe(scope["method"], route, status, seconds)


class SecurityHeaders:
    """Headers for every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class Faults:
    """An unexpected exception becomes a 500 that tells nothing; the log gets its class and place.

    The text of an exception may hold a buyer's words; it is logged at level DEBUG only.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            place = "".join(traceback.format_tb(error.__traceback__)[-8:])
            faults.error("unexpected %s\n%s", type(error).__name__, place)
            faults.debug("its text: %s", error)
            if scope["type"] != "http" or started:
                raise
            await problem_for_status(500, UNEXPECTED)(scope, receive, send)


class BodyLimit:
    """Bodies above ``most`` bytes are refused: by their declared length, else once they have grown."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._detail = f"the body may have at most {most} bytes"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._most:
            await problem_for_status(413, self._detail)(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most:
                raise HTTPException(413, self._detail)
            return message

        await self._app(scope, counted, send)
