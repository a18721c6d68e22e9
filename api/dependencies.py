"""What the routes are given: the wired application and the caller, known before the body is read."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, cast

from fastapi import Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from api.metrics import Metrics
from api.roles import allowed, may
from assistant.bootstrap import App
from assistant.domain import Actor
from assistant.errors import NotAllowed

bearer = HTTPBearer(auto_error=False, scheme_name="key", description="`Authorization: Bearer <key>`")
"""Only describes the scheme in the OpenAPI document; :class:`GuardedRoute` enforces it."""


class GuardedRoute(APIRoute):
    """A route that knows its caller before it reads the body, so that strangers cannot make it work."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler in the check of key and role."""
        handler = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            actor = await run_in_threadpool(authenticate, request)
            if not may(actor.role, self.name):
                raise NotAllowed(
                    f"a key of role {actor.role} may not do this, one of {allowed(self.name)} may"
                )
            request.state.actor = actor
            return await handler(request)

        return guarded


def authenticate(request: Request) -> Actor:
    """Find the holder of the key.

    Raises:
        HTTPException: 401, with the scheme that is expected.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    actor = wired(request).keys.authenticate(key.strip()) if scheme.lower() == "bearer" else None
    if actor is None:
        detail = "this key is unknown or revoked" if key else "send a key: Authorization: Bearer <key>"
        raise HTTPException(401, detail, headers={"WWW-Authenticate": 'Bearer realm="replydesk"'})
    return actor


def wired(request: Request) -> App:
    """The application behind this request."""
    return cast("App", request.app.state.desk)


def caller(request: Request) -> Actor:
    """Who calls, as the route has found out."""
    return cast("Actor", request.state.actor)


def metrics_of(request: Request) -> Metrics:
    """The counters of this application."""
    return cast("Metrics", request.app.state.metrics)


Counters = Annotated[Metrics, Depends(metrics_of)]
Wired = Annotated[App, Depends(wired)]
Caller = Annotated[Actor, Depends(caller)]
