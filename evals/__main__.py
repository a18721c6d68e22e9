"""``make eval``: the demo seller end to end, offline; exit 1 when a floor is broken.

python -m evals             the checks with their floors
python -m evals --model     the demo messages through the configured chat model, with every round
"""

import argparse
import sys

from rich.console import Console

from evals.data import QUESTIONS, demo_messages, demo_questions
from evals.drafting import Drafted, draft_all
from evals.report import drafts_table, languages_table, misses_table, model_table
from evals.retrieval import Looked, look_up, recall
from evals.workshop import demo_app

FLOORS = {
    "draft in the buyer's language": 1.0,
    "guard verdict pass": 1.0,
    "held back: recall@3, same language": 0.8,
}
"""Shares below which the run fails. The first two are absolute; recall is held where it was measured."""


def main() -> int:
    """Run the checks and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--model", action="store_true", help="draft with the chat model of the environment")
    parser.add_argument("--seconds", type=float, default=120.0, help="deadline of one draft with --model")
    parser.add_argument("--raw", action="store_true", help="with --model: print every raw reply")
    chosen = parser.parse_args()
    console = Console(width=150 if not sys.stdout.isatty() else None)
    return _model(console, chosen.seconds, raw=chosen.raw) if chosen.model else _checks(console)


def _checks(console: Console) -> int:
    with demo_app(llm="composer") as app:
        looked = {split: look_up(app.knowledge, demo_questions(split)) for split in QUESTIONS}
        drafted = list(draft_all(app.desk, demo_messages()))
    console.print(drafts_table(drafted))
    for split, of in looked.items():
        console.print(languages_table(of, f"Retrieval, {split}"))
    console.print(misses_table(looked["tune"]))
    return _judge(
        console, measures(drafted) | found(looked["tune"], "tuned on") | found(looked["held"], "held back")
    )


def measures(drafted: list[Drafted]) -> dict[str, float]:
    """The figures on the demo messages by name, as shares."""
    of = len(drafted)
    return {
        "draft in the buyer's language": sum(one.in_buyers_language for one in drafted) / of,
        "guard verdict pass": sum(one.passes for one in drafted) / of,
        "tier as labelled": sum(one.tier_is_right for one in drafted) / of,
        "flags as labelled": sum(one.flags_are_right for one in drafted) / of,
        "main intent as labelled": sum(one.intent_is_right for one in drafted) / of,
    }


def found(looked: list[Looked], split: str) -> dict[str, float]:
    """The figures on the retrieval questions by name, as shares."""
    same = [one for one in looked if not one.question.cross]
    across = [one for one in looked if one.question.cross]
    nothing = [one for one in looked if not one.question.relevant]
    return {
        f"{split}: recall@3, same language": recall(same),
        f"{split}: recall@3, across languages": recall(across),
        f"{split}: abstains where nothing answers": sum(
            all(hit.score < 0.5 for hit in one.hits) for one in nothing
        )
        / len(nothing),
    }


def _judge(console: Console, found: dict[str, float]) -> int:
    broken = 0
    for name, share in found.items():
        floor = FLOORS.get(name)
        failed = floor is not None and share < floor
        broken += failed
        limit = f"  (floor {floor:.0%}{', BROKEN' if failed else ''})" if floor is not None else ""
        console.print(f"{name:44} {share:7.1%}{limit}", style="red" if failed else None, highlight=False)
    return 1 if broken else 0


def _model(console: Console, seconds: float, *, raw: bool) -> int:
    with demo_app(llm="openai", llm_timeout_seconds=seconds) as app:
        drafted = []
        for one in draft_all(app.desk, demo_messages()):
            drafted.append(one)
            verdicts = [
                attempt.guard.verdict if attempt.guard else "fault" for attempt in one.proposal.rounds
            ]
            console.print(one.message.id, *verdicts, f"{one.proposal.draft.latency_ms / 1000:.1f} s")
            for attempt in one.proposal.rounds if raw else ():
                console.print(attempt.raw_reply or attempt.failure, attempt.guard, markup=False)
    console.print(model_table(drafted))
    return 0


if __name__ == "__main__":
    sys.exit(main())
