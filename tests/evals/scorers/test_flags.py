"""Flags labelled beside flags raised."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain import Triage
from assistant.vocabulary import RiskFlag
from evals.scorers.flags import flags, none_missed
from evals.scorers.tier import TriageCase

Message = Callable[..., TriageCase]
Triaged = Callable[..., Triage]


@pytest.mark.parametrize(
    ("wanted", "got", "counts", "value", "missed", "why"),
    [
        ((), (), (0, 0, 0), 1.0, None, ""),
        (("legal",), ("legal",), (1, 0, 0), 1.0, True, ""),
        ((), ("legal",), (0, 1, 0), 0.0, None, "raised without cause: legal"),
        (("safety", "legal"), ("legal",), (1, 0, 1), 0.5, False, "missing: safety"),
        (("safety",), ("legal",), (0, 1, 1), 0.0, False, "missing: safety; raised without cause: legal"),
        (("safety",), ("legal", "safety"), (1, 1, 0), 0.5, True, "raised without cause: legal"),
    ],
)
def test_flags(
    make_message: Message,
    triaged: Triaged,
    wanted: tuple[str, ...],
    got: tuple[str, ...],
    counts: tuple[int, int, int],
    value: float,
    missed: bool | None,
    why: str,
) -> None:
    case, triage = make_message(tier=3, flags=wanted), triaged(tier=3, risk_flags=got)
    score = flags(case, triage)
    assert tuple(score.parts[name] for name in ("tp", "fp", "fn")) == counts
    assert (score.value, score.passed, score.why) == (value, wanted == got, why)
    assert none_missed(case, triage).passed is missed


def test_a_case_counts_with_every_flag_it_has(make_message: Message, triaged: Triaged) -> None:
    case, triage = make_message(flags=("legal",)), triaged(risk_flags=("fraud",))
    assert flags(case, triage).slices == ("flag=legal", "flag=fraud")
    danger = none_missed(case, triage)
    assert (danger.slices, danger.why) == (("flag=legal",), "missed: legal")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(wanted=st.sets(st.sampled_from(RiskFlag)), got=st.sets(st.sampled_from(RiskFlag)))
def test_every_flag_is_counted_once(
    make_message: Message, triaged: Triaged, wanted: set[RiskFlag], got: set[RiskFlag]
) -> None:
    score = flags(make_message(flags=tuple(wanted)), triaged(risk_flags=tuple(got)))
    assert score.parts["tp"] + score.parts["fn"] == len(wanted)
    assert score.parts["tp"] + score.parts["fp"] == len(got)
