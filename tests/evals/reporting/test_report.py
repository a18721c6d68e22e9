"""The page: complete, self-contained, the same for the same run, whatever the texts say."""

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from assistant.errors import InvalidInput, StoreUnavailable
from evals.breakage import Breakage, Culprit, Gravity
from evals.compare import Change, Comparison, Pairing, Turned, compare
from evals.gates import GateReport
from evals.reporting.outcomes import Suites
from evals.reporting.report import BROKEN_SHOWN, REPORT, content_policy, render, write_report
from evals.runner import Plan, run
from evals.runs import RunFolder
from evals.workplace import Workplace

VOID = {"meta", "link", "br", "input", "hr", "img"}
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e{{ 7 * 7 }} ]]> <!--"


class Page(HTMLParser):
    """Elements with their attributes and the text of the page; unclosed or crossed elements fail."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: dict[str, list[str]] = {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.setdefault(self.open[-1] if self.open else "", []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def change(**more: Any) -> Change:
    fields = {
        "suite": "shout",
        "metric": "right",
        "slice": "all",
        "verdict": "worse",
        "n": 3,
        "differ": 1,
        "before": 1.0,
        "after": 0.5,
        "difference": -0.5,
        "low": -0.9,
        "high": -0.1,
        "p": 0.0004,
        "test": "mcnemar",
        "danger": True,
    }
    return Change.model_validate(fields | more)


@pytest.fixture
def page(ended: RunFolder, suites: Suites) -> Page:
    return Page(write_report(ended, suites=suites).read_text(encoding="utf-8"))


def test_the_report_stands_in_the_folder_of_the_run(ended: RunFolder, suites: Suites) -> None:
    path = write_report(ended, suites=suites)
    assert path == ended.path / REPORT
    assert sorted(one.name for one in ended.path.iterdir()) == [REPORT, "results.jsonl", "run.json"]


def test_the_same_run_gives_the_same_page(ended: RunFolder, suites: Suites) -> None:
    assert render(ended, suites=suites) == render(ended, suites=suites)


def test_only_the_one_script_and_the_one_style_may_run(page: Page, ended: RunFolder) -> None:
    (policy,) = (one["content"] for one in page.all("meta") if one.get("http-equiv"))
    assert policy == content_policy()
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    text = (ended.path / REPORT).read_text(encoding="utf-8")
    for tag in ("script", "style"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert [one.get("type") for one in page.all("script")] == ["application/json", None]
    for tag, attributes in page.found:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag


def test_nothing_is_fetched(page: Page) -> None:
    for tag, attributes in page.found:
        addresses = [attributes[name] for name in ("src", "href", "action", "srcset") if name in attributes]
        assert all(one and one.startswith(("#", "data:,")) for one in addresses), (tag, addresses)
        assert tag not in {"iframe", "object", "embed", "base", "img"}


def test_names_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.found:
        for name in ("aria-labelledby", "aria-controls", "for"):
            assert attributes.get(name) is None or attributes[name] in ids, tag
        target = attributes.get("href") or ""
        if target.startswith("#") and not target.startswith("#case/"):
            assert target[1:] in ids


def test_the_headline_says_what_ran(page: Page, ended: RunFolder) -> None:
    words = " ".join(" ".join(page.words["p"]).split())
    assert "5 of 5 cases" in words
    assert ended.record.id in "".join(page.words["span"])
    assert "finished" in "".join(page.words["span"])
    assert "model" in page.words["th"]
    assert "prompts: reply" in page.words["th"]


def test_every_table_has_heads_with_a_scope(page: Page) -> None:
    assert page.all("th")
    assert all(one.get("scope") in {"col", "row"} for one in page.all("th"))


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("failed", "RuntimeError: <b>disk</b>\u202e", "RuntimeError: <b>disk</b>⟨U+202E⟩"),
        ("running", None, "running"),
    ],
)
def test_an_unfinished_run_says_why(
    ended: RunFolder, suites: Suites, state: str, reason: str | None, words: str
) -> None:
    ended.write(
        ended.record.model_copy(update={"state": state, "reason": reason, "finished_at": None, "summary": {}})
    )
    page = Page(render(ended, suites=suites))
    assert words in "".join(one for found in page.words.values() for one in found)
    assert not page.all("b")


def test_hostile_texts_stay_texts(
    make_shout: Callable[..., Any],
    make_plan: Callable[..., Plan],
    run_folder: RunFolder,
    workplace: Workplace,
    suites: Suites,
) -> None:
    plan = make_plan(make_shout("evil", HOSTILE, HOSTILE, note=HOSTILE), model=HOSTILE)
    run(plan, run_folder, workplace)
    page = Page(render(run_folder, suites=suites))
    assert len(page.all("script")) == 2
    assert not page.all("img")
    assert "".join(page.words["td"]).count("{{ 7 * 7 }}") == 1
    assert "⟨U+202E⟩" in "".join(page.words["td"])


def test_gates_that_hold_are_said_to(ended: RunFolder, suites: Suites) -> None:
    page = Page(render(ended, suites=suites, verdict=GateReport(ok=True, run="a", baseline="b")))
    assert "gates hold" in page.words["span"]


def test_what_broke_is_listed_the_gravest_first(ended: RunFolder, suites: Suites) -> None:
    case = Culprit(id="wrong", why="HEY wanted <i>")
    broken = [
        Breakage(
            gravity=Gravity.DANGER_TURNED, subject=f"shout/same {n}", message="went wrong", cases=(case,)
        )
        for n in range(BROKEN_SHOWN + 2)
    ]
    verdict = GateReport(
        ok=False, run="a", baseline="b", broken=tuple(broken), suspects={"model": ("composer", "f" * 64)}
    )
    page = Page(render(ended, suites=suites, verdict=verdict))
    assert f"gates broken: {len(broken)}" in page.words["span"]
    assert [one for one in page.words["strong"] if one.startswith("shout")] == [one.subject for one in broken]
    assert "2 more" in page.words["summary"]
    assert {one["href"] for one in page.all("a") if (one["href"] or "").startswith("#case/")} == {
        "#case/shout/wrong"
    }
    assert "ffffffffffff…" in page.words["td"]
    assert not page.all("i")


def test_a_comparison_shows_what_moved(ended: RunFolder, suites: Suites) -> None:
    comparison = Comparison(
        before="01BEFORE",
        after=ended.record.id,
        causes={"pack": ("old", "new")},
        suites={"shout": Pairing(compared=3, only_after=("x", "y"))},
        changes=(
            change(),
            change(slice="split=held", verdict="no evidence of change", metric="unclear"),
            change(slice="language=ja", verdict="better", metric="japanese", graded=True),
            change(
                metric="still",
                differ=0,
                verdict="no evidence of change",
                before=None,
                difference=None,
                low=None,
            ),
        ),
        turned=(
            Turned(
                suite="shout",
                id="wrong",
                scorer="same",
                to="failed",
                danger=True,
                language="en",
                why="because",
            ),
            Turned(suite="shout", id="right", scorer="same", to="passed", graded=True, language="en"),
        ),
        by_chance=1.25,
    )
    page = Page(render(ended, suites=suites, comparison=comparison))
    text = " ".join(" ".join(one for found in page.words.values() for one in found).split())
    for words in (
        "01BEFORE",
        "−0.500",
        "−0.900 to −0.100",
        "< 0.001",
        "japanese",
        "because",
        "1.2 of them",
        "2: x, y",
    ):
        assert words in text, words
    assert "unclear" not in text
    assert {
        "Figures that did not move: 1",
        "Cases that passed and now fail: 1",
        "Cases that failed and now pass: 1",
    } <= set(page.words["summary"])


def test_runs_with_the_same_causes_are_said_to_be(ended: RunFolder, suites: Suites) -> None:
    text = render(ended, suites=suites, comparison=compare(ended, ended, suites))
    assert "Nothing that a score depends on differs" in text
    assert "Cases that passed and now fail" not in text


def test_the_suites_of_the_product_are_known(ended: RunFolder) -> None:
    assert "no longer part of the product" in render(ended)


def test_a_folder_without_a_run_is_refused(run_folder: RunFolder) -> None:
    with pytest.raises(InvalidInput, match="no evaluation run"):
        write_report(run_folder)


def test_a_disk_that_refuses_is_a_clear_fault(ended: RunFolder, suites: Suites) -> None:
    (ended.path / "report.new").mkdir()
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        write_report(ended, suites=suites)
