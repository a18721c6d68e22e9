import pytest

from evals import bench_rules


def test_the_stages_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_rules, "ROUNDS", 1)
    monkeypatch.setattr(bench_rules, "HOSTILE", ("a" * 100, "1 " * 50))
    rows = dict(bench_rules.rows())
    assert len(rows) == 3
    assert all(figure.endswith(" ms") for figure in rows.values())
