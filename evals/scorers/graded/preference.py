"""Which of two replies a chat model would rather send. Asked twice with the places swapped.

Judges favour a place (Zheng et al. 2023, section 3.3), so a preference counts only where both orders agree.
"""

from typing import Literal

from evals.scorers.graded.judge import Answer, Judge, Papers

Preferred = Literal["ours", "theirs", "tie"]


class Better(Answer):
    """The judge's answer."""

    better: Literal["first", "second", "tie"]
    why: str


def prefer(judge: Judge, ours: Papers, theirs: Papers) -> tuple[Preferred, str]:
    """The reply preferred in both orders, and why; a tie where the orders disagree or the replies are equal.

    Facts and message are those of ``ours``.

    Raises:
        Unjudged: there is no judgement in one of the orders.
    """
    if ours.reply == theirs.reply:
        return "tie", "the same reply"
    one, other = _asked(judge, ours, theirs.reply), _asked(judge, ours, theirs.reply, swapped=True)
    if one.better == "tie" or other.better == "tie":
        return "tie", one.why
    if one.better == other.better:
        return "tie", f"the {one.better} one in either order"
    return ("ours" if one.better == "first" else "theirs"), one.why


def _asked(judge: Judge, papers: Papers, theirs: str, *, swapped: bool = False) -> Better:
    first, second = (theirs, papers.reply) if swapped else (papers.reply, theirs)
    return judge.ask(
        "preference", Better, facts=papers.facts, message=papers.message, first=first, second=second
    )
