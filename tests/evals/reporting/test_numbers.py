"""Figures with as many digits as say something."""

import pytest

from evals.reporting.numbers import duration, probability, quantity, signed


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"), (0.0, "0.000"), (0.95, "0.950"), (1.0, "1.000"), (0.000412, "0.00041"), (12.34, "12.3"),
        (1234.5, "1,234"), (-0.5, "-0.500"), (0.001, "0.001"),
    ],
)  # fmt: skip
def test_quantity(value: float | None, said: str) -> None:
    assert quantity(value) == said


@pytest.mark.parametrize(("value", "said"), [(None, "–"), (0.1, "+0.100"), (-0.1, "−0.100"), (0.0, "+0.000")])
def test_signed(value: float | None, said: str) -> None:
    assert signed(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "< 0.001"), (0.0009, "< 0.001"), (0.031, "0.031"), (1.0, "1.000")]
)
def test_probability(value: float, said: str) -> None:
    assert probability(value) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0004, "0.4 ms"), (0.035, "35 ms"), (0.9994, "999 ms"), (0.9996, "1.0 s"), (1.23, "1.2 s"),
        (42.4, "42 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (7500, "2 h 05 min"),
    ],
)  # fmt: skip
def test_duration(seconds: float, said: str) -> None:
    assert duration(seconds) == said
