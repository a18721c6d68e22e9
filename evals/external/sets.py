"""The public sets that there are adapters for."""

from collections.abc import Mapping

from assistant.errors import InvalidInput
from evals.external import bitext, hint3, presidio, xquad
from evals.external.adapter import External

SETS: Mapping[str, External] = {
    module.EXTERNAL.name: module.EXTERNAL for module in (xquad, bitext, hint3, presidio)
}


def set_of(name: str) -> External:
    """The set of that name.

    Raises:
        InvalidInput: there is none.
    """
    if name not in SETS:
        raise InvalidInput(f"no public set {name}; there are {', '.join(SETS)}")
    return SETS[name]
