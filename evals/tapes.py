"""Tapes: what a chat model answered, byte for byte, so that a run can be repeated without it.

A tape is a file ``<folder>/<model>.jsonl``, one line a request. Where a request stands twice, the last line
counts: a tape is only ever added to.
"""

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self

import re2
from pydantic import Field, StringConstraints, ValidationError, model_validator

from assistant.domain import Noun, Usage
from assistant.drafting.chat_model import SCHEMA, ChatReply, ChatRequest
from assistant.errors import InvalidInput, ModelUnavailable, StoreUnavailable

BUNDLED = Path(str(files("evals"))) / "recordings"
HOME = Path("evaluations") / "recordings"
"""Under the home: where the tapes of a team's own models are."""

UNSAFE = re2.compile(r"[^a-z0-9._-]+")


class Recorded(Noun):
    """One line: the answer to one request, or the fault instead of it, with what it cost.

    ``request``: ``key_of`` the request. ``prompts``: task to version and hash of what was in use.
    """

    request: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    model: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    reply: str | None = None
    fault: str | None = None
    usage: Usage = Usage()
    latency_ms: Annotated[float, Field(ge=0)] = 0.0
    prompts: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.reply is None) == (self.fault is None):
            raise ValueError("exactly one of reply and fault is needed")
        return self

    def play(self) -> ChatReply:
        """What the model answered.

        Raises:
            ModelUnavailable: it did not; with the words of then.
        """
        if self.reply is None:
            raise ModelUnavailable(self.fault or "")
        return ChatReply(self.reply, self.usage, self.latency_ms)


def key_of(request: ChatRequest) -> str:
    """SHA-256, in hexadecimal, over all that decides the answer: the turns and the form asked for."""
    form = json.dumps(request.form or SCHEMA, sort_keys=True)
    return hashlib.sha256(f"{request.text}\n{form}".encode("utf-8", "surrogatepass")).hexdigest()


class Tape:
    """The recorded answers of one model, in memory and on disk. Safe to use from many threads."""

    def __init__(self, folder: Path, model: str) -> None:
        """Read the file if it is there; what a kill left half written at its end is left out.

        Raises:
            InvalidInput: a line is no recorded answer of this model; names file and line.
        """
        self.model = model
        self.path = folder / f"{file_name(model)}.jsonl"
        self._lock = threading.Lock()
        self._ends_whole = False
        self._lines = {line.request: line for line in _read(self.path, model)}

    def __len__(self) -> int:
        return len(self._lines)

    def find(self, key: str) -> Recorded | None:
        """What is recorded for a request."""
        return self._lines.get(key)

    def keep(self, line: Recorded) -> None:
        """Add a line, in memory and on disk.

        Raises:
            StoreUnavailable: the file cannot be written.
        """
        with self._lock:
            try:
                self._append(_encoded(line))
            except OSError as error:
                raise StoreUnavailable(f"tape {self.path} cannot be written: {error.strerror}") from error
            self._lines.pop(line.request, None)
            self._lines[line.request] = line

    @property
    def prompts(self) -> Mapping[str, str]:
        """The prompts of the newest line; empty where nothing is recorded."""
        return next(reversed(self._lines.values())).prompts if self._lines else {}

    def _append(self, line: bytes) -> None:
        """One write a line: another process that adds to the same tape cannot cut in."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if not self._ends_whole:
                _cut_half_line(descriptor, self.path)
                self._ends_whole = True
            os.write(descriptor, line)
        finally:
            os.close(descriptor)


def file_name(model: str) -> str:
    """A model's name as that of a file: ``Qwen/Qwen3-4B`` becomes ``qwen-qwen3-4b``."""
    return str(UNSAFE.sub("-", model.lower())).strip("-.") or "model"


def _read(path: Path, model: str) -> Iterator[Recorded]:
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}") from error
    for number, line in enumerate(lines, start=1):
        try:
            recorded = Recorded.model_validate(json.loads(line))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "line"
            raise InvalidInput(f"{path}, line {number}: {place}: {first['msg']}") from None
        except (ValueError, RecursionError):
            raise InvalidInput(f"{path}, line {number}: not a JSON object") from None
        if recorded.model != model:
            raise InvalidInput(f"{path}, line {number}: recorded from {recorded.model}, not from {model}")
        yield recorded


def _encoded(line: Recorded) -> bytes:
    said = line.model_dump(mode="python", exclude_defaults=True)
    said["usage"] = line.usage.model_dump(mode="json")
    try:
        return f"{json.dumps(said, ensure_ascii=False)}\n".encode()
    except UnicodeEncodeError:  # half surrogates, which models write and UTF-8 cannot carry
        return f"{json.dumps(said)}\n".encode()


def _cut_half_line(descriptor: int, path: Path) -> None:
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.ftruncate(descriptor, whole)
