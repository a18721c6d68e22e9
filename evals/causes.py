"""What made a run come out as it did: code, packages, model, prompts, rules, knowledge, data, seed.

Two runs with the same causes give the same scores; where scores differ, the causes that differ are the
suspects, and a comparison names them.
"""

import hashlib
import platform
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import distributions
from importlib.resources import files
from pathlib import Path

from pydantic import Field

from assistant.domain import Noun
from assistant.guard.registry import pack_id
from assistant.vocabulary import Instant
from prompts.loader import active_references

PACKAGES = ("assistant", "knowledge_base", "prompts", "evals")
"""Whose sources can change a score; the interfaces on top cannot."""
CHOSEN_SUITES = "suites"
"""The one selection of a run that leaves its suites whole."""
NOT_SEARCHED = "not searched"
"""Stands for the knowledge of a run in which no suite searches it."""


class Causes(Noun):
    """Everything a score depends on. ``revision``: of the checkout, absent where there is none.

    ``source`` hashes the product's files, so that a change which is not committed shows too. ``packages``:
    one hash over names and versions of everything installed. ``data``: suite to hash of its cases. ``judge``:
    the model that judged besides, if any.
    """

    revision: str | None = None
    source: str
    python: str
    packages: str
    model: str
    judge: str | None = None
    prompts: dict[str, str]
    pack: str
    knowledge: str
    data: dict[str, str]
    seed: int
    at: Instant
    selection: dict[str, str] = Field(default_factory=dict)


def gather(
    *,
    model: str,
    judge: str | None = None,
    knowledge: str,
    data: Mapping[str, str],
    seed: int,
    at: Instant,
    selection: Mapping[str, str],
) -> Causes:
    """The causes of a run that starts now."""
    return Causes(
        revision=revision(),
        source=source_hash(),
        python=platform.python_version(),
        packages=packages_hash(),
        model=model,
        judge=judge,
        prompts=active_references(),
        pack=pack_id(),
        knowledge=knowledge,
        data=dict(data),
        seed=seed,
        at=at,
        selection=dict(selection),
    )


def differences(ours: Causes, theirs: Causes) -> dict[str, tuple[str, str]]:
    """The causes that are not the same, each with both values."""
    found: dict[str, tuple[str, str]] = {}
    for name in Causes.model_fields:
        one, other = getattr(ours, name), getattr(theirs, name)
        if isinstance(one, dict):
            for key in sorted(one.keys() | other.keys()):
                if one.get(key) != other.get(key):
                    found[f"{name}.{key}"] = (str(one.get(key, "none")), str(other.get(key, "none")))
        elif one != other:
            found[name] = (str(one), str(other))
    return found


def suspects(before: Causes, after: Causes) -> dict[str, tuple[str, str]]:
    """The differences that can have changed the score of a case that both runs have.

    Which cases were chosen changes none, nor do data and knowledge that only one of the runs has used. The
    revision is named by its source alone where that is the same.
    """
    return {
        name: both
        for name, both in differences(before, after).items()
        if not name.startswith("selection.")
        and not (name.startswith("data.") and not _in_both(name.removeprefix("data."), before, after))
        and not (name == "knowledge" and NOT_SEARCHED in both)
        and not (name == "revision" and before.source == after.source)
    }


def _in_both(suite: str, before: Causes, after: Causes) -> bool:
    return suite in before.data and suite in after.data


@cache
def revision() -> str | None:
    """The commit of the checkout, with ``+`` where files differ from it; ``None`` outside a checkout."""
    git = shutil.which("git")
    folder = Path(str(files("evals"))).parent
    if git is None or not (folder / ".git").exists():
        return None
    try:
        head = _git(git, folder, "rev-parse", "HEAD")
        changed = _git(git, folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return head[:12] + ("+" if changed else "")


def _git(git: str, folder: Path, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed words, no input of a user
        [git, "-C", str(folder), *words], capture_output=True, text=True, timeout=10, check=True
    )
    return done.stdout.strip()


@cache
def source_hash() -> str:
    """SHA-256 over path and content of every file of the product that can change a score."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        root = Path(str(files(package)))
        for path in sorted(_sources(root)):
            digest.update(f"{package}/{path.relative_to(root).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(root: Path) -> Iterable[Path]:
    kinds = {".py", ".toml", ".md", ".csv", ".jsonl", ".npz"}
    for path in root.rglob("*"):
        if path.suffix in kinds and path.is_file() and "datasets" not in path.parts:
            yield path


@cache
def packages_hash() -> str:
    """SHA-256 over the names and versions of what is installed."""
    names = sorted({f"{one.metadata['Name']}=={one.version}" for one in distributions()})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
