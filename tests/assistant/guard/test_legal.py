"""Denied rights block where EU law gives them; liability is nobody's to speak of."""

from typing import Any

import pytest

from assistant.guard import legal
from assistant.guard.check import check_with
from assistant.guard.context import GuardContext


def _found(text: str, **fields: Any) -> list[tuple[str, str]]:
    context = GuardContext.model_validate({"marketplace": "DE", **fields})
    return [(item.rule, item.severity) for item in check_with(legal.RULES, text, context).findings]


@pytest.mark.parametrize("marketplace", ["DE", "FR", "IT", "ES", "NL", "BE", "IE", "PL", "SE"])
def test_a_denial_blocks_in_the_eu(marketplace: str) -> None:
    assert _found("We do not accept returns.", marketplace=marketplace) == [("AMZ-36", "block")]


@pytest.mark.parametrize("marketplace", ["UK", "US", "JP", "CA"])
def test_elsewhere_it_needs_an_edit(marketplace: str) -> None:
    assert _found("We do not accept returns.", marketplace=marketplace) == [("AMZ-36", "edit")]


@pytest.mark.parametrize(
    "text",
    [
        "We cannot refund outside Amazon.",
        "We cannot issue the refund ourselves.",
        "I cannot see a refund yet.",
        "Is the return window over?",
        "The return window has ended. However, we can repair it free of charge.",
        "Die Frist ist abgelaufen; Ihre gesetzlichen Rechte bleiben bestehen.",
        "Bislang ist keine Erstattung verbucht.",
        "返品の必要はございません。",
        "您无需退货。",
    ],
)
def test_limits_and_remedies_are_no_denial(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We are not liable.",
        "Wir haften nicht.",
        "Nous assumons toute la responsabilité.",
        "损害赔偿",
        "弊社が責任を負います。",
    ],
)
def test_liability_either_way(text: str) -> None:
    assert ("LG-01", "edit") in _found(text)
