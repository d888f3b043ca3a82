"""say, menu, branch, action, wait, handover and end: what each does when entered, heard and left."""

import datetime as dt
from typing import Any

import pytest

from dialogs.engine.effects import Act, CancelTimers, HandOver, LeadOutcome, SettleLead, Track
from dialogs.engine.events import Returned, TakenOver
from dialogs.engine.problems import LoopLimitExceeded
from dialogs.engine.state import Mode
from dialogs.engine.steps import KINDS
from dialogs.engine.texts import DEFAULT_TEXTS
from dialogs.engine.walking import MAX_STEPS
from tests.dialogs.engine.play import Play, ask, card, gives, said, script


def begin_with(first: dict[str, Any], /, *others: dict[str, Any], **facts: Any) -> Play:
    steps = {"first": first, **{f"other{number}": step for number, step in enumerate(others)}, "phone": ask()}
    return Play(script(steps, start="first"), **facts).start()


# --- say


def test_say_says_and_goes_on_in_one_message() -> None:
    assert begin_with({"kind": "say", "text": "Привет, {{customer.first_name}}!", "next": "phone"}).text == (
        "Привет, Анна!\n\nВаш номер?"
    )


def test_say_may_show_links_and_then_stands_alone() -> None:
    links = [{"text": "Сайт", "url": "https://o.example"}]
    play = begin_with({"kind": "say", "text": "Смотрите", "links": links, "next": "phone"})
    assert play.text == "Смотрите\nВаш номер?"  # two messages
    assert play.keys[0].url == "https://o.example"


def test_say_without_a_follower_stops() -> None:
    assert begin_with({"kind": "say", "text": "Всё"}).text == "Всё"


def test_a_step_that_does_not_wait_hears_nothing() -> None:
    assert begin_with({"kind": "say", "text": "Всё"}).says("ау", "presence").effects == ()


# --- menu


CHOICES = [
    {"key": "win", "text": "🪟 Окна", "next": "phone", "synonyms": ["стеклопакет"]},
    {"key": "door", "text": "Двери", "next": "done"},
    {"key": "ok", "text": "Подходит", "next": "done", "intents": ["affirm"]},
]
MENU: dict[str, Any] = {
    "kind": "menu", "text": "Что нужно?", "choices": CHOICES, "name": "product", "tries": 2, "on_unclear": "refused",
    "timeout": "1h", "on_timeout": "silent",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "intents", "step"),
    [
        ("1", (), "phone"),
        ("окна", (), "phone"),
        ("Окна!", (), "phone"),
        ("мне нужны окна пожалуйста", (), "phone"),
        ("стеклопакет", (), "phone"),
        ("2", (), "done"),
        ("конечно", ("affirm",), "done"),
        ("двери и окна", (), "first"),  # two fit: ask
        ("двери", ("affirm",), "done"),  # the very words win over the meaning
        ("окна", ("faq",), "phone"),
        ("а окна дорогие?", ("faq",), "first"),  # a question about it is no choice
        ("7", ("number",), "first"),
    ],
)
def test_a_choice_is_understood_by_words_number_synonym_or_meaning(
    text: str, intents: tuple[str, ...], step: str
) -> None:
    assert begin_with(MENU).says(text, *intents).state.step == step


def test_a_press_chooses_is_counted_and_kept() -> None:
    play = begin_with(MENU)
    assert [key.data for key in play.keys] == ["first:win", "first:door", "first:ok"]
    play.press("first:win")
    assert play.state.values["product"] == "🪟 Окна"
    assert Track("choice", {"step": "first", "choice": "win"}) in play.effects
    assert "product" not in begin_with({**MENU, "name": ""}).press("first:win").state.values


def test_columns_put_choices_side_by_side() -> None:
    rows = begin_with({**MENU, "columns": 2}).effects[1]
    assert [len(row) for row in rows.keys] == [2, 1]  # type: ignore[union-attr]


