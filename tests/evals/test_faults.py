"""Faults fit today's code; a run that says nothing, or not the cause, does not count as noticed."""

import sys
from pathlib import Path

import pytest

from assistant.errors import InvalidInput
from evals import faults
from evals.faults import ROOT, Fault, notice, seed
from evals.suites import SUITES

SPEAK = "import sys; sys.stdout.write('guard/stopped AMZ-12'); sys.exit(int(sys.argv[1] == 'guard'))"


@pytest.fixture
def fault() -> Fault:
    return Fault(
        name="a rule is taken out",
        why="it would pass",
        file="evals/suites/guard.py",
        find='name="guard"',
        replace='name="gard"',
        suites=("guard",),
        names=("AMZ-12",),
    )


@pytest.mark.parametrize("one", faults.faults(), ids=lambda one: one.name)
def test_a_fault_fits_todays_code(one: Fault, tmp_path: Path) -> None:
    path = tmp_path / one.file
    path.parent.mkdir(parents=True)
    path.write_bytes((ROOT / one.file).read_bytes())
    before = path.read_text(encoding="utf-8")
    seed(one, tmp_path)
    assert not path.exists() or path.read_text(encoding="utf-8") != before
    assert set(one.suites) <= set(SUITES)


def test_there_are_enough_of_them_and_each_has_its_name() -> None:
    names = [one.name for one in faults.faults()]
    assert len(names) == len(set(names)) >= 12


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"file": "evals/gone.py"}, "gone.py is not there"),
        ({"find": "nobody wrote this"}, "stands 0 times"),
        ({"find": "i"}, "not once"),
    ],
)
def test_a_fault_that_no_longer_fits_is_named(
    fault: Fault, change: dict[str, str], reason: str, tmp_path: Path
) -> None:
    faults.copy(tmp_path)
    with pytest.raises(InvalidInput, match=reason):
        seed(fault.model_copy(update=change), tmp_path)


@pytest.mark.parametrize(
    ("change", "ok", "missing"),
    [({}, True, ()), ({"names": ("AMZ-99",)}, False, ("AMZ-99",)), ({"suites": ("triage",)}, False, ())],
)
def test_only_a_failed_run_that_names_the_cause_counts(
    fault: Fault, change: dict[str, tuple[str, ...]], ok: bool, missing: tuple[str, ...]
) -> None:
    found = notice(fault.model_copy(update=change), (sys.executable, "-c", SPEAK))
    assert (found.ok, found.missing) == (ok, missing)


def test_the_table_says_what_was_noticed(
    fault: Fault, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blind = fault.model_copy(update={"name": "a prompt is lost", "names": ("prompt",)})
    monkeypatch.setattr(faults, "faults", lambda: (fault, blind))
    monkeypatch.setattr(faults, "notice", lambda one: notice(one, (sys.executable, "-c", SPEAK)))
    assert faults.main(["rule"]) == 0
    assert "1 of 1 seeded faults" in capsys.readouterr().out
    assert faults.main([]) == 1
    out = capsys.readouterr().out
    assert "1 of 2 seeded faults" in out
    assert "a prompt is lost: guard/stopped AMZ-12" in out
