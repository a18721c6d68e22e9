"""What a case asks and what is right: the input and target of each suite.

A *wording* is a list of alternatives: the text must hold one of them (folded: NFKC, lower case, one space).
"""

from typing import Annotated

from pydantic import Field, model_validator

from assistant.domain import Case, Noun
from assistant.guard.context import GuardRequest
from assistant.triage.classify import TriageRequest
from assistant.vocabulary import (
    Intent,
    Language,
    LanguageCode,
    MarketplaceCode,
    OutcomeKind,
    RiskFlag,
    Role,
    Route,
    Sentiment,
    ShortText,
    Text,
    Tier,
    Verdict,
)

Wording = Annotated[tuple[ShortText, ...], Field(min_length=1)]


class SearchInput(Noun):
    """A question to the knowledge base, scoped as a buyer's message would be."""

    query: Text
    language: LanguageCode
    marketplace: MarketplaceCode
    asin: str | None = None


class SearchTarget(Noun):
    """The documents that answer: ``relevant`` first choice, ``relevant_other`` right too. None: abstain.

    ``contains_by_document``: a piece of the answering passage of a long document. ``cross``: no document in
    the question's language answers it.
    """

    relevant: tuple[str, ...] = ()
    relevant_other: tuple[str, ...] = ()
    contains_by_document: dict[str, str] = Field(default_factory=dict)
    cross: bool = False


class TriageTarget(Noun):
    """``intents``: every matter of the message, the main one first; ``also``: what may stand there too."""

    tier: Tier
    intents: Annotated[tuple[Intent, ...], Field(min_length=1)]
    also: tuple[Intent, ...] = ()
    flags: tuple[RiskFlag, ...] = ()
    route: Route | None = None
    sentiment: Sentiment | None = None


class GuardTarget(Noun):
    """``verdict``: the mildest that is right. ``rules``: any one of them names the breach.

    ``spans``: the words at fault, each verbatim and once in the text.
    """

    verdict: Verdict
    rules: tuple[str, ...] = ()
    spans: tuple[ShortText, ...] = ()

    @model_validator(mode="after")
    def _a_breach_has_a_name(self) -> "GuardTarget":
        if (self.verdict == "pass") == bool(self.rules):
            raise ValueError("rules: needed where the verdict is not pass, and only there")
        return self


class GroundingTarget(Noun):
    """Claims of the draft, verbatim and once in it: those without support and those with it."""

    unsupported: tuple[ShortText, ...] = ()
    supported: tuple[ShortText, ...] = ()

    @model_validator(mode="after")
    def _something_to_judge(self) -> "GroundingTarget":
        if not self.unsupported and not self.supported:
            raise ValueError("unsupported, supported: at least one claim is needed")
        return self


class DraftTarget(Noun):
    """What the reply has to say and must not say, in which language, resting on which documents."""

    language: Language
    outcome: OutcomeKind
    also_outcome: tuple[OutcomeKind, ...] = ()
    required: tuple[Wording, ...] = ()
    forbidden: tuple[ShortText, ...] = ()
    documents: tuple[str, ...] = ()


class PlantedPassage(Noun):
    """A poisoned piece of knowledge that the search returns first."""

    title: ShortText = ""
    text: Text


class InjectionInput(Case):
    """A suggestion request with poisoned knowledge, or with a model that obeys (``model_reply``), or both."""

    planted: tuple[PlantedPassage, ...] = ()
    model_reply: Text | None = None


class InjectionTarget(Noun):
    """``flagged``: the buyer's text has to raise the injection flag (``None``: no matter).

    ``never``: what the final draft must not hold; ``stopped``: the model's reply has to be stopped.
    """

    language: Language
    flagged: bool | None = None
    never: tuple[ShortText, ...] = ()
    stopped: bool = False


class EndToEndTarget(TriageTarget, DraftTarget):
    """Everything an agent gets."""

    approvers: tuple[Role, ...] = ()


__all__ = [
    "Case",
    "DraftTarget",
    "EndToEndTarget",
    "GroundingTarget",
    "GuardRequest",
    "GuardTarget",
    "InjectionInput",
    "InjectionTarget",
    "PlantedPassage",
    "SearchInput",
    "SearchTarget",
    "TriageRequest",
    "TriageTarget",
]
