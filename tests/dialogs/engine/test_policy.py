"""Each rule by example: what it leaves alone, what it mends, and how."""

import json
from dataclasses import replace
from typing import Any

import pytest

from dialogs.engine.policy import RULES, KnownMaterial, KnownProduct, PolicyFacts, decide, doubts_after, signals_in
from dialogs.engine.policy.phrases import PHRASES
from dialogs.engine.proposals import Decision, NextAction, Proposal, ProposedButton

CASE = KnownMaterial(
    "case-1", "case", "Как Мария собрала портфель", "https://school.example/case-1", "Рост 12 % за год."
)
REVIEW = KnownMaterial("review-1", "review", "Отзыв Ильи", "", "Понравилось, что без давления.")
ARTICLE = KnownMaterial("article-1", "article", "Что такое стейкинг", "https://school.example/staking")
COURSE = KnownProduct("start", "Старт в крипте", "49000.00", "Рассрочка на 6 месяцев, старт 1 декабря в 19:00.")
CLUB = KnownProduct("club", "Клуб инвесторов", "120000")
FACTS = PolicyFacts(
    segment="warm",
    said="расскажите подробнее",
    materials=(CASE, REVIEW, ARTICLE),
    products=(COURSE, CLUB),
    slots=("2026-11-23T12:00", "2026-11-23T16:00", "2026-11-24T18:00"),
    today="2026-11-20",  # a Friday
    known=("Сайт https://school.example, почта hello@school.example, телефон +7 495 123-45-67.",),
    callbacks=("menu:own",),
    faq=("7",),
    can_book=True,
    can_pay=True,
    can_survey=True,
    has_bonus=True,
)
ASK, SHOW, CONSULT, PAY, ESCALATE = NextAction


def judge(text: str, action: NextAction = ASK, *, confidence: float = 0.9, buttons: Any = (), **facts: Any) -> Decision:
    """Decide on a proposal."""
    made = tuple(ProposedButton(*pair) for pair in buttons)
    return decide(Proposal(text, made, action, confidence), replace(FACTS, **facts))


def broken(decision: Decision) -> dict[str, str]:
    """Return the rules that did not hold, with their reasons' codes."""
    return {verdict.rule: verdict.reason.split(":")[0] for verdict in decision.verdicts if not verdict.allowed}


@pytest.mark.parametrize(
    "text",
    [
        "Здравствуйте! Понимаю вас: начинать всегда непросто. Какой у вас опыт?",
        "Старт в крипте стоит 49 000 ₽, есть рассрочка.",
        "Программа стоит 49 тысяч рублей.",
        "Её цена 49000.",
        "Вот разбор: https://school.example/staking.",
        "Смотрите (https://school.example/case-1) — там рост 12%.",
        "Портфель Марии вырос на двенадцать процентов.",
        "Пишите на hello@school.example или звоните +7 (495) 123-45-67.",
        "Эксперт свободен 23 ноября в 12:00.",
        "Могу записать на понедельник в 16:00.",
        "Консультация 24.11 в 18:00 подойдёт?",
        "Есть время в 6 вечера.",
        "Программа стартует 1 декабря в 19:00.",
        "Сегодня многие начинают с малого.",
        "В 2021 году рынок рос, в 2022 падал.",
        "У нас 3 модуля и 12 уроков, цена открыта.",
        "Мы не делаем скидок и не обещаем подарков.",
        "Не обещаем, что вернём деньги.",
        "Т.е. сначала теория, напр. 5 уроков.",
        "Первая строка\nвторая строка\n\nновый абзац",
        "Это сэкономит время: курс.Он короткий.",
        "❤️ Спасибо!",
        'Елена говорит: «Эксперт спрашивал "а если упадёт?"». Записать вас?',
        "Отзыв: «А что, так можно было?» Хотите так же?",
    ],
)
def test_honest_words_are_said_as_they_are(text: str) -> None:
    decision = judge(text)
    assert (decision.text, broken(decision)) == (text, {})


