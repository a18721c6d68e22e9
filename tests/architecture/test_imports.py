"""An import only ever points down: the floors of the house, checked against the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("assistant", "knowledge_base", "prompts", "evals", "api")
FLOORS = (
    ("api", 6),
    ("evals", 5),
    ("assistant.bootstrap", 4),
    ("assistant.service", 4),
    ("assistant.pipeline", 3),
    ("assistant.domain", 1),
    ("assistant.vocabulary", 1),
    ("assistant.errors", 1),
    ("assistant.settings", 1),
    ("assistant", 2),
    ("knowledge_base", 1),
    ("prompts", 1),
)
CLOSED = ("knowledge_base", "prompts")
"""Packages that import nothing of ours but themselves."""

MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor_of(module: str) -> int:
    return next(floor for prefix, floor in FLOORS if module == prefix or module.startswith(f"{prefix}."))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = ROOT.joinpath(*node.module.split("."), f"{alias.name}.py")
                yield f"{node.module}.{alias.name}" if inner.exists() else node.module


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_an_import_points_down(path: Path) -> None:
    here = name_of(path)
    ours = [there for there in imported(path) if there.split(".")[0] in PACKAGES]
    upward = [there for there in ours if floor_of(there) > floor_of(here)]
    assert not upward, f"{here} imports from a floor above: {upward}"
    package = here.split(".")[0]
    if package in CLOSED:
        assert {there.split(".")[0] for there in ours} <= {package}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 330


def test_the_check_sees_an_upward_import(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("from api.app import create_app\nimport knowledge_base.types\n")
    assert [floor_of(there) for there in imported(bad)] == [6, 1]
