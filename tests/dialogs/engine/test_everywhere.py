"""What works at every step: questions, "call a person", stop, help, erasure, small talk, media."""

import itertools

import pytest

from dialogs.engine.effects import Act, CancelTimers, Erase, HandOver, Unsubscribe
from dialogs.engine.events import Joined, LeadOpened, Returned, Started, TakenOver
from dialogs.engine.globals import SMALL_TALK
from dialogs.engine.reading import FaqHit
from dialogs.engine.state import Mode
from dialogs.engine.texts import DEFAULT_TEXTS
from tests.dialogs.engine.play import ADDRESS, HOURS, PRICE, VARIABLES, Play, ask, card, gives, said, script


def talking() -> Play:
    return Play().start()


# --- questions


def test_a_question_is_answered_and_the_talk_comes_back_to_its_own() -> None:
    play = talking().says("часы?", "faq", faq=(HOURS,))
    assert play.text == f"{HOURS.answer}\n\nНомер?"
    assert play.counted == ["faq"] and play.state.tries == 0 and play.timers


def test_two_questions_are_answered_in_one_breath_and_the_third_waits() -> None:
    play = talking().says("часы, адрес, цена?", "faq", faq=(HOURS, ADDRESS, PRICE))
    assert play.text == f"{HOURS.answer}\n\n{ADDRESS.answer}\n\nНомер?"


def test_a_question_with_a_refusal_is_answered_and_the_refusal_counts() -> None:
    play = talking().says("не дам, часы?", "refuses", "faq", faq=(HOURS,))
    assert play.text == f"{HOURS.answer}\n\nТолько для ответа." and play.state.refusals == 1


def test_a_question_with_the_number_is_answered_too() -> None:
    play = talking().hear(gives(faq=(HOURS,), intents=("faq",)))
    assert play.text.startswith(HOURS.answer) and "+7 916" in play.text


@pytest.mark.parametrize(
    ("intent", "is_noted"), [("question", True), ("complaint", True), ("job", True), ("wants", False)]
)
def test_what_the_bot_cannot_answer_is_passed_on(intent: str, is_noted: bool) -> None:
    play = talking().says("а с кошкой можно?", intent)
    assert bool(play.notes) is is_noted
    assert play.text.startswith(DEFAULT_TEXTS[intent][0]) and play.text.endswith("Номер?")


@pytest.mark.parametrize("intent", sorted(set(SMALL_TALK) - {"farewell"}))
def test_every_social_word_has_a_reply_before_the_question(intent: str) -> None:
    play = talking().says("слова", intent)
    assert play.text.split("\n\n")[0] in {text.replace("{{business.name}}", "Окна") for text in _texts(intent)}
    assert play.text.endswith("Номер?")


def test_who_says_goodbye_is_not_held_by_the_sleeve() -> None:
    assert talking().says("спасибо, пока", "farewell", "thanks").text == DEFAULT_TEXTS["farewell"][0]
    assert talking().says("пока, а сколько стоит?", "farewell", "question").text.endswith("Номер?")


def _texts(intent: str) -> list[str]:
    return [text.replace("{{privacy_link}}", " Политика: https://o.example/p") for text in DEFAULT_TEXTS[intent]]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("voice", "voice"), ("video_note", "voice"), ("audio", "voice"), ("sticker", "sticker"), ("photo", "file")],
)
def test_media_are_thanked_for_or_declined(kind: str, name: str) -> None:
    play = talking().hear(said("", "empty", media=(kind,)))
    assert play.text.split("\n\n")[0] in DEFAULT_TEXTS[name]


def test_an_empty_message_brings_the_question_back() -> None:
    assert talking().says("", "empty").text == "Номер?"


# --- a person


def test_a_person_is_called_at_once() -> None:
    play = talking().says("позовите человека", "asks_person")
    assert play.text == DEFAULT_TEXTS["handover"][0] and play.all_of(HandOver) == [HandOver("asked_person")]
    assert play.state.mode is Mode.HANDED_OVER


def test_a_person_is_called_through_the_script_s_own_step() -> None:
    raw = script({"phone": ask(), "call": {"kind": "handover", "text": "Зову Ольгу."}}, person="call")
    assert Play(raw).start().says("человека", "asks_person").text == "Зову Ольгу."


def test_who_asks_for_a_person_after_hours_hears_so() -> None:
    assert Play(is_open=False).start().says("человека", "asks_person").text == DEFAULT_TEXTS["handover_closed"][0]


def test_who_asks_for_a_person_and_leaves_a_number_is_asked_to_confirm_it() -> None:
    assert "+7 916" in talking().hear(gives(intents=("asks_person",))).text


def test_a_person_may_be_called_in_the_first_words() -> None:
    play = Play().says("позовите менеджера", "asks_person")
    assert play.state.mode is Mode.HANDED_OVER and "Ваш номер?" not in play.text


# --- stop and help


@pytest.mark.parametrize("event", [said("хватит", "stop"), said("/stop"), said("/stop@otklik_bot")])
def test_stop_is_obeyed(event: object) -> None:
    play = talking().hear(event)  # type: ignore[arg-type]
    assert Unsubscribe() in play.effects and CancelTimers() in play.effects
    assert play.settled == [("low_quality", "asked_to_stop")] and play.outcome == "stopped"


def test_help_is_given_and_the_question_stays_open() -> None:
    play = talking().says("/help")
    assert "«Окна»" in play.text and play.state.step == "phone" and play.state.tries == 0


