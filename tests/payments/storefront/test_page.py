"""The page itself: light, strict, the same for everybody, and never stale."""

import gzip
import json
import re

import pytest
from django.test import Client

from bot.models import Channel
from content import menus, stops
from content.models import Product
from payments.storefront import assets
from tests.payments.shop.cafe import Cafe
from tests.payments.storefront.visitor import Shop

LARGEST = 60 * 1024  # bytes of script and style together, before compression


def test_script_and_style_together_are_under_60_kb() -> None:
    sizes = {name: len(asset.plain) for name, asset in assets.current().files.items()}
    assert sum(sizes.values()) < LARGEST, sizes


def test_every_file_of_the_script_is_asked_for_at_once_and_nothing_else(shop: Shop, cafe: Cafe) -> None:
    page = shop.client.get(f"/shop/{shop.channel.pk}/").content.decode()
    imported = {
        name
        for path in assets.FOLDER.glob("*.js")
        for name in re.findall(r'from "\./([a-z]+\.js)"', path.read_text("utf-8"))
    }
    asked = set(re.findall(r'modulepreload" href="/shop/static/[0-9a-f]+/([a-z]+\.js)"', page))
    assert asked == set(assets.current().modules) == imported | {"main.js"}
    assert not re.search(r'(src|href)="(https?:)?//', page), "nothing comes from anywhere else"


def test_no_line_of_the_script_is_in_the_middle_of_a_text() -> None:
    for path in assets.FOLDER.glob("*.js"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            where = f"{path.name}:{number}"
            assert line.count("`") % 2 == 0, f"{where}: a text over several lines would lose its indents"
            assert not re.search(r"`[^`]*\$\{[^}`]*`", line), f"{where}: a text within a text would be taken for code"
            assert "for (;;)" not in line, f"{where}: its semicolons would go"


def test_a_file_is_kept_for_ever_under_its_version_and_asked_anew_under_another(client: Client) -> None:
    version = assets.current().version
    answer = client.get(f"/shop/static/{version}/main.js", headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer["Cache-Control"]
    assert gzip.decompress(answer.content) == client.get(f"/shop/static/{version}/main.js").content
    assert client.get("/shop/static/older/main.js")["Cache-Control"] == "no-cache"
    assert client.get(f"/shop/static/{version}/page.py").status_code == 404
    assert client.get(f"/shop/static/{version}/..%2Fpage.py").status_code == 404


@pytest.mark.django_db
def test_the_menu_is_on_the_page_before_any_script_and_the_data_cannot_break_out(shop: Shop, cafe: Cafe) -> None:
    Product.objects.filter(pk=cafe.latte.pk).update(name="</script><b>Латте & Ко</b>")
    menus.forget()
    page = shop.client.get(f"/shop/{shop.channel.pk}/").content.decode()
    assert "&lt;/script&gt;&lt;b&gt;Латте &amp; Ко" in page
    assert "<b>Латте" not in page
    data = re.search(r'id="shop-data">(.*?)</script>', page, re.DOTALL)
    assert data and json.loads(data[1])["products"]["latte"]["name"] == "</script><b>Латте & Ко</b>"
    assert "от 250\u00a0₽" in page


@pytest.mark.django_db
def test_an_unchanged_menu_is_a_304_and_a_stop_makes_a_new_page(shop: Shop, cafe: Cafe) -> None:
    for path in (f"/shop/{shop.channel.pk}/", f"/shop/api/{shop.channel.pk}/menu"):
        menus.forget()
        first = shop.client.get(path)
        assert first["Cache-Control"] == "no-cache"
        assert shop.client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    stops.stop(cafe.place, cafe.croissant)
    menus.forget()
    fresh = shop.client.get(f"/shop/{shop.channel.pk}/", headers={"If-None-Match": first["ETag"]})
    assert (fresh.status_code, "Закончился" in fresh.content.decode()) == (200, True)


@pytest.mark.django_db
def test_the_page_loads_only_its_own_things_and_only_telegram_may_frame_it(shop: Shop, cafe: Cafe) -> None:
    answer = shop.client.get(f"/shop/{shop.channel.pk}/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert policy.endswith("frame-ancestors https://web.telegram.org https://*.telegram.org")
    assert "X-Frame-Options" not in answer
    site = Channel.objects.create(kind="webchat", title="Сайт")
    assert shop.client.get(f"/shop/{site.pk}/")["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    own = Channel.objects.create(kind="telegram", title="Свой", api_url="http://127.0.0.1:8091/x")
    assert "http://127.0.0.1:8091" in shop.client.get(f"/shop/{own.pk}/")["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_openapi_page_is_for_our_people(client: Client, admin_client: Client) -> None:
    assert client.get("/shop/api/docs").status_code == 302
    schema = admin_client.get("/shop/api/openapi.json").json()
    assert "/shop/api/{channel_id}/orders" in schema["paths"]
