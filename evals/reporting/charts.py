"""The charts of a run, drawn by Matplotlib as inline SVG."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from evals.metrics import CALIBRATION_BINS, Estimate
from evals.reporting.numbers import duration, quantity
from evals.reporting.svg import ACCENT, SOFT, TEXT, drawing, plain
from evals.scores import CaseResult

WIDTH = 3.7
"""Inches; about the width of a column on the page, so that letters keep their size."""
LETTER = 0.066
"""Inches that a letter of a label needs on average."""
MOST_ROWS = 24
"""Groups in one chart; beyond them the weakest are shown and the table has all."""
LATENCY_BINS = 24
LEAST_MS = 0.1
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with what it shows in words; ``svg`` absent: the words say it all."""

    title: str
    caption: str
    svg: Markup | None = None


def groups_chart(
    title: str, groups: Mapping[str, Estimate], *, name: str, worse_when_higher: bool = False
) -> Chart:
    """A metric by group: a dot for its value, a line for its 95 % interval. Weakest groups first."""
    known = {group: one for group, one in groups.items() if one.value is not None}
    ordered = sorted(known.items(), key=lambda pair: _badness(pair[1], worse_when_higher), reverse=True)
    values = {one.value for one in known.values()}
    if len(values) == 1:
        return Chart(title, f"{_count(len(known))} at {quantity(values.pop())}.")
    shown = ordered[:MOST_ROWS]
    (worst, low), (best, high) = ordered[0], ordered[-1]
    cut = len(ordered) > MOST_ROWS
    left_out = f" The {MOST_ROWS} weakest of {len(ordered)} groups are shown." if cut else ""
    caption = f"Weakest {worst}: {quantity(low.value)}; strongest {best}: {quantity(high.value)}.{left_out}"

    def draw(figure: Figure) -> None:
        _dots(_axes(figure, left=0.15 + LETTER * max(len(_row_label(*row)) for row in shown)), shown)

    height = 0.5 + 0.21 * len(shown)
    svg = drawing(draw, (WIDTH, height), name=name, label=f"{title}. {caption}")
    return Chart(title, caption, svg)


def calibration_chart(title: str, parts: Mapping[str, float], *, name: str) -> Chart:
    """How often what was said to be so sure was right, by tenth of confidence.

    Args:
        title: Of the chart.
        parts: Sums of the parts ``n:<bin>``, ``sure:<bin>`` and ``right:<bin>`` over cases.
        name: Unique on the page.
    """
    bins = [one for one in range(CALIBRATION_BINS) if parts.get(f"n:{one}")]
    n = np.array([parts[f"n:{one}"] for one in bins])
    sure = np.array([parts.get(f"sure:{one}", 0.0) for one in bins]) / n
    right = np.array([parts.get(f"right:{one}", 0.0) for one in bins]) / n
    far = int(np.argmax(np.abs(right - sure)))
    caption = (
        f"{int(n.sum())} predictions; the larger a dot, the more of them. On the dashed line, confidence "
        f"keeps its word. Farthest off: {sure[far]:.2f} said, {right[far]:.2f} right ({int(n[far])} cases)."
    )

    def draw(figure: Figure) -> None:
        axes = _axes(figure, left=0.5, bottom=0.45)
        axes.plot([0, 1], [0, 1], color=TEXT, linestyle="--", linewidth=0.7)
        axes.plot(sure, right, color=ACCENT, linewidth=1.0)
        axes.scatter(sure, right, s=12 + 120 * n / n.max(), color=ACCENT, linewidth=0)
        axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), xlabel="confidence", ylabel="share right")
        axes.set_aspect("equal")

    return Chart(title, caption, drawing(draw, (WIDTH, 3.2), name=name, label=f"{title}. {caption}"))


def latency_chart(title: str, seconds: Sequence[float], *, name: str) -> Chart:
    """How long cases took, on a logarithmic scale, with the median and the 95th percentile."""
    times = np.maximum(np.array(seconds) * 1_000, LEAST_MS)
    median, slow = np.percentile(times, (50, 95))
    caption = (
        f"{len(times)} cases: median {duration(median / 1000)}, 95 % within {duration(slow / 1000)}, "
        f"slowest {duration(times.max() / 1000)}."
    )

    def draw(figure: Figure) -> None:
        axes = _axes(figure, left=0.55, top=0.2)
        low, high = times.min() / 1.3, times.max() * 1.3
        axes.hist(times, bins=list(np.geomspace(low, high, LATENCY_BINS + 1)), color=ACCENT, linewidth=0)
        for place, words, side in ((median, "median ", "right"), (slow, " 95 %", "left")):
            axes.axvline(place, color=TEXT, linestyle="--", linewidth=0.8)
            top = ("data", "axes fraction")
            axes.annotate(words, (place, 1.0), xycoords=top, ha=side, va="bottom", fontsize=7.5)
        axes.set_xscale("log")
        axes.set_xticks(_ticks(low, high) or [float(median)])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: duration(tick / 1000)))
        axes.set_ylabel("cases")

    return Chart(title, caption, drawing(draw, (WIDTH, 2.1), name=name, label=f"{title}. {caption}"))


def _ticks(low: float, high: float) -> list[float]:
    """Steps of 1, 2 and 5, or of 10 where those are too many."""
    decades = [10.0**power for power in range(-1, 8)]
    fine = [step * decade for decade in decades for step in (1, 2, 5) if low <= step * decade <= high]
    return fine if len(fine) <= MOST_TICKS else [tick for tick in decades if low <= tick <= high]


def calibration_sums(results: Sequence[CaseResult], scorer: str) -> dict[str, float]:
    """The sums that ``calibration_chart`` draws; empty where the scorer gives no such parts."""
    sums: Counter[str] = Counter()
    for result in results:
        score = result.scores.get(scorer)
        if score and score.value is not None:
            sums.update({part: of for part, of in score.parts.items() if part.partition(":")[2].isdigit()})
    return dict(sums) if any(part.startswith("n:") for part in sums) else {}


def _axes(figure: Figure, *, left: float, bottom: float = 0.3, top: float = 0.08, right: float = 0.1) -> Axes:
    """Axes with margins in inches: measuring the text to find them would double the time of a drawing."""
    width, height = figure.get_size_inches()
    return figure.add_axes(
        (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)
    )


def _row_label(group: str, one: Estimate) -> str:
    return f"{plain(group)[:28]}  ({one.n})"


def _dots(axes: Axes, shown: Sequence[tuple[str, Estimate]]) -> None:
    places = np.arange(len(shown))
    values = np.array([one.value for _, one in shown], dtype=float)
    lows = np.array([one.value if one.low is None else one.low for _, one in shown], dtype=float)
    highs = np.array([one.value if one.high is None else one.high for _, one in shown], dtype=float)
    axes.hlines(places, lows, highs, color=ACCENT, linewidth=1.4)
    axes.scatter(values, places, s=18, color=ACCENT, linewidth=0, zorder=3)
    axes.set_yticks(places, [_row_label(*row) for row in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    least, most = float(min(lows.min(), values.min())), float(max(highs.max(), values.max()))
    floor = max(0.0, np.floor((least - 0.02) * 10) / 10) if most <= 1 else 0.0
    axes.set_xlim(floor - 0.02 * (1 - floor), 1.02 if most <= 1 else most * 1.05)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(SOFT)


def _badness(one: Estimate, worse_when_higher: bool) -> tuple[float, int]:
    value = one.value or 0.0
    return (value if worse_when_higher else -value, one.n)


def _count(groups: int) -> str:
    return f"All {groups} groups are" if groups > 1 else "The only group is"
