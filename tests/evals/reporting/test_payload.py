"""The JSON of the page: worst first, long texts once, nothing that could end its element."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evals.reporting.outcomes import Suites
from evals.reporting.payload import SHARED_FROM, embedded, payload
from evals.reporting.report import WORDS
from evals.runs import RunFolder
from evals.scores import CaseResult


def of(folder: RunFolder, suites: Suites) -> Any:
    return json.loads(payload(folder.record, folder.results(), suites, WORDS))


def test_the_worst_stands_first(ended: RunFolder, suites: Suites) -> None:
    found = of(ended, suites)
    assert [(one["id"], one["outcome"]) for one in found["cases"]] == [
        ("wrong", "danger"),
        ("fault", "error"),
        ("never", "unscored"),
        ("odd", "unscored"),
        ("right", "passed"),
    ]
    assert found["run"] == ended.record.id
    assert list(found["outcomes"]) == ["danger", "failed", "doubted", "error", "unscored", "passed"]


def test_a_case_has_what_its_reader_needs(ended: RunFolder, suites: Suites) -> None:
    cases = {one["id"]: one for one in of(ended, suites)["cases"]}
    wrong, results = cases["wrong"], {one.id: one for one in ended.results()}
    assert wrong["target"] == {"text": "HEY"}
    assert wrong["data"] == results["wrong"].content
    assert wrong["excerpt"] == "hi"
    assert wrong["tags"] == ["tiny"]
    assert wrong["scores"] == [{"name": "same", "outcome": "danger", "value": 0.0, "why": "HEY wanted"}]
    assert [part["title"] for part in wrong["trace"]] == ["Input", "Target", "Output"]
    assert cases["odd"]["scores"] == [{"name": "same", "outcome": "unscored", "why": "nobody knows"}]
    assert cases["fault"]["error"] == "RuntimeError: the product failed"
    assert cases["never"]["unscored"] == "the budget of 0 calls is spent"


def test_long_texts_stand_once(
    ended: RunFolder, suites: Suites, make_result: Callable[..., CaseResult]
) -> None:
    long, short = "x" * SHARED_FROM, "x" * (SHARED_FROM - 1)
    rows = [{"document_id": "d", "title": short, "text": long, "score": 1}]
    results = [
        make_result(name, case={"id": name, "input": {"text": long}, "target": {"a": long}}).model_copy(
            update={"output": {"hits": rows}}
        )
        for name in ("a", "b")
    ]
    found = json.loads(payload(ended.record, results, suites, WORDS))
    assert found["texts"] == [long]
    text, target, passages = found["cases"][0]["trace"]
    assert (text["text"], target["pairs"], passages["rows"]) == (0, [["a", 0]], [["d", "1.00", short, 0]])


@given(st.recursive(st.text() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_text_ends_the_element(value: Any) -> None:
    found = embedded(value)
    assert "<" not in found
    assert json.loads(found) == value
