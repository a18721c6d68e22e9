"""What does the pipeline make of what a real model wrote?

The replies stand on a bundled tape; ``recordings/replay.toml`` names the model and the cases. A run with a
model of its own asks that one instead: so a new tape is recorded, and any other recorded model replayed.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.domain import Case, Proposal
from assistant.errors import InvalidInput
from assistant.pipeline import propose
from evals.cases import EvalCase
from evals.metrics import ratio
from evals.models import ReplayModel
from evals.scorers.replayed import first_reply, not_recorded, recorded, rounds_needed, written_by_model
from evals.suite import Scorer, Suite
from evals.suites.drafts import FIGURES, GRADERS, OF_THE_DRAFT
from evals.suites.end_to_end import READY
from evals.suites.end_to_end import SUITE as END_TO_END
from evals.tapes import BUNDLED, Tape
from evals.targets import EndToEndTarget
from evals.workplace import CannotAsk, EvalModel, Workplace

CHOICE = "replay.toml"

ReplaySuite = Suite[Case, EndToEndTarget, Proposal]


@dataclass(frozen=True)
class Recordings:
    """A folder with tapes and the choice of model and cases; read when first needed."""

    folder: Path

    def chosen(self, case: str) -> bool:
        """Whether the replies to a case are said to be recorded."""
        return case in self._choice["cases"]

    @cached_property
    def model(self) -> EvalModel:
        """The recorded model.

        Raises:
            InvalidInput: the choice or the tape cannot be read.
        """
        return ReplayModel(Tape(self.folder, self._choice["model"]))

    @cached_property
    def _choice(self) -> dict[str, Any]:
        path = self.folder / CHOICE
        try:
            read = tomllib.loads(path.read_text(encoding="utf-8"))
            return {"model": str(read["model"]), "cases": frozenset(map(str, read["cases"]))}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"{path}: `model` and a list of `cases` are needed ({error})") from None


def suite_of(recordings: Recordings) -> ReplaySuite:
    """The suite over some recordings."""

    def solve(case: EvalCase[Case, EndToEndTarget], workplace: Workplace) -> Proposal:
        """Propose, with the model's part read from a tape."""
        model = workplace.model or recordings.model
        model.refusal()
        proposal = propose(case.input, replace(workplace.desk, model=model))
        reason = model.refusal()
        if reason:
            raise CannotAsk(reason, {"recorded": not_recorded(reason)})
        return proposal

    return Suite(
        name="replay",
        question="What does the pipeline make of what a real model wrote?",
        shape=END_TO_END.shape,
        solve=solve,
        scorers=(
            Scorer("recorded", recorded),
            Scorer("first reply", first_reply),
            Scorer("rounds", rounds_needed),
            Scorer("written by the model", written_by_model),
            *OF_THE_DRAFT,
            READY,
        ),
        metrics=(
            ratio("recorded", "recorded"),
            ratio("first reply passes the guard", "first reply"),
            ratio("calls a reply", "rounds", "rounds", worse=True, gated=False),
            ratio("final draft is the model's", "written by the model"),
            ratio("ready to send", "ready"),
            *FIGURES,
        ),
        knowledge=True,
        graders=GRADERS,
        folder=END_TO_END.place,
        only=recordings.chosen,
    )


SUITE = suite_of(Recordings(BUNDLED))
