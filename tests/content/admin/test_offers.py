"""Bonuses, materials and products: an editor keeps them in plain forms."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from content.models import Bonus, Material, Product
from dialogs.preset_loading import load_preset
from tests.people import logged_in, make_people


@pytest.fixture
def editor(db: None) -> Client:
    return logged_in(make_people().editor)


def test_an_editor_adds_a_bonus_for_one_scenario(editor: Client) -> None:
    load_preset("sales")
    data = {"title": "Гид", "body": "Первые шаги", "url": "https://school.example/guide", "key": "guide"}
    data |= {"scenario_key": "sales", "order": "1", "is_active": "on"}
    answer = editor.post(reverse("admin:content_bonus_add"), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert Bonus.objects.get(key="guide").scenario_key == "sales"


def test_an_editor_ticks_the_segments_of_a_material_and_types_its_tags(editor: Client) -> None:
    data = {"title": "Кейс Ольги", "type": "case", "body": "…", "url": "", "segments": ["cold", "warm"]}
    data |= {"tags": "newcomer, fear", "stage": "", "key": "olga", "scenario_key": "", "is_active": "on"}
    answer = editor.post(reverse("admin:content_material_add"), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = Material.objects.get(key="olga")
    assert (row.segments, row.tags) == (["cold", "warm"], ["newcomer", "fear"])
    assert "холодный, тёплый" in editor.get(reverse("admin:content_material_changelist")).content.decode()


def test_an_editor_changes_a_price_and_the_deal_page_and_nothing_else_of_the_settings(editor: Client) -> None:
    product = Product.objects.create(code="pro", name="PRO", price="100.00", meta={"group": 7})
    data = {"name": "PRO", "description": "", "price": "24900.50", "audience": "", "personas": ["trader"]}
    data |= {"deal_url": "https://school.example/pl/1", "scenario_key": "", "order": "0", "is_active": "on"}
    answer = editor.post(reverse("admin:content_product_change", args=[product.pk]), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    product.refresh_from_db()
    assert (product.price, product.deal_url) == (Decimal("24900.50"), "https://school.example/pl/1")
    assert (product.meta["group"], product.personas, product.code) == (7, ["trader"], "pro")


def test_a_price_of_nothing_is_refused(editor: Client) -> None:
    data = {"name": "PRO", "code": "pro", "price": "0", "order": "0", "is_active": "on"}
    assert editor.post(reverse("admin:content_product_add"), data).status_code == 200
    assert not Product.objects.exists()


def test_the_preset_brings_bonuses_products_and_at_least_five_materials_a_segment(db: None) -> None:
    load_preset("sales")
    load_preset("sales")  # twice is once
    assert Bonus.objects.filter(scenario_key="sales").count() >= 3
    assert Product.objects.count() == 2 and all(product.deal_url for product in Product.objects.all())
    for segment in ("cold", "warm", "hot"):
        rows = Material.objects.filter(segments__contains=[segment])
        assert rows.count() >= 5
        assert {"case", "review", "article", "argument"} <= set(rows.values_list("type", flat=True))
