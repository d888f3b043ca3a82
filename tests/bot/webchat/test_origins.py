"""On whose pages the widget speaks."""

import pytest
from django.test import Client

from bot.models import Channel, InboxEvent
from bot.webchat.origins import normalise_origin
from tests.bot.webchat.visitor import ORIGIN, Visitor


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("https://Okna.Example/", "https://okna.example"),
        ("https://okna.example:443", "https://okna.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://пример.рф", "https://xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_an_origin_is_spelled_as_browsers_spell_it(written: str, spelled: str) -> None:
    assert normalise_origin(written) == spelled


@pytest.mark.parametrize(
    "written",
    ["", "*", "null", "okna.example", "ftp://okna.example", "https://", "https://okna.example/shop", "https://a b",
     "https://u@okna.example", "https://okna.example?x", "https://okna..example", "https://okna.example:99999"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        normalise_origin(written)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin", ["", "null", "https://evil.example", "http://okna.example", "https://okna.example.evil.example"]
)
def test_a_missing_or_foreign_origin_is_refused_at_every_door(visitor: Visitor, origin: str) -> None:
    answers = [
        visitor.get("config", origin=origin),
        visitor.post("session", {}, origin=origin),
        visitor.post("messages", {"id": "a", "text": "x"}, origin=origin),
        visitor.get("messages", origin=origin),
        visitor.post("typing", {}, origin=origin),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")
        assert "Access-Control-Allow-Origin" not in answer
    assert not InboxEvent.objects.exists()


@pytest.mark.django_db
def test_a_page_of_our_own_server_is_told_by_its_referer(site: Channel, client: Client) -> None:
    """Browsers send no Origin with a GET to the page's own server."""
    site.options["origins"] = ["http://testserver"]
    site.save()
    path = f"/chat/{site.options['public_key']}/config"
    own = {"Host": "testserver"}
    assert client.get(path, headers=own | {"Referer": "http://testserver/chat/demo"}).status_code == 200
    assert client.get(path, headers=own | {"Referer": f"{ORIGIN}/"}).status_code == 403
    assert client.get(path).status_code == 403


@pytest.mark.django_db
def test_a_browser_may_ask_first(visitor: Visitor) -> None:
    ask = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = visitor.client.options(f"{visitor.path}/messages", headers=ask)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert answer["Access-Control-Allow-Methods"] == "GET, POST"
    assert "authorization" in answer["Access-Control-Allow-Headers"]
    assert answer["Vary"].startswith("Origin")
    foreign = visitor.client.options(f"{visitor.path}/messages", headers=ask | {"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert "Access-Control-Allow-Methods" not in foreign


@pytest.mark.django_db
def test_an_unknown_or_switched_off_widget_is_not_there(visitor: Visitor) -> None:
    headers = {"Origin": ORIGIN}
    assert visitor.client.get("/chat/nobody/config", headers=headers).json()["error"]["code"] == "unknown_widget"
    Channel.objects.update(is_active=False)
    assert visitor.get("config").status_code == 404
    assert visitor.say("x").status_code == 404


@pytest.mark.django_db
def test_a_wrong_method_is_told_the_right_ones(visitor: Visitor) -> None:
    answer = visitor.client.delete(f"{visitor.path}/messages", headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
