"""Whether a statement stands in the evidence, quantity by quantity, and what the evidence says instead."""

from collections.abc import Iterable
from decimal import Decimal

from assistant.guard.quantities import Quantity, Range
from assistant.guard.units import QuantityKind


def _same(mine: Range, theirs: Range, kind: QuantityKind, slack: Decimal) -> bool:
    def near(one: Decimal, other: Decimal) -> bool:
        return abs(one - other) <= slack * max(abs(one), abs(other))

    if near(mine[0], theirs[0]) and near(mine[1], theirs[1]):
        return True
    single = near(mine[0], mine[1])
    return single and (near(mine[1], theirs[1]) or (kind != "duration" and near(mine[0], theirs[0])))


def agrees(claim: Quantity, evidence: Quantity) -> bool:
    """Whether ``evidence`` says what ``claim`` says.

    A single value may be the upper end of a range (the lower too, but for durations: "3 to 5 days" does not
    support "3 days"). A bare number in the evidence, as in a table cell, supports a measure of that figure.
    """
    if claim.days and any(mine.agrees(theirs) for mine in claim.days for theirs in evidence.days):
        return True
    if claim.kind == evidence.kind and claim.units & evidence.units and claim.kind != "date":
        slack = Decimal("0.01") if claim.imperial != evidence.imperial else Decimal(0)
        return any(_same(one, other, claim.kind, slack) for one in claim.values for other in evidence.values)
    if claim.kind == "number" or (claim.kind == "measure" and evidence.kind == "number"):
        return any(
            _same(one, other, "number", Decimal(0)) for one in claim.written for other in evidence.written
        )
    return False


def supported(claim: Quantity, evidence: Iterable[Quantity]) -> bool:
    """Whether any of the evidence says what ``claim`` says."""
    return any(agrees(claim, other) for other in evidence)


def _apart(claim: Quantity, other: Quantity) -> int:
    mine, theirs = claim.days[0], other.days[0]
    if mine.month is None or theirs.month is None:
        return 1000
    return abs((mine.month - theirs.month) * 31 + (mine.day or 0) - (theirs.day or 0))


def nearest(claim: Quantity, evidence: Iterable[Quantity]) -> Quantity | None:
    """What the evidence says instead: the closest value of the same kind and unit, else ``None``."""
    rivals = [
        other for other in evidence if other.kind == claim.kind and (claim.units & other.units or claim.days)
    ]
    if claim.kind == "date":
        return min(
            (other for other in rivals if other.days), key=lambda other: _apart(claim, other), default=None
        )
    return min(
        (other for other in rivals if other.values),
        key=lambda other: abs(other.values[0][0] - claim.values[0][0]),
        default=None,
    )
