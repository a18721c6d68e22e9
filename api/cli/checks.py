"""``replydesk guard check`` and ``replydesk triage``: pure functions, no store, no knowledge."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options
from api.cli.batch import run_batch
from api.cli.output import emit, say, table

if TYPE_CHECKING:
    from api.schemas import GuardResult, TriageResult

guard = typer.Typer(help="Check a text against the rules before it goes out.", no_args_is_help=True)


@guard.callback()
def _group() -> None:
    """Check a text against the rules before it goes out."""


@guard.command("check")
def check(
    *,
    text: options.Text = None,
    marketplace: options.Marketplace = None,
    kind: Annotated[str | None, typer.Option("--kind", help="reply (default) or proactive.")] = None,
    subject: options.Subject = None,
    buyer_language: Annotated[
        str | None, typer.Option("--buyer-language", "--language", help="Language the buyer reads.")
    ] = None,
    order: options.Order = None,
    thread: options.Thread = None,
    passages: Annotated[
        str | None,
        typer.Option("--passages", metavar="FILE", help="Knowledge to rest on, as a JSON list."),
    ] = None,
    attachment: Annotated[
        list[str] | None, typer.Option("--attachment", help="Name of an attached file; may be repeated.")
    ] = None,
    at: options.At = None,
    jsonl: options.Jsonl = None,
    as_json: options.Json = False,
) -> None:
    """Check one text (exit 1 when it is blocked) or a batch (exit 0: each result has its own verdict)."""
    if jsonl is not None:
        run_batch(jsonl, check_case)
        return
    fields = options.given(
        text=options.read_text(text),
        marketplace=marketplace,
        kind=kind,
        subject=subject,
        buyer_language=buyer_language,
        order=options.read_json(order, "--order"),
        thread=options.read_json(thread, "--thread"),
        passages=options.read_json(passages, "--passages"),
        attachments=attachment or None,
        at=at,
    )
    result = _checked(fields)
    if as_json:
        emit(result.model_dump(mode="json", by_alias=True))
    else:
        _show_findings(result)
    if result.verdict == "blocked":
        raise typer.Exit(1)


def triage(
    *,
    text: options.Text = None,
    subject: options.Subject = None,
    marketplace: options.Marketplace = None,
    language: options.Language = None,
    order: options.Order = None,
    thread: options.Thread = None,
    at: options.At = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why.")] = False,
    jsonl: options.Jsonl = None,
    as_json: options.Json = False,
) -> None:
    """Say what a message is about, how dangerous it is, and whose it is."""
    if jsonl is not None:
        run_batch(jsonl, triage_case)
        return
    fields = options.given(
        text=options.read_text(text),
        subject=subject,
        marketplace=marketplace,
        language=language,
        order=options.read_json(order, "--order"),
        thread=options.read_json(thread, "--thread"),
        at=at,
    )
    result = _triaged(fields)
    if as_json:
        emit(result.model_dump(mode="json", by_alias=True))
    else:
        _show_triage(result, explain=explain)


def check_case(case: dict[str, Any]) -> dict[str, Any]:
    """One line of a batch file; see ``GuardRequest`` for its fields."""
    return _checked(case).model_dump(mode="json", by_alias=True, exclude={"id"})


def triage_case(case: dict[str, Any]) -> dict[str, Any]:
    """One line of a batch file; see ``TriageRequest`` for its fields."""
    return _triaged(case).model_dump(mode="json", by_alias=True, exclude={"id"})


def _checked(fields: dict[str, Any]) -> "GuardResult":
    from datetime import UTC, datetime

    from api.schemas import GuardResult
    from assistant.guard.check import check as guard_check
    from assistant.guard.context import GuardRequest

    request = GuardRequest.model_validate(fields)
    context = request.context()
    if context.at is None:
        context = context.model_copy(update={"at": datetime.now(UTC)})
    return GuardResult.of(None, guard_check(request.text, context))


def _triaged(fields: dict[str, Any]) -> "TriageResult":
    from datetime import UTC, datetime

    from api.schemas import TriageResult
    from assistant.triage.classify import TriageRequest, classify

    request = TriageRequest.model_validate(fields)
    if request.at is None:
        request = request.model_copy(update={"at": datetime.now(UTC)})
    return TriageResult.of(None, classify(request))


def _show_findings(result: "GuardResult") -> None:
    say(f"{result.verdict} (grounding {result.grounding}, rules {result.pack})")
    if result.findings:
        rows = [
            (
                finding.rule,
                finding.severity,
                f"{finding.start}–{finding.end}",
                finding.evidence,
                finding.message,
            )
            for finding in result.findings
        ]
        table("", ("rule", "severity", "place", "found", "why"), rows)


def _show_triage(result: "TriageResult", *, explain: bool) -> None:
    intents = ", ".join(f"{intent.name} ({intent.confidence:.2f})" for intent in result.intents)
    rows = [
        ("tier", result.tier),
        ("route", result.route),
        ("intents", intents or "none"),
        ("risk flags", ", ".join(result.risk_flags) or "none"),
        ("sentiment", result.sentiment),
        ("language", result.language),
    ]
    if explain:
        rows += [("because", why) for why in result.reasons]
    table("", ("", ""), rows)
