"""A reply without any model: phrases for the LEARN steps, facts from the order, words from the knowledge.

Nothing about the product or a policy is said that does not stand in a passage, nothing about the order that
does not stand in the order. Equal cases give equal texts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain import Case, Draft, Passage, Triage
from assistant.drafting.excerpts import Excerpt, excerpts, on_the_matter, sendable
from assistant.drafting.facts import OrderFacts, order_facts
from assistant.drafting.resolution import Resolution, Situation, resolve
from assistant.drafting.scenes import DELIVERY, HOLDING, MANNER, PROCEDURE, Scene, scenes_of
from assistant.drafting.wording import Wording, error_code, listen_slot, wording
from assistant.vocabulary import OutcomeKind
from prompts.phrase_blocks import book

AGENT_FACTS = 600
"""Characters of the agent's own facts that go into a reply; longer notes are background, not an answer."""

SURE_LANGUAGE = 0.5


@dataclass(frozen=True, slots=True)
class _Matter:
    """One thing the buyer asks about, with what we say to it."""

    scene: Scene
    resolution: Resolution
    excerpts: tuple[Excerpt, ...] = ()

    @property
    def settled(self) -> bool:
        return self.resolution.answered or bool(self.excerpts)


def compose(case: Case, triage: Triage, passages: Sequence[Passage], *, now: datetime) -> Draft:
    """Compose a reply in ``triage.language``.

    The outcome is ``escalate`` for a holding reply (tier 3 or danger); ``answerable`` when the order, the
    agent's facts or a passage in the buyer's language (score from ``excerpts.RELEVANT``) answer it all;
    otherwise ``needs_information``: the text says honestly that it is checked, or asks what helps.
    Knowledge in another language is never translated; the agent sees it beside the draft.

    The agent's facts are told word for word where they are in the buyer's language. In another language they
    are not told, and the outcome is ``needs_information``: the agent sees that they are missing.
    """
    phrases = book(triage.language)
    facts = order_facts(case.order, triage.language, case.message.marketplace, now)
    words = wording(case, phrases, facts.values(triage.language))
    scenes = scenes_of(case, triage)
    matters = _matters(scenes, case, triage, facts, passages)
    told, untold = _agent_facts(case, triage) if scenes[0] not in HOLDING else (None, False)
    return Draft(
        text="\n\n".join(filter(None, _paragraphs(case, triage, words, matters, told))),
        language=triage.language,
        drafter="composer",
        prompt=phrases.reference,
        citations=tuple(excerpt.citation for matter in matters for excerpt in matter.excerpts),
        outcome=_outcome(matters, told=bool(told), untold=untold),
    )


def _outcome(matters: Sequence[_Matter], *, told: bool, untold: bool) -> OutcomeKind:
    if matters[0].scene in HOLDING:
        return "escalate"
    settled = told or all(matter.settled for matter in matters)
    return "answerable" if settled and not untold else "needs_information"


def _matters(
    scenes: Sequence[Scene], case: Case, triage: Triage, facts: OrderFacts, passages: Sequence[Passage]
) -> tuple[_Matter, ...]:
    """Give each matter its facts and steps, and the best passages to those that need knowledge."""
    message = f"{case.message.subject or ''}\n{case.message.text}"
    code = error_code(case) if not DELIVERY & set(scenes) else None
    matters: list[_Matter] = []
    for scene in scenes:
        told = {excerpt.text for matter in matters for excerpt in matter.excerpts}
        fitting = on_the_matter(passages, triage.language, procedure=scene in PROCEDURE)
        asked = None if scene in PROCEDURE else code  # a code says nothing about procedure
        found = [one for one in excerpts(fitting, message, code=asked) if one.text not in told][:1]
        resolution = resolve(Situation.of(scene, case, facts, known=bool(found)))
        matters.append(_Matter(scene, resolution, tuple(found) if resolution.knowledge else ()))
    return tuple(matters)


def _agent_facts(case: Case, triage: Triage) -> tuple[str | None, bool]:
    """What to tell of the agent's facts, and whether there are any that cannot be told."""
    text = (case.agent_facts or "").strip()
    if not text:
        return None, False
    from assistant.triage.language import identify  # loads a language model

    guess = identify(text, fallback=triage.language)
    ours = guess.language == triage.language and (guess.confidence >= SURE_LANGUAGE or len(text) < 30)
    return (text, False) if ours and len(text) <= AGENT_FACTS and sendable(text) else (None, True)


# --- the text -----------------------------------------------------------------------------------------------


def _paragraphs(
    case: Case, triage: Triage, words: Wording, matters: Sequence[_Matter], agent_facts: str | None
) -> Iterator[str | None]:
    main = matters[0]
    yield words.say("greeting")
    yield words.paragraph(_opening(case, triage, main, words))
    yield _answer((_acknowledge(case, main),), main, words)
    for matter in matters[1:]:
        yield _answer(("also", listen_slot(matter.scene, words)), matter, words)
    yield agent_facts
    yield words.paragraph(_next_step(matters, triage))
    reference = f"\n{words.name('reference')}" if case.order else ""
    yield f"{words.say('sign_off')}{reference}"


def _next_step(matters: Sequence[_Matter], triage: Triage) -> Iterator[str]:
    """The one question that helps, then who does what next; that of the first matter that is still open."""
    asking = next((matter for matter in matters if matter.resolution.ask), None)
    unsettled = next((matter for matter in matters if not matter.settled), None)
    decisive = asking or unsettled or matters[0]
    if decisive.resolution.ask:
        yield decisive.resolution.ask
    yield decisive.resolution.notify
    closing = MANNER[matters[0].scene].closing
    if closing:
        yield f"closing.{closing if triage.sentiment == 'calm' else 'trouble'}"


def _opening(case: Case, triage: Triage, main: _Matter, words: Wording) -> tuple[str, ...]:
    """Listen and empathize; a buyer who writes again is met with that."""
    manner = MANNER[main.scene]
    neutral = manner.feeling_fixed or triage.sentiment == "calm"
    feeling = manner.calm if neutral else triage.sentiment
    return (*_again(case, triage, main.scene), listen_slot(main.scene, words), f"empathize.{feeling}")


def _again(case: Case, triage: Triage, scene: Scene) -> tuple[str, ...]:
    """Whether the buyer had to chase us, or answers our last message."""
    earlier = [entry for entry in case.thread if entry.sender == "buyer" and entry.text != case.message.text]
    if not earlier or scene is Scene.THANKS:
        return ()
    answers_us = case.thread[-1].sender == "seller"
    chasing = not answers_us or triage.sentiment in {"angry", "frustrated"}
    return ("again",) if chasing else ("continued",)


def _acknowledge(case: Case, main: _Matter) -> str:
    """Nobody says to have looked at an order that is not known."""
    kind = MANNER[main.scene].acknowledge
    return "acknowledge.request" if kind == "order" and case.order is None else f"acknowledge.{kind}"


def _answer(lead: tuple[str, ...], matter: _Matter, words: Wording) -> str:
    """Facts and steps of one matter, then the words of the knowledge on lines of their own."""
    intro = ("intro.knowledge",) if matter.excerpts else ()
    spoken = words.paragraph((*lead, *matter.resolution.lines, *intro))
    return "\n".join((spoken, *(excerpt.text for excerpt in matter.excerpts)))
