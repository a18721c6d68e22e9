"""Asking a chat model for a judgement, and believing nothing that is not exactly what was asked for."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.domain import Case, Proposal
from assistant.drafting.briefing import fence, order_lines
from assistant.drafting.chat_model import ChatRequest, Turn
from assistant.drafting.privacy import mask_for
from assistant.errors import InvalidInput, ModelUnavailable
from evals.workplace import EvalModel
from prompts.loader import active


class Unjudged(Exception):
    """There is no judgement: the model could not be asked, or its answer is nonsense; the text says which."""


class Answer(BaseModel):
    """Base of what a judge has to answer: these keys, these types, nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


A = TypeVar("A", bound=Answer)


@dataclass(frozen=True, slots=True)
class Judge:
    """A chat model that judges; ``seconds`` is the time it has for one answer."""

    model: EvalModel
    seconds: float = 120.0

    def ask(self, task: str, shape: type[A], **texts: str) -> A:
        """Put one question of the prompt ``judge_<task>``; ``texts`` are fenced as data under their names.

        Raises:
            Unjudged: the model could not be asked, or does not answer in the form asked for.
        """
        data = "\n\n".join(fence(name, text) for name, text in texts.items())
        turns = (Turn("system", active(f"judge_{task}").render()), Turn("user", data))
        form = {"name": task, "strict": True, "schema": shape.model_json_schema()}
        try:
            reply = self.model.complete(ChatRequest(turns, self.seconds, form))
        except ModelUnavailable as error:
            self.model.refusal()  # said here; it must not be taken for a refusal of the next case
            raise Unjudged(str(error)) from None
        try:
            return shape.model_validate_json(reply.text.strip())
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "answer"
            raise Unjudged(f"the judge's answer is nonsense: {place}: {first['msg']}") from None


def judge_with(model: EvalModel | None) -> Judge:
    """The judge behind a model.

    Raises:
        InvalidInput: there is none: the composer cannot judge.
    """
    if model is None:
        raise InvalidInput("the composer cannot judge; name a recorded model, or live")
    return Judge(model)


@dataclass(frozen=True, slots=True)
class Papers:
    """What a judge is shown, personal data hidden as from the model that drafts."""

    facts: str
    message: str
    reply: str

    @classmethod
    def of(cls, case: Case, proposal: Proposal) -> "Papers":
        """The facts that the writer had, the buyer's message, the draft."""
        passages = "\n\n".join(f"[{n}] {one.title}\n{one.text}" for n, one in enumerate(proposal.passages, 1))
        facts = (order_lines(case.order), f"agent's notes: {case.agent_facts or 'none'}", passages)
        hide = mask_for(case).hide
        subject = f"{case.message.subject}\n" if case.message.subject else ""
        return cls(
            facts=hide("\n\n".join(facts)),
            message=hide(subject + case.message.text),
            reply=hide(proposal.draft.text),
        )
