"""The site chat as a channel: connecting, checking, reading what was stored."""

import pytest

from bot.channels.registry import adapter_for
from bot.channels.webchat import WebchatAdapter, embed_snippet
from bot.errors import BadPayload
from bot.models import Channel
from tests.bot.webchat.visitor import ORIGIN

pytestmark = pytest.mark.django_db


def channel(**options: object) -> Channel:
    return Channel.objects.create(kind="webchat", title="Окна", options=options)


def test_connecting_gives_a_key_and_the_line_for_the_site() -> None:
    row = channel(origins=["https://OKNA.example/", ORIGIN])
    result = WebchatAdapter().connect(row, public_url="https://bot.example/")
    row.refresh_from_db()
    key = row.options["public_key"]
    assert result.ok
    assert (
        f'<script src="https://bot.example/chat/widget.js" data-key="{key}" async></script>'
        == WebchatAdapter().invitation(row, public_url="https://bot.example/")
    )
    assert row.options["origins"] == [ORIGIN]


def test_connecting_again_keeps_the_key() -> None:
    row = channel(origins=[ORIGIN])
    WebchatAdapter().connect(row, public_url="https://bot.example")
    before = embed_snippet(row, public_url="https://bot.example")
    WebchatAdapter().connect(row, public_url="https://bot.example")
    assert embed_snippet(row, public_url="https://bot.example") == before


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({}, "адрес сайта"),
        ({"origins": ["okna.example"]}, "Неверный адрес"),
        ({"origins": [ORIGIN], "color": "red; background:url(x)"}, "Цвет"),
        ({"origins": [ORIGIN], "position": "middle"}, "Положение"),
        ({"origins": [ORIGIN], "lang": "xx"}, "Язык"),
    ],
)
def test_wrong_options_are_named_and_nothing_is_saved(options: dict[str, object], word: str) -> None:
    row = channel(**options)
    result = WebchatAdapter().connect(row, public_url="https://bot.example")
    assert (result.ok, word in result.note) == (False, True)
    row.refresh_from_db()
    assert row.options == options


def test_checking_says_whether_it_was_connected() -> None:
    row = channel(origins=[ORIGIN])
    assert not WebchatAdapter().check(row).ok
    WebchatAdapter().connect(row, public_url="https://bot.example")
    assert WebchatAdapter().check(row).ok


def test_the_registry_knows_it() -> None:
    adapter = adapter_for("webchat")
    assert isinstance(adapter, WebchatAdapter)
    assert adapter.abilities.idempotent


@pytest.mark.parametrize(("kind", "payload"), [("text", {}), ("nonsense", {"id": "1"})])
def test_a_payload_that_is_not_its_own_is_refused(kind: str, payload: dict[str, str]) -> None:
    with pytest.raises(BadPayload):
        WebchatAdapter().parse(kind, payload)


def test_a_visitor_that_is_not_ours_opens_nothing() -> None:
    for body in ({}, {"visitor": "x", "message": {"id": "1", "text": "x"}}, {"visitor": 5, "message": []}):
        with pytest.raises(BadPayload):
            WebchatAdapter().open(body)
