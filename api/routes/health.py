"""Whether the service lives, whether it can work, and its figures."""

import logging
from collections.abc import Mapping
from dataclasses import asdict

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from api.dependencies import Counters, GuardedRoute, Wired, bearer
from api.errors import problem_for_status, public
from api.schemas import Health, Ready
from assistant.store.records import OPEN
from assistant.vocabulary import Status

log = logging.getLogger(__name__)

router = APIRouter(tags=["operation"])
guarded = APIRouter(tags=["operation"], route_class=GuardedRoute, dependencies=[Depends(bearer)])

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz", summary="The process answers")
def healthz() -> Health:
    """Needs no key and looks at nothing."""
    return Health()


@router.get("/readyz", summary="The service can work", response_model=Ready)
def readyz(app: Wired, request: Request) -> Response:
    """Database, knowledge and chat model, each with what it says; 503 when one of them is out of reach."""
    readiness = app.service.ready()
    parts = asdict(readiness)
    if readiness.ok:
        return JSONResponse({"status": "ready", "parts": parts})
    log.warning("not ready: %s", {name: part["state"] for name, part in parts.items() if not part["ok"]})
    for part in parts.values():
        part["state"] = public(request, part["state"])
    failing = "; ".join(f"{name}: {part['state']}" for name, part in parts.items() if not part["ok"])
    return problem_for_status(503, failing, parts=parts)


def _open(counts: Mapping[Status, int]) -> dict[str, int]:
    return {status.value: number for status, number in counts.items() if status in OPEN}


@guarded.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
def read_metrics(app: Wired, metrics: Counters) -> Response:
    """Requests, latencies, drafts and open suggestions in Prometheus' text format."""
    return Response(metrics.exposition(_open(app.service.counts())), media_type=EXPOSITION)
