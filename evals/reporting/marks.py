"""Signs that steer or hide: shown by name, so that what is read is what is stored."""

import regex

HIDDEN = regex.compile(r"[\p{DI}\p{Cc}\p{Cs}\p{Zl}\p{Zp}--[\t\n\r\uFE0F]]", regex.V1)
"""Default-ignorable signs (zero-width, direction, tags), controls, separators of lines.

The selector of emoji pictures stays: it only chooses a picture. ``report.js`` has the same set.
"""


def visible(text: str) -> str:
    """The text with each such sign replaced by its code point: ``⟨U+202E⟩``."""
    return str(HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text))