def test_a_channel_without_buttons_gets_numbers() -> None:
    assert begin_with(MENU, buttons=False).text == "Что нужно?\n1. 🪟 Окна\n2. Двери\n3. Подходит"


@pytest.mark.parametrize("data", ["other:win", "first:gone", "", "'; DROP TABLE"])
def test_an_old_or_forged_button_is_answered_and_the_question_comes_back(data: str) -> None:
    play = begin_with(MENU).press(data)
    assert play.text == f"{DEFAULT_TEXTS['stale_button'][0]}\n\nЧто нужно?"
    assert play.state.step == "first" and play.timers


def test_what_fits_no_choice_is_told_twice_and_then_leads_on() -> None:
    play = begin_with(MENU).says("слон", "statement")
    assert play.text == "Выберите, пожалуйста, один из вариантов.\n\nЧто нужно?"
    assert play.says("слон", "statement").outcome == "refused"
    endless = begin_with({**MENU, "on_unclear": ""})
    assert [endless.says("слон", "statement").state.step for _ in range(3)] == ["first"] * 3


def test_a_contact_card_is_no_choice() -> None:
    assert begin_with(MENU).hear(card()).text.endswith("Что нужно?")


def test_a_silent_person_is_reminded_of_a_menu() -> None:
    play = begin_with({**MENU, "reminders": [{"after": "5m", "text": "Что выберете?"}]})
    assert play.alarm("reminder:0").text == "Что выберете?"
    assert play.alarm("timeout").outcome == "silent"


def test_later_postpones_a_menu_and_asks_it_again() -> None:
    play = begin_with(MENU).says("потом", "later")
    assert play.timers == {"later": dt.timedelta(hours=1), "timeout": dt.timedelta(hours=2)}
    play.alarm("later")
    assert play.text == "Что нужно?" and play.timers == {"timeout": dt.timedelta(hours=1)}


# --- branch


@pytest.mark.parametrize(
    ("when", "facts", "goes"),
    [
        ({"has_phone": True}, {"has_phone": True}, True),
        ({"has_phone": False}, {"has_phone": True}, False),
        ({"is_open": False, "has_lead": True}, {"is_open": False}, True),
        ({"is_open": False, "has_lead": True}, {"is_open": False, "has_lead": False}, False),
        ({"source": "ВК"}, {"source": "вк"}, True),
        ({"language": ["en", "de"]}, {"language": "EN"}, True),
        ({"language": ["en", "de"]}, {"language": "ru"}, False),
        ({"customer.first_name": "Анна"}, {}, True),
        ({"value.product": "Окна"}, {}, False),
    ],
)
def test_a_branch_goes_by_what_is_known(when: dict[str, Any], facts: dict[str, Any], goes: bool) -> None:
    step = {"kind": "branch", "rules": [{"when": when, "next": "done"}], "otherwise": "refused"}
    assert begin_with(step, **facts).outcome == ("captured" if goes else "refused")


# --- action


@pytest.mark.parametrize(
    ("name", "effect"),
    [
        ("lead_wanted", SettleLead(LeadOutcome.WANTED, "")),
        ("lead_captured", SettleLead(LeadOutcome.CAPTURED, "")),
        ("lead_low_quality", SettleLead(LeadOutcome.LOW_QUALITY, "")),
        ("lead_review", SettleLead(LeadOutcome.REVIEW, "")),
        ("tag", Act("tag", {"tag": "Анна"})),
        ("track", Track("seen", {"tag": "Анна"})),
    ],
)
def test_an_action_asks_for_its_effect(name: str, effect: object) -> None:
    params = {"tag": "{{customer.first_name}}"} | ({"type": "seen"} if name == "track" else {})
    play = begin_with({"kind": "action", "action": name, "params": params, "next": "phone"})
    assert effect in play.effects and play.state.step == "phone"


def test_an_action_gives_its_reason_and_may_be_the_last() -> None:
    play = begin_with({"kind": "action", "action": "lead_review", "params": {"reason": "odd"}})
    assert play.settled == [("review", "odd")]


