"""An order in a guest's own words, wherever the dialogue stands."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dialogs.engine.reading import Reading
from dialogs.engine.shop.cart_changes import Add
from dialogs.engine.shop.words import Asked, asked_in, is_soon, moment_in, promo_in, way_in
from tests.dialogs.engine.play import MOSCOW, NOW
from tests.dialogs.engine.shop_play import MENU, Guest, named, with_cart

LATTE = Add("latte", ("milk:cow", "size:m"))


# --- words wherever one stands


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("где мой заказ?", Asked.STATUS), ("Скоро будет готово?", Asked.STATUS),
        ("когда готов заказ", Asked.STATUS), ("где мой капучино", Asked.STATUS),
        ("Отмените заказ, пожалуйста!", Asked.CANCEL), ("передумал", Asked.CANCEL), ("отмена", Asked.CANCEL),
        ("повторить", Asked.REPEAT),
        ("как обычно", Asked.REPEAT), ("то же самое", Asked.REPEAT), ("скоро?", Asked.STATUS), ("меню", Asked.MENU),
        ("а что есть?", Asked.MENU), ("корзина", Asked.CART),
        ("сколько с меня?", Asked.CART), ("очистить корзину", Asked.CLEAR), ("оформляем", Asked.CHECKOUT),
        ("это всё", Asked.CHECKOUT),
        ("заказать", Asked.CHECKOUT), ("любимое", Asked.FAVOURITES), ("два капучино", None), ("", None),
        ("я вчера у вас был и забыл зонт, где мой зонт теперь искать", None),
    ],
)  # fmt: skip
def test_what_is_asked_of_the_shop(words: str, asked: Asked | None) -> None:
    assert asked_in(words) is asked


@pytest.mark.parametrize(
    ("words", "screen"),
    [
        ("корзина", "🛒 Ваш заказ"),
        ("меню", "Что приготовить"),
        ("любимое", "Пока пусто"),
        ("очистить корзину", "Убрать из корзины"),
        ("оформить", "Проверьте"),
    ],
)
def test_words_lead_to_their_screen(words: str, screen: str) -> None:
    assert screen in with_cart().writes(words).said
    assert screen in with_cart().alarm("timeout").writes(words).said


def test_words_lead_nowhere_with_an_empty_cart() -> None:
    assert "Что приготовить" in Guest().starts().writes("оформить").said
    assert "Корзина пуста" in Guest().starts().writes("очистить корзину").said


def test_words_of_payment_and_time() -> None:
    assert (
        promo_in("промокод «КОФЕ-10»") == "КОФЕ-10"
        and promo_in("кофе") == ""
        and promo_in(" кофе10. ", is_asked=True) == "кофе10"
    )
    assert promo_in("это слишком длинный ответ тут", is_asked=True) == ""
    assert [way_in(text) for text in ("наличными", "в телеграме", "картой", "спасибо")] == [
        "counter",
        "telegram",
        "yookassa",
        "",
    ]
    assert is_soon("Как можно скорее!") and is_soon("сейчас") and not is_soon("в три")


@pytest.mark.parametrize(
    ("text", "found", "hour"),
    [
        ("через 20 минут", {}, "02 12:20"), ("через 2 часа", {}, "02 14:00"),
        ("через полтора часа", {}, "02 13:30"), ("через час", {}, "02 13:00"),
        ("через пару часов", {}, "02 14:00"), ("к трём", {"time": dt.time(3)}, "02 15:00"),
        ("в 9", {"time": dt.time(9)}, "02 21:00"),
        ("в 11:30", {"time": dt.time(11, 30)}, "02 23:30"), ("в 12:00", {"time": dt.time(12)}, "03 12:00"),
        ("5-го в 9", {"time": dt.time(9), "date": dt.date(2026, 3, 5)}, "05 09:00"),
    ],
)  # fmt: skip
def test_moments_in_words(text: str, found: dict[str, Any], hour: str) -> None:
    moment = moment_in(Reading(text=text, **found), NOW, MOSCOW)
    assert moment is not None and moment.strftime("%d %H:%M") == hour
    assert moment_in(Reading(text="не знаю"), NOW, MOSCOW) is None


# --- things named in words


def test_an_order_in_words_is_taken_at_once_when_it_is_clear() -> None:
    guest = (
        Guest()
        .starts()
        .writes(
            "два больших латте на овсяном и круассан",
            named("latte", quantity=2, options=(("size:l",), ("milk:oat", "porridge:oat"))),
            named("croissant"),
        )
    )
    assert guest.lines == [("latte", ("milk:oat", "size:l"), 2), ("croissant", (), 1)]
    assert "2 × Латте, 450 мл, овсяное — 660" in guest.said and "Круассан — 150" in guest.said


def test_a_bare_name_opens_the_product_and_a_question_orders_nothing() -> None:
    assert Guest().starts().writes("латте", named("latte")).said.startswith("Латте")
    guest = Guest().starts().writes("сколько стоит латте?", named("latte", is_asked=True))
    assert guest.said.startswith("Латте") and not guest.lines
    assert (
        "Уточните"
        in Guest().starts().writes("какой раф?", named("raf-vanilla", "raf-citrus", words="раф", is_asked=True)).said
    )
    assert Guest().starts().writes("круассан", named("croissant")).lines == [("croissant", (), 1)]


def test_what_fits_several_is_asked_never_guessed() -> None:
    guest = (
        Guest()
        .starts()
        .writes(
            "большой раф и круассан",
            named("raf-vanilla", "raf-citrus", words="раф", options=(("size:l",),)),
            named("croissant"),
        )
    )
    assert "что из этого — «раф»?" in guest.said and not guest.lines
    guest.presses("Раф цитрусовый")
    assert guest.lines == [("raf-citrus", ("size:l",), 1), ("croissant", (), 1)]
    skipped = (
        Guest()
        .starts()
        .writes("раф и круассан", named("raf-vanilla", "raf-citrus", words="раф"), named("croissant"))
        .presses("Не нужно")
    )
    assert skipped.lines == [("croissant", (), 1)]
    other = Guest().starts().writes("раф", named("raf-vanilla", "raf-citrus", words="раф")).forges("menu:w:latte")
    assert other.said.startswith("Латте")
    unsure = Guest().starts().writes("тарт", named("croissant", words="тарт", is_sure=False))
    assert "«тарт»" in unsure.said and not unsure.lines


def test_a_choice_still_to_be_made_is_asked_with_the_rest_waiting() -> None:
    guest = Guest().starts().writes("два пирожка и круассан", named("pie", quantity=2), named("croissant"))
    assert "Подача: что выберете?" in guest.said and not guest.lines
    guest.presses("горячим", "В корзину · 2 шт.")
    assert guest.lines == [("pie", ("heat:hot",), 2), ("croissant", (), 1)]


def test_unclear_options_are_asked() -> None:
    both = Guest().starts().writes("латте с мятой", named("latte", options=(("syrup:mint", "milk:soy"),)))
    assert "Сироп: мята / Молоко: соевое" in both.said and not both.lines
    ended = Guest().starts().writes("латте на кокосовом", named("latte", options=(("milk:coconut",),)))
    assert "«Молоко: кокосовое» сейчас нет" in ended.said and not ended.lines
    none = Guest().starts().writes("круассан на овсяном", named("croissant", options=(("milk:oat",),)))
    assert "такого выбора нет" in none.said and none.lines
    group = Guest().starts().writes("латте с сиропом", named("latte", options=(("syrup:",),)))
    assert "Сироп" in group.said and not group.lines
    milk = Guest().starts().writes("латте с молоком", named("latte", options=(("milk:",),)))
    assert milk.lines == [("latte", ("milk:cow", "size:m"), 1)]


def test_what_is_not_wanted_is_left_out_or_passed_on() -> None:
    guest = Guest().starts().writes("латте с ванилью", named("latte", options=(("syrup:vanilla",),)))
    guest.writes("без сиропа", named(without=(("syrup:",),), denied=("без сиропа",)))
    assert guest.lines == [("latte", ("milk:cow", "size:m"), 1)] and "Поправил" in guest.said
    guest.writes("без сиропа", named(without=(("syrup:", "sugar:none"),), denied=("без сиропа",)))
    assert guest.cart.comment == "без сиропа" and "Передам бариста" in guest.said
    guest.writes("погорячее", named(notes=("погорячее",)))
    assert guest.cart.comment == "без сиропа, погорячее"
    guest.writes("погорячее", named(notes=("погорячее",)))
    assert guest.cart.comment == "без сиропа, погорячее"


def test_one_more_is_of_what_was_taken_last() -> None:
    guest = Guest().starts().writes("латте и круассан", named("latte", quantity=1), named("croissant"))
    assert guest.writes("ещё один", named(is_more=True, quantity=1)).lines[1][2] == 2
    assert "осталось только 2" in guest.writes("ещё один", named(is_more=True)).said
    assert "Чего именно ещё" in Guest().starts().writes("ещё", named(is_more=True)).said
    assert with_cart().writes("ещё большой", named(is_more=True, options=(("size:l",),))).lines[1] == (
        "latte",
        ("milk:cow", "size:l"),
        1,
    )
    wrong = with_cart().writes("ещё на кокосовом", named(is_more=True, options=(("milk:coconut",),)))
    assert "сейчас нет" in wrong.said and len(wrong.lines) == 1


def test_words_about_what_is_being_put_together() -> None:
    guest = Guest().starts().presses("☕", "Латте").writes("большой, два", named(quantity=2, options=(("size:l",),)))
    assert "✅ 450 мл +50\u00a0₽" in guest.labels and "В корзину · 2 шт., 540\u00a0₽" in guest.labels
    guest.presses("В корзину")
    assert guest.lines == [("latte", ("milk:cow", "size:l"), 2)]


def test_a_product_on_the_screen_is_taken_and_counted_in_words() -> None:
    guest = Guest().starts().presses("☕", "Латте").writes("2", number=Decimal(2))
    assert "В корзину · 2 шт., 440\u00a0₽" in guest.labels
    assert guest.writes("беру").lines == [("latte", ("milk:cow", "size:m"), 2)]
    assert Guest().starts().presses("☕", "Латте").writes("да", intents=("affirm",)).lines
    assert not Guest().starts().presses("☕", "Латте").writes("сто", number=Decimal(100)).lines
    assert not Guest().starts().presses("☕", "Латте").writes("полтора", number=Decimal("1.5")).lines
    assert not Guest().starts().presses("☕").writes("да", intents=("affirm",)).lines


def test_what_is_not_wanted_becomes_what_is_usual() -> None:
    guest = with_cart(Add("latte", ("milk:oat", "size:m")))
    guest.writes("обычное молоко", named(options=(("milk:=", "tea-milk:="),)))
    assert guest.lines == [("latte", ("milk:cow", "size:m"), 1)]
    guest = with_cart(Add("latte", ("milk:oat", "size:m")))
    assert guest.writes("не хочу овсяное", named(without=(("milk:oat",),), denied=("без овсяного",))).lines[0][1] == (
        "milk:cow",
        "size:m",
    )
    guest = with_cart(Add("pie", ("heat:hot",)))
    guest.writes("не горячий", named(without=(("heat:hot",),), denied=("без горячего",)))
    assert guest.lines == [("pie", ("heat:hot",), 1)] and "Передам" in guest.said


def test_words_about_a_line_that_are_not_clear_open_it() -> None:
    guest = with_cart().writes("на кокосовом", named(options=(("milk:coconut",),)))
    assert "сейчас нет" in guest.said and "Сохранить" in str(guest.labels)
    assert "Не понял" in with_cart().writes("два", named(quantity=2)).said
    assert "Не понял" in Guest().starts().writes("большой", named(options=(("size:l",),))).said
    assert "Передам" in Guest().starts().writes("погорячее", named(notes=("погорячее",))).said


def test_what_is_taken_back_is_taken_out() -> None:
    guest = with_cart(LATTE, Add("croissant", quantity=2))
    assert guest.writes("уберите один круассан", named("croissant", is_less=True, quantity=1)).lines[1][2] == 1
    assert guest.writes("убери круассан", named("croissant", is_less=True)).lines == [
        ("latte", ("milk:cow", "size:m"), 1)
    ]
    assert "В корзине этого нет" in guest.writes("убери раф", named("raf-vanilla", is_less=True)).said
    assert "В корзине этого нет" in guest.writes("убери", named(is_less=True)).said
    last = Guest().starts().writes("круассан", named("croissant")).writes("убери", named(is_less=True))
    assert not last.lines
    big = with_cart(Add("latte", ("milk:cow", "size:m")), Add("latte", ("milk:oat", "size:m"), 3))
    assert [line[2] for line in big.writes("убери два латте", named("latte", is_less=True, quantity=2)).lines] == [2]


def test_more_than_there_is_is_not_taken() -> None:
    guest = Guest().starts().writes("три круассана", named("croissant", quantity=3))
    assert "осталось только 2" in guest.said and not guest.lines


def test_what_the_menu_does_not_know_is_told() -> None:
    guest = Guest().starts().writes("латте с корицей", named("latte"), unknown=("корицей",))
    assert "Не нашёл в меню: «корицей»" in guest.said and guest.lines


def test_what_was_named_went_meanwhile() -> None:
    assert "больше нет" in Guest().starts().writes("кекс", named("cake", quantity=1)).said
    assert "больше нет" in Guest().starts().writes("кекс", named("cake", "pie-2", words="кекс")).said
    assert "сейчас заказать нельзя" in Guest().starts().writes("два омлета", named("omelette", quantity=2)).said
    assert "больше нет" in Guest().starts().writes("что за кекс?", named("cake", is_asked=True)).said
    guest = Guest().starts().writes("раф", named("raf-vanilla", "raf-citrus", words="раф"))
    guest.knows(menu=replace(MENU, categories=MENU.categories[1:]))
    assert "больше нет" in guest.hears_nothing().said
