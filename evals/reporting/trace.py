"""A case as the page tells it: what came in, what was right, what the product did on the way, what came out.

Every section is of one of three shapes that the page's script can draw: a *text* (with places marked in it),
*pairs* of name and value, or *rows* under a head. Nothing here is markup; the script writes it as plain text.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evals.scores import CaseResult

Section = dict[str, Any]
Render = Callable[[Any, bool], Iterator[Section]]

MAIN_TEXT = (("message", "text"), ("text",), ("query",))
"""Where the words stand that a case is about, by the shape of its input."""
EXCERPT = 180


def excerpt(result: CaseResult) -> str:
    """The beginning of the words that the case is about, on one line."""
    return " ".join(main_text(result)[: 4 * EXCERPT].split())[:EXCERPT]


def main_text(result: CaseResult) -> str:
    """The words that the case is about; empty where it has none."""
    given = result.case.get("input", {})
    found = (_at(given, path) for path in MAIN_TEXT)
    return next((text for text in found if isinstance(text, str)), "")


def sections(result: CaseResult, *, whole: bool) -> list[Section]:
    """The trace of a case; without ``whole`` leave out what only helps to find a fault: prompts, passages."""
    output = result.output or {}
    given = dict(result.case.get("input", {}))
    report = output if "findings" in output else {}
    return [
        *_input(given, report.get("findings", ())),
        *_pairs("Target", result.case.get("target", {})),
        *_note(result.case.get("note")),
        *_output(output, whole),
    ]


def _input(given: dict[str, Any], findings: Sequence[Mapping[str, Any]]) -> Iterator[Section]:
    message = given.pop("message", None)
    if isinstance(message, dict):
        yield _text("Buyer's message", message.get("text", ""))
        yield from _pairs("Message", {name: value for name, value in message.items() if name != "text"})
    if "text" in given:
        yield _text("Input", given.pop("text"), marks(findings))
    if "query" in given:
        yield _text("Question", given.pop("query"))
    for name, title in (("thread", "Thread before"), ("passages", "Passages given"), ("planted", "Planted")):
        if name in given:
            yield from _listed(title, given.pop(name))
    if "model_reply" in given:
        yield _text("Reply put into the model's mouth", given.pop("model_reply"))
    yield from _pairs("Order", given.pop("order", None) or {})
    yield from _pairs("Further input", given)


def _note(note: str | None) -> Iterator[Section]:
    if note:
        yield _text("Note on the label", note)


def _output(output: Mapping[str, Any], whole: bool) -> Iterator[Section]:
    known = [name for name in RENDERERS if isinstance(output.get(name), RENDERERS[name][0])]
    for name in known:
        yield from RENDERERS[name][1](output[name], whole)
    rest = {name: value for name, value in output.items() if name not in known}
    if isinstance(rest.get("text"), str):
        yield _text("Output", rest.pop("text"))
    yield from _pairs("Output", rest)


def _triage(found: Mapping[str, Any], _: bool) -> Iterator[Section]:
    yield from _pairs("Triage", found)


def _passages(found: Sequence[Mapping[str, Any]], whole: bool) -> Iterator[Section]:
    if not found:
        return
    head = ["document", "score", "title", "text"] if whole else ["document", "score", "title"]
    rows = [
        [
            str(one.get("document_id", "")),
            f"{one.get('score', 0):.2f}",
            one.get("title", ""),
            one.get("text", ""),
        ]
        for one in found
    ]
    yield {"title": "Passages", "head": head, "rows": [row[: len(head)] for row in rows]}


def _rounds(found: Sequence[Mapping[str, Any]], whole: bool) -> Iterator[Section]:
    for number, one in enumerate(found if whole else (), start=1):
        name = f"Round {number} ({one.get('drafter', '')})"
        for role, content in _turns(one.get("request")):
            yield _text(f"{name}: prompt, {role}", content)
        if one.get("raw_reply"):
            yield _text(f"{name}: raw reply", one["raw_reply"])
        if one.get("failure"):
            yield _text(f"{name}: failure", one["failure"])
        report = one.get("guard") or {}
        draft = one.get("draft") or {}
        if draft.get("text"):
            yield _text(f"{name}: draft, {report.get('verdict', 'not judged')}", draft["text"], _of(report))
        yield from _findings(report.get("findings", ()), whole, title=f"{name}: findings")


def _turns(request: str | None) -> list[tuple[str, str]]:
    """The messages of a stored request; one that cannot be read is shown as it is."""
    if not request:
        return []
    try:
        return [(str(role), str(content)) for role, content in json.loads(request)]
    except (ValueError, TypeError, RecursionError):
        return [("as stored", request)]


def _guard(report: Mapping[str, Any], whole: bool) -> Iterator[Section]:
    yield from _findings(report.get("findings", ()), whole)
    yield from _pairs("Guard", {name: value for name, value in report.items() if name != "findings"})


def _findings(found: Sequence[Mapping[str, Any]], _: bool, *, title: str = "Findings") -> Iterator[Section]:
    if found:
        head = ["rule", "severity", "evidence", "message", "fix"]
        yield {
            "title": title,
            "head": head,
            "rows": [[str(one.get(name) or "") for name in head] for one in found],
        }


def _draft(draft: Mapping[str, Any], _: bool) -> Iterator[Section]:
    yield _text("Final draft", str(draft.get("text", "")))
    yield from _pairs("About the draft", {name: value for name, value in draft.items() if name != "text"})


RENDERERS: dict[str, tuple[type, Render]] = {
    "triage": (dict, _triage),
    "passages": (list, _passages),
    "hits": (list, _passages),
    "rounds": (list, _rounds),
    "guard": (dict, _guard),
    "findings": (list, _findings),
    "draft": (dict, _draft),
}
"""Parts of an output in the order in which they come about, each with its shape; others follow as pairs."""


def marks(findings: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Start, end (code points) and rule of each finding that points at words."""
    return [[one["start"], one["end"], one["rule"]] for one in findings if one["end"] > one["start"]]


def _of(report: Mapping[str, Any]) -> list[list[Any]]:
    return marks(report.get("findings", ()))


def _text(title: str, text: str, places: Sequence[Sequence[Any]] = ()) -> Section:
    return {"title": title, "text": text, **({"marks": list(places)} if places else {})}


def _listed(title: str, found: Any) -> Iterator[Section]:
    """A list of objects as rows, one column a field."""
    if not found:
        return
    head = list(dict.fromkeys(name for one in found for name in one))
    yield {"title": title, "head": head, "rows": [[said(one.get(name)) for name in head] for one in found]}


def _pairs(title: str, fields: Mapping[str, Any]) -> Iterator[Section]:
    found = [[name, said(value)] for name, value in fields.items() if value not in (None, "", [], {})]
    if found:
        yield {"title": title, "pairs": found}


def said(value: Any) -> str:
    """A value in words: lists with commas, alternatives with "or", an intent with its confidence, or JSON."""
    if value is None:
        return ""
    if isinstance(value, list):
        alternatives = any(isinstance(one, list) for one in value)
        return "; ".join(map(_alternatives, value)) if alternatives else ", ".join(map(said, value))
    if isinstance(value, dict):
        if value.keys() == {"name", "confidence"}:
            return f"{value['name']} {value['confidence']:.2f}"
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _alternatives(value: Any) -> str:
    return " or ".join(map(said, value)) if isinstance(value, list) else said(value)


def _at(value: Any, path: Sequence[str]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
