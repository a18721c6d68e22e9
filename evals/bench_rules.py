"""Timings of the pure stages in one process: triage and guard on ordinary and on hostile texts."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from assistant.guard.check import check
from assistant.guard.context import GuardContext
from assistant.triage.classify import TriageRequest, classify
from evals.data import demo_messages

DRAFT_CHARACTERS = 1_500
ROUNDS = 5
T = TypeVar("T")
HOSTILE = (
    "a" * 100_000,
    "1 " * 50_000,
    "@." * 50_000,
    "(" * 100_000,
    "ｗ．" * 50_000,
    "review 5 stars " * 6_600,
)


def rows() -> Iterator[tuple[str, str]]:
    """What was timed and the figure, one row each; the first call of each stage is left out."""
    cases = [*demo_messages()] * ROUNDS
    requests = (TriageRequest(text=one.message.text, order=one.order, thread=one.thread) for one in cases)
    yield "triage of a demo message, p50 / p99", _spread(_timed(classify, one) for one in requests)
    drafts = (f"{n} {one.message.text * 50}"[:DRAFT_CHARACTERS] for n, one in enumerate(cases))
    label = f"guard, all rules, {DRAFT_CHARACTERS:,} characters, p50 / p99"
    yield label, _spread(_timed(_guarded, text) for text in drafts)
    worst = max(_timed(_guarded, text) for text in HOSTILE)
    yield "guard, worst of six hostile texts of 100 kB", f"{worst:.0f} ms"


def _guarded(text: str) -> None:
    check(text, GuardContext(marketplace="DE", passages=()))


def _timed(work: Callable[[T], object], given: T) -> float:
    """Milliseconds of processor time."""
    started = time.process_time()
    work(given)
    return (time.process_time() - started) * 1000


def _spread(times: Iterable[float]) -> str:
    measured = list(times)[1:]
    return f"{statistics.median(measured):.1f} / {statistics.quantiles(measured, n=100)[-1]:.1f} ms"
