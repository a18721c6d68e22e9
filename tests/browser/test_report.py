"""The report in a real browser: filters, traces, hostile texts, corrections, both themes, phone and print."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evals.cases import split_of
from evals.corrections import apply, read_corrections
from evals.reporting.outcomes import outcome_of
from evals.reporting.report import write_report
from evals.reporting.synthetic import synthetic_run
from evals.reporting.trace import sections
from evals.runs import RunFolder
from evals.scores import CaseResult
from evals.suites import SUITES

CASES = 132
PAGE = 50
WORD = "W" * 100_000
HOSTILE = (
    "<script>alert('x')</script><img src=x onerror=alert(1)> </script> <!-- {{ 7*7 }} ]]>"
    " \u202etxet\u202c zero\u200bwidth \u2066iso\u2069 \U000e0041 👩\u200d💻 \x07"
)
NO_STORE = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })"
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A made-up run with a case whose every text is hostile."""
    run = RunFolder(tmp_path_factory.mktemp("report") / "01RUN")
    synthetic_run(run, CASES - 1)
    evil = next(one for one in run.results() if one.suite == "guard").model_dump(mode="json")
    evil |= {
        "id": "hostile-texts",
        "split": split_of("hostile-texts"),
        "error": f"{HOSTILE} {WORD}",
        "scores": {},
        "tags": ["hostile"],
    }
    evil["case"] = {
        "id": "hostile-texts",
        "input": {"text": f"{HOSTILE} {WORD}"},
        "target": {HOSTILE: HOSTILE},
        "note": HOSTILE,
    }
    evil["output"] = {
        "text": HOSTILE,
        "findings": [],
        HOSTILE: HOSTILE,
        "passages": [{"text": HOSTILE, "title": HOSTILE}],
    }
    with run.appending() as append:
        append(CaseResult.model_validate(evil))
    write_report(run)
    return run


@pytest.fixture
def report(folder: RunFolder, open_page: Callable[..., Page]) -> Page:
    return open_page((folder.path / "report.html").as_uri())


@pytest.fixture
def results(folder: RunFolder) -> list[CaseResult]:
    return folder.results()


def items(page: Page) -> Locator:
    return page.locator("#list > li")


def expect_in_all(page: Page, count: int) -> None:
    expect(page.locator("#range")).to_have_text(re.compile(rf" of {count}$"))


def follow(page: Page, key: str) -> Locator:
    page.evaluate("key => { location.hash = `#case/${key}`; }", key)
    return page.locator(f'li[data-key="{key}"]')


def test_the_list_is_filled_worst_first(report: Page) -> None:
    expect(items(report)).to_have_count(PAGE)
    expect_in_all(report, CASES)
    badges = report.locator("#list .badge:not(.relabelled)").all_inner_texts()
    order = ["Dangerous", "Failed", "Error", "Unscored", "Passed"]
    assert badges == sorted(badges, key=order.index)
    assert badges[0] == "Dangerous"


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("suite", "guard", lambda one: one.suite == "guard"),
        ("language", "ja", lambda one: one.language == "ja"),
        ("split", "held", lambda one: one.split == "held"),
        ("tag", "hostile", lambda one: "hostile" in one.tags),
        ("scorer", "stopped", lambda one: "stopped" in one.scores),
        ("outcome", "error", lambda one: one.error is not None),
    ],
)
def test_a_filter_keeps_what_fits(
    report: Page, results: list[CaseResult], field: str, value: str, wanted: Callable[[CaseResult], bool]
) -> None:
    count = sum(map(wanted, results))
    assert 0 < count < CASES
    report.locator(f"#filters [name={field}]").select_option(value)
    expect_in_all(report, count)
    report.get_by_role("button", name="Clear", exact=True).click()
    expect_in_all(report, CASES)


def test_filters_work_together(report: Page, results: list[CaseResult]) -> None:
    dangerous = [one for one in results if (score := one.scores.get("stopped")) and score.passed is False]
    report.locator("[name=scorer]").select_option("stopped")
    report.locator("[name=outcome]").select_option("danger")
    expect_in_all(report, len(dangerous))
    report.locator("[name=suite]").select_option("triage")
    expect(report.locator("#range")).to_have_text("No case fits these filters.")
    expect(items(report)).to_have_count(0)


def test_words_are_found_in_id_trace_and_reasons(report: Page, results: list[CaseResult]) -> None:
    told = [
        str(sections(one, whole=outcome_of(one, SUITES.get(one.suite)) != "passed")).casefold()
        for one in results
    ]
    reasons = [" ".join(score.why for score in one.scores.values()) for one in results]
    words = report.get_by_role("searchbox", name="Words")
    for text, count in (
        ("hostile-texts", 1),
        ("ＷＷＷＷＷＷＷＷ", 1),
        ("we GUARANTEE your full", sum("we guarantee your full" in one for one in told)),
        ("let through:", sum("let through:" in one for one in reasons)),
    ):
        assert count
        words.fill(text)
        expect_in_all(report, count)


