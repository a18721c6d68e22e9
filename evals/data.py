"""The demo seller: its knowledge, its moment, its buyers' messages."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.domain import Case

KNOWLEDGE = Path(str(files("knowledge_base"))) / "demo"
DEMO_NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""The moment at which the demo messages are answered; their dates lie around it."""

_FAMILIES = "demo-"


def demo_messages() -> Sequence["Case"]:
    """The buyer messages of the demo seller, as requests for a suggestion; labelled as end-to-end cases.

    Raises:
        InvalidInput: a line is no case; names file and line.
    """
    from assistant.domain import Case
    from evals.cases import BUNDLED, EvalCase, read
    from evals.targets import EndToEndTarget

    cases = read(BUNDLED / "end_to_end", EvalCase[Case, EndToEndTarget])
    return [case.input for case in cases if case.id.startswith(_FAMILIES)]
