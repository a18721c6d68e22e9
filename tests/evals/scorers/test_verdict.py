"""A bad reply has to be stopped, gravely enough; a good one has to pass."""

from collections.abc import Callable

import pytest

from assistant.domain import GuardReport
from evals.cases import EvalCase
from evals.scorers.verdict import grave_enough, let_pass, stopped
from evals.targets import GuardRequest, GuardTarget

Draft = Callable[..., EvalCase[GuardRequest, GuardTarget]]
Report = Callable[..., GuardReport]
TEXT = "Guten Tag, rufen Sie uns an."


@pytest.mark.parametrize(
    ("wanted", "severity", "judged_stopped", "judged_pass", "judged_grave"),
    [
        ("blocked", "block", True, None, True),
        ("blocked", "edit", True, None, False),
        ("blocked", "warn", False, None, None),
        ("needs_edit", "block", True, None, None),
        ("needs_edit", "edit", True, None, None),
        ("needs_edit", "warn", False, None, None),
        ("pass", "edit", None, False, None),
        ("pass", "warn", None, True, None),
    ],
)
def test_verdicts(
    make_draft: Draft,
    report_of: Report,
    wanted: str,
    severity: str,
    judged_stopped: bool | None,
    judged_pass: bool | None,
    judged_grave: bool | None,
) -> None:
    rules = () if wanted == "pass" else ("AMZ-14", "TN")
    case = make_draft(TEXT, verdict=wanted, rules=rules)
    report = report_of(TEXT, ("AMZ-14", "rufen", severity))
    found = [judge(case, report) for judge in (stopped, let_pass, grave_enough)]
    assert [score.passed for score in found] == [judged_stopped, judged_pass, judged_grave]
    for score in found:
        assert bool(score.why) is (score.passed is not True)
        if score.passed is not None:
            assert (score.expected, score.got) == (wanted, report.verdict)


def test_who_is_to_blame_is_told(make_draft: Draft, report_of: Report) -> None:
    bad = make_draft(TEXT, rules=("AMZ-14", "AMZ-13"))
    through = stopped(bad, report_of(TEXT))
    assert through.why == "let through: AMZ-14 or AMZ-13"
    assert through.slices == ("rule=AMZ-14", "rule=AMZ-13")
    mild = grave_enough(bad, report_of(TEXT, ("AMZ-14", "rufen")))
    assert (mild.why, mild.slices) == ("blocked wanted, needs_edit given", through.slices)
    good = make_draft(TEXT, verdict="pass", rules=())
    alarmed = let_pass(good, report_of(TEXT, ("GR-02", "Tag"), ("AMZ-14", "rufen"), ("TN-01", "an", "warn")))
    assert (alarmed.why, alarmed.slices) == ("stopped by AMZ-14, GR-02", ("rule=AMZ-14", "rule=GR-02"))
