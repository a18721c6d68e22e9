"""The suites, each on one screen. ``SUITES`` lists them in the order in which they run."""

from typing import Any

from evals.suite import Suite
from evals.suites import drafts, end_to_end, grounding, guard, injection, replay, retrieval, triage

SUITES: dict[str, Suite[Any, Any, Any]] = {
    module.SUITE.name: module.SUITE
    for module in (retrieval, triage, guard, grounding, drafts, injection, end_to_end, replay)
}
