"""Figures for Prometheus, one registry an application, so that tests and processes do not share counts."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from assistant.domain import Suggestion

SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "replydesk_http_requests_total",
            "HTTP requests by method, route template and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._latency = Histogram(
            "replydesk_http_request_seconds",
            "Time to answer a request, in seconds.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._drafts = Counter(
            "replydesk_drafts_total",
            "Drafts made by drafter, outcome and verdict of the guard.",
            ("drafter", "outcome", "verdict", "degraded"),
            registry=self.registry,
        )
        self._open = Gauge(
            "replydesk_open_suggestions",
            "Suggestions that wait for a person, by status.",
            ("status",),
            registry=self.registry,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one exchange. Made-up methods share one label: whoever calls must not be able to add rows."""
        method = method if method in METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._latency.labels(method, route).observe(seconds)

    def draft(self, suggestion: Suggestion) -> None:
        """Count one draft that was made."""
        draft = suggestion.draft
        degraded = str(draft.degraded).lower()
        self._drafts.labels(draft.drafter, draft.outcome, suggestion.guard.verdict, degraded).inc()

    def exposition(self, open_by_status: Mapping[str, int]) -> bytes:
        """All figures in Prometheus' text format."""
        for status, number in open_by_status.items():
            self._open.labels(status).set(number)
        return generate_latest(self.registry)
