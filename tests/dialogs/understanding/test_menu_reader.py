"""Orders in free words, by the menu of the preset: what is named, how many, made how; what is not clear stays unsure."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from content.menu.values import Category, Group, Menu, Option, Product
from dialogs.engine.reading import Named
from dialogs.understanding.menu_reader import MenuReader, reader_of

FILE = Path(__file__).resolve().parents[3] / "dialogs/presets/coffee.content.yaml"


def preset_menu() -> Menu:
    """Return the preset's menu as values."""
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    groups = {item["code"]: _group(item) for item in raw["option_groups"]}
    shelves = [_shelf(shelf, groups) for shelf in raw["menu"]]
    return Menu("lesnaya", "Кофе", tuple(shelves))


def _shelf(shelf: dict[str, Any], groups: dict[str, Group]) -> Category:
    products = tuple(_product(item, shelf["code"], groups) for item in shelf["products"])
    return Category(shelf["code"], shelf["name"], shelf["emoji"], products)


def _group(item: dict[str, Any]) -> Group:
    options = (
        Option(one["code"], one["name"], Decimal(one.get("price", 0)), one.get("default", False))
        for one in item["options"]
    )
    return Group(item["code"], item["name"], item.get("least", 0), item.get("most", 1), tuple(options))


def _product(item: dict[str, Any], shelf: str, groups: dict[str, Group]) -> Product:
    chosen = tuple(groups[code] for code in item.get("groups", ()))
    return Product(item["code"], item["name"], Decimal(item["price"]), shelf, groups=chosen)


MENU = preset_menu()
READER = MenuReader(MENU)


def read(text: str) -> tuple[Named, ...]:
    return READER.read(text)[0]


def meant(named: Named) -> set[str]:
    """Return the options that the product named can be made with."""
    [product] = [item for item in MENU.products() if (item.code,) == named.products]
    return {name for names in named.options for name in names if product.chosen(name)}


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("латте большой на овсяном", [("latte", None, {"size:l", "milk:oat"})]),
        ("два капучино и круассан", [("cappuccino", 2, set()), ("croissant", None, set())]),
        ("апельсиновый раф и 2 чизкейка", [("orange-raf", None, set()), ("cheesecake", 2, set())]),
        ("капучино 2 и латте 3", [("cappuccino", 2, set()), ("latte", 3, set())]),
        ("капучино с ванилью и корицей", [("cappuccino", None, {"syrup:vanilla", "extra:cinnamon"})]),
        ("латте на кокосовом", [("latte", None, {"milk:coconut"})]),
        ("латте с кокосом", [("latte", None, {"syrup:coconut"})]),
        ("двойной эспрессо", [("espresso", None, {"shots:double"})]),
        ("айс латте без льда", [("iced-latte", None, {"ice:none"})]),
        ("мне бы лате и капучинно", [("latte", None, set()), ("cappuccino", None, set())]),
        ("flat white", [("flat-white", None, set())]),
        (
            "можно 3 латте 450 на миндальном с солёной карамелью",
            [("latte", 3, {"size:l", "milk:almond", "syrup:caramel"})],
        ),
        ("большой капучино и маленький латте", [("cappuccino", None, {"size:l"}), ("latte", None, {"size:s"})]),
        ("латте, большой, с ванилью", [("latte", None, {"size:l", "syrup:vanilla"})]),
        ("латте без лактозы", [("latte", None, {"milk:lactose-free"})]),
        ("американо с двумя ложками сахара", [("americano", None, {"sugar:two"})]),
        ("сырники со сгущёнкой", [("syrniki", None, {"topping:condensed"})]),
        ("эспрессо декаф", [("espresso", None, {"beans:decaf"})]),
    ],
)
def test_what_is_ordered(text: str, things: list[tuple[str, int | None, set[str]]]) -> None:
    found = read(text)
    assert [(item.products, item.quantity) for item in found] == [((code,), number) for code, number, _ in things]
    assert [meant(item) for item in found] == [options for *_, options in things]
    assert all(item.is_sure for item in found)


@pytest.mark.parametrize(
    ("text", "codes"),
    [("раф", {"raf", "raf-halva", "orange-raf"}), ("торт", {"carrot-cake"}), ("халва", {"raf-halva"})],
)
def test_what_is_not_clear_is_unsure(text: str, codes: set[str]) -> None:
    [named] = read(text)
    assert set(named.products) == codes and not named.is_sure


@pytest.mark.parametrize(
    "text",
    [
        "хочу кофе",
        "чай",
        "во сколько закрываетесь?",
        "где мой заказ?",
        "позовите бариста",
        "спасибо",
        "да",
        "ок",
        "я не хочу кофе",
        "",
        "а" * 5000,
    ],
)
def test_what_names_nothing(text: str) -> None:
    assert read(text) == ()


def test_more_less_without_and_questions() -> None:
    [more] = read("ещё два")
    assert more.is_more and more.quantity == 2 and not more.products
    [less] = read("уберите круассан")
    assert less.is_less and less.products == ("croissant",)
    wrong, right = read("не латте, а капучино")
    assert wrong.is_less and right.products == ("cappuccino",) and not right.is_less
    [without] = read("без сахара")
    assert without.without == (("sugar:",),) and without.denied == ("без сахара",)
    [note] = read("латте погорячее без крышки")
    assert note.notes == ("погорячее", "без крышки")
    assert read("сколько стоит латте?")[0].is_asked and read("есть круассан?")[0].is_asked


def test_what_is_denied_and_what_is_usual() -> None:
    [denied] = read("ааа не хочу овсяное, обычное молоко")
    assert ("milk:oat", "porridge:oat") in denied.without and ("milk:=",) in denied.options
    assert [read(words) for words in ("добавь", "да всё верно", "ну давай", "всё")] == [()] * 4


def test_what_the_menu_does_not_know_is_named() -> None:
    assert READER.read("латте с шалфеем")[1] == ("шалфеем",)
    assert READER.read("шалфей")[1] == ()
    assert READER.read("здравствуйте, можно мне пожалуйста латте")[1] == ()


def test_a_number_that_cannot_be_a_quantity_is_none() -> None:
    assert read("латте 100500")[0].quantity is None and read("латте 0")[0].quantity is None
    assert read("без")[:1] == () or not read("без")[0].products


def test_a_reader_is_made_once_for_the_same_words() -> None:
    assert reader_of(MENU) is reader_of(preset_menu())