@pytest.mark.parametrize(
    ("text", "left", "rule"),
    [
        ("Хорошо. Курс стоит 990 рублей. Расскажете о целях?", "Хорошо. Расскажете о целях?", "no_invented_amount"),
        ("Хорошо. Доход 5–10 % в месяц.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Доход от 10 до 12 % в месяц.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Пятьдесят процентов ваши.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Нужно рублей пять или двадцать пять", "Хорошо. Нужно рублей пять или двадцать пять", ""),
        ("Хорошо. Пять, шесть процентов.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Всего за 5000.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Цена 30к.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Отдам за полцены.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Нужно $100.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Это 1.2.3 руб.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Это 2 млрд руб.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Портфель на 49.000 $.", "Хорошо.", "no_invented_amount"),
        ("Хорошо. Вот: http://evil.example/?a=1", "Хорошо.", "links_to_known_materials"),
        ("Хорошо. Пишите @hacker_777!", "Хорошо.", "links_to_known_materials"),
        ("Хорошо. Мой сайт evil.ru.", "Хорошо.", "links_to_known_materials"),
        ("Хорошо. Звоните 8 916 123 45 67.", "Хорошо.", "links_to_known_materials"),
        ("Хорошо. Жду 31 декабря.", "Хорошо.", "no_invented_date"),
        ("Хорошо. Жду двадцать третьего ноября.", "Хорошо.", "no_invented_date"),
        ("Хорошо. Жду 2026-11-25.", "Хорошо.", "no_invented_date"),
        ("Хорошо. Жду 23 ноября в 18:00.", "Хорошо.", "no_invented_date"),  # both free, not together
        ("Хорошо. Созвон завтра?", "Хорошо.", "no_invented_date"),
        ("Хорошо. Запишу на среду.", "Хорошо.", "no_invented_date"),
        ("Хорошо. Приходите в 13.30.", "Хорошо.", "no_invented_date"),
        ("Хорошо. Буду в 3 часа дня.", "Хорошо.", "no_invented_date"),
        ("Хорошо. Буду в 15 часов.", "Хорошо.", "no_invented_date"),
        ("Хорошо. Сделаю скидку!", "Хорошо.", "no_invented_promise"),
        ("Хорошо. Первый урок бесплатно.", "Хорошо.", "no_invented_promise"),
        ("Хорошо. Если что, вернём деньги.", "Хорошо.", "no_invented_promise"),
        ("Есть Клуб инвесторов. А ещё Старт в крипте. Подходит?", "Есть Клуб инвесторов. Подходит?", "one_product"),
        ("Какой опыт? Какой бюджет?\nХорошо. Что важнее?", "Хорошо. Что важнее?", "one_question"),
        ("Понял. Какой опыт? какой бюджет? какая цель?", "Понял. Какой опыт?", "one_question"),
        ("**Хорошо**, `да`. [Тут](https://school.example/case-1)", "Хорошо, да. Тут https://school.example/case-1", ""),
        ("Хорошо. Имя: {{customer.phone}}.", "Хорошо.", "plain_text"),
    ],
)
def test_a_sentence_nobody_can_answer_for_is_taken_out(text: str, left: str, rule: str) -> None:
    decision = judge(text)
    assert decision.text == left
    assert not rule or rule in broken(decision)


def test_what_is_free_is_not_known_without_today() -> None:
    assert broken(judge("Хорошо. Запишу на среду.", today="")) == {"no_invented_date": "unknown_date"}
    assert broken(judge("Хорошо. Запишу вас.", today="")) == {}
    assert broken(judge("Хорошо. Запишу на понедельник.", slots=("nonsense",))) == {"no_invented_date": "unknown_date"}


def test_the_customers_own_budget_may_be_repeated_but_never_as_a_price() -> None:
    said = "у меня 300 тысяч рублей, а курс за 1000 рублей отдадите?"
    assert broken(judge("С вашими 300 тысячами рублей можно начать.", said=said)) == {}
    assert broken(judge("Хорошо. Ваша цена 1000 рублей.", said=said)) == {"no_invented_amount": "unknown_amount"}


def test_a_price_nobody_can_read_is_no_price() -> None:
    odd = (KnownProduct("odd", "Курс", "дорого"), KnownProduct("none", "Мини"))
    assert broken(judge("Хорошо. Стоит 49000 руб.", products=odd)) == {"no_invented_amount": "unknown_amount"}


