"""payment, and what the till tells: the offer, the button pressed at any time, the money that comes whatever happens."""

from typing import Any

import pytest

from dialogs.engine.claims import claims_payment
from dialogs.engine.effects import CancelTimers, CheckPayment, Say, SendBill
from dialogs.engine.events import Alarm, PaymentTold, Returned, TakenOver
from dialogs.engine.goods import Product, suited
from dialogs.engine.state import Mode
from dialogs.engine.steps import KINDS
from tests.dialogs.engine.play import Play, ask, said, script

START = Product("start", "Старт", "24 900 ₽", "Шесть недель", "Новичкам", ("newcomer", "sceptic"))
PRO = Product("pro", "Портфель PRO", "89 000 ₽", "Восемь недель", "Опытным", ("investor",))
OFFER: dict[str, Any] = {
    "kind": "payment", "text": ["Подойдёт «{{product.name}}» за {{product.price}}.", "Ещё раз: {{product.name}}."],
    "choices": [{"key": "ask", "text": "Есть вопрос", "next": "phone", "synonyms": ["вопрос"]}],
    "paid": "after_sale", "otherwise": "phone", "tries": 2, "on_unclear": "refused", "timeout": "1d", "on_timeout": "silent",
    "reminders": [{"after": "2h", "text": "Ссылка ещё нужна?"}],
}  # fmt: skip
AFTER = {"kind": "end", "outcome": "paid", "text": "Добро пожаловать!", "reopen": "phone"}
PAID = PaymentTold("paid", "NUMBER2345", "Старт", ("start",), "24 900 ₽", "0 ₽")
RECEIPT = "✅ Оплата получена, спасибо! «Старт», 24 900 ₽, заказ NUMBER2345."


def play(
    *, first: str = "offer", products: tuple[Product, ...] = (START, PRO), persona: str = "", **offer: Any
) -> Play:
    raw = script({"offer": {**OFFER, **offer}, "after_sale": AFTER, "phone": ask()}, start=first)
    return Play(raw, products=products, persona=persona)


# --- what is shown


@pytest.mark.parametrize(
    ("persona", "bought", "code", "shown"),
    [
        ("", (), "", START),
        ("investor", (), "", PRO),
        ("newcomer", (), "", START),
        ("trader", (), "", START),
        ("investor", ("pro",), "", START),
        ("investor", (), "start", START),
        ("", ("start", "pro"), "", None),
        ("", (), "gone", None),
    ],
)
def test_one_product_is_shown_by_need(persona: str, bought: tuple[str, ...], code: str, shown: Product | None) -> None:
    assert suited((START, PRO), persona=persona, bought=bought, code=code) == shown


def test_the_offer_has_a_price_and_a_button_that_pays() -> None:
    offer = play(persona="investor").start()
    assert offer.text == "Подойдёт «Портфель PRO» за 89 000 ₽."
    assert [(key.text, key.data) for key in offer.keys] == [
        ("💳 Оплатить 89 000 ₽", "offer:pay:pro"),
        ("Есть вопрос", "offer:ask"),
    ]
    assert offer.counted == ["started", "product_shown"]


def test_the_words_of_the_button_and_of_the_link_may_be_the_scripts_own() -> None:
    offer = play(
        button="Беру {{product.name}}", link_text="Платите тут: {{product.price}}", link_button="Платить"
    ).start()
    assert offer.keys[0].text == "Беру Старт"
    bill = offer.press("offer:pay:start").all_of(SendBill)[0]
    assert (bill.text, bill.button) == ("Платите тут: 24 900 ₽", "Платить")


def test_where_no_buttons_are_shown_the_choices_have_numbers() -> None:
    raw = script({"offer": OFFER, "after_sale": AFTER, "phone": ask()}, start="offer")
    offer = Play(raw, products=(START,), buttons=False).start()
    assert offer.text.splitlines()[1:] == ["1. 💳 Оплатить 24 900 ₽", "2. Есть вопрос"]
    assert offer.says("1", "number").all_of(SendBill)


def test_while_nothing_is_on_sale_the_dialogue_goes_on_elsewhere() -> None:
    assert play(products=()).start().state.step == "phone"


def test_who_has_bought_everything_is_not_offered_it_again() -> None:
    offer = play(products=(START,), first="phone").start()
    offer.hear(PAID).press("x")
    offer.state = offer.state.__class__(step="phone", values=offer.state.values)
    assert play(products=(START,)).start().state.step == "offer"
    again = play(products=(START,), first="offer")
    again.state = again.state.__class__(values={"bought": "start"})
    assert again.hear(said("привет")).state.step == "after_sale"


# --- taking the offer


