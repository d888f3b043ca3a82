"""Connecting a bot and asking whether it works, as the command and the admin do it."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.telegram import TelegramAdapter
from bot.channels.telegram import adapter as telegram_adapter
from bot.models import Channel
from bot.sender import submit
from tests.emulators.telegram import TelegramServer

TOKEN = "424242:TEST-token-for-fixtures"
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture
def adapter() -> Iterator[TelegramAdapter]:
    adapter = TelegramAdapter()
    yield adapter
    submit(adapter.aclose()).result(10)


def channel(telegram: TelegramServer, **fields: Any) -> Channel:
    """Return a channel that is not stored: connecting needs no database."""
    return Channel(kind="telegram", title="Бот", credentials={"token": TOKEN}, api_url=telegram.url, **fields)


def test_connecting_sets_the_webhook_with_the_channels_secret_and_only_the_updates_we_read(
    telegram: TelegramServer, adapter: TelegramAdapter
) -> None:
    row = channel(telegram)
    for _ in range(2):  # idempotent
        result = adapter.connect(row, public_url=f"{SITE}/")
        assert result.ok, result.note
    hook = telegram.bot(TOKEN).webhook
    assert hook is not None
    assert (hook.url, hook.secret) == (f"{SITE}/telegram/webhook", row.webhook_secret)
    read = ["message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query"]
    assert telegram.bot(TOKEN).allowed_updates == read
    assert "@emulated_424242_bot" in result.note


def test_a_working_bot_passes_the_check(telegram: TelegramServer, adapter: TelegramAdapter) -> None:
    row = channel(telegram)
    adapter.connect(row, public_url=SITE)
    assert adapter.check(row).ok


def test_a_webhook_somebody_took_away_is_noticed(telegram: TelegramServer, adapter: TelegramAdapter) -> None:
    assert not adapter.check(channel(telegram)).ok


def test_undeliverable_updates_are_noticed(telegram: TelegramServer, adapter: TelegramAdapter) -> None:
    row = channel(telegram)
    adapter.connect(row, public_url="http://127.0.0.1:1")
    telegram.user_says(TOKEN, 777, "/start")
    telegram.wait_until(lambda: bool(telegram.bot(TOKEN).last_error_date))
    result = adapter.check(row)
    assert not result.ok
    assert "Connection refused" in result.note


def test_a_wrong_token_and_a_wrong_address_are_told_in_a_sentence(
    telegram: TelegramServer, adapter: TelegramAdapter
) -> None:
    telegram.bot(TOKEN)
    telegram.revoke(TOKEN)
    refused = adapter.connect(channel(telegram), public_url=SITE)
    assert (refused.ok, TOKEN in refused.note) == (False, False)
    row = channel(telegram)
    row.api_url = "http://127.0.0.1:1"
    assert not adapter.check(row).ok
    assert not adapter.connect(row, public_url="http://example.ru").ok


def test_a_script_that_sells_from_a_menu_gets_a_button_that_opens_it(
    telegram: TelegramServer, adapter: TelegramAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"{SITE}/shop/1/"
    row = channel(telegram)
    monkeypatch.setattr(telegram_adapter, "page_for", lambda _: page)
    assert adapter.connect(row, public_url=SITE).ok
    button = {"type": "web_app", "text": "Меню", "web_app": {"url": page}}
    assert telegram.bot(TOKEN).menu_button == button
    monkeypatch.setattr(telegram_adapter, "page_for", lambda _: "")
    assert adapter.connect(row, public_url=SITE).ok
    assert telegram.bot(TOKEN).menu_button == {"type": "default"}


def test_a_button_that_somebody_else_set_is_left_alone(telegram: TelegramServer, adapter: TelegramAdapter) -> None:
    assert adapter.connect(channel(telegram), public_url=SITE).ok
    assert telegram.bot(TOKEN).menu_button == {"type": "commands"}


def test_a_refused_menu_button_costs_only_the_button(
    telegram: TelegramServer, adapter: TelegramAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = channel(telegram)
    monkeypatch.setattr(telegram_adapter, "page_for", lambda _: "http://bot.example/shop/1/")
    assert adapter.connect(row, public_url=SITE).ok
    assert "menu_page" not in row.options
