"""One request to the chat model and the one point where its answer is read."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from assistant.domain import Case, Citation, Draft, Finding, Passage, Triage
from assistant.drafting.briefing import LANGUAGE_NAMES, Briefing, brief
from assistant.drafting.chat_model import ChatModel, ChatRequest, Turn
from assistant.errors import ModelUnavailable
from assistant.vocabulary import OutcomeKind
from prompts.loader import active

HTML = re.compile(r"<\s*(!doctype|html|head|body)\b", re.IGNORECASE)
SPACE = re.compile(r"\s+")


def speakable(text: str) -> str:
    """The text without control characters and half surrogates, which no store and no mail can carry."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})


class _Cited(BaseModel):
    passage: int
    quote: str = ""


class _Answer(BaseModel):
    """The form the model is asked for. Extra keys are tolerated: weak models add them."""

    model_config = ConfigDict(extra="ignore")

    reply: Annotated[str, AfterValidator(speakable)]
    citations: tuple[_Cited, ...] = ()
    outcome: OutcomeKind = "answerable"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A draft by the model together with what was sent and what came back, word for word.

    Control characters and half surrogates alone are left out: no store could keep them.
    """

    draft: Draft
    request: ChatRequest
    raw_reply: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A case prepared for the model; the same one serves every repair round."""

    triage: Triage
    briefing: Briefing

    @classmethod
    def of(
        cls,
        case: Case,
        triage: Triage,
        passages: Sequence[Passage],
        *,
        now: datetime,
        context_tokens: int,
        instructions: str | None = None,
    ) -> "Assignment":
        """Fill the prompts once."""
        return cls(
            triage,
            brief(case, triage, passages, now=now, context_tokens=context_tokens, instructions=instructions),
        )

    def opening(self, seconds: float) -> ChatRequest:
        """The first request."""
        turns = (Turn("system", self.briefing.system), Turn("user", self.briefing.user))
        return ChatRequest(turns, seconds)

    def repair(self, previous: Attempt, findings: Sequence[Finding], seconds: float) -> ChatRequest:
        """The first request, the answer given, and what was wrong with it. Earlier rounds are left out."""
        listed = "\n".join(f"- {f.rule}: “{f.evidence[:200]}” — {f.message}" for f in findings)
        wish = active("repair").render(
            findings=self.briefing.mask.hide(listed),
            language_name=LANGUAGE_NAMES[self.triage.language],
        )
        answered = Turn("assistant", previous.raw_reply)
        return ChatRequest((*self.opening(seconds).turns, answered, Turn("user", wish)), seconds)


def draft_with_model(assignment: Assignment, model: ChatModel, request: ChatRequest) -> Attempt:
    """Ask once and read the answer.

    Raises:
        ModelUnavailable: no answer, or an answer that holds no reply; the text says which.
    """
    reply = model.complete(request)
    raw = speakable(reply.text)
    answer = read_answer(raw)
    briefing = assignment.briefing
    draft = Draft(
        text=briefing.mask.restore(answer.reply).strip(),
        language=assignment.triage.language,
        drafter="llm",
        model=model.name,
        prompt=briefing.reference,
        citations=citations(answer.citations, briefing.passages),
        outcome="escalate" if assignment.triage.tier == 3 else answer.outcome,
        usage=reply.usage,
        latency_ms=round(reply.latency_ms, 1),
    )
    return Attempt(draft, request, raw)


def read_answer(raw: str) -> _Answer:
    """Read what a model wrote: the JSON asked for, JSON inside other words, or plain text as a last resort.

    Raises:
        ModelUnavailable: there is nothing in it that could be a reply.
    """
    if HTML.search(raw[:2_000]):
        raise ModelUnavailable("the model server answered with a web page")
    found = _json_object(raw)
    if found is not None:
        try:
            answer = _Answer.model_validate(found)
        except ValidationError:
            raise ModelUnavailable("the model's answer has not the form that was asked for") from None
        if not answer.reply.strip():
            raise ModelUnavailable("the model's reply is empty")
        return answer
    if "{" in raw or not any(map(str.isalpha, raw)):
        raise ModelUnavailable("the model's answer is broken JSON or holds no words")
    return _Answer(reply=raw.strip())


def _json_object(raw: str) -> dict[str, Any] | None:
    """The first JSON object in the text that has a reply; models wrap it in fences and small talk."""
    decoder = json.JSONDecoder(strict=False)
    starts = [place for place, sign in enumerate(raw[:20_000]) if sign == "{"][:20]
    for start in starts:
        try:
            found, _ = decoder.raw_decode(raw, start)
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(found, dict) and "reply" in found:
            return found
    return None


def citations(cited: Sequence[_Cited], passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """Keep the citations that are true: the passage exists and the quote stands in it, white space aside."""
    kept: dict[tuple[str, str], Citation] = {}
    for one in cited:
        if not 1 <= one.passage <= len(passages):
            continue
        passage = passages[one.passage - 1]
        quote = SPACE.sub(" ", one.quote).strip()
        if quote and quote.casefold() in SPACE.sub(" ", passage.text).casefold():
            kept[passage.chunk_id, quote] = Citation(
                document_id=passage.document_id,
                release=passage.release,
                chunk_id=passage.chunk_id,
                quote=quote,
            )
    return tuple(kept.values())
