"""A tier may be wrong in two ways that do not weigh the same."""

from collections.abc import Callable

import pytest

from assistant.domain import Triage
from evals.scorers.tier import TriageCase, not_too_low, right_tier

Message = Callable[..., TriageCase]
Triaged = Callable[..., Triage]


@pytest.mark.parametrize(
    ("wanted", "got", "right", "high_enough"),
    [
        (1, 1, True, None),
        (1, 3, False, None),
        (2, 1, False, False),
        (2, 2, True, True),
        (2, 3, False, True),
        (3, 2, False, False),
        (3, 3, True, True),
    ],
)
def test_tiers(
    make_message: Message, triaged: Triaged, wanted: int, got: int, right: bool, high_enough: bool | None
) -> None:
    case, triage = make_message(tier=wanted, flags=("legal",)), triaged(tier=got)
    score, danger = right_tier(case, triage), not_too_low(case, triage)
    assert (score.passed, danger.passed) == (right, high_enough)
    assert (score.expected, score.got) == (str(wanted), str(got))
    assert score.slices == (f"tier={wanted}", "flag=legal")
    assert score.why == ("" if right else f"tier {wanted} wanted, {got} given")
    highest = {"n_3": 1.0, "found_3": float(right)} if wanted == 3 else {}
    assert score.parts == {"right": float(right), "n": 1.0, **highest}
