"""The free talk: the assistant proposes, the policy decides, and what came too late is not said."""

from typing import Any

import pytest

from dialogs.engine.effects import AskAssistant, HandOver, RecordDecision, Say, StartTimer
from dialogs.engine.events import Proposed, Returned, Started, TakenOver
from dialogs.engine.paragraphs import short
from dialogs.engine.personas import Persona
from dialogs.engine.problems import ScriptError
from dialogs.engine.proposals import NextAction, Proposal, ProposedButton, Verdict
from dialogs.engine.script import load
from dialogs.engine.state import Mode
from dialogs.engine.steps.assistant import Assistant
from dialogs.engine.validation import check
from tests.dialogs.engine.play import HOURS, PRICE, Play, script

PRODUCTS = [{"code": "start", "title": "Основы", "price": "49000.00"}]


def talk(**settings: Any) -> dict[str, Any]:
    steps = {
        "talk": {
            "kind": "assistant", "offer_consult": "consult", "offer_payment": "offer", "timeout": "3d",
            "on_timeout": "silent", "reminders": [{"after": "1h", "text": "Вы здесь?"}], **settings,
        },
        "consult": {
            "kind": "menu", "text": "Когда удобно?", "choices": [{"key": "a", "text": "В 12:00", "next": "done"}],
            "timeout": "1d", "on_timeout": "talk",
        },
        "offer": {"kind": "end", "text": "Ссылка."},
        "manager": {"kind": "handover", "text": "Зову менеджера.", "on_return": "talk"},
    }  # fmt: skip
    return script(steps, start="talk", person="manager")


def proposed(
    text: str = "Понимаю вас. Что сейчас важнее?",
    action: NextAction = NextAction.ASK,
    *,
    request: int = 1,
    epoch: int = 0,
    confidence: float = 0.9,
    buttons: tuple[ProposedButton, ...] = (),
    **facts: Any,
) -> Proposed:
    return Proposed(
        turn=7,
        request=request,
        epoch=epoch,
        proposal=Proposal(text, buttons, action, confidence),
        screening=(Verdict("income_promise", allowed=True),),
        facts={"products": PRODUCTS, **facts},
    )


def requests(play: Play) -> list[int]:
    return [effect.request for effect in play.all_of(AskAssistant)]


def says(play: Play) -> list[str]:
    return [effect.text for effect in play.all_of(Say)]


def recorded(play: Play) -> RecordDecision:
    (record,) = play.all_of(RecordDecision)
    return record


def test_the_assistant_opens_the_talk_answers_and_is_recorded() -> None:
    play = Play(talk()).start()
    assert requests(play) == [1]
    assert not says(play)
    play.hear(proposed())
    assert says(play) == ["Понимаю вас. Что сейчас важнее?"]
    decision = recorded(play).decision
    assert decision is not None
    assert decision.text == says(play)[0]
    assert recorded(play).facts["can_book"]
    assert {effect.name for effect in play.all_of(StartTimer)} == {"timeout", "reminder:0"}
    assert requests(play.says("Расскажите о рисках", "statement")) == [2]


def test_words_of_the_script_may_open_it_instead() -> None:
    play = Play(talk(text="О чём поговорим?")).start()
    assert says(play) == ["О чём поговорим?"]
    assert not requests(play)
    assert play.timers
    assert not requests(Play(talk(text="О чём поговорим?")).says("Привет", "greeting"))
    assert requests(Play(talk(text="О чём поговорим?")).says("С чего начать?", "greeting", "question")) == [1]
    play = Play(talk(text="Рад знакомству!", opens=True)).start()
    assert says(play) == ["Рад знакомству!"]
    assert requests(play) == [1]


def test_a_newer_message_makes_the_answer_stale_and_it_is_dropped() -> None:
    play = Play(talk()).start().says("И ещё вопрос", "question")
    assert requests(play) == [2]
    play.hear(proposed(request=1))
    assert play.effects == (RecordDecision(7),)
    play.hear(proposed(request=2))
    assert says(play)
    play.hear(proposed(request=2))  # nobody waits any more
    assert play.effects == (RecordDecision(7),)


def test_an_answer_from_before_a_takeover_is_not_said_after_the_return() -> None:
    play = Play(talk()).start().hear(TakenOver())
    play.hear(proposed())
    assert play.effects == (RecordDecision(7),)
    play.hear(Returned())
    assert requests(play) == [2]
    play.facts = play.facts.__class__(epoch=2)
    play.hear(proposed(request=2, epoch=0))
    assert play.effects == (RecordDecision(7),)
    assert says(play.hear(proposed(request=2, epoch=2)))


