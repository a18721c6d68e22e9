"""The HTTP application: routes, errors and middleware around a wired product."""

from fastapi import FastAPI

from api import errors, openapi
from api.metrics import Metrics
from api.middleware import AccessLog, BodyLimit, Faults, SecurityHeaders
from api.routes import checks, health, knowledge, suggestions
from assistant.bootstrap import App


def create_app(app: App) -> FastAPI:
    """Make the application; ``app`` is closed by whoever built it."""
    http = bare_app()
    http.state.desk = app
    http.state.places = errors.places_of(app)
    metrics: Metrics = http.state.metrics
    # the one added last is the outermost
    http.add_middleware(BodyLimit, most=app.settings.max_request_bytes)
    http.add_middleware(Faults)
    http.add_middleware(SecurityHeaders)
    http.add_middleware(AccessLog, observe=metrics.request)
    return http


def bare_app() -> FastAPI:
    """Routes and their description alone: enough for the API reference."""
    http = FastAPI(
        title="ReplyDesk",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    for router in (suggestions.router, checks.router, knowledge.router, health.router, health.guarded):
        http.include_router(router)
    http.state.metrics = Metrics()
    errors.install(http)
    openapi.install(http)
    return http
