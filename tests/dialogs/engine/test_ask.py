"""ask: one fact from the person, understood, confirmed, consented to."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dialogs.engine.effects import Act, KeepContact, RecordConsent, Say
from dialogs.engine.texts import DEFAULT_TEXTS, PHONE_REASONS
from tests.dialogs.engine.play import PHONE, SHOWN, Play, ask, card, gives, script


def at_question(**settings: Any) -> Play:
    return Play(script({"phone": ask(**settings)})).start()


def test_a_number_is_read_back_with_the_words_of_consent_and_kept_after_a_yes() -> None:
    play = at_question().hear(gives())
    assert SHOWN in play.text and "согласие компании «Окна»." in play.text and "https://o.example/p" in play.text
    assert [key.data for key in play.keys] == ["phone:yes", "phone:no"]
    assert not play.all_of(KeepContact)
    play.says("да", "affirm")
    assert play.all_of(RecordConsent) == [RecordConsent("согласие компании «Окна».", "7", "да")]
    assert play.all_of(KeepContact) == [KeepContact("phone", PHONE)]
    kinds = [type(effect) for effect in play.effects]
    assert kinds.index(RecordConsent) < kinds.index(KeepContact)
    assert play.outcome == "captured" and play.state.values["phone"] == SHOWN


def test_a_press_says_yes_as_well_as_words_do() -> None:
    play = at_question().hear(gives()).press("phone:yes")
    assert play.all_of(RecordConsent)[0].given_by == "Да, верно"
    assert play.outcome == "captured"


@pytest.mark.parametrize("number", ["1", " 1 "])
def test_where_buttons_are_a_numbered_list_one_is_yes_and_two_is_no(number: str) -> None:
    assert at_question().hear(gives()).says(number, "number").outcome == "captured"
    assert at_question().hear(gives()).says("2", "number").state.pending is None


def test_consent_is_recorded_once_and_not_asked_of_who_gave_it_before() -> None:
    play = Play(has_consent=True).start().hear(gives())
    assert "согласие" not in play.text
    play.says("да", "affirm")
    assert not play.all_of(RecordConsent)
    assert play.all_of(KeepContact) == [KeepContact("phone", PHONE)]


@pytest.mark.parametrize("answer", [("нет", "deny"), ("ошиблась", "correction")])
def test_a_no_to_the_number_asks_for_it_again(answer: tuple[str, str]) -> None:
    play = at_question().hear(gives()).says(*answer)
    assert play.state.pending is None and play.text in DEFAULT_TEXTS["retype"]
    assert at_question().hear(gives()).press("phone:no").text in DEFAULT_TEXTS["retype"]


def test_yes_and_no_in_one_breath_is_asked_again() -> None:
    play = at_question().hear(gives()).says("да нет, не знаю", "affirm", "deny")
    assert play.state.pending is not None and SHOWN in play.text


def test_another_number_replaces_the_one_read_back() -> None:
    play = at_question().hear(gives()).hear(gives("+79031112233", shown="+7 903 111-22-33", intents=("deny",)))
    assert "+7 903 111-22-33" in play.text
    play.says("да", "affirm")
    assert play.all_of(KeepContact) == [KeepContact("phone", "+79031112233")]


def test_the_same_number_once_more_confirms_it_but_agrees_to_nothing() -> None:
    assert Play(has_consent=True).start().hear(gives()).hear(gives()).outcome == "captured"
    play = at_question().hear(gives()).hear(gives())
    assert play.outcome == "" and SHOWN in play.text


def test_a_refusal_of_the_number_read_back_counts() -> None:
    play = at_question().hear(gives()).says("не дам", "refuses")
    assert play.state.refusals == 1 and play.state.pending is None


def test_a_question_amid_the_confirmation_is_answered_and_the_confirmation_comes_back() -> None:
    play = at_question().hear(gives()).says("зачем?", "why_phone")
    assert play.text.startswith(DEFAULT_TEXTS["why_phone"][0]) and SHOWN in play.text and "согласие" not in play.text
    assert play.state.tries == 0


def test_a_broken_number_amid_the_confirmation_is_complained_about_once() -> None:
    play = at_question().hear(gives()).says("8916", "number", phone_reason="too_short")
    assert play.text.startswith(PHONE_REASONS["too_short"]) and SHOWN in play.text


def test_two_numbers_and_an_extension_are_shown_and_the_second_goes_to_the_manager() -> None:
    both: dict[str, Any] = {
        "phones": (PHONE, "+74951234567"),
        "shown_phones": (SHOWN, "+7 495 123-45-67"),
        "extension": "12",
    }
    play = at_question().hear(gives(**both))
    assert f"{SHOWN}, +7 495 123-45-67 доб. 12" in play.text
    play.says("да", "affirm")
    assert play.all_of(KeepContact) == [KeepContact("phone", PHONE, "12")]
    assert play.notes == ["Ещё номер: +7 495 123-45-67"]


def test_a_number_without_its_readable_form_is_shown_as_it_is() -> None:
    assert PHONE in at_question().hear(gives(shown_phones=())).text


@pytest.mark.parametrize("reason", sorted(PHONE_REASONS))
def test_an_impossible_number_is_refused_with_its_reason(reason: str) -> None:
    play = at_question().says("12345", "number", phone_reason=reason)
    assert play.text.startswith(PHONE_REASONS[reason]) and "ещё раз" in play.text
    assert play.state.tries == 1


def test_only_a_number_cut_short_may_be_completed_by_the_next_message() -> None:
    assert at_question().says("8916", "number", phone_reason="too_short").state.recent == ("8916",)
    assert at_question().says("891612", "number", phone_reason="too_long").state.recent == ()


def test_an_old_half_of_a_number_is_not_complained_about_again() -> None:
    play = at_question().says("8916", "number", phone_reason="too_short")
    play.says("да", "affirm", phone_reason="too_short")
    assert PHONE_REASONS["too_short"] not in play.text


def test_an_unknown_reason_and_a_bare_number_have_an_answer_too() -> None:
    assert at_question().says("99", "number", phone_reason="odd").text.startswith("Не похоже на номер")
    assert at_question().says("99", "number").text.startswith("Не похоже на номер")


@pytest.mark.parametrize(
    ("event", "name"), [(card(own=False), "foreign_contact"), (card(""), "contact_failed")], ids=["foreign", "broken"]
)
def test_a_card_that_cannot_be_taken_is_told_why(event: Any, name: str) -> None:
    play = at_question().hear(event)
    assert play.text.startswith(DEFAULT_TEXTS[name][0])
    assert play.state.tries == 1


def test_the_contact_button_shows_what_it_agrees_to_and_its_press_is_the_consent() -> None:
    play = Play(contact_button=True).start()
    assert play.keys[0].asks_contact and "согласие компании" in play.text
    play.hear(card())
    assert play.all_of(RecordConsent)[0].given_by == "📱 Отправить телефон"
    assert play.outcome == "captured"


def test_the_words_of_consent_stand_above_the_button_once() -> None:
    play = Play(contact_button=True).start().says("что?", "confused")
    assert play.keys[0].asks_contact and "согласие" not in play.text
    assert "согласие" not in Play(contact_button=True, has_consent=True).start().text


def test_no_contact_button_where_the_channel_has_none_or_the_script_wants_none() -> None:
    assert not at_question().keys
    assert not Play(script({"phone": ask(contact_button=False)}), contact_button=True).start().keys


def test_a_contact_card_means_nothing_to_another_question() -> None:
    play = Play(script({"phone": ask(field="name")})).start().hear(card())
    assert play.state.step == "phone" and not play.all_of(KeepContact)


def test_a_known_phone_is_not_asked_for_unless_the_script_says_so() -> None:
    assert Play(has_phone=True).start().outcome == "captured"
    assert Play(script({"phone": ask(skip_if_known=False)}), has_phone=True).start().outcome == ""


def test_the_number_in_the_first_words_is_taken_at_once() -> None:
    play = Play().hear(gives(text="Здравствуйте, наберите 8 916 123-45-67"))
    assert SHOWN in play.text and "Ваш номер?" not in play.text


def test_refusals_are_persuaded_counted_and_respected() -> None:
    play = at_question().says("не дам", "refuses")
    assert play.text == "Только для ответа." and play.state.refusals == 1
    assert play.says("нет", "deny").text == "Не настаиваю." and play.outcome == "refused"


def test_without_words_to_persuade_the_question_is_put_again() -> None:
    assert at_question(persuade=None).says("не дам", "refuses").text == "Номер?"
    assert at_question(persuade=None, retries=None).says("не дам", "refuses").text.endswith("\n\nВаш номер?")


def test_a_refusal_that_leads_nowhere_goes_on_asking() -> None:
    play = at_question(on_refusal="", refusals=1).says("не дам", "refuses")
    assert play.state.step == "phone"


@pytest.mark.parametrize("wish", ["faq", "question", "wants", "callback", "why_phone", "privacy"])
def test_a_no_that_wants_something_is_no_refusal(wish: str) -> None:
    assert at_question().says("нет, а сколько?", "deny", wish).state.refusals == 0


def test_too_many_answers_that_fit_nothing_lead_on() -> None:
    play = at_question(tries=2, on_unclear="done")
    assert play.says("ывап", "gibberish").outcome == ""
    assert play.says("ывап", "gibberish").outcome == "captured"


def test_without_a_way_for_the_unclear_a_refusal_s_way_is_taken() -> None:
    assert at_question(tries=1).says("ывап", "gibberish").outcome == "refused"
    play = at_question(tries=1, on_refusal="").says("ывап", "gibberish")
    assert play.state.step == "phone" and "Номер?" in play.text


@pytest.mark.parametrize("intent", ["why_phone", "privacy", "is_bot", "presence", "wants", "greeting"])
def test_what_leads_somewhere_is_no_failed_try(intent: str) -> None:
    play = at_question().says("слова", intent)
    assert play.state.tries == 0 and play.text.endswith("Номер?")


def test_a_yes_to_the_open_question_gets_an_ok_and_the_question() -> None:
    assert at_question().says("да", "affirm").text == "Отлично!\n\nНомер?"


def test_a_need_told_instead_of_the_number_is_passed_on() -> None:
    play = at_question().says("у нас дача и крыша", "statement")
    assert play.notes == ["у нас дача и крыша"] and "передам" in play.text
    assert at_question().says("ну", "statement").text == "Номер?"
    amid = at_question().hear(gives()).says("у нас дача и крыша", "statement")
    assert not amid.notes and SHOWN in amid.text


# --- what is told beside the answer


def test_a_name_and_an_email_told_on_the_way_are_stored_with_the_phone_and_not_before() -> None:
    play = at_question().says("я Сергей", "gives_name", name="Сергей")
    assert play.text.startswith("Очень приятно, Сергей!") and not play.all_of(KeepContact)
    play.says("a@b.ru", "gives_email", email="a@b.ru")
    assert "a@b.ru" in play.text and play.state.tries == 0
    play.hear(gives()).says("да", "affirm")
    kept = [KeepContact("phone", PHONE), KeepContact("name", "Сергей"), KeepContact("email", "a@b.ru")]
    assert play.all_of(KeepContact) == kept
    assert play.state.values["name"] == "Сергей" and not play.state.asides


def test_when_to_ring_is_kept_for_the_manager() -> None:
    named = {"date": dt.date(2026, 3, 3), "time": dt.time(18)}
    play = at_question().says("позвоните завтра после 6", "later", "callback", **named)
    assert "завтра в 18:00" in play.text and play.text.endswith("Номер?")
    play.hear(gives()).says("да", "affirm")
    assert play.notes == ["Удобное время: завтра в 18:00"] and play.state.values["when"] == "завтра в 18:00"
    assert "Передам менеджеру, что вам удобно завтра в 18:00." in play.text


def test_a_wish_to_be_rung_without_an_hour_is_heard() -> None:
    assert at_question().says("наберите", "callback").text.startswith("Хорошо, менеджер вам позвонит.")


def test_without_consent_nothing_told_beside_the_answer_is_stored() -> None:
    raw = script({"phone": ask(field="date", next="done", confirm=False)})
    play = Play(raw).start().says("я Сергей, завтра", "gives_name", name="Сергей", date=dt.date(2026, 3, 3))
    assert not play.all_of(KeepContact) and play.outcome == "captured"


# --- other fields


@pytest.mark.parametrize(
    ("field", "found", "shown"),
    [
        ("name", {"name": "Анна"}, "Анна"),
        ("email", {"email": "a@b.ru"}, "a@b.ru"),
        ("number", {"number": Decimal("2.5")}, "2.5"),
        ("date", {"date": dt.date(2026, 3, 15)}, "15.03.2026"),
        ("text", {}, "слова о деле"),
    ],
)
def test_each_field_is_understood(field: str, found: dict[str, Any], shown: str) -> None:
    play = Play(script({"phone": ask(field=field, confirm=False, consent=False)}), has_consent=True).start()
    play.says(" слова о деле ", "statement", **found)
    assert play.state.values[field] == shown and play.outcome == "captured"


def test_an_email_is_read_back_and_a_likely_typo_is_asked_about() -> None:
    play = at_question(field="email").says("a@gmial.com", "statement", email_suggestion="a@gmail.com")
    assert play.text.startswith("Возможно, вы имели в виду a@gmail.com?")
    play.says("a@gmail.com", "gives_email", email="a@gmail.com")
    assert play.text.startswith("a@gmail.com — всё верно?")


@pytest.mark.parametrize("field", ["name", "number", "date"])
def test_words_that_are_no_such_answer_are_told_so(field: str) -> None:
    play = at_question(field=field).says("не то", "statement")
    assert play.text.startswith(DEFAULT_TEXTS[f"bad_{field}"][0])
    assert at_question(field=field).says("смайл", "emoji").text == "Номер?"


@pytest.mark.parametrize("intent", ["refuses", "later", "question", "insult", "empty"])
def test_free_text_is_not_taken_from_words_that_say_something_else(intent: str) -> None:
    assert "text" not in at_question(field="text").says("слова", intent).state.values


def test_free_text_name_number_and_date_never_count_as_given_by_the_first_words() -> None:
    raw = script({"phone": ask(field="text")})
    assert "Ваш номер?" in Play(raw).says("Здравствуйте, у меня дело", "statement").text
    assert "Ваш номер?" in Play(script({"phone": ask(field="email")})).says("дело", "statement").text


def test_wordings_rotate_so_that_a_repeat_never_sounds_like_one() -> None:
    play = at_question()
    texts = [play.says("?", "emoji").text for _ in range(3)]
    assert texts == ["Номер?", "Так какой номер?", "Номер?"]


def test_facts_of_a_later_turn_are_used() -> None:
    play = at_question().hear(gives())
    play.facts = replace(play.facts, has_consent=True)
    play.says("да", "affirm")
    assert not play.all_of(RecordConsent) and play.all_of(KeepContact)


def test_the_keyboard_goes_with_the_first_plain_words_after_the_question() -> None:
    play = Play(contact_button=True).start()
    assert play.state.keyboard
    play.hear(gives())
    assert play.state.keyboard  # a message with buttons of its own cannot take it away
    play = play.says("да", "affirm")
    assert play.all_of(Say)[-1].hides_keyboard and not play.state.keyboard
    assert not play.all_of(Act)


def test_the_keyboard_stays_while_the_question_is_open() -> None:
    play = Play(contact_button=True).start().says("позже", "later")
    assert not play.all_of(Say)[0].hides_keyboard and play.state.keyboard


@pytest.mark.parametrize(
    ("text", "intent"), [("рено логан 2014 1.6 не заводится", "statement"), ("сколько будет 2+2", "off_topic")]
)
def test_a_year_or_a_size_among_words_is_not_called_a_bad_number(text: str, intent: str) -> None:
    assert "номер" not in at_question().says(text, intent, phone_reason="too_short").text.split("\n\n")[0].lower()


def test_a_number_among_words_is_still_called_a_bad_one() -> None:
    text = at_question().says("вот мой новый номер 8 916 123 45", "statement", phone_reason="too_short").text
    assert text.startswith(PHONE_REASONS["too_short"])
