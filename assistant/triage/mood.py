"""The buyer's mood from words, capitals and exclamation marks."""

import regex

from assistant.triage.evidence import Evidence
from assistant.vocabulary import RiskFlag, Sentiment

_SHOUTED_WORD = regex.compile(r"\b\p{Lu}{2,}\b")
_SHOUTED_WORDS = 3
_HEATED = frozenset(
    {RiskFlag.ABUSE, RiskFlag.LEGAL, RiskFlag.REVIEW_THREAT, RiskFlag.FRAUD, RiskFlag.CHARGEBACK}
)
_READ_AT_MOST = 5_000


def sentiment_of(text: str, evidence: Evidence, flags: tuple[RiskFlag, ...]) -> Sentiment:
    """Angry: two angry words, or one that shouting, a complaint or a threat confirms; a danger worries."""
    angry = evidence.counts.get("angry", 0)
    frustrated = evidence.counts.get("frustrated", 0)
    emphasis = _emphasis(text[:_READ_AT_MOST])
    heated = bool(_HEATED.intersection(flags))
    if RiskFlag.ABUSE in flags or angry >= 2 or (angry and (frustrated or emphasis or heated)):
        return "angry"
    if frustrated and emphasis >= 2:
        return "angry"
    if angry or frustrated or emphasis >= 2:
        return "frustrated"
    if evidence.has("worried") or RiskFlag.SAFETY in flags:
        return "worried"
    return "calm"


def _emphasis(text: str) -> int:
    """0..2: shouted capitals and repeated exclamation marks."""
    shouted = len(_SHOUTED_WORD.findall(text)) >= _SHOUTED_WORDS
    marks = text.count("!") + text.count("！")
    return int(shouted) + int(marks >= 3 or "!!" in text or "！！" in text)
