"""Markdown with YAML front matter: one file, one document."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge_base.sources.fields import MAX_TEXT, FieldError, Fields, read_fields
from knowledge_base.types import Document, Refusal


def read(path: Path, origin: str) -> Iterator[Document | Refusal]:
    """Read one Markdown file; the refusal names the line where that is known.

    Raises:
        OSError: the file cannot be read at all.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        yield Refusal(f"{origin}:{line}", "is not UTF-8; save the file as UTF-8")
        return
    try:
        metadata, body = _front_matter(text)
        if not body.strip():
            raise FieldError("has metadata but no text")
        if len(body) > MAX_TEXT or "\x00" in body:
            raise FieldError(f"text is longer than {MAX_TEXT:,} characters or not text at all")
        yield read_fields(Fields, metadata).document(origin=origin, body=body)
    except _YamlError as error:
        yield Refusal(f"{origin}:{error.line}", str(error))
    except FieldError as error:
        yield Refusal(f"{origin}:1", str(error))


class _YamlError(ValueError):
    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    import frontmatter
    import yaml

    try:
        metadata, body = frontmatter.parse(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        raise _YamlError(f"front matter is not YAML: {problem}", mark.line + 1 if mark else 1) from None
    except (ValueError, RecursionError) as error:
        raise _YamlError(f"front matter is not YAML: {error}", 1) from None
    if not metadata:
        raise FieldError("has no YAML front matter between two lines of `---`")
    return metadata, body
