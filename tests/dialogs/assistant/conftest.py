"""A small script with a free talk, a customer who writes to it, and the workers' work done by hand."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from bot.models import Channel
from content.models import Material, Product
from dialogs.assistant.providers import close_providers
from dialogs.assistant.shelves import shelves
from dialogs.drafts import import_draft
from dialogs.publishing import publish
from dialogs.surroundings import forget
from tests.dialogs.assistant.talk import SCRIPT, Talk
from tests.emulators.llm import ModelServer


@pytest.fixture
def model(settings: Settings) -> Iterator[ModelServer]:
    """A language model the house is connected to."""
    with ModelServer() as server:
        settings.OPENAI_API_KEY = "sk-only-for-tests-0123456789abcdef"
        settings.OPENAI_BASE_URL = server.base_url
        settings.OPENAI_MODEL = "gpt-4o-mini"
        settings.OPENAI_TIMEOUT_SECONDS = 2.0
        settings.OPENAI_ATTEMPTS = 2
        settings.ASSISTANT_DEADLINE_SECONDS = 4.0
        yield server
        close_providers()


@pytest.fixture
def channel(transactional_db: None) -> Channel:
    """A bot with the script, and a library of a few things."""
    publish(import_draft(SCRIPT))
    rows: list[dict[str, Any]] = [
        {"key": "case-1", "type": "case", "title": "Кейс: Олег", "body": "Олег прошёл курс и ведёт журнал."},
        {
            "key": "price",
            "type": "argument",
            "title": "Почему столько",
            "body": "В цену входит проверка.",
            "tags": ["price"],
        },
        {"key": "hot-1", "type": "review", "title": "Отзыв: Елена", "body": "Довольна.", "segments": ["hot"]},
    ]
    for row in rows:
        Material.objects.create(**row)
    Product.objects.create(code="start", name="Курс «Старт»", description="Шесть недель.", price="24900.00")
    shelves.forget()
    forget()
    return Channel.objects.create(kind="telegram", title="Бот", credentials={"token": "1:x"}, scenario_key="talk")


@pytest.fixture
def anna(channel: Channel) -> Talk:
    """A customer in the talk."""
    return Talk(channel)
