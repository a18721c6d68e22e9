"""From a message to its tier, intents, dangers, mood, language and desk, by readable rules alone.

Confidence: each row of a phrase table speaks once with its weight; rows for the same matter combine as
independent evidence, 1 - (1 - a)(1 - b)…; the subject line counts 0.6. What reaches 0.45 is reported.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from assistant import danger
from assistant.domain import Noun, Order, ScoredIntent, ThreadEntry, Triage
from assistant.triage import context, rules
from assistant.triage.evidence import Evidence
from assistant.triage.language import LanguageGuess, identify, of_marketplace
from assistant.triage.mood import sentiment_of
from assistant.triage.quotation import own_words
from assistant.triage.routes import route_for
from assistant.vocabulary import (
    INTENT_TIER,
    Identifier,
    Instant,
    Intent,
    Language,
    LanguageCode,
    MarketplaceCode,
    RiskFlag,
    ShortText,
    Text,
    Tier,
)

_REPORTED = 0.45
_SUBJECT = 0.6
_FLAGS = frozenset(flag.value for flag in RiskFlag)
_INTENTS = frozenset(intent.value for intent in Intent)


class TriageRequest(Noun):
    """A message to sort, as batch files and HTTP give it; ``at`` is the time of asking, now if absent."""

    id: Identifier | None = None
    text: Text
    subject: ShortText | None = None
    marketplace: MarketplaceCode | None = None
    order: Order | None = None
    thread: tuple[ThreadEntry, ...] = ()
    language: LanguageCode | None = None
    at: Instant | None = None


def classify(request: TriageRequest) -> Triage:
    """Sort one message; never raises on valid input, reads every character, quoted earlier mail excepted."""
    own = own_words(request.text)
    guess = _guess(request, own)
    languages = danger.languages_of(f"{own}\n{request.subject or ''}", guess, request.language)
    evidence = _evidence(own, request.subject, languages)
    _earlier_dangers(evidence, request.thread)
    context.apply(
        evidence,
        order=request.order,
        thread_marks=_thread_marks(request.thread, languages),
        at=request.at or datetime.now(UTC),
        asked=any(mark in own for mark in "?？❓"),
    )
    flags = tuple(flag for flag in RiskFlag if evidence.score(flag.value) >= _REPORTED)
    intents = _intents(evidence)
    tier = _tier(intents, flags)
    route, route_reason = route_for(
        tier=tier,
        flags=frozenset(flag.value for flag in flags),
        intents=frozenset(intent.name.value for intent in intents),
        signals=frozenset(evidence.marks()),
    )
    return Triage(
        tier=tier,
        intents=intents,
        risk_flags=flags,
        sentiment=sentiment_of(own, evidence, flags),
        language=request.language or guess.language,
        route=route,
        reasons=(
            *evidence.reasons,
            _tier_reason(tier, intents, flags),
            f"route {route.value}: {route_reason}",
        ),
    )


def _guess(request: TriageRequest, own: str) -> LanguageGuess:
    fallback = request.language or of_marketplace(request.marketplace)
    guess = identify(own, fallback=fallback)
    return identify(request.subject, fallback=fallback) if not guess.confidence and request.subject else guess


def _evidence(text: str, subject: str | None, languages: Sequence[Language]) -> Evidence:
    """What body and subject say; a sentence to a machine is the matter only if there is no other."""
    evidence = Evidence()
    body = rules.Folded.of(text)
    risks = _risks(body, languages)
    injected = [match for match in risks if match.row.mark == RiskFlag.INJECTION]
    matters = _matters(body.without(injected), languages) if injected else []
    matters = matters or _matters(body, languages)
    for match in (*matters, *_moods(body, languages), *risks):
        evidence.add(match)
    if subject:
        head = rules.Folded.of(subject)
        for match in (*_matters(head, languages), *_risks(head, languages)):
            evidence.add(match, factor=_SUBJECT, place="subject, ")
    return evidence


def _matters(text: rules.Folded, languages: Sequence[Language]) -> list[rules.Match]:
    return [match for name in languages for match in rules.find(rules.table(f"intents_{name}"), text)]


def _moods(text: rules.Folded, languages: Sequence[Language]) -> list[rules.Match]:
    return [match for name in languages for match in rules.find(rules.table(f"sentiment_{name}"), text)]


def _risks(text: rules.Folded, languages: Sequence[Language]) -> list[rules.Match]:
    """Dangers and other risks; both, like commands to machines, are written in English everywhere."""
    found = danger.reports(text, languages)
    for name in dict.fromkeys((*languages, "en")):
        found += rules.find(rules.table(f"risk_{name}"), text)
    return found


def _earlier_dangers(evidence: Evidence, thread: tuple[ThreadEntry, ...]) -> None:
    """A danger told earlier in the conversation is one still, whatever this message asks."""
    for entry in thread:
        if entry.sender == "buyer":
            for match in danger.reported_in(entry.text):
                evidence.add(match, place="thread, ")


def _thread_marks(thread: tuple[ThreadEntry, ...], languages: Sequence[Language]) -> context.ThreadMarks:
    """What the buyer said in the thread, and what of it before the seller's last answer."""
    answered = max((place for place, entry in enumerate(thread) if entry.sender == "seller"), default=-1)
    rows = [row for language in languages for row in rules.table(f"intents_{language}")]
    before: set[str] = set()
    anywhere: set[str] = set()
    for place, entry in enumerate(thread):
        if entry.sender == "seller":
            continue
        marks = {match.row.mark for match in rules.find(rows, rules.Folded.of(own_words(entry.text)))}
        anywhere |= marks
        if place < answered:
            before |= marks
    return context.ThreadMarks(before_answer=frozenset(before), anywhere=frozenset(anywhere))


def _intents(evidence: Evidence) -> tuple[ScoredIntent, ...]:
    """Most confident first; among equals the graver, then the earlier in the vocabulary."""
    scores = {Intent(mark): evidence.score(mark) for mark in evidence.marks() if mark in _INTENTS}
    found = {intent: score for intent, score in scores.items() if score >= _REPORTED}
    if not found:
        thanks = scores.get(Intent.THANKS, 0.0)
        found = {Intent.THANKS: thanks} if thanks else {Intent.OTHER: 0.3}
    order = list(Intent)
    ranked = sorted(found, key=lambda intent: (-found[intent], -INTENT_TIER[intent], order.index(intent)))
    return tuple(ScoredIntent(name=intent, confidence=found[intent]) for intent in ranked)


def _tier(intents: tuple[ScoredIntent, ...], flags: tuple[RiskFlag, ...]) -> Tier:
    """The highest tier of all matters; words to a machine (``injection``) are no matter of their own."""
    if set(flags) - {RiskFlag.INJECTION}:
        return 3
    return max(INTENT_TIER[intent.name] for intent in intents)


def _tier_reason(tier: Tier, intents: tuple[ScoredIntent, ...], flags: tuple[RiskFlag, ...]) -> str:
    causes = [flag.value for flag in flags if flag != RiskFlag.INJECTION]
    causes += [intent.name.value for intent in intents if INTENT_TIER[intent.name] == tier]
    return f"tier {tier}: {', '.join(dict.fromkeys(causes))}"
