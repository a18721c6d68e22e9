"""What to run, as somebody asks for it, and everything that is made ready for it.

The request is kept beside the run, so that ``--resume`` goes on with the same selection, and so that whoever
finds a run can ask for it again.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from assistant.domain import Noun
from assistant.errors import InvalidInput
from assistant.settings import Settings
from assistant.vocabulary import Instant, Language
from evals.cases import BUNDLED, EvalCase, Split, Tag, fingerprint
from evals.causes import CHOSEN_SUITES, NOT_SEARCHED, gather
from evals.choice import COMPOSER, Chosen, chosen_model
from evals.data import DEMO_NOW
from evals.datacheck import with_data
from evals.models import Budget
from evals.runner import AnyCase, AnySuite, Plan
from evals.runs import RunFolder, writing
from evals.scorers.graded.judge import judge_with
from evals.suite import chosen
from evals.workplace import KnowledgeName, Workplace

REQUEST = "request.json"
ADDED = Path("evaluations") / "data"
"""Where a home keeps the cases that its team has added; see ``evals/additions.py``."""
SEED = 20261122
"""Of the resamples, unless another is asked for."""


class RunRequest(Noun):
    """What somebody asks to be run.

    ``suites``: none named, all that have data. ``data``: folder of the cases, else the bundled ones and, with
    ``additions``, those that were added in the home.
    ``model``, and ``judge`` for the graders: see ``evals/choice.py``. ``limit``: most cases of each suite.
    ``at``: when the time stands still. ``max_calls`` and ``max_usd`` bound what a live model may cost.
    """

    suites: tuple[str, ...] = ()
    data: Path | None = None
    additions: bool = True
    knowledge: KnowledgeName = "demo"
    model: str = COMPOSER
    judge: str | None = None
    refresh: bool = False
    max_calls: Annotated[int, Field(ge=0)] | None = None
    max_usd: Annotated[Decimal, Field(ge=0)] | None = None
    split: Split | None = None
    languages: tuple[Language, ...] = ()
    tags: tuple[Tag, ...] = ()
    limit: Annotated[int, Field(ge=1)] | None = None
    workers: Annotated[int, Field(ge=1, le=32)] = 2
    seed: Annotated[int, Field(ge=0, lt=2**32)] = SEED
    at: Instant = DEMO_NOW

    @property
    def selection(self) -> dict[str, str]:
        """What was chosen out of all, as a cause of the run; nothing where nothing was left out."""
        chosen = {
            CHOSEN_SUITES: ", ".join(self.suites),
            "split": self.split or "",
            "language": ", ".join(sorted(self.languages)),
            "tag": ", ".join(sorted(self.tags)),
            "limit": str(self.limit or ""),
        }
        return {name: value for name, value in chosen.items() if value}

    @property
    def usual(self) -> bool:
        """Whole suites of the bundled data, the demo's knowledge, no model: what a baseline is made of."""
        ours = self.data is None and self.knowledge == "demo" and self.at == DEMO_NOW
        alone = self.model == COMPOSER and self.judge is None
        return ours and alone and self.selection.keys() <= {CHOSEN_SUITES}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan and the workplace that it runs in."""

    plan: Plan
    workplace: Workplace


@contextmanager
def prepared(request: RunRequest, settings: Settings, suites: Mapping[str, AnySuite]) -> Iterator[Prepared]:
    """Choose the cases, open model and knowledge, gather the causes.

    Raises:
        InvalidInput: no such suite or model, no data, no case that fits.
        KnowledgeError: the knowledge cannot be opened or copied.
    """
    folders = data_folders(settings, request.data) if request.additions else ()
    work = chosen_work(request, suites, folders)
    budget = Budget(request.max_calls, request.max_usd)
    with (
        chosen_model(request.model, settings, budget, refresh=request.refresh) as one,
        _judge(request, settings, budget, one) as judge,
        Workplace(
            settings, knowledge=request.knowledge, model=one.model, judge=judge.model, at=request.at
        ) as workplace,
    ):
        if request.judge:
            grading = judge_with(judge.model)
            work = tuple((suite.judged_by(grading), cases) for suite, cases in work)
        searches = any(suite.knowledge for suite, _ in work)
        causes = gather(
            model=one.cause,
            judge=judge.cause if request.judge else None,
            knowledge=workplace.knowledge if searches else NOT_SEARCHED,
            data={suite.name: fingerprint(cases) for suite, cases in work},
            seed=request.seed,
            at=request.at,
            selection=request.selection,
        )
        yield Prepared(Plan(work, causes, request.workers), workplace)


@contextmanager
def _judge(request: RunRequest, settings: Settings, budget: Budget, drafting: Chosen) -> Iterator[Chosen]:
    """The model that judges, if one is asked for; the one that drafts where it is the same, on one budget."""
    if request.judge is None:
        yield Chosen(None, COMPOSER)
    elif request.judge == request.model:
        yield drafting
    else:
        with chosen_model(request.judge, settings, budget, refresh=request.refresh) as other:
            yield other


def data_folders(settings: Settings, data: Path | None = None) -> tuple[Path, ...]:
    """Where cases are read from: the folder asked for, or the bundled ones and those added in the home."""
    added = settings.home / ADDED
    return (data,) if data else (BUNDLED, *((added,) if added.is_dir() else ()))


def chosen_work(
    request: RunRequest, suites: Mapping[str, AnySuite], folders: Sequence[Path] = ()
) -> tuple[tuple[AnySuite, tuple[AnyCase, ...]], ...]:
    """The suites asked for, each with the cases that fit; a suite in which none fits is left out.

    ``folders``: the first must have data of a suite, the others may; default the request's, or the bundled.

    Raises:
        InvalidInput: no such suite, no data, or no case fits at all.
    """
    data, *added = folders or (request.data or BUNDLED,)
    wanted = chosen(suites, request.suites) if request.suites else with_data(data, suites)
    work = [(suite, fitting(_cases(suite, data, added), request)) for suite in wanted]
    found = tuple((suite, cases) for suite, cases in work if cases)
    if not found:
        asked = ", ".join(f"{name} {value}" for name, value in request.selection.items())
        raise InvalidInput(f"no case fits: {asked}")
    return found


def _cases(suite: AnySuite, data: Path, added: Sequence[Path]) -> tuple[AnyCase, ...]:
    cases = suite.cases(data)
    for folder in added:
        if any((folder / suite.place).glob("*.jsonl")):
            more, known = suite.cases(folder), {case.id for case in cases}
            twice = next((case.id for case in more if case.id in known), None)
            if twice:
                raise InvalidInput(f"{folder / suite.place}: the id {twice} is already that of another case")
            cases = (*cases, *more)
    return cases


def fitting(cases: Sequence[EvalCase[Any, Any]], request: RunRequest) -> tuple[AnyCase, ...]:
    """The cases of one suite that were asked for, in their order.

    A limit takes an even choice that is always the same: those whose hashed ids come first.
    """
    kept = [
        case
        for case in cases
        if (request.split is None or case.split == request.split)
        and (not request.languages or case.language in request.languages)
        and (not request.tags or set(request.tags) & set(case.tags))
    ]
    if request.limit is not None:
        first = set(sorted(_lot(case.id) for case in kept)[: request.limit])
        kept = [case for case in kept if _lot(case.id) in first]
    return tuple(kept)


def remember(folder: RunFolder, request: RunRequest) -> None:
    """Keep the request beside its run.

    Raises:
        StoreUnavailable: the folder cannot be written.
    """
    with writing(folder.path):
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder.path / REQUEST).write_text(request.model_dump_json(indent=1) + "\n", encoding="utf-8")


def recall(folder: RunFolder) -> RunRequest:
    """The request of a run.

    Raises:
        InvalidInput: it was not kept, or cannot be read.
    """
    path = folder.path / REQUEST
    try:
        return RunRequest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}; start a new run instead") from error
    except ValidationError:
        raise InvalidInput(f"{path} is no request of this version; start a new run instead") from None


def _lot(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()
