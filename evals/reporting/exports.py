"""A run for other programs: JSON with everything, CSV with a line a score, JUnit XML for build servers."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from evals.reporting.outcomes import Suites, kind_of_failure, outcome_of
from evals.runner import AnySuite
from evals.runs import RunFolder
from evals.scores import CaseResult, Score

FORMULA = re.compile(r"^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
"""How a cell begins that a spreadsheet would work out instead of showing (OWASP, CSV injection)."""
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, section 2.2."""
COLUMNS = (
    "run", "suite", "id", "language", "split", "origin", "tags", "seconds", "outcome", "scorer", "dangerous",
    "graded", "value", "passed", "expected", "got", "why",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """A format: ending of the file, media type, and how a run is written in it."""

    suffix: str
    media_type: str
    write: Callable[[RunFolder, Suites], bytes]


def as_json(folder: RunFolder, _: Suites) -> bytes:
    """``{"run": the record, "results": [every result]}``, UTF-8."""
    results = ",\n".join(one.model_dump_json() for one in folder.results())
    return f'{{"run":{folder.record.model_dump_json()},\n"results":[{results}]}}\n'.encode()


def as_csv(folder: RunFolder, suites: Suites) -> bytes:
    """One line a case and scorer, or a case without scores; UTF-8 with the mark that spreadsheets look for.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    run = folder.record.id
    for result in folder.results():
        for row in _rows(result, suites.get(result.suite)):
            writer.writerow([_cell(value) for value in (run, *row)])
    return stream.getvalue().encode("utf-8-sig")


def as_junit(folder: RunFolder, suites: Suites) -> bytes:
    """JUnit XML: a suite, a case; ``failure`` names the scorers, ``skipped`` is unscored.

    What only a chat model found fault with passes: its judgement is no gate.
    """
    record, results = folder.record, folder.results()
    root = ET.Element("testsuites", name=f"evaluation {record.id}")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for name in record.suites:
        found = ET.SubElement(root, "testsuite", name=name, timestamp=record.created_at.isoformat())
        mine = [one for one in results if one.suite == name]
        for one in mine:
            found.append(_testcase(one, suites.get(name)))
        counts = {
            "tests": len(mine),
            "failures": len(found.findall("./testcase/failure")),
            "errors": len(found.findall("./testcase/error")),
            "skipped": len(found.findall("./testcase/skipped")),
        }
        found.attrib |= {key: str(value) for key, value in counts.items()}
        found.set("time", f"{sum(one.seconds for one in mine):.4f}")
        totals = {key: value + counts[key] for key, value in totals.items()}
    root.attrib |= {key: str(value) for key, value in totals.items()}
    root.set("time", f"{record.seconds:.3f}")
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


EXPORTS: Mapping[str, Export] = {
    "json": Export("json", "application/json", as_json),
    "csv": Export("csv", "text/csv; charset=utf-8", as_csv),
    "junit": Export("xml", "application/xml", as_junit),
}


def _rows(result: CaseResult, suite: AnySuite | None) -> Iterator[tuple[object, ...]]:
    case = (
        result.suite, result.id, result.language, result.split, result.origin, " ".join(result.tags),
        result.seconds, outcome_of(result, suite),
    )  # fmt: skip
    if not result.scores:
        yield (*case, "", "", "", None, None, None, None, result.error or result.unscored or "")
    for name, score in result.scores.items():
        kind = kind_of_failure(name, suite)
        yield (
            *case, name, kind == "danger", kind == "doubted", score.value, score.passed, score.expected,
            score.got, score.why,
        )  # fmt: skip


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and FORMULA.search(value):
        return f"'{value}"
    return str(value)


def _testcase(result: CaseResult, suite: AnySuite | None) -> ET.Element:
    case = ET.Element("testcase", classname=result.suite, name=result.id, time=f"{result.seconds:.4f}")
    outcome = outcome_of(result, suite)
    if outcome == "error":
        ET.SubElement(case, "error", message=_xml(result.error or ""))
    elif outcome == "unscored":
        ET.SubElement(case, "skipped", message=_xml(result.unscored or _reasons(result.scores)))
    elif outcome in {"danger", "failed"}:
        failed = {
            name: score
            for name, score in result.scores.items()
            if score.passed is False and kind_of_failure(name, suite) != "doubted"
        }
        failure = ET.SubElement(case, "failure", type=outcome, message=_xml(", ".join(failed)))
        failure.text = _xml(_reasons(failed))
    return case


def _reasons(scores: Mapping[str, Score]) -> str:
    return "\n".join(f"{name}: {score.why}" for name, score in scores.items())


def _xml(text: str) -> str:
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
