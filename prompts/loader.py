"""Prompts are files with a version and a hash. ``active.toml`` names the version of each task that is in use.

A released version is never edited: a change is a new file ``v<N+1>.md`` and a new line in ``active.toml``.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text of one task in one version; placeholders are written ``$name``, a dollar sign ``$$``."""

    task: str
    version: str
    sha256: str
    text: str

    @property
    def reference(self) -> str:
        """Name, version and first eight digits of the hash, as stored with every suggestion."""
        return f"{self.task}/{self.version}@{self.sha256[:8]}"

    def render(self, **values: str) -> str:
        """Put the values in; what stands inside a value is never interpreted again.

        Raises:
            KeyError: a placeholder has no value.
            ValueError: a value has no placeholder: something the prompt should say is missing.
        """
        template = Template(self.text)
        unknown = values.keys() - set(template.get_identifiers())
        if unknown:
            raise ValueError(f"{self.reference} has no placeholder for {', '.join(sorted(unknown))}")
        return template.substitute(values)


@cache
def active(task: str) -> Prompt:
    """Return the version of a task that is in use.

    Raises:
        KeyError: ``active.toml`` does not name the task.
    """
    versions = tomllib.loads((FOLDER / "active.toml").read_text(encoding="utf-8"))["active"]
    return load(task, versions[task])


def load(task: str, version: str) -> Prompt:
    """Read one version of a task, whether it is in use or not."""
    text = (FOLDER / task / f"{version}.md").read_text(encoding="utf-8")
    return Prompt(task, version, hashlib.sha256(text.encode()).hexdigest(), text)


def active_references() -> dict[str, str]:
    """Every task with the reference of the version in use."""
    tasks = tomllib.loads((FOLDER / "active.toml").read_text(encoding="utf-8"))["active"]
    return {task: active(task).reference for task in sorted(tasks)}


def released() -> dict[str, str]:
    """Every version of every task, in use or not, as ``task/version`` with the hash of its text."""
    found = (load(path.parent.name, path.stem) for path in sorted(FOLDER.glob("*/v*.md")))
    return {f"{prompt.task}/{prompt.version}": prompt.sha256 for prompt in found}