# --- wait


PAUSE = {"kind": "wait", "for": "10m", "next": "done"}


def test_a_pause_lets_time_pass_and_goes_on() -> None:
    play = begin_with(PAUSE)
    assert play.timers == {"wait": dt.timedelta(minutes=10)}
    assert play.alarm("wait").outcome == "captured"


def test_words_amid_a_pause_are_answered_or_end_it() -> None:
    play = begin_with(PAUSE).says("спасибо", "thanks")
    assert play.text in DEFAULT_TEXTS["thanks"] and play.state.step == "first"
    assert begin_with({**PAUSE, "on_message": "phone"}).says("ау", "presence").state.step == "phone"
    assert begin_with(PAUSE).alarm("odd").effects == ()


def test_an_old_button_amid_a_pause_is_answered() -> None:
    assert begin_with(PAUSE).press("x:y").text == DEFAULT_TEXTS["stale_button"][0]


# --- handover


HANDOVER = {"kind": "handover", "reason": "asked", "on_return": "phone"}


def test_a_handover_gives_the_word_away_and_the_bot_is_silent_until_it_is_given_back() -> None:
    play = begin_with(HANDOVER)
    assert play.all_of(HandOver) == [HandOver("asked")] and play.state.mode is Mode.HANDED_OVER
    assert play.text == DEFAULT_TEXTS["handover"][0]
    for event in (said("ау", "presence"), gives(), card()):
        assert play.hear(event).effects == ()
    assert play.press("phone:yes").effects == () and play.alarm("timeout").effects == ()
    play = play.hear(Returned())
    assert play.state.mode is Mode.TALKING and play.text == "Ваш номер?"


def test_a_handover_speaks_its_own_words_or_those_of_the_closed_shop() -> None:
    assert begin_with({**HANDOVER, "text": "Зову."}).text == "Зову."
    assert begin_with(HANDOVER, is_open=False).text == DEFAULT_TEXTS["handover_closed"][0]


def test_a_handover_without_a_way_back_ends_when_it_is_given_back() -> None:
    play = begin_with({"kind": "handover"}).hear(Returned())
    assert play.outcome == "returned" and play.is_over


def test_a_talk_taken_over_amid_a_question_goes_on_with_it() -> None:
    play = Play().start().hear(TakenOver())
    assert play.state.mode is Mode.HANDED_OVER and play.effects == (CancelTimers(),)
    play.hear(Returned())
    assert play.text.endswith("\n\nВаш номер?") and play.timers


def test_a_deep_link_during_a_handover_is_kept() -> None:
    from dialogs.engine.events import Started

    play = begin_with(HANDOVER).hear(Started("spring"))
    assert play.state.values["payload"] == "spring" and play.effects == ()
    assert begin_with(HANDOVER).hear(Started()).effects == ()


# --- end


def test_an_end_says_farewell_stops_the_clock_and_names_its_outcome() -> None:
    play = begin_with({"kind": "end", "outcome": "won", "text": "Пока!"})
    assert play.text == "Пока!" and play.outcome == "won" and play.is_over
    assert CancelTimers() in play.effects
    assert begin_with({"kind": "end"}).outcome == "first"


# --- the walk


def test_a_circle_without_a_question_is_stopped_by_a_named_limit() -> None:
    steps = {"a": {"kind": "say", "text": "а", "next": "b"}, "b": {"kind": "say", "text": "б", "next": "a"}}
    with pytest.raises(LoopLimitExceeded, match=f"{MAX_STEPS} steps without a question"):
        Play(script(steps, start="a")).start()


def test_every_kind_is_known_by_its_name() -> None:
    assert sorted(KINDS) == [
        "action",
        "ask",
        "assistant",
        "booking",
        "branch",
        "catalogue",
        "checkout",
        "consent",
        "end",
        "handover",
        "menu",
        "payment",
        "say",
        "survey",
        "wait",
    ]
    assert all(name == kind.kind for name, kind in KINDS.items())
