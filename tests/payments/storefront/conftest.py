"""A coffee shop with a Telegram bot, and a page that guests open there."""

import pytest

from tests.payments.shop.cafe import Cafe, open_cafe
from tests.payments.storefront.visitor import Shop, open_shop


@pytest.fixture
def cafe(db: None) -> Cafe:
    """A place that never closes: the page asks the real clock."""
    cafe = open_cafe()
    cafe.place.schedule = {}
    cafe.place.save(update_fields=["schedule"])
    return cafe


@pytest.fixture
def shop(cafe: Cafe) -> Shop:
    """The shop's doors as the page of a Telegram bot knocks on them."""
    return open_shop("telegram")
