"""``replydesk draft``: a suggestion request in, a stored suggestion out."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options
from api.cli.batch import run_batch
from api.cli.output import emit, say, table
from api.cli.wiring import searching_app

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.domain import Case, Suggestion


def draft(
    *,
    text: options.Text = None,
    marketplace: options.Marketplace = None,
    subject: options.Subject = None,
    language: options.Language = None,
    asin: Annotated[str | None, typer.Option("--asin", help="Product asked about before purchase.")] = None,
    received_at: Annotated[str | None, typer.Option("--received-at", help="When it came (RFC 3339).")] = None,
    order: options.Order = None,
    thread: options.Thread = None,
    agent_facts: Annotated[str | None, typer.Option("--agent-facts", help="What the agent knows.")] = None,
    jsonl: options.Jsonl = None,
    as_json: options.Json = False,
) -> None:
    """Draft a reply, store it with its evidence, and show it.

    In a batch the fields of the message may stand at the top. A result keeps the `id` of its case;
    `suggestion_id` is the id it is stored by.
    """
    if jsonl is not None:
        with searching_app() as app:
            run_batch(jsonl, lambda case: draft_case(app, case))
        return
    case = case_of(
        options.given(
            text=options.read_text(text),
            marketplace=marketplace,
            subject=subject,
            language=language,
            asin=asin,
            received_at=received_at,
            order=options.read_json(order, "--order"),
            thread=options.read_json(thread, "--thread"),
            agent_facts=agent_facts,
        )
    )
    with searching_app() as app:
        suggestion = _suggest(app, case)
    if as_json:
        emit(_view(suggestion))
    else:
        _show(suggestion)


def draft_case(app: "App", case: dict[str, Any]) -> dict[str, Any]:
    """One line of a batch file; ``id`` stays the line's, ``suggestion_id`` is the one it is stored by."""
    view = _view(_suggest(app, case_of(case)))
    return {"suggestion_id": view.pop("id"), **view}


def case_of(fields: dict[str, Any]) -> "Case":
    """A suggestion request, whose message may be given as ``message`` or field by field at the top.

    Raises:
        InvalidInput: both were given.
        ValidationError: a field cannot be taken.
    """
    from assistant.domain import Case, Message
    from assistant.errors import InvalidInput

    loose = {name: value for name, value in fields.items() if name in Message.model_fields}
    if not loose:
        return Case.model_validate(fields)
    if fields.get("message") is not None:
        raise InvalidInput(f"{next(iter(loose))}: give it at the top or in `message`, not both")
    rest = {name: value for name, value in fields.items() if name not in loose}
    return Case.model_validate({**rest, "message": loose})


def _suggest(app: "App", case: "Case") -> "Suggestion":
    from assistant.store.keys import OPERATOR

    return app.service.suggest(case, OPERATOR)


def _view(suggestion: "Suggestion") -> dict[str, Any]:
    from api.schemas import SuggestionView

    return SuggestionView.of(suggestion).model_dump(mode="json", by_alias=True)


def _show(suggestion: "Suggestion") -> None:
    say(suggestion.draft.text)
    say("")
    draft = suggestion.draft
    degraded = f" (degraded: {draft.degraded_reason})" if draft.degraded else ""
    rows = [
        ("suggestion", suggestion.id),
        ("tier, route", f"{suggestion.triage.tier}, {suggestion.triage.route}"),
        ("drafted by", f"{draft.model or draft.drafter}{degraded}"),
        ("outcome", draft.outcome),
        ("guard", suggestion.guard.verdict),
        ("must approve", ", ".join(suggestion.approval.required_roles)),
        ("answer by", suggestion.clock.due_at.isoformat(timespec="minutes")),
    ]
    rows += [("rests on", f"{citation.document_id}: {citation.quote}") for citation in draft.citations]
    rows += [(one.rule, f"{one.severity}: {one.message}") for one in suggestion.guard.findings]
    table("", ("", ""), rows)
