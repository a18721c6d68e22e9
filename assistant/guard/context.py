"""What a rule may know besides the draft itself."""

from assistant.domain import Attachment, Noun, Order, Passage, ThreadEntry
from assistant.vocabulary import Identifier, Instant, Kind, LanguageCode, MarketplaceCode, ShortText, Text


class GuardContext(Noun):
    """Everything about the case that a rule may weigh.

    ``passages`` absent (``None``) means that knowledge was not given: statements about product and policy are
    then not judged. An empty tuple means that it was given and there is none. ``thread`` is oldest first and
    ends, inside the pipeline, with the message being answered. ``at`` is the time of sending.
    """

    kind: Kind = "reply"
    marketplace: MarketplaceCode
    buyer_language: LanguageCode | None = None
    subject: ShortText | None = None
    order: Order | None = None
    thread: tuple[ThreadEntry, ...] = ()
    passages: tuple[Passage, ...] | None = None
    attachments: tuple[Attachment, ...] = ()
    agent_facts: Text | None = None
    at: Instant | None = None


class GuardRequest(GuardContext):
    """A draft to check, as batch files and HTTP give it."""

    id: Identifier | None = None
    text: Text

    def context(self) -> GuardContext:
        """The request without the text."""
        fields = {name: getattr(self, name) for name in GuardContext.model_fields}
        return GuardContext.model_construct(**fields)