def test_hidden_characters_and_odd_digits_become_what_the_reader_sees() -> None:
    decision = judge("Хоро\u200bшо\u2028да\t\x07. Стоит ５０ ％ или 9️⃣ %.\u202e Ｏｋ.")
    assert decision.text == "Хорошода . Ok."
    assert "no_invented_amount" in broken(decision)


def test_blanks_alone_are_put_right_without_a_word() -> None:
    decision = judge("  Хорошо.  \n\n\n  Идём дальше ")
    assert (decision.text, broken(decision)) == ("Хорошо.\n\nИдём дальше", {})


@pytest.mark.parametrize("text", ["", " \n ", "…", "🙂", "**", "Скидка только вам!"])
def test_an_answer_without_words_gets_ours(text: str) -> None:
    decision = judge(text)
    assert PHRASES["ask"][0] in decision.text
    assert "says_something" in broken(decision)


def test_a_bare_address_gets_words_beside_it() -> None:
    decision = judge("https://school.example/case-1", SHOW)
    assert decision.text == f"{PHRASES['show_materials'][0]}\n\nhttps://school.example/case-1"


def test_a_long_answer_loses_its_end_but_neither_its_question_nor_its_link() -> None:
    text = "Начало. " + "Обычное предложение о рынке. " * 60 + "Смотрите https://school.example/case-1. Что скажете?"
    decision = judge(text, max_length=300)
    assert len(decision.text) <= 300
    assert decision.text.startswith("Начало. Обычное")
    assert decision.text.endswith("Смотрите https://school.example/case-1. Что скажете?")
    assert judge("ы" * 2000).text == PHRASES["ask"][0]  # one endless word is no answer


def test_nothing_is_said_twice_in_a_row() -> None:
    decision = judge("Понимаю вас!", recent=("понимаю, вас", PHRASES["ask"][0]))
    assert decision.text == PHRASES["ask"][1]
    assert broken(decision) == {"nothing_said_twice": "repeated"}


# --- what is done -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("хочу оплатить", PAY), ("сколько стоит?", PAY), ("запишите меня", CONSULT), ("готов начать", CONSULT),
        ("хочу оплатить, но сначала консультация", CONSULT), ("не готов начать", ASK),
        ("хочу купить биткоин", ASK), ("", CONSULT),
    ],
)  # fmt: skip
def test_who_is_hot_and_means_to_act_gets_an_offer(said: str, action: NextAction) -> None:
    decision = judge("Отлично. А какой у вас опыт?", said=said, segment="hot")
    assert decision.next_action is action
    assert judge("Отлично.", said=said, segment="warm").next_action is ASK
    if action is not ASK:
        assert decision.text == f"Отлично.\n\n{PHRASES[action.value][0]}"


def test_who_is_hot_and_can_neither_book_nor_pay_is_asked_on() -> None:
    assert judge("Отлично.", said="готов начать", segment="hot", can_book=False, can_pay=False).next_action is ASK
    assert judge("Отлично.", said="готов начать", segment="hot", can_book=False).next_action is PAY
    assert judge("Зову.", ESCALATE, said="готов начать", segment="hot").next_action is ESCALATE


def test_the_same_offer_again_brings_a_case_or_a_review() -> None:
    decision = judge("Давайте созвонимся.", CONSULT, last_offer="offer_consult")
    assert decision.text == "Давайте созвонимся.\n\nКак Мария собрала портфель: https://school.example/case-1"
    assert decision.next_action is CONSULT
    decision = judge("Давайте созвонимся.", CONSULT, last_offer="offer_consult", shown=("case-1",))
    assert decision.text == "Давайте созвонимся.\n\nОтзыв Ильи. Понравилось, что без давления."
    own = judge("Давайте созвонимся. Вот https://school.example/case-1", CONSULT, last_offer="offer_consult")
    assert broken(own) == {}