def test_pages_turn(report: Page) -> None:
    first = items(report).first.get_attribute("data-key")
    expect(report.locator("#previous")).to_be_disabled()
    report.locator("#next").click()
    expect(report.locator("#range")).to_have_text(f"Cases 51 to 100 of {CASES}")
    report.locator("#next-below").click()
    expect(report.locator("#range")).to_have_text(f"Cases 101 to {CASES} of {CASES}")
    expect(report.locator("#next")).to_be_disabled()
    report.locator("#previous").click()
    report.locator("#previous-below").click()
    assert items(report).first.get_attribute("data-key") == first


def test_a_failed_case_tells_the_whole_way(report: Page, results: list[CaseResult]) -> None:
    failed = next(
        one
        for one in results
        if one.suite == "end_to_end" and len((one.output or {})["rounds"]) > 1
        if any(score.passed is False for score in one.scores.values())
    )
    item = follow(report, f"{failed.suite}/{failed.id}")
    heads = item.locator("h4").all_inner_texts()
    for wanted in ("Buyer's message", "Target", "Triage", "Passages", "Round 1 (llm): prompt, user",
                   "Round 1 (llm): raw reply", "Final draft", "Scores"):  # fmt: skip
        assert wanted in heads
    draft = item.locator("section", has=report.get_by_role("heading", name="Round 1 (llm): draft"))
    wrote = draft.locator(".text").evaluate(
        "box => { for (const rule of box.querySelectorAll('.rule')) rule.remove(); return box.textContent; }"
    )
    first = (failed.output or {})["rounds"][0]
    assert wrote == first["draft"]["text"]
    evidence = {one["evidence"] for one in first["guard"]["findings"]}
    assert "help@shop.example" in evidence & set(draft.locator("mark").all_inner_texts())
    expect(item.get_by_role("row", name="required facts")).to_be_visible()


def test_a_passed_case_is_told_in_short(report: Page, results: list[CaseResult]) -> None:
    passed = next(
        one for one in results if one.suite == "end_to_end" and outcome_of(one, SUITES[one.suite]) == "passed"
    )
    heads = follow(report, f"end_to_end/{passed.id}").locator("h4").all_inner_texts()
    assert {"Buyer's message", "Target", "Final draft", "Scores"} <= set(heads)
    assert not any("Round" in head for head in heads)


def test_the_keyboard_is_enough(report: Page) -> None:
    report.keyboard.press("Tab")
    skip = report.get_by_role("link", name="Skip to the cases")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    report.keyboard.press("Enter")
    expect(report.locator("#cases")).to_be_focused()
    expect(report.locator("#cases")).to_be_in_viewport()
    report.keyboard.press("Tab")
    expect(report.locator("[name=suite]")).to_be_focused()
    toggle = items(report).first.locator("> button")
    toggle.focus()
    report.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    report.keyboard.press("Tab")
    assert report.evaluate("document.activeElement.closest('.trace') !== null")
    toggle.focus()
    report.keyboard.press("Space")
    expect(toggle).to_have_attribute("aria-expanded", "false")


def test_hostile_texts_are_inert(report: Page) -> None:
    item = follow(report, "guard/hostile-texts")
    expect(item.locator(".trace")).to_be_visible()
    assert report.locator("#list img, #list script, #list iframe").count() == 0
    assert report.evaluate("document.scripts.length") == 2
    shown = item.locator("section", has=report.get_by_role("heading", name="Note on the label")).locator(
        ".text"
    )
    marks = shown.locator(".mark").all_inner_texts()
    assert marks == ["RLO", "PDF", "ZWSP", "LRI", "PDI", "U+E0041", "U+0007"]
    expect(shown.locator(".mark").first).to_have_attribute("title", "right-to-left override, U+202E")
    assert "<script>alert('x')</script>" in shown.inner_text()
    assert "👩\u200d💻" in shown.inner_text()
    assert "\u202e" not in item.inner_text()
    assert report.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_long_text_is_cut_until_asked_for(report: Page) -> None:
    item = follow(report, "guard/hostile-texts")
    box = item.locator(".text").first
    assert len(box.inner_text()) < 25_000
    box.get_by_role("button", name="Show all").click()
    assert len(box.inner_text()) > 100_000


def label(item: Locator, target: str, note: str = "") -> None:
    summary = item.locator("summary", has_text="Is the label wrong?")
    if item.get_by_label("What is right (JSON)").is_hidden():
        summary.click()
    item.get_by_label("What is right (JSON)").fill(target)
    item.get_by_label("Why").fill(note)
    item.get_by_role("button", name="Mark the label as wrong").click()


