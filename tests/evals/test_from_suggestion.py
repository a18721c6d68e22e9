"""A suggestion that people dealt with becomes a case of each suite, without the people in it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import (
    Approval,
    Case,
    Clock,
    Draft,
    Finding,
    GuardReport,
    HistoryEntry,
    Passage,
    Proposal,
    Suggestion,
    Triage,
)
from assistant.errors import InvalidInput
from assistant.store.records import Record, StoredDraft
from assistant.vocabulary import Role, Status
from evals.additions import FILE, Place, add_case
from evals.cases import case_of, split_of
from evals.from_suggestion import SUITES as TAKEN
from evals.from_suggestion import case_from, identity_of, line_of
from evals.handled import Handled
from evals.labels import personal
from evals.problems import Labelled
from evals.suites import SUITES

KEY = b"k" * 32
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = "Wo bleibt 302-1234567-7654321? Tel. 0170/1234567, k.brandstetter@web.de\nViele Grüße\nK. Brandstetter"
DRAFT = "Guten Tag Frau Brandstetter, Ihr Paket kommt in 5 Tagen. Schreiben Sie an hilfe@velanoor.de."
SENT = "Guten Tag Frau Brandstetter, Ihr Paket kommt bis 24.11.2026."
PRIVATE = (
    "Brandstetter",
    "302-1234567-7654321",
    "0170/1234567",
    "k.brandstetter@web.de",
    "00340434161094015902",
)
FINDING = Finding(
    rule="AMZ-12", severity="block", start=0, end=1, evidence="hilfe@velanoor.de", message="an e-mail address"
)


@pytest.fixture
def make_handled(
    make_case: Callable[..., Case],
    make_triage: Callable[..., Triage],
    shipped_order: dict[str, Any],
    passage: Passage,
) -> Callable[..., Handled]:
    def make(status: Status = Status.APPROVED, **changes: Any) -> Handled:
        guard = GuardReport(
            verdict="blocked", grounding="checked", pack="p", findings=changes.pop("findings", (FINDING,))
        )
        if not guard.findings:
            guard = guard.model_copy(update={"verdict": "pass"})
        case = make_case(changes.pop("text", TEXT), message={"thread_id": "thread-1"}, order=shipped_order)
        draft = Draft(text=DRAFT, language="de", drafter="llm", outcome="answerable")
        clock = Clock(first_unanswered_at=AT, warn_at=AT, due_at=AT, overdue=False)
        proposal = Proposal(
            triage=make_triage(),
            passages=(passage,),
            draft=draft,
            guard=guard,
            clock=clock,
            approval=Approval(required_roles=(Role.AGENT,)),
        )
        suggestion = Suggestion(
            id="01SUGGESTION",
            status=status,
            created_at=AT,
            case=case,
            final_text=changes.pop("sent", SENT) if status is Status.APPROVED else None,
            **{
                name: getattr(proposal, name)
                for name in ("triage", "passages", "draft", "guard", "clock", "approval")
            },
        )
        action = changes.pop("action", status.value)
        reason = {"reason": "Frau Brandstetter ist verärgert"}
        entry = HistoryEntry(
            at=AT + timedelta(hours=1), action=action, actor="a", role="agent", details=reason
        )
        stored = StoredDraft(number=1, created_at=AT, proposal=proposal)
        return Handled(Record(suggestion=suggestion), (entry,), (stored,))

    return make


@pytest.mark.parametrize("suite", TAKEN)
def test_every_suite_gets_a_case_without_the_buyer(suite: str, make_handled: Callable[..., Handled]) -> None:
    made = case_from(make_handled(), SUITES[suite], KEY)
    line = line_of(made.case)
    assert case_of(line, SUITES[suite].shape) == made.case
    for value in (*PRIVATE, "thread-1"):
        assert value not in line
    assert made.case.id == identity_of("01SUGGESTION")
    assert made.case.split == split_of(made.case.id)
    assert (made.case.origin, made.case.language, made.case.tags) == ("anonymised", "de", ("edited",))
    assert made.case.note.startswith("approved: Frau ")
    assert not list(personal([Labelled.of(suite, made.case)]))
    assert made.anonymity.replaced["order id"] == 1
    assert made.anonymity.remains == ()


def test_a_reply_that_was_edited(make_handled: Callable[..., Handled]) -> None:
    target = case_from(make_handled(), SUITES["end_to_end"], KEY).case.target
    assert target.required == (("24.11.2026",),)
    assert target.forbidden == ("5 Tagen",)
    assert (target.tier, target.intents, target.outcome) == (1, ("delivery_delay",), "answerable")


def test_a_draft_that_was_stopped_is_a_case_of_the_guard(make_handled: Callable[..., Handled]) -> None:
    for status in (Status.REJECTED, Status.APPROVED):
        case = case_from(make_handled(status), SUITES["guard"], KEY).case
        assert (case.target.verdict, case.target.rules) == ("blocked", ("AMZ-12",))
        (span,) = case.target.spans
        assert span in case.input.text
        assert span.endswith("@example.com")
        assert case.input.thread[-1].sender == "buyer"
    passed = case_from(make_handled(findings=()), SUITES["guard"], KEY).case
    assert passed.target.verdict == "pass"
    assert passed.input.text.endswith("Ihr Paket kommt bis 24.11.2026.")


def test_a_message_is_sorted_at_its_own_time(make_handled: Callable[..., Handled]) -> None:
    case = case_from(make_handled(), SUITES["triage"], KEY).case
    assert case.input.at == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert case.input.order is not None


def test_the_target_can_be_mended(make_handled: Callable[..., Handled]) -> None:
    override = {"tier": 2, "forbidden": None, "documents": ["faq"], "required": [["Frau Brandstetter"]]}
    target = case_from(make_handled(), SUITES["end_to_end"], KEY, override).case.target
    assert (target.tier, target.forbidden, target.documents) == (2, (), ("faq",))
    assert "Brandstetter" not in target.required[0][0]


@pytest.mark.parametrize(
    ("suite", "override", "message"),
    [
        ("retrieval", {}, "go to end_to_end, drafts, triage, guard, not to retrieval"),
        ("end_to_end", {"tier": 7}, "the case cannot be made: target.tier"),
        ("end_to_end", {"intents": ["love"]}, "target.intents"),
        ("end_to_end", {"wishes": 1}, "target.wishes"),
        ("end_to_end", {"required": [["5 Tagen"]], "forbidden": ["5 Tagen"]}, "cannot be met: required, but"),
        ("guard", {"spans": ["not there"]}, "the target cannot be met: not in the text"),
    ],
)
def test_a_target_that_is_none_is_refused(
    suite: str, override: dict[str, Any], message: str, make_handled: Callable[..., Handled]
) -> None:
    with pytest.raises(InvalidInput, match=message):
        case_from(make_handled(), SUITES[suite], KEY, override)


def test_a_decision_that_says_nothing_is_no_case_unless_somebody_says_more(
    make_handled: Callable[..., Handled],
) -> None:
    rejected = make_handled(Status.REJECTED, findings=())
    for suite in ("drafts", "guard"):
        with pytest.raises(InvalidInput, match=f"says nothing that the suite {suite} asks"):
            case_from(rejected, SUITES[suite], KEY)
    override = {"language": "de", "outcome": "needs_information", "forbidden": ["in 5 Tagen"]}
    case = case_from(rejected, SUITES["drafts"], KEY, override).case
    assert (case.tags, case.target.outcome) == (("rejected",), "needs_information")


def test_who_escalates_wants_a_person(make_handled: Callable[..., Handled]) -> None:
    case = case_from(make_handled(Status.ESCALATED), SUITES["end_to_end"], KEY).case
    assert (case.target.outcome, case.tags) == ("escalate", ("escalated",))


def test_what_may_be_left_is_told_by_place(make_handled: Callable[..., Handled]) -> None:
    made = case_from(make_handled(text="Kundennummer 123456, ok?"), SUITES["end_to_end"], KEY)
    (remain,) = made.anonymity.remains
    assert (remain.looks_like, remain.field, remain.at) == ("a long number", "input.message.text", 13)


# --- adding -------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "data", (tmp_path / "bundled",), tmp_path / "home")


def test_a_case_is_appended_whole(place: Place, make_handled: Callable[..., Handled]) -> None:
    case = case_from(make_handled(), SUITES["end_to_end"], KEY).case
    file = place.folder / "end_to_end" / FILE
    file.parent.mkdir(parents=True)
    other = json.loads(line_of(case)) | {"id": "x", "split": split_of("x"), "language": "en"}
    file.write_text(json.dumps(other), "utf-8")
    assert add_case(case, "end_to_end", place, SUITES) == file
    assert [one.id for one in SUITES["end_to_end"].cases(place.folder)] == ["x", case.id]
    assert sorted(path.name for path in file.parent.iterdir()) == [FILE]


def test_the_same_case_is_refused_but_another_suite_may_have_it(
    place: Place, make_handled: Callable[..., Handled]
) -> None:
    found = make_handled()
    case = case_from(found, SUITES["end_to_end"], KEY).case
    add_case(case, "end_to_end", place, SUITES)
    with pytest.raises(InvalidInput, match=f"end_to_end/{case.id} is there already"):
        add_case(case, "end_to_end", place, SUITES)
    add_case(case_from(found, SUITES["triage"], KEY).case, "triage", place, SUITES)
    assert len(SUITES["triage"].cases(place.folder)) == 1


def test_nearly_the_same_case_is_refused_wherever_it_is(
    place: Place, make_handled: Callable[..., Handled]
) -> None:
    case = case_from(make_handled(), SUITES["triage"], KEY).case
    known = place.known[0] / "triage"
    known.mkdir(parents=True)
    other = json.loads(line_of(case)) | {"id": "old", "split": split_of("old")}
    (known / "a.jsonl").write_text(json.dumps(other) + "\n", "utf-8")
    near = case_from(make_handled(text=TEXT.replace("Wo bleibt", "Wo ist")), SUITES["end_to_end"], KEY).case
    with pytest.raises(InvalidInput, match=r"the text of triage/old is 9\d% the same"):
        add_case(near, "end_to_end", place, SUITES)
    abroad = case.model_copy(update={"language": "en"})
    assert add_case(abroad, "triage", place, SUITES).exists()