@pytest.mark.parametrize("end", ["/stop", "/start", "consult", "nobody"])
def test_what_ends_or_leaves_the_talk_makes_the_answer_stale(end: str) -> None:
    play = Play(talk())
    if end != "nobody":
        play.start()
    if end == "/stop":
        play.says("/stop", "stop")
    elif end == "/start":
        assert requests(play.hear(Started())) == [3]
    elif end == "consult":
        assert "Когда удобно?" in play.press("talk:consult").text
    play.hear(proposed())
    assert play.effects == (RecordDecision(7),)


def test_an_answer_that_finds_another_step_is_dropped() -> None:
    play = Play(talk()).start()
    play.state = play.state.__class__(step="consult", assistant=play.state.assistant)
    play.hear(proposed())
    assert play.effects == (RecordDecision(7),)


def test_an_offer_always_has_the_button_that_takes_it() -> None:
    play = Play(talk()).start().hear(proposed("Предлагаю консультацию.", NextAction.OFFER_CONSULT))
    assert [key.data for key in play.keys] == ["talk:consult"]
    play.says("сколько стоит?", "question").hear(proposed("Оформим участие?", NextAction.OFFER_PAYMENT, request=2))
    assert [key.data for key in play.keys] == ["talk:pay"]
    own = (ProposedButton("Оплатить", "offer:pay:start"), ProposedButton("Чужая", "evil:1"))
    play.says("хочу оплатить", "wants").hear(
        proposed("Отлично, вот.", NextAction.OFFER_PAYMENT, request=3, buttons=own, said="хочу оплатить")
    )
    assert [key.data for key in play.keys] == ["offer:pay:start"]


def test_pressing_an_offer_leads_to_its_step_and_an_old_button_is_told_so() -> None:
    assert Play(talk()).start().press("talk:consult").state.step == "consult"
    assert Play(talk()).start().press("talk:pay").is_over
    assert requests(Play(talk()).start().press("talk:more")) == [2]
    play = Play(talk(offer_payment="")).start().press("talk:pay")
    assert play.text == "Эта кнопка уже не действует."
    play.hear(proposed()).press("phone:yes")
    assert play.text.endswith("Можно просто написать вопрос.")


def test_a_plain_yes_takes_the_offer_and_a_yes_with_a_question_is_answered() -> None:
    play = Play(talk()).start().hear(proposed("Записать вас?", NextAction.OFFER_CONSULT)).says("да", "affirm")
    assert play.state.step == "consult"
    play = Play(talk()).start().hear(proposed("Записать вас?", NextAction.OFFER_CONSULT))
    assert requests(play.says("да, а это платно?", "affirm", "question")) == [2]
    play = Play(talk()).start().hear(proposed())
    assert requests(play.says("да", "affirm")) == [2]  # nothing was offered
    assert requests(Play(talk()).start().says("да", "affirm")) == [2]  # nothing was said yet


def test_a_plain_wish_for_a_consultation_needs_no_assistant() -> None:
    assert Play(talk()).start().says("Хорошо, запишите меня на консультацию", "wants", "affirm").state.step == "consult"
    assert requests(Play(talk()).start().says("а консультация платная?", "question")) == [2]
    assert requests(Play(talk(offer_consult="")).start().says("Запишите меня", "wants")) == [2]


def test_a_voice_message_or_a_photo_gets_a_human_answer_and_a_waiting_question_its_own() -> None:
    play = Play(talk()).start().hear(proposed())
    assert "Голосовые" in play.says("", media=("voice",)).text
    assert "опишите" in play.says("", media=("photo",)).text
    assert "стикер" in play.says("", media=("sticker",)).text
    assert "получил" in play.says("", media=("document",)).text
    assert requests(Play(talk()).start().says("", media=("sticker",))) == [2]


def test_the_library_answers_first_and_a_question_under_way_is_asked_again() -> None:
    play = Play(talk()).start().hear(proposed()).says("когда вы работаете?", "faq", faq=(HOURS,))
    assert says(play) == [HOURS.answer]
    assert not requests(play)
    play = Play(talk()).start().says("когда вы работаете?", "faq", faq=(HOURS,))
    assert requests(play) == [2]
    play = Play(talk()).start().hear(proposed()).says("сколько стоит? готов начать", "faq", faq=(HOURS,))
    assert requests(play) == [2], "who means to act is led on"


