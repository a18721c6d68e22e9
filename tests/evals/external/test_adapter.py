"""What all sets have in common: a folder, figures, published ones of the parts that there are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import InvalidInput
from evals.external import bitext, hint3, presidio
from evals.external.adapter import (
    External,
    Figure,
    Measured,
    Options,
    Task,
    measured,
    published,
    table,
)
from evals.external.sets import SETS, set_of
from evals.metrics import Estimate

FIGURE = Figure(
    part="curekart", name="in-scope accuracy", estimate=Estimate(value=0.5, low=0.4, high=0.6, n=9)
)


def external(found: Measured) -> External:
    return External("hint3", "Is it?", "some.csv", ("a note",), lambda task: found)


def test_published_figures_stand_beside_the_parts_that_were_measured(make_task: Callable[..., Task]) -> None:
    task = make_task()
    report = measured(external(Measured(figures=(FIGURE,), left_out={"odd": 2})), task)
    assert {one.part for one in report.published} == {"curekart"}
    assert {one.system for one in report.published} == {"BERT", "Rasa", "LUIS", "Dialogflow", "Haptik"}
    assert (report.name, report.notes, report.left_out) == ("hint3", ("a note",), {"odd": 2})
    other = FIGURE.model_copy(update={"part": "elsewhere"})
    assert measured(external(Measured(figures=(other,))), task).published == ()


def test_a_folder_without_the_set_is_refused(make_task: Callable[..., Task], tmp_path: Path) -> None:
    task = make_task()
    with pytest.raises(InvalidInput, match=r"holds nothing of hint3; it needs some\.csv"):
        measured(external(Measured(figures=())), task)
    task = Task(tmp_path / "none", Options(), task.settings)
    with pytest.raises(InvalidInput, match=r"is no folder; hint3 needs one with some\.csv"):
        measured(external(Measured(figures=(FIGURE,))), task)


def test_sets_are_known_by_name() -> None:
    assert list(SETS) == ["xquad", "bitext", "hint3", "presidio"]
    assert set_of("xquad").name == "xquad"
    with pytest.raises(InvalidInput, match="no public set love; there are xquad, bitext, hint3, presidio"):
        set_of("love")


def test_every_published_figure_has_a_source_and_a_counterpart() -> None:
    names = {
        "hint3": {metric.name for metric in hint3.METRICS},
        "presidio": {metric.name for metric in presidio.metrics("x")},
        "xquad": {"recall@1", "recall@3", "nDCG@10"},
        "bitext": {metric.name for metric in bitext.METRICS},
    }
    for name in SETS:
        for row in published(name):
            assert row.source
            assert row.note
            assert 0 < row.value < 1
            assert row.name in names[name]


def test_every_row_of_a_table_has_a_reason() -> None:
    kinds = (("bitext", "intent"), ("bitext", "left_out"), ("presidio", "kind"), ("presidio", "not_asked"))
    rows = [row for name, kind in kinds for row in table(name)[kind]]
    rows += [row for shop in table("hint3").values() for row in shop["label"]]
    assert all(row["why"] for row in rows)
