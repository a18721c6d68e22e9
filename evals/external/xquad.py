"""XQuAD: is the paragraph found that answers a question, in its own language and across languages?

Paragraphs of one language are the knowledge, each a document; the questions are the same in every language.
Vectors live in a home of their own for as long as one language is measured.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.errors import InvalidInput
from assistant.vocabulary import LANGUAGES, Language
from evals.cases import EvalCase, split_of
from evals.external.adapter import External, Figure, Measured, Task
from evals.external.asking import asked
from evals.external.reading import chosen, whole
from evals.metrics import estimate, ratio
from evals.scorers.ranking import ranking
from evals.suite import Scorer
from evals.suites.retrieval import SUITE as RETRIEVAL
from evals.targets import SearchInput, SearchTarget
from evals.workplace import Workplace

QUESTIONS = 300
"""Asked for each pair of languages, unless a limit is given: enough for an interval of four points."""
METRICS = (
    ratio("recall@1", "ranking", "recall@1"),
    ratio("recall@3", "ranking", "recall@3"),
    ratio("nDCG@10", "ranking", "ndcg"),
)
SUITE = replace(RETRIEVAL, name="xquad", scorers=(Scorer("ranking", ranking),), metrics=METRICS)

SearchCase = EvalCase[SearchInput, SearchTarget]


@dataclass(frozen=True, slots=True)
class Edition:
    """The set in one language: paragraphs in order, and each question with the number of its paragraph."""

    paragraphs: tuple[str, ...]
    questions: Mapping[str, tuple[str, int]]


def measure(task: Task) -> Measured:
    """Search the paragraphs of each language with questions in every language.

    Raises:
        InvalidInput: a file is no edition of the set, or the editions do not hold the same questions.
    """
    editions = {language: _edition(path) for language, path in _paths(task).items()}
    shared = _shared(editions)
    limit = task.options.limit or QUESTIONS
    some = chosen(shared, lambda identity: identity, limit, task.options.seed)
    figures: list[Figure] = []
    left_out: dict[str, int] = {}
    for language, edition in editions.items():
        with _knowledge(edition, language, task) as workplace:
            for asking, other in editions.items():
                part = f"{asking}→{language}"
                cases = [_case(identity, other, asking, language) for identity in some]
                results, failed = asked(SUITE, cases, task, part, workplace)
                left_out |= failed
                for metric in METRICS:
                    value = estimate(metric, results, seed=task.options.seed)
                    figures.append(Figure(part=part, name=metric.name, estimate=value))
    return Measured(figures=tuple(figures), left_out=left_out)


def _paths(task: Task) -> dict[Language, Path]:
    wanted = task.options.languages or LANGUAGES
    found = {language: task.folder / f"xquad.{language}.json" for language in LANGUAGES if language in wanted}
    return {language: path for language, path in found.items() if path.exists()}


def _edition(path: Path) -> Edition:
    paragraphs: list[str] = []
    questions: dict[str, tuple[str, int]] = {}
    try:
        for paragraph in _paragraphs(whole(path)):
            for asked_in in paragraph["qas"]:
                questions[str(asked_in["id"])] = (str(asked_in["question"]), len(paragraphs))
            paragraphs.append(str(paragraph["context"]).removeprefix("\ufeff").strip())
    except (KeyError, TypeError) as error:
        raise InvalidInput(f"{path}: not in the format of SQuAD 1.1: {error}") from error
    return Edition(tuple(paragraphs), questions)


def _paragraphs(content: Any) -> Iterator[Any]:
    for article in content["data"]:
        yield from article["paragraphs"]


def _shared(editions: Mapping[Language, Edition]) -> Sequence[str]:
    """The ids of the questions, which every edition has to have on the same paragraph."""
    if not editions:
        return ()
    first, *others = editions.values()
    for language, other in zip(list(editions)[1:], others, strict=True):
        for identity, (_, place) in first.questions.items():
            if other.questions.get(identity, ("", -1))[1] != place:
                raise InvalidInput(
                    f"xquad.{language}.json: question {identity} is not that of the other files"
                )
    return sorted(first.questions)


@contextmanager
def _knowledge(edition: Edition, language: Language, task: Task) -> Iterator[Workplace]:
    """A workplace that knows the paragraphs of one language and nothing else."""
    with tempfile.TemporaryDirectory(prefix="replydesk-xquad-") as name:
        folder = Path(name)
        for number, paragraph in enumerate(edition.paragraphs):
            head = {"document_id": _document(number), "title": f"Paragraph {number}", "language": language}
            lines = "".join(f"{field}: {json.dumps(value)}\n" for field, value in head.items())
            path = folder / f"{_document(number)}.md"
            path.write_text(f"---\n{lines}kind: product\n---\n{paragraph}\n", encoding="utf-8")
        with Workplace(task.settings, knowledge=folder) as workplace:
            yield workplace


def _document(number: int) -> str:
    return f"paragraph-{number}"


def _case(identity: str, edition: Edition, asking: Language, language: Language) -> SearchCase:
    question, place = edition.questions[identity]
    name = f"xquad-{asking}-{language}-{identity.lower()}"
    return SearchCase(
        id=name,
        input=SearchInput(query=question, language=asking, marketplace="UK"),
        target=SearchTarget(relevant=(_document(place),), cross=asking != language),
        language=asking,
        split=split_of(name),
    )


EXTERNAL = External(
    name="xquad",
    question="Is the paragraph found that answers a question, in its own language and across languages?",
    files="xquad.<language>.json, of en, de, fr, it, es, ja, zh those that there are",
    notes=(
        "Wikipedia, not a seller's knowledge: a look at search across languages, of which ours has little",
        "nobody has published paragraph retrieval on this set; the figures beside are ours of an earlier day",
    ),
    measure=measure,
)