@pytest.mark.parametrize(
    ("text", "intents", "bills"),
    [
        ("да", ("affirm",), True),
        ("хочу оплатить", ("wants",), True),
        ("давайте ссылку", ("statement",), True),
        ("беру", ("statement",), True),
        ("не буду оплачивать", ("statement",), False),
        ("нет, оплатить не могу", ("deny",), False),
        ("а как оплатить?", ("question",), False),
        ("расскажите подробнее", ("statement",), False),
    ],
)
def test_words_take_the_offer_or_do_not(text: str, intents: tuple[str, ...], bills: bool) -> None:
    assert bool(play().start().says(text, *intents).all_of(SendBill)) is bills


def test_a_press_asks_for_the_bill_and_the_dialogue_waits_for_the_money() -> None:
    offer = play().start().press("offer:pay:pro")  # a button of an earlier offer
    bill = offer.all_of(SendBill)[0]
    assert (bill.code, bill.button) == ("pro", "💳 Перейти к оплате")
    assert "«Портфель PRO», 89 000 ₽" in bill.text
    assert (offer.state.step, offer.text, offer.counted) == ("offer", "", ["payment_asked"])
    assert set(offer.timers) == {"timeout", "reminder:0"}


@pytest.mark.parametrize("data", ["offer:pay:", "offer:pay:gone", "offer:pay", "offer:nothing", "other:pay:start"])
def test_a_forged_button_or_one_of_what_is_not_sold_any_more_is_told_so(data: str) -> None:
    offer = play().start().press(data)
    assert offer.text.startswith("Эта кнопка уже не действует.")
    assert not offer.all_of(SendBill)


def test_a_step_that_sells_one_thing_sells_nothing_else() -> None:
    assert not play(product="start").start().press("offer:pay:pro").all_of(SendBill)


def test_another_button_or_its_words_lead_on() -> None:
    assert play().start().press("offer:ask").state.step == "phone"
    assert play().start().says("у меня вопрос", "statement").state.step == "phone"


def test_words_that_take_nothing_put_the_offer_again_or_go_where_one_talks() -> None:
    offer = play().start().says("расскажите", "statement")
    assert offer.text == "Ещё раз: Старт."
    assert offer.says("и всё же", "statement").state.step == "refused"
    assert play(on_message="phone").start().says("расскажите", "statement").state.step == "phone"


def test_later_waits_and_comes_back() -> None:
    offer = play().start().says("потом", "later")
    assert "timeout" in offer.timers
    assert offer.alarm("later").text == "Ещё раз: Старт."
    assert offer.hear(Alarm("nonsense", offer.state.visit)).effects == ()
    assert offer.alarm("reminder:0").text == "Ссылка ещё нужна?"


def test_an_offer_of_what_went_off_sale_is_not_put_again() -> None:
    offer = play().start()
    offer.facts = play(products=()).facts
    assert "Подойдёт" not in offer.says("ммм", "gibberish").text


# --- an old button, at another step, after the end


def test_the_button_works_at_any_step_and_after_the_end() -> None:
    elsewhere = play(first="phone").start().press("offer:pay:start")
    assert elsewhere.all_of(SendBill)
    assert elsewhere.state.step == "offer"
    ended = play(first="phone").start().says("нет", "refuses").says("нет", "refuses")
    assert ended.is_over
    ended.press("offer:pay:start")
    assert ended.all_of(SendBill)
    assert ended.settled == [("reopened", "customer_came_back")]
    assert (ended.state.mode, ended.state.step) == (Mode.TALKING, "offer")
    assert "не действует" in play(first="phone").start().press("offer:pay:gone").text


# --- the money


@pytest.mark.parametrize("first", ["offer", "phone"])
def test_paid_thanks_ends_the_warming_and_goes_on_after_the_sale(first: str) -> None:
    paid = play(first=first).start().hear(PAID)
    assert paid.text == f"{RECEIPT}\n\nДобро пожаловать!"
    assert paid.all_of(CancelTimers)
    assert (paid.state.step, paid.outcome) == ("after_sale", "paid")
    assert paid.state.values["bought"] == "start"
    assert not paid.state.assistant.waits


def test_paid_after_the_end_goes_on_after_the_sale_too() -> None:
    ended = play(first="phone").start().says("нет", "refuses").says("нет", "refuses").hear(PAID)
    assert (ended.state.step, ended.state.outcome) == ("after_sale", "paid")
    assert RECEIPT in ended.text


def test_while_a_human_has_the_word_only_the_receipt_is_said_and_the_sale_goes_on_when_they_are_done() -> None:
    held = play().start().hear(TakenOver()).hear(PAID)
    assert held.all_of(Say) == [Say(RECEIPT, beside_human=True)]
    assert (held.state.step, held.state.mode) == ("offer", Mode.HANDED_OVER)
    back = held.hear(Returned())
    assert (back.text, back.state.step) == ("Добро пожаловать!", "after_sale")
    again = held.hear(TakenOver()).hear(Returned())
    assert again.outcome == "returned", "the sale was made once"


