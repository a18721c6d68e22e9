"""``replydesk eval online``: what people did with the drafts, by group, before and after a change."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.output import emit, say, table
from api.cli.times import instant

if TYPE_CHECKING:
    from evals.online.measures import Share, Summary

FATE_HEADS = ("unedited", "lightly_edited", "rewritten", "rejected")


def online(
    since: Annotated[str | None, typer.Option("--since", help="First day or time (RFC 3339).")] = None,
    until: Annotated[str | None, typer.Option("--until", help="First day or time left out.")] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", help="intent, language, marketplace, tier, prompt, model, drafter, agent or week."
        ),
    ] = None,
    change_at: Annotated[
        str | None, typer.Option("--change-at", help="Compare what was drafted before and since.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Show how drafts were sent: unedited, lightly edited, rewritten, rejected; how long it took, and why."""
    from assistant.bootstrap import build_store_only
    from assistant.settings import load
    from evals.online.decided import decided
    from evals.online.measures import GROUPS, by_group, change, summary

    group = next((name for name in GROUPS if name == by), None)
    if by and group is None:
        raise typer.BadParameter(f"one of {', '.join(GROUPS)}", param_hint="--by")
    moment = instant(change_at, "--change-at")
    with build_store_only(load()) as app:
        cases = list(decided(app.engine, instant(since, "--since"), instant(until, "--until")))
    whole = summary("all", cases)
    parts = by_group(cases, group) if group else ()
    moved = change(cases, moment) if moment else None
    if as_json:
        emit(
            {
                "all": whole.model_dump(mode="json"),
                "groups": [one.model_dump(mode="json") for one in parts],
                "change": moved.model_dump(mode="json") if moved else None,
            }
        )
        return
    rows = [*((moved.before, moved.after) if moved else ()), *parts, whole]
    heads = ("group", "drafts", "decided", *FATE_HEADS, "median time", "reasons")
    table("What became of the drafts (95 % interval)", heads, [_row(one) for one in rows])
    if moved:
        p = f", p = {moved.p:.3f}" if moved.p is not None else ""
        say(f"sent unedited since {moved.at:%Y-%m-%d %H:%M}Z: {moved.verdict}{p}")


def _row(one: "Summary") -> tuple[object, ...]:
    half = one.time_to_decision.p50
    reasons = ", ".join(f"{reason} ({count})" for reason, count in one.reasons)
    shares = [_share(one.shares[fate]) for fate in one.shares]
    return (one.group, one.suggestions, one.decided, *shares, f"{half / 60:.0f} min" if half else "", reasons)


def _share(share: "Share") -> str:
    if share.value is None or share.low is None or share.high is None:
        return ""
    return f"{share.value:.0%} ({share.low:.0%}–{share.high:.0%})"
