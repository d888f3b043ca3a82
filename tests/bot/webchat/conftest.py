"""A site with our chat on it, and its visitors."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from bot.channels.registry import adapter_for
from bot.channels.webchat import WebchatAdapter
from bot.models import Channel
from bot.sender import submit
from tests.bot.webchat.visitor import ORIGIN, Visitor


@pytest.fixture(autouse=True)
def _mind_is_elsewhere(settings: Any) -> None:
    """The ears are tested without what stands above them: nobody reads the inbox here."""
    settings.INBOX_READY_TASK = "bot.tasks.sweep_outbox"


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    """The sending loop outlives a test; its connection to Redis must not."""
    yield
    submit(adapter_for("webchat").aclose()).result(5)


@pytest.fixture
def site(db: Any) -> Channel:
    channel = Channel.objects.create(kind="webchat", title="Окна Плюс", options={"origins": [ORIGIN]})
    assert WebchatAdapter().connect(channel, public_url="http://testserver").ok
    return channel


@pytest.fixture
def visitor(site: Channel, client: Client) -> Iterator[Visitor]:
    yield Visitor(client, site)
