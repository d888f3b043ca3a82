"""What the doors show to everybody: the script, the looks, the demo page."""

import gzip

import pytest
from django.test import Client

from bot.models import Channel
from tests.bot.webchat.visitor import Visitor


def test_the_widget_is_small_cacheable_and_known_by_its_content(client: Client) -> None:
    plain = client.get("/chat/widget.js")
    assert plain["Content-Type"] == "text/javascript; charset=utf-8"
    assert "max-age=300" in plain["Cache-Control"]
    version = plain["ETag"].strip('"')
    assert "immutable" in client.get(f"/chat/widget.js?v={version}")["Cache-Control"]
    assert "immutable" not in client.get("/chat/widget.js?v=other")["Cache-Control"]
    zipped = client.get("/chat/widget.js", headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(zipped.content) == plain.content
    assert len(zipped.content) < 15_000
    assert client.get("/chat/widget.js", headers={"If-None-Match": plain["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_the_looks_come_from_the_channel_and_nothing_secret_does(visitor: Visitor) -> None:
    Channel.objects.update(
        options=visitor.channel.options
        | {"color": "#aa3300", "title": "Окна", "consent_url": "javascript:alert(1)", "secret": "s"}
    )
    looks = visitor.get("config").json()
    assert (looks["title"], looks["color"], looks["position"], looks["lang"]) == ("Окна", "#aa3300", "right", "ru")
    assert looks["consent"]["url"] == ""
    assert "secret" not in looks
    assert "origins" not in looks


@pytest.mark.django_db
def test_the_demo_page_carries_the_widget_that_allows_it(site: Channel, client: Client) -> None:
    assert client.get("/chat/demo").status_code == 404
    site.options["origins"].append("http://testserver")
    site.save()
    page = client.get("/chat/demo")
    assert page.status_code == 200
    assert f'data-key="{site.options["public_key"]}"' in page.content.decode()
    assert client.get("/chat/demo?key=other").status_code == 404
