"""The demo seller reads like a real one, and the cases about it point at knowledge that exists."""

from collections import Counter
from collections.abc import Iterator

import pytest

from assistant.domain import Case
from assistant.vocabulary import LANGUAGES
from evals.cases import BUNDLED, EvalCase, read
from evals.data import KNOWLEDGE, demo_messages
from evals.suites import SUITES
from evals.targets import EndToEndTarget, SearchInput, SearchTarget
from knowledge_base.sources.folder import read_files
from knowledge_base.types import Document

Question = EvalCase[SearchInput, SearchTarget]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    files = list(read_files([KNOWLEDGE]))
    assert not [refusal for file in files for refusal in file.refusals]
    return [one for file in files for parts in file.documents.values() for one in parts]


@pytest.fixture(scope="module")
def languages(documents: list[Document]) -> dict[str, set[str]]:
    """The languages of each document."""
    found: dict[str, set[str]] = {}
    for document in documents:
        found.setdefault(document.document_id, set()).add(document.language)
    return found


def test_the_messages_cover_tiers_languages_and_both_fulfilments() -> None:
    messages = demo_messages()
    cases = read(BUNDLED / "end_to_end", EvalCase[Case, EndToEndTarget])
    demo = [case for case in cases if case.input in messages]
    assert len(demo) == len(messages) == 40
    assert {case.language for case in demo} == set(LANGUAGES)
    assert min(Counter(case.target.tier for case in demo).values()) >= 8
    orders = [case.order for case in messages if case.order]
    assert {order.fulfilled_by for order in orders} == {"AMAZON", "MERCHANT"}
    assert len(orders) == len({order.order_id for order in orders})


def test_the_demo_seller_is_complete(documents: list[Document]) -> None:
    kinds = Counter(document.kind for document in documents)
    faq = Counter(document.language for document in documents if document.kind == "faq")
    products = {asin for document in documents if document.kind == "product" for asin in document.asins}
    assert len(products) >= 8
    assert kinds["policy"] >= 6
    assert sum(faq.values()) >= 150
    assert min(faq[language] for language in LANGUAGES) >= 20


def named(suite: str) -> Iterator[tuple[str, set[str]]]:
    """The documents that each case of a suite names."""
    for case in SUITES[suite].cases(BUNDLED):
        target = case.target
        names = ("relevant", "relevant_other", "documents")
        yield case.id, {one for name in names for one in getattr(target, name, ())}


@pytest.mark.parametrize("suite", ["retrieval", "drafts", "end_to_end"])
def test_cases_point_at_documents_that_exist(suite: str, languages: dict[str, set[str]]) -> None:
    found = dict(named(suite))
    assert any(found.values())
    assert {case: unknown for case, names in found.items() if (unknown := names - languages.keys())} == {}


def test_a_question_is_marked_where_only_another_language_answers(languages: dict[str, set[str]]) -> None:
    questions: tuple[Question, ...] = read(BUNDLED / "retrieval", Question)
    assert len(questions) >= 300
    for question in questions:
        relevant = question.target.relevant
        same = any(question.language in languages[name] for name in relevant)
        assert question.target.cross is bool(relevant and not same), question.id
