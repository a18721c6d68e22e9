"""The buyer's own data are not repeated."""

from typing import Any

import pytest

from assistant.guard import privacy
from assistant.guard.check import check_with
from assistant.guard.context import GuardContext

_BUYER = (
    "Please send it to Musterstraße 12, 10115 Berlin, or 12 Harbour View Road. Tel. +49 30 12345678, "
    "mail jo.doe@example.com. Order 302-1234567-1234567, parcel 00340434161094000000."
)


def _evidence(text: str, sender: str = "buyer") -> list[str]:
    context: dict[str, Any] = {"marketplace": "DE", "thread": [{"from": sender, "text": _BUYER}]}
    return [
        found.evidence
        for found in check_with(privacy.RULES, text, GuardContext.model_validate(context)).findings
    ]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("We ship to Musterstraße 12.", "Musterstraße 12"),
        ("We ship to MUSTERSTRASSE 12.", None),
        ("We ship to musterstraße  12", None),
        ("12 Harbour View Road is noted.", "12 Harbour View Road"),
        ("Is 030 12345678 right?", "030 12345678"),
        ("Is +49-30-123-456-78 right?", "+49-30-123-456-78"),
        ("We write to Jo.Doe@example.com.", "Jo.Doe@example.com"),
        ("Order 302-1234567-1234567", None),
        ("Parcel 00340434161094000000", None),
        ("Musterstraße 13 is another house.", None),
        ("Is 030 87654321 right?", None),
        ("Your address is in your account.", None),
    ],
)
def test_echo(text: str, evidence: str | None) -> None:
    assert _evidence(text) == ([evidence] if evidence else [])


def test_the_sellers_own_words_are_not_the_buyers() -> None:
    assert _evidence("We ship to Musterstraße 12.", sender="seller") == []
