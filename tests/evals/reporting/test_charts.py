"""Charts: the same bytes each time, no inline style, colours of the page, words that carry the message."""

import re
import xml.etree.ElementTree as ET

import pytest

from evals.metrics import Estimate, calibration_parts
from evals.reporting.charts import (
    MOST_ROWS,
    Chart,
    calibration_chart,
    calibration_sums,
    groups_chart,
    latency_chart,
)
from evals.reporting.svg import COLOURS, plain
from evals.scores import CaseResult, Score

GROUPS = {
    "de": Estimate(value=0.9, low=0.8, high=1.0, n=20),
    "ja": Estimate(value=0.5, low=0.2, high=0.7, n=9),
    "<b>$x$</b> 日本": Estimate(value=0.7, low=0.6, high=0.8, n=30),
    "none": Estimate(value=None),
}
BINS = {name: 3 * value for name, value in calibration_parts(0.62, right=True).items()} | calibration_parts(
    0.11, right=False
)
SECONDS = [0.01 * 1.1**step for step in range(40)]


def charts() -> dict[str, Chart]:
    return {
        "groups": groups_chart("recall", GROUPS, name="a"),
        "calibration": calibration_chart("sure", BINS, name="b"),
        "latency": latency_chart("time", SECONDS, name="c"),
        "one moment": latency_chart("time", [0.0], name="d"),
        "large figures": groups_chart(
            "tokens", {"x": Estimate(value=900, n=3), "y": Estimate(value=40, n=2)}, name="e"
        ),
    }


@pytest.mark.parametrize("name", charts())
def test_a_chart_may_stand_on_a_page_without_inline_styles(name: str) -> None:
    svg = str(charts()[name].svg)
    root = ET.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert charts()[name].caption in root.attrib["aria-label"]
    for one in root.iter():
        assert not {"style", "font-family"} & one.attrib.keys()
        assert one.tag not in {"style", "metadata", "script"}
    assert not any(colour in svg for colour in COLOURS)
    assert "currentColor" in svg
    assert "var(--accent)" in svg
    assert not re.search(r"#[0-9a-f]{6}\b", svg)
    assert "://" not in svg


@pytest.mark.parametrize("name", charts())
def test_the_same_figures_give_the_same_bytes(name: str) -> None:
    assert charts()[name] == charts()[name]


def test_names_do_not_clash_on_a_page() -> None:
    one, other = (str(groups_chart("recall", GROUPS, name=name).svg) for name in ("a", "b"))
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for svg, known in zip((one, other), ids, strict=True):
        assert set(re.findall(r"#([^\")]+)", svg)) <= known


def test_the_weakest_stands_first_and_is_named() -> None:
    chart = groups_chart("recall", GROUPS, name="a")
    assert chart.caption == "Weakest ja: 0.500; strongest de: 0.900."
    labels = re.findall(r">([^<]+)\s\s\(\d+\)<", str(chart.svg))
    assert labels == ["ja", "&lt;b&gt;$x$&lt;/b&gt; " + plain("日本"), "de"]


def test_lower_may_be_better() -> None:
    assert groups_chart("error", GROUPS, name="a", worse_when_higher=True).caption.startswith("Weakest de")


@pytest.mark.parametrize(
    ("groups", "caption"),
    [(("de", "ja"), "All 2 groups are at 1.000."), (("de",), "The only group is at 1.000.")],
)
def test_where_all_are_alike_words_are_enough(groups: tuple[str, ...], caption: str) -> None:
    chart = groups_chart(
        "recall", dict.fromkeys(groups, Estimate(value=1.0, low=1.0, high=1.0, n=3)), name="a"
    )
    assert (chart.svg, chart.caption) == (None, caption)


def test_of_many_groups_the_weakest_are_drawn() -> None:
    groups = {f"g{n:02}": Estimate(value=n / 100, low=0.0, high=1.0, n=1) for n in range(MOST_ROWS + 10)}
    chart = groups_chart("recall", groups, name="a")
    assert f"The {MOST_ROWS} weakest of {MOST_ROWS + 10} groups are shown." in chart.caption
    drawn = re.findall(r">(g\d\d)", str(chart.svg))
    assert drawn == sorted(groups)[:MOST_ROWS]


def test_calibration_says_where_it_is_farthest_off() -> None:
    assert "4 predictions" in calibration_chart("sure", BINS, name="b").caption
    assert "0.62 said, 1.00 right (3 cases)" in calibration_chart("sure", BINS, name="b").caption


def test_calibration_sums_leave_out_what_is_not_calibration() -> None:
    def result(score: Score) -> CaseResult:
        fields = {
            "suite": "s",
            "id": "a",
            "language": "en",
            "split": "tune",
            "origin": "synthetic",
            "case": {},
        }
        return CaseResult.model_validate({**fields, "scores": {"sure": score}})

    parts = calibration_parts(0.62, right=True)
    results = [
        result(Score(value=1.0, parts=parts)),
        result(Score(value=1.0, parts=parts)),
        result(Score(parts=parts)),
    ]
    assert calibration_sums(results, "sure") == {name: 2 * value for name, value in parts.items()}
    assert calibration_sums([result(Score(value=1.0, parts={"n": 1.0, "tp:x": 1.0}))], "sure") == {}
    assert calibration_sums(results, "other") == {}


def test_latency_in_words() -> None:
    chart = latency_chart("time", SECONDS, name="c")
    assert chart.caption == "40 cases: median 64 ms, 95 % within 342 ms, slowest 411 ms."
    assert [tick for tick in ("10 ms", "100 ms") if f">{tick}<" in str(chart.svg)]
