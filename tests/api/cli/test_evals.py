"""`replydesk eval`: run, hold against what was accepted, compare, list, check, report, correct."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import GuardReport
from evals import suites as registry
from evals.cases import split_of
from evals.runs import RESULTS, Runs
from evals.scores import CaseResult

Replydesk = Callable[..., Any]
PRAISE = ("a 5-star review", "five stars on Amazon", "a positive review", "a great review", "a top rating",
          "a nice review", "a good product review", "an excellent review")  # fmt: skip
WORDS = ("kettle", "lamp", "fryer", "jacket", "vacuum", "charger", "humidifier", "bottle")


def case(identity: str, text: str, target: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "id": identity,
        "language": "en",
        "split": split_of(identity),
        "tags": [identity.split("-", maxsplit=1)[0]],
    }
    return {**fields, "input": {"text": text, "marketplace": "UK"}, "target": target}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Eight replies that ask for reviews, eight that may go out."""
    folder = tmp_path / "data" / "guard"
    folder.mkdir(parents=True)
    bad = [
        case(
            f"bad-{place}",
            f"Dear buyer of the {WORDS[place]}, please leave us {praise}.",
            {"verdict": "blocked", "rules": ["AMZ-01"]},
        )
        for place, praise in enumerate(PRAISE)
    ]
    good = [
        case(f"good-{word}", f"Hello, thank you for writing to us about the {word}.", {"verdict": "pass"})
        for word in WORDS
    ]
    lines = "".join(json.dumps(one) + "\n" for one in (*bad, *good))
    (folder / "cases.jsonl").write_text(lines, encoding="utf-8")
    return folder.parent


