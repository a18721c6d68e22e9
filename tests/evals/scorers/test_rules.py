"""A breach found under a wrong name misleads the person who has to mend it."""

from collections.abc import Callable

import pytest

from assistant.domain import GuardReport
from evals.cases import EvalCase
from evals.scorers.rules import named, right_rule
from evals.targets import GuardRequest, GuardTarget

TEXT = "Guten Tag, rufen Sie uns an."


@pytest.mark.parametrize(
    ("rule", "wanted", "same"),
    [
        ("AMZ-14", "AMZ-14", True),
        ("AMZ-14", "AMZ-1", False),
        ("AMZ-14", "AMZ", True),
        ("PR-01", "PR", True),
        ("PRX-01", "PR", False),
        ("PR", "PR-01", False),
    ],
)
def test_a_family_stands_for_its_rules(rule: str, wanted: str, same: bool) -> None:
    assert named(rule, wanted) is same


@pytest.mark.parametrize(
    ("rules", "found", "right", "why"),
    [
        (("AMZ-14",), (("AMZ-14", "rufen"),), True, ""),
        (("AMZ-13", "AMZ-14"), (("GR-02", "Tag"), ("AMZ-14", "rufen")), True, ""),
        (("PR",), (("PR-03", "rufen"),), True, ""),
        (("AMZ-14",), (("GR-02", "Tag"), ("AMZ-14", "rufen", "warn")), False, "AMZ-14 wanted, GR-02 found"),
        (("AMZ-13", "TN"), (("GR-02", "Tag"),), False, "AMZ-13 or TN wanted, GR-02 found"),
        (("AMZ-14",), (), None, "nothing was stopped, or had to be"),
    ],
)
def test_names(
    make_draft: Callable[..., EvalCase[GuardRequest, GuardTarget]],
    report_of: Callable[..., GuardReport],
    rules: tuple[str, ...],
    found: tuple[tuple[str, ...], ...],
    right: bool | None,
    why: str,
) -> None:
    score = right_rule(make_draft(TEXT, rules=rules), report_of(TEXT, *found))
    assert (score.passed, score.why) == (right, why)
    if right is not None:
        assert score.slices == tuple(f"rule={rule}" for rule in rules)


def test_a_good_reply_has_no_right_rule(
    make_draft: Callable[..., EvalCase[GuardRequest, GuardTarget]], report_of: Callable[..., GuardReport]
) -> None:
    good = make_draft(TEXT, verdict="pass", rules=())
    assert right_rule(good, report_of(TEXT, ("AMZ-14", "rufen"))).value is None
