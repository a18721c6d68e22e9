"""Unsupported claims are marked, supported ones left alone, and nothing else is alarming."""

from collections.abc import Callable

import pytest

from assistant.domain import GuardReport
from assistant.guard.registry import RULES
from evals.scorers.claims import GROUNDING_RULES, ClaimCase, claims, left_alone, none_slips

Claims = Callable[..., ClaimCase]
Report = Callable[..., GuardReport]
TEXT = "Der Tank fasst 5 Liter, wiegt 3 kg und kam am 4. Mai mit DHL."
Found = tuple[tuple[str, ...], ...]


def test_the_rules_that_count_are_rules_of_the_pack() -> None:
    known = {rule.id for rule in RULES}
    assert known >= set(GROUNDING_RULES)
    assert {rule for rule in known if rule.startswith("GR-")} <= set(GROUNDING_RULES)


@pytest.mark.parametrize(
    ("found", "counts", "value", "slips", "alone", "why"),
    [
        ((("GR-02", "5 Liter"),), (1, 0, 0), 1.0, True, True, ""),
        # A mark of a part, a wider mark and two marks of one claim are one claim found.
        ((("GR-02", "5"), ("GR-02", "5 Liter")), (1, 0, 0), 1.0, True, True, ""),
        ((("GR-02", "fasst 5 Liter, wiegt"),), (1, 0, 0), 1.0, True, True, ""),
        ((), (0, 0, 1), 0.0, False, True, 'let through: "5 Liter"'),
        ((("GR-02", "5 Liter"), ("GR-03", "4. Mai")), (1, 1, 0), 0.5, True, False,
         'marked although supported: "4. Mai"'),
        ((("GR-01", "DHL"),), (0, 1, 1), 0.0, False, True,
         'let through: "5 Liter"; alarms without cause: "DHL"'),
        ((("GR-01", "DHL"), ("AMZ-35", "DHL"), ("GR-02", "5 Liter")), (1, 1, 0), 0.5, True, True,
         'alarms without cause: "DHL"'),
        # Rules that judge the words themselves, and mere warnings, say nothing of the evidence.
        ((("AMZ-14", "5 Liter"), ("TN-01", "DHL")), (0, 0, 1), 0.0, False, True, 'let through: "5 Liter"'),
        ((("GR-02", "5 Liter", "warn"),), (0, 0, 1), 0.0, False, True, 'let through: "5 Liter"'),
    ],
)  # fmt: skip
def test_claims(
    make_claims: Claims,
    report_of: Report,
    found: Found,
    counts: tuple[int, int, int],
    value: float,
    slips: bool,
    alone: bool,
    why: str,
) -> None:
    case = make_claims(TEXT, unsupported=("5 Liter",), supported=("3 kg", "4. Mai"), tags=("product",))
    report = report_of(TEXT, *found)
    score = claims(case, report)
    assert tuple(score.parts[name] for name in ("tp", "fp", "fn")) == counts
    assert (score.value, score.passed, score.why) == (value, value == 1.0, why)
    danger, free = none_slips(case, report), left_alone(case, report)
    assert (danger.passed, free.passed) == (slips, alone)
    assert free.parts == {"right": 2.0 if alone else 1.0, "n": 2.0}
    assert score.slices == danger.slices == free.slices == ("tag=product",)


def test_a_draft_with_nothing_wrong_is_judged_by_its_false_alarms(
    make_claims: Claims, report_of: Report
) -> None:
    case = make_claims(TEXT, supported=("3 kg",))
    quiet, loud = claims(case, report_of(TEXT)), claims(case, report_of(TEXT, ("GR-02", "3 kg")))
    assert (quiet.value, quiet.passed, loud.value, loud.passed) == (1.0, True, 0.0, False)
    assert none_slips(case, report_of(TEXT)).value is None


def test_a_draft_with_nothing_right_has_no_claim_to_leave_alone(
    make_claims: Claims, report_of: Report
) -> None:
    case = make_claims(TEXT, unsupported=("3 kg", "5 Liter"))
    assert left_alone(case, report_of(TEXT)).value is None
    half = claims(case, report_of(TEXT, ("GR-02", "3 kg")))
    assert (half.value, half.why) == (0.5, 'let through: "5 Liter"')
