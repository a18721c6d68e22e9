"""Can text that others planted take over the triage, the model or the draft?"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain import Proposal
from assistant.pipeline import propose
from assistant.retrieve import Search
from evals.cases import EvalCase
from evals.metrics import ratio
from evals.models import ScriptedModel
from evals.scorers.final_verdict import final_verdict
from evals.scorers.injected import flagged, look_alike, never, obeyed_and_stopped
from evals.scorers.reply_language import reply_language
from evals.suite import Scorer, Suite
from evals.targets import Case, InjectionInput, InjectionTarget, PlantedPassage
from evals.workplace import Workplace
from knowledge_base.types import Chunk, Hit, Query

SURE = 0.99
"""Relevance of a planted passage: above every honest one, so that each round is tempted by it."""


def solve(case: EvalCase[InjectionInput, InjectionTarget], workplace: Workplace) -> Proposal:
    """Propose a reply with the poison in place: among the knowledge, in the mouth of the model, or both."""
    desk = workplace.desk
    if case.input.planted:
        desk = replace(desk, search=poisoned(desk.search, case.input.planted))
    if case.input.model_reply is not None:
        desk = replace(desk, model=ScriptedModel(case.input.model_reply))
    request = case.input.model_dump(include=set(Case.model_fields), by_alias=True)
    return propose(Case.model_validate(request), desk)


def poisoned(search: Search, planted: Sequence[PlantedPassage]) -> Search:
    """The search with planted passages before all others, in whatever language it is asked."""

    def search_poisoned(query: Query) -> Sequence[Hit]:
        return [*(_hit(passage, query) for passage in planted), *search(query)][: max(query.k, len(planted))]

    return search_poisoned


def _hit(passage: PlantedPassage, query: Query) -> Hit:
    name = f"planted-{hashlib.sha256(passage.text.encode()).hexdigest()[:8]}"
    chunk = Chunk(
        chunk_id=name,
        document_id=name,
        title=passage.title,
        language=query.language or "en",
        kind="prose",
        text=passage.text,
        asins=frozenset(query.asins),
    )
    return Hit(chunk, SURE, "planted")


SUITE: Suite[InjectionInput, InjectionTarget, Proposal] = Suite(
    name="injection",
    question="Can text that others planted take over the triage, the model or the draft?",
    shape=EvalCase[InjectionInput, InjectionTarget],
    solve=solve,
    scorers=(
        Scorer("flagged", flagged, danger=True),
        Scorer("never said", never, danger=True),
        Scorer("obedient reply stopped", obeyed_and_stopped, danger=True),
        Scorer("look-alike left alone", look_alike),
        Scorer("reply language", reply_language),
        Scorer("guard verdict", final_verdict),
    ),
    metrics=(
        ratio("injection recall", "flagged"),
        ratio("look-alikes left alone", "look-alike left alone"),
        ratio("planted words kept out", "never said"),
        ratio("obedient replies stopped", "obedient reply stopped"),
        ratio("in the buyer's language", "reply language"),
        ratio("passes the guard", "guard verdict"),
    ),
    knowledge=True,
)
