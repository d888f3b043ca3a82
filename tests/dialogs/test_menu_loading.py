"""The coffee shop's menu as the preset brings it."""

import datetime as dt

import pytest
import yaml

from content import menus
from content.drawings.drinks import drinks
from content.drawings.food import food
from content.menu.cart import Cart
from content.menu.choosing import at_first, unfit
from content.menu.pricing import price
from content.models import Option, Photo, Place, Product
from dialogs.menu_loading import PHOTOS, load_menu
from dialogs.preset_loading import FOLDER

pytestmark = pytest.mark.django_db
MORNING = dt.datetime.fromisoformat("2026-11-23T09:30+03:00")
RAW = yaml.safe_load((FOLDER / "coffee.content.yaml").read_text(encoding="utf-8"))


def test_the_menu_is_whole_every_product_has_its_photo_and_can_be_ordered_as_it_is_shown() -> None:
    load_menu(RAW, "coffee")
    menus.forget()
    menu = menus.menu_of(Place.objects.get(code="lesnaya"), MORNING)
    products = list(menu.products())
    assert len(products) >= 25
    assert len(menu.categories) >= 6
    assert Photo.objects.count() == len(products) == len({product.photo for product in products})
    cart = Cart("lesnaya")
    for product in products[:30]:
        assert product.is_available, product.code
        assert product.details, product.code
        assert product.description, product.code
        assert not unfit(product, at_first(product)), product.code
        cart = cart.add(product.code, at_first(product))
    assert price(cart, menu).changes == ()
    assert all(product.is_available and not unfit(product, at_first(product)) for product in products)


def test_breakfasts_end_at_noon_and_the_toast_is_made_in_one_place() -> None:
    load_menu(RAW, "coffee")
    menus.forget()
    noon = menus.menu_of(Place.objects.get(code="vokzal"), MORNING + dt.timedelta(hours=3))
    syrniki = noon.product("syrniki")
    assert syrniki is not None
    assert syrniki.why_not == "not_now"
    assert noon.product("avocado-toast") is None


def test_loading_again_leaves_what_was_edited() -> None:
    load_menu(RAW, "coffee")
    Product.objects.filter(code="latte").update(price=999, photo=None)
    Option.objects.filter(group__code="milk", code="oat").delete()
    load_menu(RAW, "coffee")
    latte = Product.objects.get(code="latte")
    assert latte.price == 999
    assert latte.photo is None
    assert not Option.objects.filter(group__code="milk", code="oat").exists()


def test_each_photo_was_drawn_and_each_drawing_is_of_a_product() -> None:
    codes = {item["code"] for shelf in RAW["menu"] for item in shelf["products"]}
    assert codes == {*drinks(), *food()} == {path.stem for path in PHOTOS.glob("*.webp")}