def test_the_same_offer_without_anything_new_becomes_something_else() -> None:
    had: dict[str, Any] = {"last_offer": "offer_consult", "shown": ("case-1", "review-1")}
    assert judge("Давайте созвонимся.", CONSULT, **had).text == PHRASES["ask"][0]
    hot = judge("Давайте созвонимся.", CONSULT, **had, segment="hot", said="готов начать")
    assert (hot.next_action, hot.text) == (PAY, PHRASES["offer_payment"][0])
    assert judge("Вот ссылка.", PAY, **had).next_action is PAY
    hot = judge("Отлично.", **had, segment="hot", said="готов начать", can_pay=False)
    assert hot.next_action is ASK


def test_who_asks_for_the_offer_gets_it_however_often() -> None:
    had: dict[str, Any] = {
        "last_offer": "offer_consult",
        "shown": ("case-1", "review-1"),
        "said": "запишите меня всё-таки",
    }
    decision = judge("Конечно, записываю.", CONSULT, **had)
    assert (decision.next_action, broken(decision)) == (CONSULT, {})


def test_a_proof_too_long_to_send_is_no_new_value() -> None:
    endless = KnownMaterial("case-2", "case", "Кейс " * 300, "https://school.example/case-2")
    assert judge("Созвонимся?", CONSULT, last_offer="offer_consult", materials=(endless,)).next_action is ASK


def test_what_cannot_be_given_is_not_offered() -> None:
    decision = judge("Запишу вас!", CONSULT, can_book=False)
    assert (decision.next_action, decision.text) == (ASK, PHRASES["ask"][0])
    assert judge("Держите ссылку.", PAY, products=()).next_action is ASK
    decision = judge("Есть материал.", SHOW, materials=())
    assert (decision.next_action, decision.text) == (ASK, "Есть материал.")


def test_who_promises_a_material_sends_one_that_is_new() -> None:
    decision = judge("Есть хороший пример.", SHOW, shown=("case-1", "review-1"))
    assert decision.text == "Есть хороший пример.\n\nЧто такое стейкинг: https://school.example/staking"
    assert judge("Отзыв Ильи. Почитайте.", SHOW).text == "Отзыв Ильи. Почитайте."
    endless = KnownMaterial("x", "case", "", "https://school.example/" + "x" * 900)
    assert judge("Есть пример.", SHOW, materials=(endless,)).next_action is ASK
    nameless = KnownMaterial("x", "case", "", "https://school.example/x")
    assert judge("Есть пример.", SHOW, materials=(nameless,)).text == "Есть пример.\n\nhttps://school.example/x"


def test_the_third_doubt_calls_a_person() -> None:
    decision = judge("Наверное, так?", confidence=0.4, doubts=2, buttons=[("Да", "bonus:get")])
    assert (decision.next_action, decision.text, decision.buttons) == (ESCALATE, PHRASES["escalate_to_manager"][0], ())
    assert judge("Наверное, так?", confidence=0.4, doubts=1).next_action is ASK
    assert judge("Наверное, так?", confidence=0.5, doubts=2).next_action is ASK
    assert judge("Зову менеджера.", ESCALATE, confidence=float("nan"), doubts=2).text == "Зову менеджера."
    assert [doubts_after(value, replace(FACTS, doubts=doubts)) for value, doubts in [(0.4, 0), (0.4, 2), (0.9, 2)]] == [
        1,
        0,
        0,
    ]


def test_while_a_manager_speaks_the_assistant_is_silent() -> None:
    decision = judge("Добавлю от себя!", manager_speaks=True, buttons=[("Да", "bonus:get")])
    assert (decision.text, decision.buttons) == ("", ())
    assert broken(decision) == {"never_over_a_manager": "manager_speaks"}


@pytest.mark.parametrize(
    ("callback", "is_kept"),
    [
        ("manager:request", True), ("bonus:get", True), ("survey:start", True), ("consult:custom", True), ("faq:7", True),
        ("consult:reschedule", True), ("consult:date:2026-11-23", True), ("consult:time:16:00", True), ("menu:own", True),
        ("offer:pay:start", True), ("offer:pay:other", False), ("consult:date:2026-11-25", False), ("faq:8", False),
        ("consult:date:20261123", False), ("consult:date:monday", False), ("consult:time:15:00", False), ("lead:take:1", False),
        ("survey:q1:a", False), ("consult:confirm", False), ("", False), ("x" * 65, False), ("\ud800", False),
    ],
)  # fmt: skip
def test_only_buttons_we_understand_are_shown(callback: str, is_kept: bool) -> None:
    decision = judge("Хорошо.", buttons=[("  Да,  давайте ", callback)])
    assert decision.buttons == ((ProposedButton("Да, давайте", callback),) if is_kept else ())
    assert bool(broken(decision)) is not is_kept