def test_stop_and_help_work_in_the_first_words() -> None:
    assert Play().says("стоп", "stop").outcome == "stopped"
    assert Play().says("/help").text.endswith("Ваш номер?")


# --- erasure


def test_erasing_is_asked_once_and_then_done() -> None:
    play = talking().says("удалите данные", "delete_data")
    assert [key.data for key in play.keys] == ["erase:yes", "erase:no"] and Erase() not in play.effects
    play.says("да", "affirm")
    assert Erase() in play.effects and play.outcome == "erased"
    assert not play.state.values and not play.state.recent and not play.state.asides and play.state.unconfirmed is None


@pytest.mark.parametrize("again", [("удалите!", "delete_data"), ("да", "affirm")])
def test_erasing_is_confirmed_by_words(again: tuple[str, str]) -> None:
    assert talking().says("удалите", "delete_data").says(*again).outcome == "erased"


def test_erasing_is_confirmed_or_declined_by_a_press() -> None:
    assert talking().says("удалите", "delete_data").press("erase:yes").outcome == "erased"
    play = talking().says("удалите", "delete_data").press("erase:no")
    assert play.text == DEFAULT_TEXTS["erase_kept"][0] and play.state.pending is None


def test_a_no_keeps_everything_and_other_words_let_the_matter_rest() -> None:
    assert talking().says("удалите", "delete_data").says("нет", "deny").text == DEFAULT_TEXTS["erase_kept"][0]
    play = talking().says("удалите", "delete_data").says("часы?", "faq", faq=(HOURS,))
    assert play.text.startswith(HOURS.answer) and play.state.pending is None
    assert play.says("да", "affirm").outcome == ""


def test_erase_buttons_mean_nothing_when_nobody_asked() -> None:
    play = talking().press("erase:yes")
    assert Erase() not in play.effects and play.text.startswith(DEFAULT_TEXTS["stale_button"][0])


def test_a_contact_card_amid_the_erasing_goes_to_the_question() -> None:
    assert talking().says("удалите", "delete_data").hear(card()).outcome == "captured"


# --- beginning


def test_the_first_words_are_answered_before_the_first_question() -> None:
    play = Play().says("Здравствуйте, часы?", "greeting", "faq", faq=(HOURS,))
    assert play.text == f"{HOURS.answer}\n\nВаш номер?"
    assert Play().says("Здравствуйте!", "greeting").text == "Ваш номер?"  # the script greets by itself
    assert Play().says("Хочу окна", "wants").text == "Отлично, поможем!\n\nВаш номер?"


def test_start_begins_anew_and_old_timers_are_deaf() -> None:
    play = talking().hear(Started("ad-1"))
    before = play.state.visit
    assert play.state.values["payload"] == "ad-1" and play.text == "Ваш номер?"
    assert play.alarm("timeout", before - 1).effects == ()
    assert "Анна" not in play.state.values


def test_a_card_may_be_the_first_word() -> None:
    assert Play().hear(card()).outcome == "captured"


def test_the_portal_and_an_opened_chat_begin_a_talk_but_never_disturb_one() -> None:
    for event in (LeadOpened(), Joined()):
        assert Play().hear(event).text == "Ваш номер?"
        assert talking().hear(event).effects == ()


def test_an_alarm_and_a_return_begin_nothing() -> None:
    from dialogs.engine.events import Returned

    assert Play().alarm("timeout").effects == () and Play().hear(Returned()).effects == ()
    assert talking().hear(Returned()).effects == ()


def test_a_press_may_be_the_first_word() -> None:
    assert Play().press("old:button").text == "Ваш номер?"
    assert not Play().press("old:button").all_of(Act)


def test_the_same_words_twice_in_a_row_get_a_lead_and_the_third_time_another() -> None:
    play = Play().start()
    said = [play.text, *(play.hear(TakenOver()).hear(Returned()).text for _ in range(3))]
    assert said[0] == "Ваш номер?"
    assert said[1] == f"{DEFAULT_TEXTS['repeated'][0]}\n\nВаш номер?"
    assert all(text.endswith("Ваш номер?") for text in said)
    assert all(before != after for before, after in itertools.pairwise(said))


WEEK = "пн–пт с 9:00 до 18:00, вс — выходной"
WHERE = FaqHit("address", f"Наш адрес: Ленина, 10. Часы работы: {WEEK}.", 0.9)
OPEN = FaqHit("open", f"Сегодня тоже: {WEEK}, приходите!", 0.7)  # more than a repeat
WHEN = FaqHit("hours", f"Мы работаем так: {WEEK}.", 0.8)


@pytest.mark.parametrize(
    ("faq", "answer"),
    [
        ((WHERE, WHEN), f"{WHERE.answer}\n\nНомер?"),
        ((WHEN, WHERE), f"{WHEN.answer}\n\nНаш адрес: Ленина, 10.\n\nНомер?"),
        ((WHEN, OPEN), f"{WHEN.answer}\n\n{OPEN.answer}\n\nНомер?"),
        ((WHEN, PRICE), f"{WHEN.answer}\n\n{PRICE.answer}\n\nНомер?"),
    ],
)
def test_what_two_answers_have_in_common_is_said_once(faq: tuple[FaqHit, ...], answer: str) -> None:
    play = Play(variables={**VARIABLES, "business.hours": WEEK}).start()
    assert play.says("где вы и до скольки?", "faq", faq=faq).text == answer
