"""Which chat model an evaluation drafts with: none (the composer), one recorded on a tape, or a live one."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InvalidInput
from assistant.settings import Settings
from evals.models import Budget, ReplayModel, recording
from evals.tapes import BUNDLED, HOME, Tape
from evals.workplace import EvalModel

COMPOSER = "composer"
RECORDED = "recorded"
LIVE = "live"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model, if there is one, and its name as a cause of a run: the composer, a tape, or a live model."""

    model: EvalModel | None
    cause: str


@contextmanager
def chosen_model(
    choice: str, settings: Settings, budget: Budget | None = None, *, refresh: bool = False
) -> Iterator[Chosen]:
    """Open ``composer``, ``live`` (the model of the settings), ``recorded`` or ``recorded:NAME``.

    A live model is recorded on a tape of the home; what stands there already is not asked again, unless
    ``refresh``.

    Raises:
        InvalidInput: there is no such choice or tape, or no server is set for a live model.
    """
    if choice == COMPOSER:
        yield Chosen(None, COMPOSER)
    elif choice == LIVE:
        if settings.openai_api_key is None and settings.openai_base_url is None:
            raise InvalidInput(
                "a live model needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own"
            )
        with recording(settings, settings.home / HOME, budget, refresh=refresh) as model:
            yield Chosen(model, f"{model.name} (live)")
    elif choice == RECORDED or choice.startswith(f"{RECORDED}:"):
        tape = _tape(choice.removeprefix(RECORDED).removeprefix(":"), settings)
        digest = hashlib.sha256(tape.path.read_bytes()).hexdigest()
        yield Chosen(ReplayModel(tape), f"{tape.model}@{digest[:12]}")
    else:
        raise InvalidInput(f"no model {choice}; there are {COMPOSER}, {RECORDED}, {RECORDED}:NAME and {LIVE}")


def tapes(settings: Settings) -> dict[str, Path]:
    """The models that are recorded, each with the folder of its tape; the home's come before the bundled."""
    found: dict[str, Path] = {}
    for folder in (settings.home / HOME, BUNDLED):
        for path in sorted(folder.glob("*.jsonl")):
            name = _model_of(path)
            if name:
                found.setdefault(name, folder)
    return found


def _tape(name: str, settings: Settings) -> Tape:
    """The tape of that model; without a name that of the settings' model, or else the only one."""
    known = tapes(settings)
    wanted = name or (settings.llm_model if settings.llm_model in known else "")
    if not wanted and len(known) == 1:
        wanted = next(iter(known))
    if wanted not in known:
        there = f"there are {', '.join(known)}" if known else "none is recorded; `--model live` records one"
        raise InvalidInput(f"no recorded model {wanted or '(name it: recorded:NAME)'}; {there}")
    return Tape(known[wanted], wanted)


def _model_of(path: Path) -> str | None:
    """The model that the first line names; a file that is no tape is passed over."""
    try:
        with path.open(encoding="utf-8") as lines:
            return str(json.loads(next(lines, ""))["model"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