@pytest.mark.parametrize("text", ["{not json", "[1]", "null", '"text"'])
def test_a_target_that_is_no_object_is_refused(report: Page, text: str) -> None:
    items(report).first.locator("> button").click()
    label(items(report).first, text)
    expect(items(report).first.locator(".wrong-input")).to_be_visible()
    expect(report.locator("#corrections")).to_be_hidden()


def test_a_wrong_label_is_kept_and_exported(
    report: Page, results: list[CaseResult], folder: RunFolder, tmp_path: Path
) -> None:
    chosen = next(
        one for one in results if one.suite == "guard" and one.case["target"].get("verdict") == "pass"
    )
    target = {"verdict": "blocked", "rules": ["AMZ-07"]}
    label(follow(report, f"guard/{chosen.id}"), json.dumps(target), 'because "ü"')
    report.reload()
    expect(report.locator("#corrected")).to_have_text("1")
    item = report.locator(f'li[data-key="guard/{chosen.id}"]')
    expect(item.locator(".relabelled")).to_be_visible()
    assert json.loads(item.get_by_label("What is right (JSON)").input_value()) == target
    with report.expect_download() as download:
        report.get_by_role("button", name="Download corrections").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == f"corrections-{folder.record.id}.jsonl"
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "suite": "guard", "id": chosen.id, "target": target, "note": 'because "ü"', "data": chosen.content,
    }  # fmt: skip
    data = tmp_path / "data"
    (data / "guard").mkdir(parents=True)
    (data / "guard" / "cases.jsonl").write_text(
        json.dumps(chosen.case, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (changed,) = apply(read_corrections(path), data, SUITES)
    assert (changed.id, changed.after) == (chosen.id, target)


def test_a_mark_can_be_taken_back(report: Page) -> None:
    item = items(report).first
    item.locator("> button").click()
    before = item.get_by_label("What is right (JSON)").input_value()
    label(item, '{"tier": 1}')
    expect(item.locator(".relabelled")).to_be_visible()
    item.get_by_role("button", name="Take the mark back").click()
    expect(item.locator(".relabelled")).to_be_hidden()
    expect(report.locator("#corrections")).to_be_hidden()
    assert item.get_by_label("What is right (JSON)").input_value() == before


def test_without_a_store_the_page_says_so(folder: RunFolder, open_page: Callable[..., Page]) -> None:
    page = open_page((folder.path / "report.html").as_uri(), before=NO_STORE)
    items(page).first.locator("> button").click()
    label(items(page).first, '{"tier": 1}')
    expect(page.locator("#kept")).to_contain_text("download them before you close")
    expect(page.locator("#corrected")).to_have_text("1")


def test_a_link_to_a_case_opens_it(folder: RunFolder, open_page: Callable[..., Page]) -> None:
    last = folder.results()[0]
    address = (folder.path / "report.html").as_uri()
    page = open_page(f"{address}#case/{last.suite}/{last.id}")
    expect(page.locator(f'li[data-key="{last.suite}/{last.id}"] .trace')).to_be_visible()
    page.evaluate("location.hash = '#case/none/none'")
    expect(page.locator(".trace")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_read_in_both_themes_and_on_a_phone(
    folder: RunFolder, open_page: Callable[..., Page], scheme: str, width: int
) -> None:
    page = open_page(
        (folder.path / "report.html").as_uri(),
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.locator("#list > li > button").first.click()
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) == []


def test_the_check_of_contrast_sees_a_pale_text(report: Page) -> None:
    report.evaluate("document.querySelector('h2').style.color = '#999'")
    (found,) = report.evaluate(CONTRAST)
    assert "H2" in found


def test_print_shows_what_is_folded_and_no_controls(report: Page) -> None:
    report.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    report.emulate_media(media="print")
    expect(report.locator("#filters")).to_be_hidden()
    expect(report.locator("table.causes")).to_be_visible()
    expect(report.locator(".metrics").first).to_be_visible()
    report.emulate_media(media="screen")
    report.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(report.locator("table.causes")).to_be_hidden()


@pytest.mark.parametrize(
    ("tag", "property_", "value", "directive"),
    [
        ("script", "textContent", "window.ran = 1", "script-src-elem"),
        ("script", "src", "data:text/javascript,window.ran=1", "script-src-elem"),
        ("style", "textContent", "body { display: none }", "style-src-elem"),
        ("img", "src", "http://127.0.0.1:9/x.png", "img-src"),
        ("iframe", "src", "http://127.0.0.1:9/", "frame-src"),
    ],
)
def test_the_page_forbids_what_it_does_not_need(
    folder: RunFolder, chromium: Browser, tag: str, property_: str, value: str, directive: str
) -> None:
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto((folder.path / "report.html").as_uri())
    refused = page.evaluate(
        """([tag, property, value]) => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
            const node = document.createElement(tag);
            node[property] = value;
            document.body.append(node);
        })""",
        [tag, property_, value],
    )
    assert refused == directive
    assert page.evaluate("window.ran") is None
    assert page.locator("h1").is_visible()
    context.close()
