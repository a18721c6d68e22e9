"""Does a confidence mean what it says? Of everything said to be 70 % sure, 70 % should be right."""

from evals.metrics import calibration_parts
from evals.scores import Score


def calibrated(confidence: float, *, right: bool) -> Score:
    """One prediction; ``metrics.calibration_error`` sums them up.

    ``value`` is 1 minus the Brier score, the square of confidence less outcome (Brier 1950). A single
    prediction is neither right nor wrong in this respect, so ``passed`` stays open.
    """
    value = 1.0 - (confidence - float(right)) ** 2
    return Score(value=value, parts=calibration_parts(confidence, right=right))
