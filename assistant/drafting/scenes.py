"""Which scene a reply plays in: from the intents, the tier and the dangers that triage found."""

from dataclasses import dataclass
from enum import StrEnum

import regex

from assistant.domain import Case, Triage
from assistant.vocabulary import Intent, RiskFlag

SECOND_MATTER = 0.35
"""Confidence from which a second intent gets an answer of its own."""

_LETTER = regex.compile(r"\p{L}")
_TOO_SHORT = 4
"""Letters below which an unclassified text says nothing; Chinese and Japanese say more with fewer."""


class Scene(StrEnum):
    """Names are those of the ``listen`` phrases."""

    ORDER_STATUS = "order_status"
    TRACKING = "tracking"
    DELIVERY_DELAY = "delivery_delay"
    NOT_RECEIVED = "not_received"
    ADDRESS_CHANGE = "address_change"
    CANCEL_ORDER = "cancel_order"
    INVOICE_REQUEST = "invoice_request"
    PRODUCT_QUESTION = "product_question"
    USAGE_HELP = "usage_help"
    PRESALE = "presale"
    RETURN_REQUEST = "return_request"
    REFUND_STATUS = "refund_status"
    REPLACEMENT = "replacement"
    WRONG_ITEM = "wrong_item"
    MISSING_PARTS = "missing_parts"
    DAMAGED = "damaged"
    SIZE_FIT = "size_fit"
    WARRANTY = "warranty"
    THANKS = "thanks"
    OTHER = "other"
    UNCLEAR = "unclear"
    COMPLAINT = "complaint"
    SAFETY = "safety"
    LEGAL = "legal"
    PRIVACY = "privacy"
    CONCERN = "concern"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a scene is spoken: phrases towards a calm buyer, for the acknowledgement and for the end.

    ``amazon_decides``: with orders shipped by Amazon, its customer service handles this. ``feeling_fixed``:
    the empathy does not follow the sentiment, because nothing may be admitted or nothing went wrong.
    """

    calm: str
    acknowledge: str
    closing: str | None = "calm"
    amazon_decides: bool = False
    feeling_fixed: bool = False


_WAITING = Manner("calm", "order", amazon_decides=True)
_LATE = Manner("trouble", "order", "trouble", amazon_decides=True)
_WISH = Manner("request", "request", amazon_decides=True)
_QUESTION = Manner("calm", "product")
_TROUBLE = Manner("trouble", "trouble", "trouble", amazon_decides=True)
_NEUTRAL = Manner("neutral", "hold", None, feeling_fixed=True)

MANNER: dict[Scene, Manner] = {
    Scene.ORDER_STATUS: _WAITING,
    Scene.TRACKING: _WAITING,
    Scene.DELIVERY_DELAY: _LATE,
    Scene.NOT_RECEIVED: _LATE,
    Scene.ADDRESS_CHANGE: _WISH,
    Scene.CANCEL_ORDER: _WISH,
    Scene.INVOICE_REQUEST: Manner("request", "request"),
    Scene.PRODUCT_QUESTION: _QUESTION,
    Scene.USAGE_HELP: _QUESTION,
    Scene.PRESALE: _QUESTION,
    Scene.RETURN_REQUEST: _WISH,
    Scene.REFUND_STATUS: _WAITING,
    Scene.REPLACEMENT: _WISH,
    Scene.WRONG_ITEM: _TROUBLE,
    Scene.MISSING_PARTS: _TROUBLE,
    Scene.DAMAGED: _TROUBLE,
    Scene.SIZE_FIT: _QUESTION,
    Scene.WARRANTY: Manner("trouble", "request", "trouble"),
    Scene.THANKS: Manner("thanks", "thanks", feeling_fixed=True),
    Scene.OTHER: Manner("request", "request"),
    Scene.UNCLEAR: Manner("unclear", "unclear", feeling_fixed=True),
    Scene.COMPLAINT: Manner("neutral", "hold", "trouble"),
    Scene.SAFETY: Manner("safety", "hold", None, feeling_fixed=True),
    Scene.LEGAL: _NEUTRAL,
    Scene.PRIVACY: _NEUTRAL,
    Scene.CONCERN: _NEUTRAL,
}

_NAMES = frozenset(scene.value for scene in Scene)

HOLDING: frozenset[Scene] = frozenset(
    {Scene.COMPLAINT, Scene.SAFETY, Scene.LEGAL, Scene.PRIVACY, Scene.CONCERN}
)
"""Scenes of tier 3: a person decides; the reply holds the line and commits to nothing."""

DELIVERY: frozenset[Scene] = frozenset(
    {Scene.ORDER_STATUS, Scene.TRACKING, Scene.DELIVERY_DELAY, Scene.NOT_RECEIVED}
)


PROCEDURE: frozenset[Scene] = DELIVERY | {
    Scene.ADDRESS_CHANGE,
    Scene.CANCEL_ORDER,
    Scene.INVOICE_REQUEST,
    Scene.RETURN_REQUEST,
    Scene.REFUND_STATUS,
    Scene.REPLACEMENT,
    Scene.WRONG_ITEM,
    Scene.MISSING_PARTS,
    Scene.DAMAGED,
    Scene.WARRANTY,
}
"""Scenes that policies and service entries answer, whatever the product is."""


def scenes_of(case: Case, triage: Triage) -> tuple[Scene, ...]:
    """The main scene and, where the buyer raised two matters, a second one; a holding scene stands alone."""
    holding = _holding(triage)
    if holding:
        return (holding,)
    if _says_nothing(case, triage):
        return (Scene.UNCLEAR,)
    named = [intent for intent in triage.intents if intent.name.value in _NAMES]
    scenes = [Scene(intent.name.value) for intent in named if intent.confidence >= SECOND_MATTER]
    main = Scene(named[0].name.value) if named else Scene.OTHER
    others = [
        scene for scene in scenes if scene not in {main, Scene.OTHER, Scene.THANKS} and _apart(scene, main)
    ]
    if main is Scene.THANKS and others:  # "thank you, but": the matter counts, not the courtesy
        main, others = others[0], others[1:]
    return (main, *others[:1])


def _holding(triage: Triage) -> Scene | None:
    flags, intents = set(triage.risk_flags), {intent.name for intent in triage.intents}
    if RiskFlag.SAFETY in flags or Intent.SAFETY_INCIDENT in intents:
        return Scene.SAFETY
    if triage.tier < 3:
        return None
    if RiskFlag.LEGAL in flags or Intent.LEGAL_THREAT in intents:
        return Scene.LEGAL
    if RiskFlag.PRIVACY in flags or Intent.PRIVACY_REQUEST in intents:
        return Scene.PRIVACY
    if not flags and triage.main_intent is Intent.QUALITY_DISPUTE:
        return Scene.COMPLAINT
    return Scene.CONCERN


def _apart(one: Scene, other: Scene) -> bool:
    """Two names for one matter get one answer."""
    return not any({one, other} <= family for family in _FAMILIES)


_FAMILIES: tuple[frozenset[Scene], ...] = (
    DELIVERY,
    frozenset({Scene.PRODUCT_QUESTION, Scene.USAGE_HELP, Scene.PRESALE, Scene.SIZE_FIT}),
    frozenset(
        {Scene.DAMAGED, Scene.WRONG_ITEM, Scene.MISSING_PARTS, Scene.REPLACEMENT, Scene.WARRANTY,
         Scene.RETURN_REQUEST, Scene.USAGE_HELP}
    ),
    frozenset({Scene.RETURN_REQUEST, Scene.SIZE_FIT}),
    frozenset({Scene.RETURN_REQUEST, Scene.REFUND_STATUS}),
    frozenset({Scene.CANCEL_ORDER, Scene.REFUND_STATUS}),
)  # fmt: skip


def _says_nothing(case: Case, triage: Triage) -> bool:
    """No words at all, or so few that nothing could be recognised in them."""
    letters = len(_LETTER.findall(f"{case.message.subject or ''}{case.message.text}"))
    enough = 2 if triage.language in {"ja", "zh"} else _TOO_SHORT
    return letters == 0 or (triage.main_intent is Intent.OTHER and letters < enough)
