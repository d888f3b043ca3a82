"""The shop's address, and what proves a guest of the site chat."""

import pytest
from django.conf import LazySettings

from bot.models import Channel, Chat
from payments.storefront import links, tokens
from payments.storefront.tokens import Session


def chat_in(kind: str, pk: int = 5) -> Chat:
    return Chat(channel=Channel(pk=pk, kind=kind, title="Кофе"), external_id="a" * 32)


def test_a_telegram_button_opens_the_plain_page_and_a_site_button_a_signed_one(settings: LazySettings) -> None:
    settings.PUBLIC_URL = "https://bot.example"
    assert links.shop_url(chat_in("telegram")) == "https://bot.example/shop/5/"
    page, _, token = links.shop_url(chat_in("webchat")).partition("#guest=")
    assert page == "https://bot.example/shop/5/"
    assert links.read_guest_token(Channel(pk=5), token) == "a" * 32


def test_a_guests_token_opens_no_other_channels_shop_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    token = links.guest_token(chat_in("webchat"))
    assert links.read_guest_token(Channel(pk=6), token) is None
    assert links.read_guest_token(Channel(pk=5), token + "x") is None
    assert links.read_guest_token(Channel(pk=5), "") is None
    monkeypatch.setattr(links, "GUEST_SECONDS", -1)
    assert links.read_guest_token(Channel(pk=5), token) is None


def test_a_session_is_good_for_its_channel_and_a_day_and_is_no_guests_token(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(5, "777", "Анна", "anna", "ru")
    token = tokens.issue(session)
    assert tokens.read(5, token) == session
    assert tokens.read(6, token) is None
    assert links.read_guest_token(Channel(pk=5), token) is None
    assert tokens.read(5, links.guest_token(chat_in("webchat"))) is None
    monkeypatch.setattr(tokens, "SECONDS", -1)
    assert tokens.read(5, token) is None
