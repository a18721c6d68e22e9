"""Matplotlib's SVG made fit for the page: no inline style, no fixed colour, the same bytes every time.

The page forbids inline styles, so each ``style`` becomes presentation attributes. Text and axes take the
colour of the text around them, marks take that of the theme, so both follow light and dark.
"""

import io
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

TEXT, ACCENT, SOFT = "#010203", "#040506", "#070809"
"""Stand-ins that no drawing uses otherwise; see ``COLOURS``."""
COLOURS = {TEXT: "currentColor", ACCENT: "var(--accent)", SOFT: "var(--line)"}
SETTINGS: "dict[RcKeyType, Any]" = {
    "svg.fonttype": "none",
    "svg.hashsalt": "replydesk",
    "text.parse_math": False,
    "font.size": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "text.color": TEXT,
    "axes.edgecolor": TEXT,
    "axes.labelcolor": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "grid.color": SOFT,
    "grid.linewidth": 0.6,
}
DROPPED = {"font-family"}
"""Properties that the page decides."""

_DRAWING = threading.Lock()
"""Matplotlib's settings are those of the process."""


def drawing(draw: Callable[[Figure], None], size: tuple[float, float], *, name: str, label: str) -> Markup:
    """An inline ``<svg>``; ``size`` in inches, ``name`` unique on the page, ``label`` read out instead."""
    stream = io.BytesIO()
    with _DRAWING, mpl.rc_context(SETTINGS):
        figure = Figure(figsize=size)
        FigureCanvasSVG(figure)
        draw(figure)
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return Markup(cleaned(stream.getvalue(), name=name, label=label))  # noqa: S704 - built by ElementTree


def plain(label: str) -> str:
    """A label that Matplotlib's own font can measure; tables have the true words."""
    return label.encode("ascii", "backslashreplace").decode()


def cleaned(source: bytes, *, name: str, label: str) -> str:
    """One ``<svg>`` element without namespaces, metadata, comments, styles and names nobody refers to."""
    root = ET.fromstring(source)  # noqa: S314 - drawn here, holds no entity
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) in {"metadata", "style"}:
                parent.remove(child)
    values = [value for one in root.iter() for value in one.attrib.values()]
    used = {value.split("#", 1)[1].rstrip(")") for value in values if "#" in value}
    for one in root.iter():
        one.tag = _local(one.tag)
        one.attrib = dict(sorted(_attributes(one, used, name).items()))
        one.text, one.tail = _trimmed(one.text), _trimmed(one.tail)
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "role": "img",
        "aria-label": label,
        "stroke-linejoin": "round",
    }
    return ET.tostring(root, encoding="unicode")


def _attributes(one: ET.Element, used: set[str], name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in one.attrib.items():
        local = _local(key)
        if local == "style":
            found |= _declarations(value)
        elif local == "id" and value in used:
            found["id"] = f"{name}-{value}"
        elif local == "d":
            found["d"] = " ".join(value.split())
        elif local != "id":
            found[local] = value.replace("#", f"#{name}-") if local in {"href", "clip-path"} else value
    return found


def _declarations(style: str) -> dict[str, str]:
    pairs = (one.split(":", 1) for one in style.split(";") if ":" in one)
    named = {key.strip(): value.strip() for key, value in pairs}
    return {key: COLOURS.get(value, value) for key, value in named.items() if key not in DROPPED}


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _trimmed(text: str | None) -> str | None:
    return text if text and text.strip() else None