@pytest.fixture
def accepted(replydesk: Replydesk, data: Path, tmp_path: Path) -> Path:
    """The baseline of a first run."""
    path = tmp_path / "baseline.json"
    assert replydesk("eval", "run", "--data", str(data), "--json").code == 0
    ran = replydesk("eval", "accept", "latest", "--baseline", str(path))
    assert ran.code == 0, ran.err
    return path


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard that lets everything pass, by another pack of rules."""
    report = GuardReport(verdict="pass", grounding="not_checked", pack="blind@0")
    monkeypatch.setattr("evals.suites.guard.check", lambda text, context: report)
    monkeypatch.setattr("evals.causes.pack_id", lambda: "blind@0")


def results(home: Path, name: str = "latest") -> list[CaseResult]:
    return Runs(home).find(name).results()


def test_a_run_shows_its_figures(replydesk: Replydesk, data: Path, home: Path) -> None:
    ran = replydesk("eval", "run", "guard", "--data", str(data))
    assert ran.code == 0, ran.err
    assert ran.err == ""
    assert "16 of 16 cases" in ran.out
    assert "only suites guard" in ran.out
    assert "knowledge not searched" in ran.out
    assert any(line.split()[:3] == ["guard", "recall", "1.000"] for line in ran.out.splitlines())
    assert len(results(home)) == 16


def test_a_run_for_programs(replydesk: Replydesk, data: Path) -> None:
    ran = replydesk("eval", "run", "--data", str(data), "--json", "--seed", "5", "--workers", "1")
    told = json.loads(ran.out)
    assert (told["state"], told["done"], told["gates"]) == ("finished", 16, None)
    assert told["summary"]["guard"]["metrics"]["recall"]["all"]["n"] == 8
    assert told["causes"]["seed"] == 5
    assert told["causes"]["selection"] == {}


def test_only_the_cases_asked_for_are_run(replydesk: Replydesk, data: Path, home: Path) -> None:
    ran = replydesk("eval", "run", "--data", str(data), "--tag", "good", "--language", "en", "--limit", "3")
    assert ran.code == 0, ran.err
    assert {one.id.split("-")[0] for one in results(home)} == {"good"}
    assert len(results(home)) == 3
    assert "only language en, tag good, limit 3" in ran.out
    assert "figure(s) had nothing to judge" in ran.out
    assert "\n guard   recall " not in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing",), "no suite nothing; there are"),
        (("--split", "test"), "split"),
        (("--language", "xx"), "languages"),
        (("--limit", "0"), "limit"),
        (("--data", "/no/such/folder"), "/no/such/folder holds no evaluation data"),
        (("--model", "gpt"), "no model gpt"),
        (("--live", "--model", "recorded"), "exclude each other"),
        (("--limit", "3", "--gate"), "gates judge all cases of a suite; leave out limit, or say --no-gate"),
        (("--gate", "--baseline", "/no/such/file"), "baseline /no/such/file: No such file or directory"),
        (("--resume", "latest"), "no evaluation run latest"),
        (("--resume", "latest", "--limit", "3"), "leave out limit"),
        (("--max-calls", "-1"), "max_calls"),
    ],
)
def test_what_cannot_be_run_is_said_in_one_line(
    replydesk: Replydesk, home: Path, arguments: tuple[str, ...], message: str
) -> None:
    ran = replydesk("eval", "run", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert len(ran.err.splitlines()) == 1
    assert Runs(home).listing() == []


def test_the_accepted_run_holds_and_its_verdict_is_kept(
    replydesk: Replydesk, data: Path, accepted: Path
) -> None:
    ran = replydesk("eval", "run", "--data", str(data), "--gate", "--baseline", str(accepted))
    assert ran.code == 0, ran.err
    assert "gates hold" in ran.out
    listed = json.loads(replydesk("eval", "list", "--json").out)
    assert [one["gates_ok"] for one in listed] == [True, None]
    assert "hold" in replydesk("eval", "list").out


def test_a_guard_that_went_blind_breaks_its_gates(
    replydesk: Replydesk, data: Path, accepted: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("blind")
    arguments = ("eval", "run", "guard", "--data", str(data), "--gate", "--baseline", str(accepted))
    ran = replydesk(*arguments)
    assert ran.code == 1, ran.err
    told = ran.out[ran.out.index("broken, the gravest first") :]
    assert told.index("guard/stopped") < told.index("guard/recall, all")
    assert "8 case(s) went wrong that were right, 0 allowed" in told
    assert "bad-0" in told
    assert "let through: AMZ-01" in told
    assert any(line.split()[:1] == ["pack"] and "blind@0" in line for line in told.splitlines())
    report = json.loads(replydesk(*arguments, "--json").out)["gates"]
    assert report["broken"][0]["subject"] == "guard/stopped"
    assert not report["ok"]


def test_long_lists_are_cut_and_say_so(
    replydesk: Replydesk,
    data: Path,
    accepted: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setattr("api.cli.eval_tables.SHOWN", 5)
    request.getfixturevalue("blind")
    ran = replydesk("eval", "run", "--data", str(data), "--gate", "--baseline", str(accepted))
    assert ran.code == 1
    assert "bad-4" in ran.out
    assert "bad-5" not in ran.out
    assert "and 3 more" in ran.out


def test_what_the_baseline_does_not_know_is_said(replydesk: Replydesk, data: Path, accepted: Path) -> None:
    known = json.loads(accepted.read_text("utf-8"))
    del known["turned"]["guard/grave enough"]
    known["gates"] = [one for one in known["gates"] if not one["metric"].startswith("guard/blocked")]
    accepted.write_text(json.dumps(known), "utf-8")
    ran = replydesk("eval", "run", "--data", str(data), "--gate", "--baseline", str(accepted))
    assert ran.code == 0, ran.out
    assert "the baseline does not know guard/grave enough; accept a run to have it watched" in ran.out


def test_a_case_taken_away_breaks_the_gates(replydesk: Replydesk, data: Path, accepted: Path) -> None:
    path = data / "guard" / "cases.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    new = json.dumps(case("good-new", "Thank you, all is well with the new mug.", {"verdict": "pass"}))
    path.write_text("".join([*lines[1:], new + "\n"]), "utf-8")
    ran = replydesk("eval", "run", "--data", str(data), "--gate", "--baseline", str(accepted))
    assert ran.code == 1
    assert "1 case(s) of the baseline are gone" in ran.out
    assert "bad-0" in ran.out
    assert "1 case(s) of guard are new since the baseline" in ran.out


@pytest.mark.parametrize(
    ("options", "gated"), [((), True), (("--no-gate",), False), (("--limit", "2"), False)]
)
def test_gates_are_judged_by_default_where_they_can_be(
    replydesk: Replydesk,
    data: Path,
    accepted: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    gated: bool,
) -> None:
    monkeypatch.setattr("evals.planning.BUNDLED", data)
    monkeypatch.setattr("evals.baseline.BASELINE", accepted)
    told = json.loads(replydesk("eval", "run", "guard", *options, "--json").out)
    assert (told["gates"] is not None) is gated


def test_a_run_that_was_stopped_goes_on(
    replydesk: Replydesk, data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("evals.suites.guard.check", interrupt)
        ran = replydesk("eval", "run", "--data", str(data))
    assert ran.code == 130
    assert "--resume" in ran.err
    folder = Runs(home).find("latest")
    assert folder.record.state == "interrupted"
    ran = replydesk("eval", "run", "--resume", folder.record.id[:12], "--workers", "1", "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["id"], told["state"], told["done"]) == (folder.record.id, "finished", 16)
    (folder.path / RESULTS).write_bytes(b"")
    folder.cancel()
    assert replydesk("eval", "run", "--resume", "latest", "--json").code == 0


def test_a_bar_moves_on_a_terminal(replydesk: Replydesk, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ran = replydesk("eval", "run", "--data", str(data), "--json")
    assert json.loads(ran.out)["state"] == "finished"
    assert "guard" in ran.err


def test_half_a_run_is_not_accepted(replydesk: Replydesk, data: Path, tmp_path: Path) -> None:
    replydesk("eval", "run", "--data", str(data), "--limit", "3")
    path = tmp_path / "baseline.json"
    ran = replydesk("eval", "accept", "latest", "--baseline", str(path))
    assert ran.code == 2
    assert "a part only (limit 3)" in ran.err
    assert not path.exists()


def test_accepting_again_shows_what_moved(
    replydesk: Replydesk, data: Path, accepted: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("blind")
    replydesk("eval", "run", "--data", str(data))
    told = json.loads(replydesk("eval", "accept", "latest", "--baseline", str(accepted), "--json").out)
    recall = next(one for one in told["moved"] if (one["metric"], one["slice"]) == ("guard/recall", "all"))
    assert (recall["before"], recall["after"]) == (1.0, None)
    again = replydesk("eval", "accept", "latest", "--baseline", str(accepted))
    assert "limits that moved" not in again.out
    assert "known failures" in again.out


def test_two_runs_alike_show_no_change(replydesk: Replydesk, data: Path) -> None:
    for _ in range(2):
        replydesk("eval", "run", "--data", str(data))
    first, second = (one["id"] for one in json.loads(replydesk("eval", "list", "--json").out))
    ran = replydesk("eval", "compare", second, first)
    assert ran.code == 0
    assert ran.out.endswith("no evidence of change\n")
    assert json.loads(replydesk("eval", "compare", second, first, "--json").out)["ok"] is True


def test_a_comparison_says_no_where_something_is_worse(
    replydesk: Replydesk, data: Path, request: pytest.FixtureRequest
) -> None:
    replydesk("eval", "run", "--data", str(data))
    first = json.loads(replydesk("eval", "list", "--json").out)[0]["id"]
    request.getfixturevalue("blind")
    replydesk("eval", "run", "--data", str(data))
    ran = replydesk("eval", "compare", first, "latest")
    assert ran.code == 1
    assert "worse: guard/recall" in ran.out
    assert ran.out.index("cases that failed now") < ran.out.index("suspects")
    back = replydesk("eval", "compare", "latest", first)
    assert back.code == 0
    assert "better: guard/recall" in back.out
    told = json.loads(replydesk("eval", "compare", first, "latest", "--json").out)
    assert told["ok"] is False
    assert told["turned"][0]["danger"] is True


def test_a_run_that_is_not_there_is_said(replydesk: Replydesk) -> None:
    for command in (("compare", "a", "b"), ("accept", "a"), ("report", "a")):
        ran = replydesk("eval", *command)
        assert (ran.code, ran.err) == (2, "replydesk: no evaluation run a\n")
    assert json.loads(replydesk("eval", "list", "--json").out) == []


def test_the_suites_are_listed(replydesk: Replydesk) -> None:
    told = json.loads(replydesk("eval", "list", "--suites", "--json").out)
    assert [one["name"] for one in told] == list(registry.SUITES)
    guard = next(one for one in told if one["name"] == "guard")
    assert {"name": "stopped", "danger": True, "graded": False} in guard["scorers"]
    assert "Does the guard stop" in replydesk("eval", "list", "--suites").out


def test_data_are_checked(replydesk: Replydesk, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lonely = case("good-alone", "Thank you, the repair of your lamp is under way.", {"verdict": "pass"})
    path = data / "guard" / "cases.jsonl"
    path.write_text(json.dumps(lonely) + "\n", "utf-8")
    ran = replydesk("eval", "check", "--data", str(data))
    assert ran.code == 0
    assert ran.out.rstrip().endswith("0 error(s), 2 warning(s)")
    wrong = {**lonely, "id": "good-alone.b", "target": {"verdict": "blocked", "rules": ["AMZ-01"]}}
    path.write_text(json.dumps(lonely) + "\n" + json.dumps(wrong) + "\n", "utf-8")
    told = replydesk("eval", "check", "--data", str(data), "--json")
    assert told.code == 1
    kinds = [one["kind"] for one in json.loads(told.out)["problems"] if one["level"] == "error"]
    assert kinds == ["contradiction"]


def test_a_run_is_written_for_readers_and_programs(
    replydesk: Replydesk, data: Path, accepted: Path, home: Path, tmp_path: Path
) -> None:
    told = replydesk("eval", "report", "latest")
    page = Runs(home).find("latest").path / "report.html"
    assert told.out == f"{page}\n"
    assert "good-kettle" in page.read_text("utf-8")
    out = tmp_path / "page.html"
    assert replydesk("eval", "report", "latest", "--before", "latest", "--out", str(out)).code == 0
    assert out.read_text("utf-8") != page.read_text("utf-8")
    whole = json.loads(replydesk("eval", "report", "latest", "--json").out)
    assert len(whole["results"]) == 16
    assert replydesk("eval", "report", "latest", "--csv").out.lstrip("\ufeff").startswith('"run","suite"')
    xml = tmp_path / "junit.xml"
    replydesk("eval", "report", "latest", "--junit", "--out", str(xml))
    assert "<testsuite" in xml.read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--json", "--csv"), "one form at a time, not json and csv"),
        (("--csv", "--before", "latest"), "only the page shows a comparison"),
        (("--csv", "--out", "/no/such/folder/x"), "/no/such/folder/x: No such file or directory"),
    ],
)
def test_what_cannot_be_written_is_said(
    replydesk: Replydesk, data: Path, options: tuple[str, ...], message: str
) -> None:
    replydesk("eval", "run", "--data", str(data), "--limit", "1")
    ran = replydesk("eval", "report", "latest", *options)
    assert ran.code == 2
    assert message in ran.err


def test_corrected_labels_go_into_the_cases(
    replydesk: Replydesk, data: Path, home: Path, tmp_path: Path
) -> None:
    replydesk("eval", "run", "--data", str(data))
    one = next(result for result in results(home) if result.id == "good-lamp")
    target = {"verdict": "needs_edit", "rules": ["STYLE"]}
    correction = {"suite": "guard", "id": one.id, "target": target, "note": "too curt", "data": one.content}
    path = tmp_path / "corrections.jsonl"
    path.write_text(json.dumps(correction) + "\n", "utf-8")
    ran = replydesk("eval", "correct", str(path), "--data", str(data))
    assert ran.code == 0, ran.err
    assert "guard/good-lamp" in ran.out
    assert ran.out.rstrip().endswith("1 label(s) changed")
    assert '"needs_edit"' in (data / "guard" / "cases.jsonl").read_text("utf-8")
    path.write_text("", "utf-8")
    again = replydesk("eval", "correct", str(path), "--data", str(data), "--json")
    assert (again.code, json.loads(again.out)) == (0, [])
