"""Two runs case by case: what is compared, what is left out, and which words are used."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from evals.causes import NOT_SEARCHED, Causes, suspects
from evals.compare import Comparison, compare
from evals.metrics import ratio
from evals.runs import RunFolder
from evals.scores import CaseResult, judged, unscored
from evals.suite import Scorer, Suite

Make = Callable[..., Any]


@pytest.fixture
def outcomes(make_result: Make) -> Callable[..., list[CaseResult]]:
    """One result a name; those in capitals are right."""

    def make(names: str, **more: Any) -> list[CaseResult]:
        return [
            make_result(name.lower(), **judged(name.isupper(), f"{name} said").model_dump(exclude_none=True))
            for name in names.split()
        ]

    return make


@pytest.fixture
def compared(make_run: Make, shout: Suite[Any, Any, Any]) -> Callable[..., Comparison]:
    def make(
        before: Sequence[CaseResult], after: Sequence[CaseResult], suite: Suite[Any, Any, Any] = shout
    ) -> Comparison:
        return compare(make_run("A", before), make_run("B", after), {"shout": suite})

    return make


def test_a_run_is_like_itself(outcomes: Make, compared: Make) -> None:
    same = compared(outcomes("A b C"), outcomes("A b C"))
    assert (same.turned, same.worse, same.by_chance, same.causes) == ((), (), 0.0, {})
    assert {change.verdict for change in same.changes} == {"no evidence of change"}
    assert same.suites["shout"].compared == 3


def test_what_cannot_be_compared_is_listed_apart(outcomes: Make, make_result: Make, compared: Make) -> None:
    right = judged(True).model_dump(exclude_none=True)
    before = [
        *outcomes("A B"),
        make_result("changed", case={"id": "changed", "input": "old"}, **right),
        make_result("noted", case={"id": "noted", "note": "an old remark"}, **right),
        make_result("gone", **right),
        make_result("failed-then", error="crash"),
    ]
    after = [
        *outcomes("A B"),
        make_result("changed", case={"id": "changed", "input": "new"}, **right),
        make_result("noted", case={"id": "noted", "note": "a new remark"}, **right),
        make_result("new", **right),
        make_result("failed-then", **right),
    ]
    after[1] = after[1].model_copy(update={"unscored": "the budget is spent", "scores": {}})
    pairing = compared(before, after).suites["shout"]
    assert pairing.compared == 2
    assert (pairing.only_before, pairing.only_after, pairing.changed) == (("gone",), ("new",), ("changed",))
    assert (pairing.unjudged_before, pairing.unjudged_after) == (("failed-then",), ("b",))


def test_a_score_that_one_run_left_open_is_not_paired(make_result: Make, compared: Make) -> None:
    right = judged(True).model_dump(exclude_none=True)
    open_one = unscored("nobody knows").model_dump(exclude_none=True)
    found = compared(
        [make_result("a", **right), make_result("b", **right)],
        [make_result("a", **right), make_result("b", **open_one)],
    )
    assert [change.n for change in found.changes if change.slice == "all"] == [1]
    assert found.turned == ()


def test_many_cases_that_fail_are_worse_and_as_many_that_pass_are_better(
    outcomes: Make, compared: Make
) -> None:
    right, wrong = outcomes("A B C D E F G H"), outcomes("a b c d e f g h")
    down, up = compared(right, wrong), compared(wrong, right)
    assert [(change.metric, change.slice) for change in down.worse] == [("right", "all")]
    assert down.worse[0].difference == -1.0
    assert up.worse == ()
    assert next(change for change in up.changes if change.slice == "all").verdict == "better"
    assert down.by_chance == up.by_chance == 0.05


def test_a_few_cases_are_no_progress(outcomes: Make, compared: Make) -> None:
    found = compared(outcomes("a b c d e F G H"), outcomes("A B C D E F G H"))
    whole = next(change for change in found.changes if change.slice == "all")
    assert (whole.difference, whole.p, whole.verdict) == (0.625, 0.0625, "no evidence of change")


def test_less_is_better_where_a_metric_says_so(
    outcomes: Make, compared: Make, shout: Suite[Any, Any, Any]
) -> None:
    effort = replace(shout, metrics=(ratio("effort", "same", worse=True),))
    found = compared(outcomes("a b c d e f g h"), outcomes("A B C D E F G H"), effort)
    assert [change.difference for change in found.worse] == [1.0]


def test_what_is_only_to_look_at_does_not_count_as_worse(
    outcomes: Make, compared: Make, shout: Suite[Any, Any, Any]
) -> None:
    length = replace(shout, metrics=(ratio("length", "same", worse=True, gated=False),))
    found = compared(outcomes("a b c d e f g h"), outcomes("A B C D E F G H"), length)
    assert {change.verdict for change in found.changes if change.slice == "all"} == {"worse"}
    assert found.worse == ()


def test_what_a_chat_model_judged_is_never_worse(
    outcomes: Make, compared: Make, shout: Suite[Any, Any, Any]
) -> None:
    graded = replace(shout, scorers=(replace(shout.scorers[0], danger=False, graded=True),))
    found = compared(outcomes("A B C D E F G H"), outcomes("a b c d e f g h"), graded)
    assert {change.verdict for change in found.changes if change.slice == "all"} == {"worse"}
    assert found.worse == ()
    assert all(change.graded for change in found.changes)


def test_turned_cases_come_gravest_first_with_their_reasons(
    make_result: Make, compared: Make, shout: Suite[Any, Any, Any]
) -> None:
    mild = Scorer("mild", shout.scorers[0].judge)
    both = replace(shout, scorers=(*shout.scorers, mild))

    def results(same: str, mild: str) -> list[CaseResult]:
        rows = []
        for name in "abc":
            scores = {
                scorer: judged(name.upper() in rights, f"{scorer} of {name} {rights}")
                for scorer, rights in (("same", same), ("mild", mild))
            }
            rows.append(make_result(name).model_copy(update={"scores": scores}))
        return rows

    found = compared(results("AB", "ABC"), results("AC", "A"), both)
    assert [(one.id, one.scorer, one.to, one.danger) for one in found.turned] == [
        ("b", "same", "failed", True),
        ("b", "mild", "failed", False),
        ("c", "mild", "failed", False),
        ("c", "same", "passed", True),
    ]
    assert found.turned[0].why == "same of b AC"
    assert found.turned[-1].why == "same of c AB"


def test_a_suite_or_scorer_that_is_no_more_still_shows_its_turned_cases(
    outcomes: Make, make_run: Make
) -> None:
    found = compare(make_run("A", outcomes("A")), make_run("B", outcomes("a")), {})
    assert [(one.id, one.danger) for one in found.turned] == [("a", False)]
    assert found.changes == ()


def test_a_comparison_reads_its_own_json(outcomes: Make, compared: Make) -> None:
    found = compared(outcomes("A B"), outcomes("a B"))
    assert Comparison.model_validate_json(found.model_dump_json()) == found


def test_suspects_are_causes_that_can_have_changed_a_score(make_causes: Callable[..., Causes]) -> None:
    before = make_causes(data={"shout": "d", "guard": "g"}, selection={"split": "held"})
    after = make_causes(
        data={"shout": "e", "triage": "t"}, knowledge=NOT_SEARCHED, revision="def", pack="base@2"
    )
    assert suspects(before, after) == {"pack": ("base@1", "base@2"), "data.shout": ("d", "e")}
    edited = make_causes(source="t", revision="def", knowledge="demo@2")
    assert set(suspects(make_causes(), edited)) == {"source", "revision", "knowledge"}


def test_the_suspects_of_a_comparison_are_named(
    outcomes: Make, make_run: Make, make_causes: Make, shout: Suite[Any, Any, Any]
) -> None:
    before: RunFolder = make_run("A", outcomes("A"))
    after = make_run("B", outcomes("A"), make_causes(model="small"))
    assert compare(before, after, {"shout": shout}).causes == {"model": ("composer", "small")}
