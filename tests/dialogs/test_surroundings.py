"""What a turn knows of the library."""

import datetime as dt
from decimal import Decimal

import pytest

from content.models import Category, Product
from dialogs.assistant.shelves import shelves
from dialogs.surroundings import forget, look_around

pytestmark = pytest.mark.django_db


def test_what_stands_on_a_menu_is_not_offered_as_a_course() -> None:
    coffee = Category.objects.create(code="coffee", name="Кофе")
    Product.objects.create(code="latte", name="Латте", price=Decimal(250), category=coffee)
    Product.objects.create(code="start", name="Курс", price=Decimal(24900))
    forget()
    shelves.forget()
    assert [product.code for product in look_around(dt.datetime.now(dt.UTC)).products] == ["start"]
    assert [product.code for product in shelves.of("").products] == ["start"]
    forget()
    shelves.forget()
