"""A small crowd of simulated customers, with and without a model: nothing that must never happen does."""

import pytest

from bot.models import Channel
from dialogs.assistant.shelves import shelves
from dialogs.surroundings import forget
from tests.bench.customers import chaotic_model, furnish
from tests.bench.simulated import reported

pytestmark = pytest.mark.slow
CUSTOMERS = 34  # each character twice, on each model


@pytest.fixture
def channel(transactional_db: None) -> Channel:
    """The school's bot."""
    shelves.forget()
    forget()
    made: Channel = furnish()
    return made


def test_on_the_scripted_assistant_nothing_happens_that_must_not(channel: Channel) -> None:
    report = reported("scripted assistant", channel, CUSTOMERS)
    assert report.violations == [], report.told()
    assert sum(story.offered for story in report.stories) > CUSTOMERS / 2


def test_on_a_chaotic_model_nothing_happens_that_must_not(channel: Channel) -> None:
    with chaotic_model() as server:
        report = reported("chaotic model", channel, CUSTOMERS)
        assert len(server.requests) > CUSTOMERS
    assert report.violations == [], report.told()
