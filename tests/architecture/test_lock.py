"""The lock is compiled, complete and clean: it can only be changed through ``make lock``."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
PINS: dict[str, list[Version]] = {}
for found in PIN.finditer(LOCK):
    PINS.setdefault(canonicalize_name(found[1]), []).append(Version(found[2]))
ASKED = [
    Requirement(line) for line in PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_what_is_asked_for_is_locked(asked: Requirement) -> None:
    pins = PINS.get(canonicalize_name(asked.name), [])
    assert pins, f"{asked.name} is not in the lock: run `make lock`"
    assert all(asked.specifier.contains(pin, prereleases=True) for pin in pins), "run `make lock`"


def test_nothing_is_locked_directly_that_nobody_asks_for() -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK)
    direct = {
        canonicalize_name(match[1])
        for block in blocks
        if (match := PIN.match(block)) and "replydesk" in block
    }
    assert direct <= {canonicalize_name(asked.name) for asked in ASKED}, "run `make lock`"


def test_every_pin_has_a_hash() -> None:
    blocks = [block for block in re.split(r"\n(?=[A-Za-z0-9])", LOCK) if PIN.match(block)]
    assert len(blocks) > 50
    assert all("--hash=sha256:" in block for block in blocks)


def test_no_registry_address_is_named() -> None:
    assert not re.search(r"://|--index|--find-links|--extra", LOCK)
