from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evals.online.decided import Decided, Fate
from evals.online.measures import by_group, change, share, spread, summary

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
Make = Callable[..., Decided]


@pytest.fixture
def make() -> Make:
    def make(fate: Fate, **fields: Any) -> Decided:
        base: dict[str, Any] = {
            "id": "x",
            "created_at": START,
            "fate": fate,
            "tier": 1,
            "intent": "tracking",
            "language": "de",
            "marketplace": "DE",
            "drafter": "composer",
            "model": "composer",
            "prompt": "none",
        }
        return Decided.model_validate(base | fields)

    return make


def test_shares_are_of_what_was_decided(make: Make) -> None:
    cases = [
        *(make("unedited", distance=0.0, seconds=60.0) for _ in range(6)),
        make("lightly_edited", distance=0.1, seconds=120.0, drafts=2),
        make("rewritten", distance=0.8, seconds=600.0, reasons=("too long",), overridden=True),
        make("rejected", seconds=30.0, reasons=("too cold",)),
        make("rejected", seconds=30.0, reasons=("too cold",), escalated=True),
        make("open"),
        make("stale"),
    ]
    found = summary("all", cases)
    assert (found.suggestions, found.decided, found.waiting, found.stale) == (12, 10, 1, 1)
    assert {fate: one.value for fate, one in found.shares.items()} == {
        "unedited": 0.6,
        "lightly_edited": 0.1,
        "rewritten": 0.1,
        "rejected": 0.2,
    }
    assert (found.again.count, found.escalated.count) == (1, 1)
    assert found.reasons == (("too cold", 2), ("too long", 1))
    assert found.median_distance == 0.0
    assert (found.time_to_decision.n, found.time_to_decision.p50) == (10, 60.0)


def test_an_interval_is_wilsons() -> None:
    # 6 of 10: Wilson 1927, formula worked out by hand
    found = share(6, 10)
    assert [found.low, found.high] == pytest.approx([0.3127, 0.8318], abs=1e-3)
    assert share(0, 0).value is None


@pytest.mark.parametrize(
    ("seconds", "p50", "p90"), [([], None, None), ([5.0], 5.0, 5.0), ([0.0, 10.0, 20.0], 10.0, 18.0)]
)
def test_times(seconds: list[float], p50: float | None, p90: float | None) -> None:
    found = spread(seconds)
    assert (found.n, found.p50, found.p90) == (len(seconds), p50, p90)


@pytest.mark.parametrize(
    ("group", "fields", "names"),
    [
        ("language", {"language": "ja"}, ["de", "ja"]),
        ("agent", {"agent": "kim"}, ["nobody yet", "kim"]),
        ("tier", {"tier": 3}, ["1", "3"]),
        ("prompt", {"prompt": "reply/v2@1"}, ["none", "reply/v2@1"]),
        ("week", {"created_at": START + timedelta(weeks=1)}, ["2026-W45", "2026-W46"]),
    ],
)
def test_groups_come_most_frequent_first(
    make: Make, group: Any, fields: dict[str, Any], names: list[str]
) -> None:
    cases = [make("open"), make("open"), make("unedited", **fields)]
    assert [one.group for one in by_group(cases, group)] == names


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((10, 40), (30, 40), "better"),
        ((30, 40), (10, 40), "worse"),
        ((10, 40), (12, 40), "no evidence of change"),
        ((0, 0), (10, 40), "too few decisions"),
        ((10, 40), (0, 0), "too few decisions"),
    ],
)
def test_noise_is_not_called_progress(
    make: Make, before: tuple[int, int], after: tuple[int, int], verdict: str
) -> None:
    def some(good: int, of: int, at: datetime) -> list[Decided]:
        return [make("unedited" if place < good else "rewritten", created_at=at) for place in range(of)]

    at = START + timedelta(days=7)
    found = change([*some(*before, START), *some(*after, at)], at)
    assert found.verdict == verdict
    assert (found.before.decided, found.after.decided) == (before[1], after[1])
    assert (found.p is None) == (verdict == "too few decisions")
