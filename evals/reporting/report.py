"""The report of a run: one self-contained HTML page in the run's folder.

Nothing on it is fetched, and its own policy forbids fetching: only the one script and the one style that it
was written with may run, known by their hashes.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import jinja2
from markupsafe import Markup

from evals.causes import Causes
from evals.compare import Change, Comparison, Turned
from evals.gates import GateReport
from evals.reporting.figures import suite_views
from evals.reporting.marks import visible
from evals.reporting.numbers import duration, probability, quantity, signed
from evals.reporting.outcomes import OUTCOMES, Outcome, Suites
from evals.reporting.payload import payload
from evals.runs import RunFolder, writing

REPORT = "report.html"
BROKEN_SHOWN = 10
"""What broke, before the rest is folded away; the gravest come first."""
HASH = re.compile(r"\b[0-9a-f]{40,}\b")
WORDS: dict[Outcome, str] = {
    "danger": "Dangerous",
    "failed": "Failed",
    "doubted": "Doubted by a model",
    "error": "Error",
    "unscored": "Unscored",
    "passed": "Passed",
}
FILTERS = (
    ("suite", "Suite"),
    ("outcome", "Outcome"),
    ("scorer", "Scorer"),
    ("language", "Language"),
    ("split", "Split"),
    ("tag", "Tag"),
)
"""Filters of the cases: name of the form field and its label."""


def write_report(
    folder: RunFolder,
    *,
    comparison: Comparison | None = None,
    verdict: GateReport | None = None,
    suites: Suites | None = None,
) -> Path:
    """Write ``report.html`` into a run's folder and return its path.

    Args:
        folder: The run; it may be unfinished.
        comparison: With an earlier run, to be shown too.
        verdict: Of the gates, to be shown in the headline.
        suites: What suites there are; those of the product where left out.

    Raises:
        InvalidInput: the folder holds no run, or its results cannot be read.
        StoreUnavailable: the folder cannot be written.
    """
    page = render(folder, comparison=comparison, verdict=verdict, suites=suites)
    path = folder.path / REPORT
    with writing(folder.path):
        new = path.with_suffix(".new")
        new.write_text(page, encoding="utf-8", newline="\n")
        new.replace(path)
    return path


def render(
    folder: RunFolder,
    *,
    comparison: Comparison | None = None,
    verdict: GateReport | None = None,
    suites: Suites | None = None,
) -> str:
    """The page of ``write_report``; the same run gives the same text."""
    known = _product_suites() if suites is None else suites
    record, results = folder.record, folder.results()
    style, script = _file("report.css"), _file("report.js")
    views = suite_views(record, results, known)
    return _template().render(
        run=record,
        verdict=verdict,
        suites=views,
        outcomes=[one for one in OUTCOMES if one != "doubted" or any(one in view.outcomes for view in views)],
        words=WORDS,
        shown_broken=BROKEN_SHOWN,
        causes=list(_causes(record.causes)),
        comparison=comparison,
        change_tables=list(_change_tables(comparison.changes)) if comparison else [],
        turned_tables=list(_turned_tables(comparison.turned)) if comparison else [],
        filters=FILTERS,
        payload=Markup(payload(record, results, known, WORDS)),  # noqa: S704 - JSON without any "<"
        policy=content_policy(),
        style=style,
        script=script,
    )


def content_policy() -> str:
    """The Content-Security-Policy of the page; who serves it over HTTP sends the same as a header."""
    script, style = (_hash(_file(name)) for name in ("report.js", "report.css"))
    return (
        f"default-src 'none'; script-src '{script}'; style-src '{style}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _file(name: str) -> Markup:
    """A file of the product that goes into the page as it is."""
    return Markup((files("evals.reporting") / name).read_text(encoding="utf-8"))  # noqa: S704 - our own


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "visible": lambda value: visible(str(value)),
        "when": _when,
        "duration": duration,
        "quantity": quantity,
        "signed": signed,
        "probability": probability,
        "short": lambda value: HASH.sub(lambda found: f"{found[0][:12]}…", value),
        "suite_of": lambda subject: subject.split("/", 1)[0],
    }
    return environment.from_string((files("evals.reporting") / "report.html.j2").read_text(encoding="utf-8"))


def _product_suites() -> Suites:
    from evals.suites import SUITES

    return SUITES


def _when(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _causes(causes: Causes) -> Iterator[tuple[str, str]]:
    for name, value in causes.model_dump(mode="json").items():
        if isinstance(value, dict):
            yield from ((f"{name}: {key}", str(one)) for key, one in value.items())
        elif value is not None:
            yield name, value if isinstance(value, str) else json.dumps(value)


def _change_tables(changes: Iterable[Change]) -> Iterator[tuple[str, list[Change], bool]]:
    """Title, rows, and whether they are folded away. Of slices only what is evident is shown."""
    listed = list(changes)
    everywhere = [one for one in listed if one.slice == "all"]
    yield "Figures that moved, over all cases", [one for one in everywhere if one.differ], False
    evident = [one for one in listed if one.slice != "all" and one.verdict != "no evidence of change"]
    yield "Evident changes within a split or language", evident, False
    yield "Figures that did not move", [one for one in everywhere if not one.differ], True


def _turned_tables(turned: Iterable[Turned]) -> Iterator[tuple[str, list[Turned]]]:
    listed = list(turned)
    yield "Cases that passed and now fail", [one for one in listed if one.to == "failed"]
    yield "Cases that failed and now pass", [one for one in listed if one.to == "passed"]
