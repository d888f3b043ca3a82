"""Permanent keys and shortcuts: at any step, at any age, twice, forged, typed."""

import datetime as dt
from typing import Any

import pytest

from dialogs.engine.effects import ReachStage, Say, SettleLead
from dialogs.engine.facts import Exhibit
from dialogs.engine.goods import Product
from dialogs.engine.state import Mode
from dialogs.engine.texts import DEFAULT_TEXTS
from tests.dialogs.engine.play import Play, card, gives, said, script

BONUSES = (Exhibit("guide", "Гид", "24 страницы", "https://s.example/g"), Exhibit("table", "Таблица", "Цифры"))
PRICE = Exhibit("price", "Сколько стоит?", "24 900 ₽.", is_question=True)
LONG = Exhibit("q" * 64, "Длинный?", "Да.", is_question=True)
SHELVES = {"bonuses": BONUSES, "faq": (PRICE, LONG)}
MENU = [{"text": "🎁 Бонусы", "data": "bonus:get"}, {"text": "👤 Менеджер", "data": "manager:request"}]
MENU.append({"text": "💬 Поговорить", "data": "talk:start"})
ASIDE = {
    "gifts": {"kind": "say", "text": "Держите!", "show": "bonuses", "next": "phone"},
    "help": {"kind": "say", "text": "Спросите:", "show": "faq", "next": "phone"},
    "talk": {
        "kind": "menu", "text": "О чём?", "choices": [{"key": "start", "text": "Бонусы", "next": "phone"}],
        "timeout": "1d", "on_timeout": "silent",
    },
    "manager": {"kind": "handover", "text": "Зову."},
    "pause": {"kind": "wait", "for": "1h", "next": "phone"},
}  # fmt: skip
SHORTCUTS = {
    "bonus:get": {"show": "gifts", "words": ["подарок"]},
    "faq:list": {"show": "help", "words": "/help"},
    "manager:request": {"next": "manager"},
    "go:talk": {"next": "talk"},
    "go:pause": {"next": "pause"},
}


def at_phone(**facts: Any) -> Play:
    raw = script(ASIDE, menu=MENU, shortcuts=SHORTCUTS, start="phone")
    return Play(raw, **{"shelves": SHELVES, **facts}).start()


def test_a_shortcut_says_something_aside_and_the_open_question_comes_back() -> None:
    play = at_phone().press("bonus:get")
    first, second = play.all_of(Say)
    assert first.text == "Держите!\n\nГид\n24 страницы\n\nТаблица\nЦифры"
    assert [key.url for row in first.keys for key in row] == ["https://s.example/g"]
    assert second.text == "Номер?" and play.state.step == "phone"
    assert play.counted[:2] == ["shortcut", "shown"]


def test_a_shortcut_leads_to_another_step() -> None:
    play = at_phone().press("manager:request")
    assert play.text == "Зову." and play.state.mode is Mode.HANDED_OVER


@pytest.mark.parametrize("words", ["🎁 Бонусы", "бонусы", "БОНУСЫ!", "привет\n🎁 Бонусы", "Подарок"])
def test_a_menu_word_typed_works_as_the_button(words: str) -> None:
    assert at_phone().says(words, "statement").text.startswith("Держите!")


def test_a_command_may_be_a_shortcut_and_words_that_only_contain_a_key_are_words() -> None:
    play = at_phone().says("/help@our_bot", "statement")
    assert play.text.startswith("Спросите:") and [key.data for key in play.keys][:1] == ["faq:price"]
    assert len(play.keys) == 1, "a question whose button would be too long has none"
    assert "Держите!" not in at_phone().says("а бонусы будут?", "question").text
    assert "Держите!" not in at_phone().says("", "empty").text


def test_a_step_whose_own_button_bears_the_words_keeps_them() -> None:
    play = at_phone().press("go:talk").says("бонусы", "statement")
    assert play.state.step == "phone" and "Держите!" not in play.text


def test_a_key_may_name_a_button_of_a_step() -> None:
    play = at_phone().press("talk:start")
    assert play.text.startswith(DEFAULT_TEXTS["stale_button"][0]), "a menu's choice belongs to its question"
    assert at_phone().press("go:talk").says("💬 Поговорить", "statement").state.step == "phone"


def test_a_question_of_the_library_is_answered_at_any_step() -> None:
    play = at_phone().press("faq:price")
    assert play.text == "24 900 ₽.\nНомер?" or play.text == "24 900 ₽.\n\nНомер?"
    assert at_phone().press("faq:gone").text.startswith(DEFAULT_TEXTS["stale_button"][0])


def test_pressed_twice_in_a_breath_it_is_heard_once_and_later_again() -> None:
    play = at_phone().press("bonus:get")
    assert play.press("bonus:get").effects == ()
    play.now += dt.timedelta(seconds=5)
    assert play.press("bonus:get").text.startswith("Держите!")
    play.says("спасибо", "thanks")
    assert play.press("bonus:get").text.startswith("Держите!"), "words between make it a new press"
    assert play.hear(card("")).state.pressed is None


