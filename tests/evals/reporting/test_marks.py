"""What hides or steers is shown by name; everything else stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.reporting.marks import HIDDEN, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("pass\u200bword", "pass⟨U+200B⟩word"),
        ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
        ("soft\u00adhyphen", "soft⟨U+00AD⟩hyphen"),
        ("tag \U000e0041", "tag ⟨U+E0041⟩"),
        ("bell\x07", "bell⟨U+0007⟩"),
        ("line\u2028break", "line⟨U+2028⟩break"),
        ("\ufeffbom", "⟨U+FEFF⟩bom"),
        ("tab\tand\nlines\r\n", "tab\tand\nlines\r\n"),
        ("picture ❤\ufe0f", "picture ❤\ufe0f"),
        ("你好、ありがとう é ß", "你好、ありがとう é ß"),
    ],
)
def test_signs_that_hide_are_named(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    assert not HIDDEN.search(visible(text))
