"""`replydesk eval add`: shown, asked about, added once; nothing is added unseen."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from api.cli.wiring import store_app
from assistant import bootstrap
from assistant.domain import Actor, Case
from assistant.settings import load
from assistant.vocabulary import Role
from evals.planning import ADDED

Replydesk = Callable[..., Any]
TEXT = "Hallo, wo bleibt es? Ruf an: 0170/1234567, Kundennummer 123456.\nViele Grüße\nKlaus Brandstetter"
AGENT = Actor(key_id="k", name="anna", role=Role.AGENT)


@pytest.fixture
def edited(
    home: Path, make_case: Callable[..., Case], shipped_order: dict[str, Any], now: datetime
) -> Iterator[str]:
    """A suggestion that was sent with other words."""
    with bootstrap.build(load(), now=lambda: now) as app:
        made = app.service.suggest(make_case(TEXT, order=shipped_order), AGENT)
        sent = "Guten Tag, laut Ihrer Bestellung sollte das Paket bis zum 18.11.2026 bei Ihnen sein."
        assert app.service.approve(made.id, AGENT, text=sent).status == "approved"
        yield made.id


def added(home: Path, suite: str = "end_to_end") -> list[dict[str, Any]]:
    path = home / ADDED / suite / "added.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_a_reviewed_case_is_added_and_run(replydesk: Replydesk, home: Path, edited: str) -> None:
    ran = replydesk("eval", "add", "--from-suggestion", edited, "--reviewed")
    assert ran.code == 0, ran.err
    assert "replaced: 1 order id, 1 tracking number, 1 telephone number, 1 name" in ran.out
    assert "a long number" in ran.out
    assert "18.11.2026" in ran.out
    assert "Brandstetter" not in ran.out
    (case,) = added(home)
    assert f"added to {home / ADDED}" in ran.out
    assert case["target"]["required"] == [["18.11.2026", "18. November 2026"]]
    told = json.loads(replydesk("eval", "run", "end_to_end", "--tag", "edited", "--json").out)
    assert (told["done"], told["gates"]) == (1, None)
    again = replydesk("eval", "add", "--from-suggestion", edited, "--reviewed")
    assert again.code == 2
    assert f"end_to_end/{case['id']} is there already" in again.err


def test_in_a_pipe_nothing_is_added_unseen(replydesk: Replydesk, home: Path, edited: str) -> None:
    ran = replydesk("eval", "add", "--from-suggestion", edited)
    assert ran.code == 1
    assert ran.err == "replydesk: not added: read it, then say --reviewed\n"
    assert added(home) == []


def test_for_programs(replydesk: Replydesk, home: Path, edited: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    options = ("--from-suggestion", edited, "--suite", "triage", "--data", str(data), "--json")
    looked = replydesk("eval", "add", *options)
    assert (looked.code, json.loads(looked.out)["file"]) == (1, None)
    ran = replydesk("eval", "add", *options, "--reviewed", "--target", '{"tier": 2, "flags": null}')
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert told["file"] == str(data / "triage" / "added.jsonl")
    assert told["case"]["target"]["tier"] == 2
    assert told["case"]["id"] == json.loads(looked.out)["case"]["id"]
    assert told["replaced"]["name"] == 1
    assert told["remains"][0]["field"] == "input.text"
    assert added(home, "triage") == []


@pytest.mark.parametrize(("answer", "number"), [("y\n", 1), ("n\n", 0)])
def test_on_a_terminal_somebody_is_asked(
    answer: str, number: int, replydesk: Replydesk, home: Path, edited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.eval_add._on_terminal", lambda: True)
    ran = replydesk("eval", "add", "--from-suggestion", edited, stdin=answer)
    assert ran.code == 1 - number
    assert "Does it name nobody" in ran.out
    assert len(added(home)) == number


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--from-suggestion", "nothing"), "there is no suggestion 'nothing'"),
        (("--from-suggestion", "ID", "--suite", "love"), "no suite love"),
        (("--from-suggestion", "ID", "--suite", "retrieval"), "not to retrieval"),
        (("--from-suggestion", "ID", "--target", "[1]"), "not a JSON object"),
        (("--from-suggestion", "ID", "--target", "/no/such"), "/no/such: No such file"),
        (("--from-suggestion", "ID", "--target", '{"tier": 9}'), "target.tier"),
    ],
)
def test_what_cannot_be_added(
    options: tuple[str, ...], message: str, replydesk: Replydesk, edited: str
) -> None:
    ran = replydesk("eval", "add", *(edited if one == "ID" else one for one in options))
    assert ran.code == 2
    assert message in ran.err


def test_nobody_is_asked_about_an_open_suggestion(
    replydesk: Replydesk, home: Path, make_case: Callable[..., Case]
) -> None:
    with bootstrap.build(load()) as app:
        made = app.service.suggest(make_case(TEXT), AGENT)
    ran = replydesk("eval", "add", "--from-suggestion", made.id, "--reviewed")
    assert (ran.code, "is still open" in ran.err) == (2, True)
    with store_app() as app:
        assert app.settings.home == home


def test_gates_judge_the_bundled_cases_alone(
    replydesk: Replydesk, home: Path, edited: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "bundled" / "guard"
    data.mkdir(parents=True)
    case = {"id": "a", "split": "tune", "language": "en", "input": {"text": "Hello.", "marketplace": "UK"}}
    (data / "a.jsonl").write_text(json.dumps(case | {"target": {"verdict": "pass"}}) + "\n", "utf-8")
    monkeypatch.setattr("evals.planning.BUNDLED", data.parent)
    monkeypatch.setattr("evals.baseline.BASELINE", tmp_path / "baseline.json")
    assert replydesk("eval", "run").code == 0
    assert replydesk("eval", "accept", "latest").code == 0
    assert replydesk("eval", "add", "--from-suggestion", edited, "--suite", "guard", "--reviewed").code == 0
    both = json.loads(replydesk("eval", "run", "--json").out)
    assert (both["done"], both["gates"]) == (2, None)
    gated = json.loads(replydesk("eval", "run", "--gate", "--json").out)
    assert (gated["done"], gated["gates"]["ok"]) == (1, True)
