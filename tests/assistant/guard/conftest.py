"""The ordinary case that drafts of several tests answer."""

from collections.abc import Mapping

import pytest

from assistant.domain import Order
from assistant.vocabulary import Language, Marketplace


@pytest.fixture
def home() -> Mapping[Language, Marketplace]:
    """A marketplace where buyers write each language."""
    return {"en": "US", "de": "DE", "fr": "FR", "it": "IT", "es": "ES", "ja": "JP", "zh": "SG"}


@pytest.fixture
def shipped() -> Order:
    """A parcel that the seller shipped with DHL on 17 November."""
    return Order.model_validate(
        {
            "order_id": "302-1234567-1234567",
            "status": "SHIPPED",
            "fulfilled_by": "MERCHANT",
            "purchased_at": "2026-11-16T08:00:00Z",
            "shipped_at": "2026-11-17T12:00:00Z",
            "deliver_by": "2026-11-24",
            "carrier": "DHL",
        }
    )