def test_while_nothing_is_asked_a_shortcut_only_says_its_words() -> None:
    play = at_phone().press("go:pause").press("bonus:get")
    assert play.text.startswith("Держите!") and play.state.step == "pause"
    play.now += dt.timedelta(minutes=1)
    assert play.press("odd").text == DEFAULT_TEXTS["stale_button"][0]


def test_after_the_end_shortcuts_still_work() -> None:
    done = at_phone(has_consent=True).hear(gives()).says("да", "affirm")
    assert done.is_over
    assert done.press("bonus:get").text.startswith("Держите!") and done.is_over
    assert "Держите!" in done.says("бонусы", "statement").text and done.is_over
    done.press("go:talk")
    assert done.text == "О чём?" and done.state.mode is Mode.TALKING and done.all_of(SettleLead)
    stale = at_phone(has_consent=True).hear(gives()).says("да", "affirm").press("odd")
    assert stale.effects == () and stale.is_over


def test_a_human_who_speaks_is_not_talked_over_by_a_press() -> None:
    play = at_phone().press("manager:request")
    play.now += dt.timedelta(days=1)
    assert play.press("bonus:get").effects == ()


# --- the permanent keys


def test_the_keys_are_hung_once_on_the_first_plain_words() -> None:
    raw = script({**ASIDE, "hello": {"kind": "say", "text": "Привет!", "next": "talk"}}, menu=MENU, start="hello")
    play = Play({**raw, "shortcuts": SHORTCUTS}, menu=True, shelves=SHELVES).start()
    first, second = play.all_of(Say)
    assert first.is_menu and [[key.text for key in row] for row in first.keys] == [
        ["🎁 Бонусы", "👤 Менеджер"],
        ["💬 Поговорить"],
    ]
    assert second.text == "О чём?" and not second.is_menu
    assert not any(say.is_menu for say in play.says("привет", "greeting").all_of(Say))
    assert play.hear(type(said())(said().reading)).state.menu
    assert play.start().all_of(Say)[0].is_menu, "/start shows them again"


def test_they_wait_for_words_without_buttons_and_a_channel_that_can_keep_them() -> None:
    raw = script(ASIDE, menu=MENU, shortcuts=SHORTCUTS, start="talk")
    play = Play(raw, menu=True).start()
    assert not play.state.menu
    assert play.says("спасибо", "thanks").all_of(Say)[0].is_menu
    assert not Play(raw).start().says("спасибо", "thanks").all_of(Say)[0].is_menu


def test_they_come_back_in_place_of_the_button_that_hands_over_the_phone() -> None:
    play = at_phone(menu=True, contact_button=True)
    assert play.state.keyboard and not play.state.menu
    play.hear(card())
    last = play.all_of(Say)[-1]
    assert last.is_menu and not last.hides_keyboard and not play.state.keyboard


# --- stages of the funnel


def test_stages_are_reached_once_and_never_left_backwards() -> None:
    stages = [{"key": "talk", "steps": ["phone"]}, {"key": "chat", "steps": ["talk"]}]
    raw = script(ASIDE, shortcuts=SHORTCUTS, menu=MENU, start="phone", stages=stages)
    play = Play(raw, shelves=SHELVES).start()
    assert play.all_of(ReachStage) == [ReachStage("talk")] and "stage" in play.counted
    assert play.press("go:talk").all_of(ReachStage) == [ReachStage("chat")]
    assert play.press("talk:start").all_of(ReachStage) == []
    assert Play(raw, stage="chat").start().all_of(ReachStage) == [], "an earlier dialogue had come farther"


def test_an_old_button_after_silence_leads_through_a_fork_to_a_question() -> None:
    fork = {"kind": "branch", "rules": [], "otherwise": "phone"}
    silent = {"kind": "end", "reopen": "fork"}
    raw = script({"fork": fork})
    raw["steps"]["silent"] = silent
    play = Play({**raw, "start": "phone"}).start().alarm("timeout")
    assert play.is_over
    assert play.press("odd").text.endswith("\n\nВаш номер?") and play.state.step == "phone"


def test_a_payment_step_keeps_the_words_of_its_own_button() -> None:
    offer = {
        "kind": "payment", "text": "Берёте?", "paid": "done", "otherwise": "done", "timeout": "1d", "on_timeout": "silent",
        "choices": [{"key": "think", "text": "Подумаю", "next": "phone"}],
    }  # fmt: skip
    keys = {"menu": [{"text": "Подумаю", "data": "go"}], "shortcuts": {"go": {"next": "done"}}}
    play = Play(script({"offer": offer}, start="offer", **keys), products=(Product("start", "Курс", "10 ₽"),)).start()
    assert play.says("подумаю", "statement").state.step == "phone"