@pytest.mark.parametrize(
    ("text", "is_library_s"),
    [
        ("дорого", False),
        ("дороговато для меня", False),
        ("у меня нет денег на это", False),
        ("дорого у вас?", True),
        ("а есть что-то подешевле", True),
        ("сколько стоит, дорого наверное", True),
        ("некогда", True),  # nobody has words for that
    ],
)
def test_an_objection_is_the_sellers_and_a_question_the_librarys(text: str, is_library_s: bool) -> None:
    personas = {"anybody": {"goal": "Узнать", "objections": {"expensive": "Есть рассрочка."}}}
    play = Play(talk(personas=personas)).start().hear(proposed()).says(text, "faq", faq=(PRICE,))
    assert (PRICE.answer in play.text) is is_library_s
    assert is_library_s or requests(play)


def test_the_third_doubt_in_a_row_gives_the_word_to_a_human() -> None:
    play = Play(talk()).start()
    for number, text in enumerate(("Не уверен, что понял.", "Кажется, так.", "Не знаю."), 1):
        play.hear(proposed(text, request=number, confidence=0.3))
        if number < 3:
            play.says("что?", "question")
    assert play.all_of(HandOver)[0].reason == "assistant_unsure"
    assert play.state.mode is Mode.HANDED_OVER
    play = Play(talk(escalate="manager")).start()
    play.hear(proposed("Позову человека.", NextAction.ESCALATE))
    assert says(play)[-1] == "Зову менеджера."


@pytest.mark.parametrize(("is_open", "words"), [(True, "ответит здесь же"), (False, "нерабочее время")])
def test_the_button_that_calls_a_person_calls_one_and_tells_the_hours(is_open: bool, words: str) -> None:
    play = Play(talk(), is_open=is_open).start().press("talk:manager")
    assert words in play.text
    assert play.all_of(HandOver)[0].reason == "asked_person"


def test_a_long_answer_comes_as_a_few_messages_with_the_buttons_under_the_last() -> None:
    text = "\n\n".join(["Первая мысль довольно длинная. " * 6, "Вторая мысль тоже. " * 9, "И вопрос?"])
    play = Play(talk()).start()
    play.hear(proposed(text, NextAction.OFFER_CONSULT))
    assert 1 < len(says(play)) <= 3
    assert [bool(say.keys) for say in play.all_of(Say)] == [False] * (len(says(play)) - 1) + [True]
    circle = says(Play(talk()).start().hear(proposed("Очень длинный ответ без конца. " * 20)))
    assert len(circle) == len(set(circle))


def test_a_reminder_or_an_hour_named_brings_the_assistant_back() -> None:
    play = Play(talk()).start().hear(proposed())
    assert says(play.alarm("reminder:0")) == ["Вы здесь?"]
    assert requests(play.alarm("later")) == [2]
    assert play.alarm("what").effects == ()
    assert play.alarm("timeout").is_over


def test_words_are_cut_where_a_thought_ends_and_nothing_is_lost() -> None:
    assert short("") == ()
    assert short("Коротко.") == ("Коротко.",)
    assert short("Раз.\n\nДва.") == ("Раз.\n\nДва.",)
    long = "Довольно длинное предложение о риске. " * 30
    messages = short(long)
    assert len(messages) == 3
    assert " ".join(messages) == long.strip()


def test_a_persona_is_found_by_name_or_it_is_anybody_s() -> None:
    raw = {"newcomer": {"goal": "Понять", "objections": {"дорого": "Есть рассрочка."}}, "anybody": {"goal": "Узнать"}}
    step = load(talk(personas=raw)).steps["talk"]
    assert isinstance(step, Assistant)
    assert step.persona("newcomer").objections == {"дорого": ("Есть рассрочка.",)}
    assert step.persona("investor").goal == "Узнать"
    plain = load(talk()).steps["talk"]
    assert isinstance(plain, Assistant)
    assert plain.persona("newcomer") == Persona()


def test_a_script_that_misuses_it_is_told_so() -> None:
    with pytest.raises(ScriptError, match="no setting 'gaol'"):
        load(talk(personas={"newcomer": {"gaol": "?"}}))
    assert not [item for item in check(load(talk(buttons=["survey:start"], escalate="manager"))) if item.step == "talk"]
    codes = {item.code for item in check(load(talk(buttons=["x" * 70], timeout=0))) if item.step == "talk"}
    assert codes == {"long-key", "missing-timeout"}


def test_words_not_answered_yet_are_answered_with_the_next_ones() -> None:
    play = Play(talk()).start()
    assert play.state.assistant.about == ""
    play.says("Раз", "statement").says("Два", "statement")
    assert play.state.assistant.about == "Раз\nДва"
    play.hear(proposed(request=3)).says("Три", "statement")
    assert play.state.assistant.about == "Три"
