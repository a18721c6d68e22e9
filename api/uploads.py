"""Knowledge files that come over HTTP: kept in a folder of the home, imported from there like any other file.

The folder is what makes an upload repeatable: a file of the same name replaces the former one, and documents
that it no longer holds leave the draft state, as with files imported from the command line.
"""

import base64
import binascii
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from api.knowledge_schemas import Upload
from assistant.errors import InvalidInput, StoreUnavailable
from knowledge_base.errors import KnowledgeInvalid
from knowledge_base.types import ImportReport

if TYPE_CHECKING:
    from knowledge_base.base import KnowledgeBase

FOLDER = "uploads"

_one_at_a_time = threading.Lock()


def take_in(knowledge: "KnowledgeBase", home: Path, upload: Upload, actor: str) -> ImportReport:
    """Keep the file and import it.

    Raises:
        InvalidInput: the content is not base64.
        KnowledgeInvalid: nothing in the file could be taken; the file is not kept.
        StoreUnavailable: the home cannot be written.
    """
    content = _content(upload)
    path = home.resolve() / FOLDER / upload.filename
    sidecar = path.with_name(f"{path.name}.yaml")
    with _one_at_a_time:
        before = _read(path), _read(sidecar)
        metadata = None if upload.metadata is None else json.dumps(upload.metadata).encode()  # JSON is YAML
        _put(path, content)
        _put(sidecar, metadata)
        report = knowledge.import_paths([path], actor=actor)
        if report.refused and not (report.added or report.changed or report.unchanged):
            _put(path, before[0])
            _put(sidecar, before[1])
            raise KnowledgeInvalid(
                "; ".join(f"{Path(one.origin).name}: {one.reason}" for one in report.refused[:5])
            )
        return report


def _content(upload: Upload) -> bytes:
    if upload.encoding == "utf-8":
        return upload.content.encode()
    try:
        return base64.b64decode(upload.content, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput("content: is not base64") from None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be read: {error.strerror}") from error


def _put(path: Path, content: bytes | None) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be written: {error.strerror}") from error
