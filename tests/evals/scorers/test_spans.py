"""Findings point at the words at fault; places of labels are sure or refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import GuardReport
from assistant.errors import InvalidInput
from evals.cases import EvalCase
from evals.scorers.places import Span, covered, located, marked, touches
from evals.scorers.spans import pointed_at
from evals.targets import GuardRequest, GuardTarget

TEXT = "Rufen Sie 030 123 an oder schreiben Sie a@b.de."


@pytest.mark.parametrize(
    ("text", "pieces", "wanted"),
    [
        (TEXT, ("030 123", "a@b.de"), [(10, 17), (40, 46)]),
        ("返金は11月17日です", ("11月17日",), [(3, 9)]),
        (TEXT, (), []),
    ],
)
def test_labels_are_located_in_code_points(text: str, pieces: tuple[str, ...], wanted: list[Span]) -> None:
    assert located(text, pieces) == wanted
    assert [text[start:end] for start, end in wanted] == list(pieces)


@pytest.mark.parametrize("piece", ["040", "Sie", "rufen", ""])
def test_a_label_without_one_sure_place_is_refused(piece: str) -> None:
    with pytest.raises(InvalidInput, match="must stand in the text once"):
        located(TEXT, (piece,))


def test_words_that_overlap_themselves_are_no_sure_place() -> None:
    with pytest.raises(InvalidInput, match="once"):
        located("aaa", ("aa",))


SPANS = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda ends: (min(ends), max(ends)))


@given(one=SPANS, other=SPANS)
def test_spans_touch_where_they_share_a_character(one: Span, other: Span) -> None:
    assert touches(one, other) is bool(covered([one]) & covered([other]))
    assert touches(one, other) is touches(other, one)


def test_marks_are_those_that_stop_a_reply(report_of: Callable[..., GuardReport]) -> None:
    report = report_of(TEXT, ("AMZ-13", "030"), ("AMZ-12", "a@b.de", "block"), ("TN-01", "Sie", "warn"))
    assert marked(report) == [(10, 13), (40, 46)]
    assert marked(report, frozenset({"AMZ-12", "TN-01"})) == [(40, 46)]


@pytest.mark.parametrize(
    ("spans", "found", "overlap", "touched", "why"),
    [
        (("030 123",), (("AMZ-13", "030 123"),), 1.0, 1, ""),
        (("030 123",), (("AMZ-13", "030"),), 3 / 7, 1, ""),
        (("030 123",), (("AMZ-13", "030"), ("AMZ-14", "123")), 6 / 7, 1, ""),
        (("030 123", "a@b.de"), (("AMZ-13", "030 123"),), 7 / 13, 1, 'no finding points at "a@b.de"'),
        (("a@b.de",), (("AMZ-14", "Rufen Sie"), ("X-01", "a@b.de", "warn")), 0.0, 0,
         'no finding points at "a@b.de"'),
    ],
)  # fmt: skip
def test_marks_beside_labels(
    make_draft: Callable[..., EvalCase[GuardRequest, GuardTarget]],
    report_of: Callable[..., GuardReport],
    spans: tuple[str, ...],
    found: tuple[tuple[str, ...], ...],
    overlap: float,
    touched: int,
    why: str,
) -> None:
    score = pointed_at(make_draft(TEXT, spans=spans), report_of(TEXT, *found))
    assert score.value == pytest.approx(overlap)
    assert score.parts == {
        "overlap": pytest.approx(overlap), "n": 1.0, "touched": touched, "spans": len(spans),
    }  # fmt: skip
    assert (score.passed, score.why) == (touched == len(spans), why)


@pytest.mark.parametrize(
    ("spans", "found"), [((), (("AMZ-13", "030"),)), (("030",), ()), (("030",), (("X-01", "030", "warn"),))]
)
def test_without_label_or_finding_nothing_is_judged(
    make_draft: Callable[..., EvalCase[GuardRequest, GuardTarget]],
    report_of: Callable[..., GuardReport],
    spans: tuple[str, ...],
    found: tuple[tuple[str, ...], ...],
) -> None:
    assert pointed_at(make_draft(TEXT, spans=spans), report_of(TEXT, *found)).value is None
