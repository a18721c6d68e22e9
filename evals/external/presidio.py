"""presidio-research: English sentences with marked personal data. How much of it would we replace?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.domain import Noun
from assistant.errors import InvalidInput
from assistant.vocabulary import Text
from evals.anonymise import found_in
from evals.cases import split_of
from evals.external.adapter import External, Figure, Measured, Task, table
from evals.external.reading import chosen, whole
from evals.metrics import Metric, estimate, ratio
from evals.personal.found import Found
from evals.personal.remains import remains
from evals.scores import CaseResult, Score

FILE = "synth_dataset_v2.json"
REGION = "US"
"""Where numbers without a country code are taken to be from."""
EVERYTHING = "all kinds"
STEP = 100


class Span(Noun):
    """Marked personal data: its kind, and where it stands."""

    kind: str
    start: int
    end: int


class Sentence(Noun):
    """A sentence of the set."""

    number: int
    text: Text
    spans: tuple[Span, ...]


def measure(task: Task) -> Measured:
    """Look for personal data in every sentence and hold it against what is marked.

    Raises:
        InvalidInput: there is no such file, or it is not of the set.
    """
    options = task.options
    sentences = chosen(_sentences(task), lambda one: str(one.number), options.limit, options.seed)
    results = []
    for place, sentence in enumerate(sentences, start=1):
        results.append(_result(sentence))
        if place % STEP == 0 or place == len(sentences):
            task.tell(EVERYTHING, place, len(sentences))
    figures = [
        Figure(part=part, name=metric.name, estimate=value)
        for part in (EVERYTHING, *asked_for())
        for metric in metrics(part)
        if (value := estimate(metric, results, seed=options.seed)).n
    ]
    not_asked = Counter(
        f"{span.kind}: {reason}"
        for sentence in sentences
        for span in sentence.spans
        if (reason := _not_asked().get(span.kind))
    )
    return Measured(figures=tuple(figures), left_out=dict(sorted(not_asked.items())))


def metrics(part: str) -> tuple[Metric, ...]:
    """The figures of one kind, or of all."""
    return (
        ratio("recall", part, "hidden", "marked"),
        ratio("hidden or pointed out", part, "seen", "marked"),
        ratio("precision", part, "right", "found"),
    )


@cache
def asked_for() -> Mapping[str, frozenset[str]]:
    """Their kinds that we look for, with ours."""
    return {row["theirs"]: frozenset(row["ours"]) for row in table("presidio")["kind"]}


@cache
def _not_asked() -> Mapping[str, str]:
    return {theirs: row["why"] for row in table("presidio")["not_asked"] for theirs in row["theirs"]}


def _sentences(task: Task) -> Iterator[Sentence]:
    path = task.folder / FILE
    known = asked_for().keys() | _not_asked().keys()
    try:
        for number, row in enumerate(whole(path)):
            spans = tuple(_spans(row["spans"]))
            unknown = sorted({span.kind for span in spans} - known)
            if unknown:
                raise InvalidInput(
                    f"{path}: sentence {number} has the kind {unknown[0]}, which no table knows"
                )
            yield Sentence(number=number, text=row["full_text"], spans=spans)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"{path}: not in the format of the set: {error}"[:300]) from error


def _spans(rows: Iterable[Mapping[str, Any]]) -> Iterator[Span]:
    for row in rows:
        yield Span(kind=row["entity_type"], start=row["start_position"], end=row["end_position"])


def _result(sentence: Sentence) -> CaseResult:
    looked = _Looked.at(sentence)
    identity = f"presidio-{sentence.number}"
    return CaseResult(
        suite="presidio",
        id=identity,
        language="en",
        split=split_of(identity),
        origin="synthetic",
        case={"id": identity},
        scores={part: _score(part, sentence, looked) for part in (EVERYTHING, *asked_for())},
    )


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found in a sentence, characters that would go, places that somebody would be told to see."""

    found: tuple[Found, ...]
    gone: frozenset[int]
    pointed: tuple[int, ...]

    @classmethod
    def at(cls, sentence: Sentence) -> "_Looked":
        """Look at a sentence."""
        found = found_in(sentence.text, REGION)
        gone = frozenset(place for one in found for place in range(one.start, one.end))
        left = remains(sentence.text, [one.written for one in found])
        return cls(found, gone, tuple(one.at for one in left))

    def hides(self, text: str, span: Span) -> bool:
        """Every letter and digit of the span would go."""
        return all(place in self.gone for place in range(span.start, span.end) if text[place].isalnum())

    def points_at(self, span: Span) -> bool:
        """Somebody would be told to look at it."""
        return any(span.start <= place < span.end for place in self.pointed)


def _score(part: str, sentence: Sentence, looked: _Looked) -> Score:
    """Parts: spans ``marked``, of them ``hidden`` and ``seen``; pieces ``found``, of them ``right``."""
    kinds = asked_for()
    wanted = [span for span in sentence.spans if span.kind in kinds and part in {EVERYTHING, span.kind}]
    ours = frozenset().union(*kinds.values()) if part == EVERYTHING else kinds[part]
    claimed = [one for one in looked.found if one.kind in ours]
    rivals = [span for span in sentence.spans if span.kind in kinds and ours & kinds[span.kind]]
    hidden = [looked.hides(sentence.text, span) for span in wanted]
    seen = [gone or looked.points_at(span) for span, gone in zip(wanted, hidden, strict=True)]
    right = [any(one.start < span.end and span.start < one.end for span in rivals) for one in claimed]
    parts = {
        "marked": float(len(wanted)), "hidden": float(sum(hidden)), "seen": float(sum(seen)),
        "found": float(len(claimed)), "right": float(sum(right)),
    }  # fmt: skip
    return Score(value=1.0, parts=parts)


EXTERNAL = External(
    name="presidio",
    question="How much personal data would be replaced before a real message becomes a case?",
    files=FILE,
    notes=(
        "made from templates, no messages of buyers: bare names in sentences, addresses of all countries",
        "a marked span counts as hidden only if all of it would go; the published figures count tokens",
        "a person reads every case before it is kept: what is pointed out, is pointed out to them",
    ),
    measure=measure,
)
