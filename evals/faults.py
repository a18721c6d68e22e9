"""``python -m evals.faults``: do the gates notice? Small bad changes to a copy of the product, one at a time.

``faults.toml`` lists the changes. Each is made on a copy of the source tree, where the suites it concerns are
run against the baseline. Noticed means: the run does not end well, and what it prints names the cause. Exit 1
where a fault went unnoticed, 2 where one cannot be seeded any more because the code has moved on.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.domain import Noun
from assistant.errors import InvalidInput
from evals.causes import PACKAGES

ROOT = Path(str(files("evals"))).parent
COMMAND = (sys.executable, "-c", "from api.cli.main import run; run()", "eval", "run", "--gate")
LONGEST = 600
"""Seconds after which a run on a copy is given up."""


class Fault(Noun):
    """One bad change; see the head of ``faults.toml``."""

    name: str
    why: str
    file: str
    find: str | None = None
    replace: str = ""
    suites: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Noticed:
    """What the gates said of a fault: exit code of the run, what it printed, and the words it did not say."""

    fault: Fault
    code: int
    said: str
    missing: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """The run failed and named the cause."""
        return self.code != 0 and not self.missing


def faults(path: Path | None = None) -> tuple[Fault, ...]:
    """The faults of a table."""
    table = tomllib.loads((path or ROOT / "evals" / "faults.toml").read_text(encoding="utf-8"))
    return tuple(Fault.model_validate(row) for row in table["fault"])


def seed(fault: Fault, root: Path) -> None:
    """Make the change in a copy of the product.

    Raises:
        InvalidInput: the file is gone, or the text does not stand in it exactly once.
    """
    path = root / fault.file
    if not path.is_file():
        raise InvalidInput(f"fault {fault.name!r}: {fault.file} is not there; mend evals/faults.toml")
    if fault.find is None:
        path.unlink()
        return
    text = path.read_text(encoding="utf-8")
    if text.count(fault.find) != 1:
        raise InvalidInput(
            f"fault {fault.name!r}: its text stands {text.count(fault.find)} times in {fault.file}, "
            "not once; mend evals/faults.toml"
        )
    path.write_text(text.replace(fault.find, fault.replace), encoding="utf-8")


def copy(root: Path) -> None:
    """Copy the product's source tree."""
    for package in (*PACKAGES, "api"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))


def notice(fault: Fault, command: Sequence[str] = COMMAND) -> Noticed:
    """Seed a fault and run its suites against the baseline.

    Raises:
        InvalidInput: the fault cannot be seeded.
    """
    with tempfile.TemporaryDirectory(prefix="replydesk-fault-") as folder:
        root = Path(folder)
        copy(root)
        seed(fault, root)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("REPLYDESK_")}
        environment |= {"REPLYDESK_HOME": str(root / "home"), "PYTHONPATH": str(root), "COLUMNS": "400"}
        done = subprocess.run(  # noqa: S603 - our own command
            [*command, *fault.suites],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    said = done.stdout + done.stderr
    return Noticed(fault, done.returncode, said, tuple(name for name in fault.names if name not in said))


def main(names: Sequence[str]) -> int:
    """Seed the faults whose name holds one of the words given, all for none; print a table."""
    console = Console(width=150 if not sys.stdout.isatty() else None)
    wanted = [fault for fault in faults() if not names or any(name in fault.name for name in names)]
    table = Table("fault", "suites", "exit", "noticed", "not named", title="Seeded faults")
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        found = list(pool.map(notice, wanted))
    for one in found:
        suites, missing = " ".join(one.fault.suites), ", ".join(one.missing)
        table.add_row(one.fault.name, suites, str(one.code), "yes" if one.ok else "NO", missing)
    console.print(table)
    for one in found:
        if not one.ok:
            console.print(f"{one.fault.name}: {one.said[-2_000:]}", markup=False, highlight=False)
    noticed = sum(one.ok for one in found)
    console.print(f"{noticed} of {len(found)} seeded faults were noticed and named")
    return 0 if noticed == len(found) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except InvalidInput as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