@pytest.mark.parametrize(
    "callback", ["bonus:get", "survey:start", "consult:custom", "consult:date:2026-11-23", "offer:pay:start"]
)
def test_a_button_to_what_is_not_there_goes(callback: str) -> None:
    gone: dict[str, Any] = {"has_bonus": False, "can_survey": False, "can_book": False, "can_pay": False}
    assert judge("Хорошо.", buttons=[("Да", callback)], **gone).buttons == ()


def test_buttons_are_few_short_and_each_once() -> None:
    assert judge("Хорошо.", buttons=[("Да", "bonus:get")] * 3).buttons == (ProposedButton("Да", "bonus:get"),)
    many = [("Да", "bonus:get"), ("Ещё", "bonus:get"), ("🙂", "faq:7"), ("evil.ru", "faq:7"), ("ы" * 41, "faq:7")]
    assert judge("Хорошо.", buttons=many).buttons == (ProposedButton("Да", "bonus:get"),)
    assert judge("Хорошо.", buttons=[("Да", "bonus:get"), ("Нет", "faq:7")], max_buttons=1).buttons == (
        ProposedButton("Да", "bonus:get"),
    )


# --- the last resort, the record --------------------------------------------------------------------------------------


def test_own_phrases_that_break_a_rule_give_way_to_the_shipped_ones() -> None:
    bad = {"ask": ("Скидка 90 %!",)}
    decision = judge("", phrases=bad)
    assert decision.text == PHRASES["ask"][0]
    assert judge("", phrases={"ask": ("Что скажете?",)}).text == "Что скажете?"


def test_when_nothing_else_is_allowed_a_person_is_called() -> None:
    awkward = KnownMaterial("case-9", "case", "Прибыль? Да? {{x}}", "https://school.example/9")
    decision = judge(
        "Созвонимся.", CONSULT, segment="hot", said="готов начать", last_offer="offer_consult", materials=(awkward,),
        can_pay=False,
    )  # fmt: skip
    assert (decision.next_action, decision.text) == (ESCALATE, PHRASES["escalate_to_manager"][0])
    assert broken(decision)["last_resort"] == "escalate_to_manager"


def test_the_facts_survive_the_record_whatever_else_it_holds() -> None:
    plain = {**json.loads(json.dumps(FACTS.to_json())), "something": "newer"}
    plain["materials"][0]["views"] = 5
    assert PolicyFacts.from_json(plain) == FACTS
    assert PolicyFacts.from_json({}) == PolicyFacts()
    assert PolicyFacts.from_json({"materials": (CASE,), "today": "someday"}).day is None
    own = replace(FACTS, phrases={**PHRASES, "ask": ("Что скажете?",)})
    assert PolicyFacts.from_json(own.to_json()) == own


def test_every_rule_gives_its_verdict_by_name() -> None:
    names = [verdict.rule for verdict in judge("Хорошо.").verdicts]
    assert names == ["never_over_a_manager", *(rule.__name__ for rule in RULES)]


def test_signals_are_heard_and_their_denial_too() -> None:
    assert sorted(signals_in("Как оплатить? И запишите на встречу, готов начать")) == ["begin", "consult", "pay"]
    assert signals_in("нет, не хочу консультацию и не буду оплачивать") == frozenset()


def test_who_is_hot_hears_an_offer_with_the_very_first_answer_whatever_they_say() -> None:
    assert judge("Понимаю.", said="не верю я вам", segment="hot", offered=False).next_action is CONSULT
    assert judge("Понимаю.", said="не верю я вам", segment="hot", offered=True).next_action is ASK
    assert judge("Понимаю.", said="не верю я вам", segment="warm", offered=False).next_action is ASK
