"""The labelled data: valid, balanced, without doubles, and about a demo seller that reads like a real one."""

import difflib
import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.errors import InvalidInput
from assistant.vocabulary import LANGUAGES
from evals import data
from evals.data import KNOWLEDGE, QUESTIONS, Split, demo_messages, demo_questions
from knowledge_base.sources.folder import read_files
from knowledge_base.types import Document


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    files = list(read_files([KNOWLEDGE]))
    assert not [refusal for file in files for refusal in file.refusals]
    return [one for file in files for parts in file.documents.values() for one in parts]


def test_the_messages_cover_tiers_languages_and_both_fulfilments() -> None:
    messages = demo_messages()
    assert len(messages) == len({message.id for message in messages}) == 40
    assert set(Counter(message.label.language for message in messages)) == set(LANGUAGES)
    tiers = Counter(message.label.tier for message in messages)
    assert min(tiers.values()) >= 8
    fulfilments = {message.case.order.fulfilled_by for message in messages if message.case.order}
    assert fulfilments == {"AMAZON", "MERCHANT"}
    orders = [message.case.order.order_id for message in messages if message.case.order]
    assert len(orders) == len(set(orders))


def test_the_demo_seller_is_complete(documents: list[Document]) -> None:
    kinds = Counter(document.kind for document in documents)
    languages = Counter(document.language for document in documents if document.kind == "faq")
    products = {asin for document in documents if document.kind == "product" for asin in document.asins}
    assert len(products) >= 8
    assert kinds["policy"] >= 6
    assert sum(languages.values()) >= 150
    assert min(languages[language] for language in LANGUAGES) >= 20


@pytest.mark.parametrize("split", QUESTIONS)
def test_questions_point_at_documents_that_exist(split: Split, documents: list[Document]) -> None:
    languages: dict[str, set[str]] = {}
    for document in documents:
        languages.setdefault(document.document_id, set()).add(document.language)
    for question in demo_questions(split):
        assert set(question.relevant + question.relevant_other) <= set(languages), question.id
        same = any(question.language in languages[name] for name in question.relevant)
        assert question.cross is False if same or not question.relevant else True, question.id


def test_enough_questions_and_none_twice() -> None:
    tune, held = demo_questions("tune"), demo_questions("held")
    assert len(tune) + len(held) >= 300
    assert len({question.id for question in tune + held}) == len(tune) + len(held)
    for question in held:
        near = difflib.get_close_matches(question.query, [one.query for one in tune], n=1, cutoff=0.8)
        assert not near, (question.id, near)


def test_a_message_without_label_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = {"id": "x", "message": {"text": "Hi", "marketplace": "UK"}}
    (tmp_path / "demo_messages.jsonl").write_text("\n" + json.dumps(case))
    (tmp_path / "demo_messages_expected.jsonl").write_text("")
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    with pytest.raises(InvalidInput, match=r"demo_messages\.jsonl, line 2: x has no label"):
        demo_messages()
