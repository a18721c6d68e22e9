"""``replydesk eval prefer``: let a chat model say which of two runs has the better replies."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.eval_run import runs_of_home
from api.cli.output import emit, first_words, say, table

if TYPE_CHECKING:
    from evals.preferences import Preferences


def prefer(
    *,
    before: Annotated[str, typer.Argument(metavar="A", help="The run before: id, folder or `latest`.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The run after.")],
    judge: Annotated[
        str, typer.Option("--judge", help="The model that judges: `live`, `recorded`, `recorded:NAME`.")
    ] = "recorded",
    refresh: options.Refresh = False,
    max_calls: options.MaxCalls = None,
    max_usd: options.MaxUsd = None,
    as_json: options.Json = False,
) -> None:
    """Compare the replies of two runs, each pair in both orders. A judge's taste is never a gate: exit 0."""
    from assistant.settings import load
    from evals.choice import chosen_model
    from evals.models import Budget
    from evals.planning import RunRequest
    from evals.preferences import preferences
    from evals.scorers.graded.judge import judge_with

    runs = runs_of_home()
    one, other = runs.find(before), runs.find(after)
    asked = RunRequest.model_validate(options.given(max_calls=max_calls, max_usd=max_usd))
    budget = Budget(asked.max_calls, asked.max_usd)
    with chosen_model(judge, load(), budget, refresh=refresh) as chosen:
        found = preferences(one.results(), other.results(), judge_with(chosen.model))
    if as_json:
        emit(found.model_dump(mode="json") | {"judge": chosen.cause})
    else:
        _show(found, chosen.cause)


def _show(found: "Preferences", judge: str) -> None:
    rows = [(f"{one.suite}/{one.id}", one.verdict, first_words(one.why)) for one in found.cases]
    table("", ("case", "preferred", "why"), rows)
    chance = "" if found.p is None else f"; chance alone would be so uneven with p = {found.p:.3f}"
    say(
        f"judged by {judge}: {found.after} times the run after, {found.before} times the run before, "
        f"{found.tie} ties, {found.unjudged} unjudged{chance}"
    )
