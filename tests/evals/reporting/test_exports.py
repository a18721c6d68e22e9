"""A run for other programs, safe to open there."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evals.metrics import ratio
from evals.reporting.exports import COLUMNS, EXPORTS
from evals.reporting.outcomes import Suites
from evals.runs import RunFolder
from evals.scores import CaseResult, judged
from evals.suite import Grader


def export(name: str, folder: RunFolder, suites: Suites) -> bytes:
    return EXPORTS[name].write(folder, suites)


def table(folder: RunFolder, suites: Suites) -> list[dict[str, str]]:
    text = export("csv", folder, suites).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def written(ended: RunFolder) -> Callable[..., RunFolder]:
    """The run with other results."""

    def write(*results: CaseResult) -> RunFolder:
        lines = "".join(f"{one.model_dump_json()}\n" for one in results)
        (ended.path / "results.jsonl").write_text(lines, encoding="utf-8")
        return ended

    return write


def test_json_has_record_and_results(ended: RunFolder, suites: Suites) -> None:
    found = json.loads(export("json", ended, suites))
    assert found["run"] == ended.record.model_dump(mode="json")
    assert [CaseResult.model_validate(one) for one in found["results"]] == ended.results()


def test_csv_has_a_line_a_case_and_scorer(ended: RunFolder, suites: Suites) -> None:
    assert export("csv", ended, suites).startswith(b"\xef\xbb\xbf")
    rows = {row["id"]: row for row in table(ended, suites)}
    assert list(rows["wrong"]) == list(COLUMNS)
    assert [row["id"] for row in table(ended, suites)] == ["fault", "never", "odd", "right", "wrong"]
    wrong = rows["wrong"]
    assert (wrong["run"], wrong["suite"], wrong["tags"]) == (ended.record.id, "shout", "tiny")
    assert (wrong["scorer"], wrong["dangerous"], wrong["value"], wrong["passed"]) == (
        "same",
        "yes",
        "0.0",
        "no",
    )
    assert (wrong["outcome"], wrong["why"]) == ("danger", "HEY wanted")
    assert (rows["odd"]["value"], rows["odd"]["passed"]) == ("", "")
    assert (rows["fault"]["scorer"], rows["fault"]["why"]) == ("", "RuntimeError: the product failed")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x", "\t=1", "\r=1", "\n1", "  =cmd|' /C calc'!A0"],
)
def test_csv_holds_no_formula(
    written: Any, make_result: Callable[..., CaseResult], suites: Suites, text: str
) -> None:
    (row,) = table(
        written(make_result("a", value=0, passed=False, why=text, expected=text, got="fine")), suites
    )
    assert row["why"] == row["expected"] == f"'{text}"
    assert row["got"] == "fine"


def test_csv_leaves_numbers_and_plain_texts_alone(
    written: Any, make_result: Callable[..., CaseResult], suites: Suites
) -> None:
    (row,) = table(written(make_result("a", value=0.5, why='a "quoted", text; with=signs')), suites)
    assert (row["value"], row["why"]) == ("0.5", 'a "quoted", text; with=signs')


def test_junit_counts_and_reasons(ended: RunFolder, suites: Suites) -> None:
    root = ET.fromstring(export("junit", ended, suites))
    (suite,) = root.findall("testsuite")
    for one in (root, suite):
        assert {name: one.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
            "tests": "5",
            "failures": "1",
            "errors": "1",
            "skipped": "2",
        }
    cases = {one.attrib["name"]: one for one in suite.findall("testcase")}
    assert [child.tag for child in cases["right"]] == []
    assert cases["right"].attrib["classname"] == "shout"
    (failure,) = cases["wrong"]
    assert (failure.tag, failure.get("type"), failure.get("message"), failure.text) == (
        "failure",
        "danger",
        "same",
        "same: HEY wanted",
    )
    assert [(child.tag, child.get("message")) for child in cases["fault"]] == [
        ("error", "RuntimeError: the product failed")
    ]
    assert [(child.tag, child.get("message")) for child in cases["odd"]] == [
        ("skipped", "same: nobody knows")
    ]
    assert [child.get("message") for child in cases["never"]] == ["the budget of 0 calls is spent"]


def test_junit_is_well_formed_whatever_the_texts_say(
    written: Any, make_result: Callable[..., CaseResult], suites: Suites
) -> None:
    why = "\x00\x1b]]>&<x> \uffff 日本 \U0001f600"
    root = ET.fromstring(export("junit", written(make_result("a", value=0, passed=False, why=why)), suites))
    (failure,) = root.iter("failure")
    assert failure.text == "same: \ufffd\ufffd]]>&<x> \ufffd 日本 \U0001f600"


def test_what_only_a_model_doubts_is_no_failure(
    written: Any, make_result: Callable[..., CaseResult], suites: Suites
) -> None:
    grader: Grader[Any, Any, Any] = Grader("kind", lambda *_: judged(True), (ratio("kind", "kind"),))
    known = {"shout": replace(suites["shout"], graders=(grader,))}
    folder = written(make_result("a", scorer="kind", value=0, passed=False, why="cold"))
    assert not list(ET.fromstring(export("junit", folder, known)).iter("failure"))
    assert (table(folder, known)[0]["graded"], table(folder, known)[0]["outcome"]) == ("yes", "doubted")


def test_formats_are_named() -> None:
    assert {name: one.suffix for name, one in EXPORTS.items()} == {
        "json": "json",
        "csv": "csv",
        "junit": "xml",
    }