def test_a_script_that_sells_nothing_still_thanks() -> None:
    told = Play(script()).start().hear(PAID)
    assert (told.text, told.state.step) == (RECEIPT, "phone")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("partial", "Осталось внести 9 900 ₽"),
        ("refunded", "Вернули оплату"),
        ("failed", "Не получилось создать ссылку"),
        ("review", "заказу NUMBER2345"),
        ("unpaid", "пока не пришла"),
        ("checking", "попросил менеджера"),
        ("paid_elsewhere", ""),
        ("something new", ""),
    ],
)
def test_other_news_is_told_in_words_and_moves_nothing(what: str, words: str) -> None:
    told = play().start().hear(PaymentTold(what, "NUMBER2345", "Старт", ("start",), "24 900 ₽", "9 900 ₽"))
    assert words in told.text
    assert bool(told.text) is bool(words)
    assert told.state.step == "offer"
    assert bool(told.all_of(CancelTimers)) is (what == "paid_elsewhere")


# --- "я уже оплатил"


@pytest.mark.parametrize(
    "text",
    [
        "я уже оплатил",
        "Я оплатила!",
        "уже всё оплатил",
        "оплатил",
        "Оплатили вчера вечером",
        "перевёл вам деньги",
        "внесла оплату за курс",
        "теперь точно оплатил",
        "оплата прошла",
        "деньги уже списались",
        "i have already paid",
    ],
)
def test_who_says_they_have_paid_is_understood(text: str) -> None:
    assert claims_payment(text)


@pytest.mark.parametrize(
    "text",
    [
        "я ещё не оплатил",
        "не оплачивал",
        "если я оплатил бы сегодня, когда доступ?",
        "оплата не прошла",
        "хочу оплатить",
        "как оплатить?",
        "когда оплатил — сразу доступ?",
        "сколько заплатить",
        "кто-нибудь оплатил?",
        "привет",
    ],
)
def test_who_does_not_say_so_is_not(text: str) -> None:
    assert not claims_payment(text)


def test_a_claim_makes_us_look_and_changes_nothing() -> None:
    claimed = play().start().says("я уже оплатил", "affirm", "faq")
    assert len(claimed.all_of(CheckPayment)) == 1
    said = [type(effect) for effect in claimed.effects if isinstance(effect, Say | CheckPayment)]
    assert said == [Say, CheckPayment], "that it will look is said before what it found"
    assert claimed.text == "Спасибо! Сейчас проверю, пришла ли оплата."
    assert claimed.state.step == "offer"
    assert "paid" not in claimed.state.values
    ended = play(first="phone").start().says("нет", "refuses").says("нет", "refuses").says("я оплатил", "statement")
    assert len(ended.all_of(CheckPayment)) == 1


def test_a_script_that_sells_nothing_does_not_look() -> None:
    assert not Play(script()).start().says("я уже оплатил", "statement").all_of(CheckPayment)


# --- a script that misuses it


@pytest.mark.parametrize(
    ("offer", "codes"),
    [
        ({}, set()),
        ({"text": ""}, {"empty-text"}),
        ({"paid": ""}, {"dead-end"}),
        ({"otherwise": ""}, {"dead-end"}),
        ({"timeout": 0}, {"missing-timeout"}),
        ({"choices": [{"key": "", "text": "Есть", "next": "phone"}]}, {"choice-key"}),
        ({"choices": [{"key": "pay", "text": "Есть", "next": "phone"}]}, {"choice-key"}),
        ({"choices": [{"key": "ask", "text": "", "next": "phone"}]}, {"choice-key"}),
        ({"choices": [{"key": "ask", "text": "Есть", "next": ""}]}, {"choice-key"}),
        ({"choices": [{"key": "k" * 60, "text": "Есть", "next": "phone"}]}, {"long-key"}),
    ],
)
def test_problems_are_named(offer: dict[str, Any], codes: set[str]) -> None:
    step = KINDS["payment"].parse("offer", {**OFFER, **offer})
    assert {problem.code for problem in step.problems()} == codes


def test_what_follows_and_what_is_said_is_known_to_the_checks() -> None:
    step = KINDS["payment"].parse("offer", {**OFFER, "on_message": "phone"})
    assert set(step.targets()) == {"phone", "after_sale", "refused", "silent"}
    assert "Ссылка ещё нужна?" in step.texts()
    assert (step.offers("есть вопрос"), step.offers("бонусы")) == (True, False)


def test_the_step_that_talks_hears_the_very_words_that_led_there() -> None:
    talk = play(on_message="phone").start().says("мой номер 8 916 123-45-67", "gives_phone", phones=("+79161234567",))
    assert talk.state.step == "phone"
    assert talk.state.pending is not None, "the number was heard by the step that asks for it"
