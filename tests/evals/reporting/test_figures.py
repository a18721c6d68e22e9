"""The figures of a run as the page shows them."""

from dataclasses import replace
from typing import Any

from evals.metrics import calibration_error, ratio
from evals.reporting.figures import suite_views
from evals.reporting.outcomes import Suites
from evals.runs import RunFolder
from evals.scores import judged
from evals.suite import Grader


def views(folder: RunFolder, suites: Suites) -> Any:
    return suite_views(folder.record, folder.results(), suites)


def test_a_suite_says_what_its_cases_came_to(ended: RunFolder, suites: Suites) -> None:
    (view,) = views(ended, suites)
    assert (view.name, view.question) == ("shout", "Is it louder?")
    assert (view.summary.cases, view.summary.scored, view.summary.unscored, view.summary.errors) == (
        5,
        3,
        1,
        1,
    )
    assert view.outcomes == {"danger": 1, "error": 1, "unscored": 2, "passed": 1}


def test_a_metric_has_both_sides_of_the_split(ended: RunFolder, suites: Suites) -> None:
    (row,) = views(ended, suites)[0].metrics
    metrics = ended.record.summary["shout"].metrics["right"]
    assert (row.name, row.danger, row.graded, row.worse_when_higher) == ("right", True, False, False)
    assert row.everything == metrics["all"]
    assert row.everything.value == 0.5
    sides = [metrics[name].n for name in ("split=tune", "split=held") if name in metrics]
    assert [one.n for one in (row.tune, row.held) if one.n] == sides


def test_every_kind_of_group_has_a_table_language_first(ended: RunFolder, suites: Suites) -> None:
    breakdowns = views(ended, suites)[0].breakdowns
    assert [one.kind for one in breakdowns] == ["language", "length"]
    language, length = breakdowns
    assert [(name, estimates[0].n) for name, estimates in language.rows] == [("en", 2)]
    assert [name for name, _ in length.rows] == ["2"]


def test_groups_are_drawn_where_there_are_several(ended: RunFolder, suites: Suites) -> None:
    results = ended.results()
    ended.write(
        _with_slices(ended, {"language=de": 0.2, "language=en": 0.9, "length=1": 0.1, "length=2": 0.3})
    )
    headings = dict(suite_views(ended.record, results, suites)[0].charts)
    assert list(headings) == ["By language", "Confidence and time"]
    assert [chart.title for chart in headings["By language"]] == ["right"]
    assert headings["By language"][0].svg


def test_what_is_no_measure_of_right_is_not_drawn(ended: RunFolder, suites: Suites) -> None:
    suite = replace(suites["shout"], metrics=(ratio("right", "same", gated=False),))
    ended.write(_with_slices(ended, {"language=de": 0.2, "language=en": 0.9}))
    headings = dict(suite_views(ended.record, ended.results(), {"shout": suite})[0].charts)
    assert headings["By language"] == ()


def test_what_a_model_judged_stands_apart(ended: RunFolder, suites: Suites) -> None:
    grader: Grader[Any, Any, Any] = Grader("kind", lambda *_: judged(True), (ratio("kindness", "kind"),))
    record = ended.record
    summary = record.summary["shout"]
    metrics = {**summary.metrics, "kindness": summary.metrics["right"]}
    ended.write(
        record.model_copy(update={"summary": {"shout": summary.model_copy(update={"metrics": metrics})}})
    )
    (view,) = views(ended, {"shout": replace(suites["shout"], graders=(grader,))})
    assert [row.name for row in view.metrics] == ["right"]
    assert [row.name for row in view.graded] == ["kindness"]


def test_a_run_that_was_killed_is_summed_up_here(ended: RunFolder, suites: Suites) -> None:
    whole = ended.record
    ended.write(whole.model_copy(update={"state": "running", "summary": {}}))
    (view,) = views(ended, suites)
    assert view.summary == whole.summary["shout"]


def test_a_suite_that_is_no_more_is_still_counted(ended: RunFolder) -> None:
    ended.write(ended.record.model_copy(update={"summary": {}}))
    (view,) = views(ended, {})
    assert "no longer" in view.question
    assert (view.summary.cases, view.summary.errors, view.summary.unscored, view.summary.scored) == (
        5,
        1,
        1,
        3,
    )
    assert view.metrics == ()
    assert view.outcomes["failed"] == 1


def test_where_every_case_failed_no_time_is_drawn(ended: RunFolder, suites: Suites) -> None:
    faults = [one for one in ended.results() if one.error]
    (view,) = suite_views(ended.record, faults, suites)
    assert view.charts == ()


def test_a_scorer_of_confidence_has_a_calibration_chart(ended: RunFolder, suites: Suites) -> None:
    suite = replace(suites["shout"], metrics=(*suites["shout"].metrics, calibration_error("off", "same")))
    results = [
        one.model_copy(
            update={
                "scores": {
                    name: score.model_copy(update={"parts": {"n:9": 1.0, "sure:9": 0.95, "right:9": 1.0}})
                    for name, score in one.scores.items()
                }
            }
        )
        for one in ended.results()
    ]
    charts = dict(suite_views(ended.record, results, {"shout": suite})[0].charts)["Confidence and time"]
    assert [chart.title for chart in charts] == ["Calibration: same", "Time per case"]


def _with_slices(folder: RunFolder, values: dict[str, float]) -> Any:
    record = folder.record
    summary = record.summary["shout"]
    one = summary.metrics["right"]["all"]
    slices = {name: one.model_copy(update={"value": value}) for name, value in values.items()}
    changed = summary.model_copy(update={"metrics": {"right": {"all": one, **slices}}})
    return record.model_copy(update={"summary": {"shout": changed}})
