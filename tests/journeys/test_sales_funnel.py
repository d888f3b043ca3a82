"""The sales funnel through the real doors: a deep link, the bonus, five questions, changed minds, pauses, odd presses."""

import pytest

from crm.models import Customer, Event
from dialogs.models import Conversation, SurveyAnswer
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House
from tests.journeys.school import COLD, HOT, MENU, SCHOOL, answers, reaches_the_survey, school, vera

__all__ = ["school", "vera"]  # the fixtures


def events_of(customer: TelegramCustomer) -> list[str]:
    person = Customer.objects.get(links__chat=customer.chat)
    return list(Event.objects.filter(customer=person).order_by("id").values_list("type", flat=True))


def card_of(customer: TelegramCustomer) -> Customer:
    return Customer.objects.get(links__chat=customer.chat)


def keyboard_of(house: House, customer: TelegramCustomer) -> list[str]:
    return [key["text"] for row in house.telegram.keyboard(customer.token, customer.user_id) for key in row]


def test_the_whole_road_from_an_advertisement_to_a_profile(school: House, vera: TelegramCustomer) -> None:
    vera.says("/start vk-cpc-spring")
    assert vera.heard[0].startswith("Здравствуйте, Вера! 👋 Это помощник школы «Крипта без паники».")
    assert vera.labels == ["🎁 Получить бонус"] and keyboard_of(school, vera) == MENU
    assert vera.lead.utm == {"source": "vk", "medium": "cpc", "campaign": "spring"}

    vera.presses("🎁 Получить бонус")
    gifts = next(text for text in vera.heard if text.startswith("Вот что приготовил"))
    assert all(title in gifts for title in ("Первые шаги в крипте", "12 проверок", "Мой риск-профиль", "Словарик"))
    assert "Готовы начать?" in vera.heard[-1] and card_of(vera).funnel_stage == "bonus"

    vera.presses("Да, начнём")
    assert "1 из 5" in vera.heard[-1] and card_of(vera).funnel_stage == "survey"
    vera.presses("Начинаю с нуля")
    assert "С нуля — отличная точка" in vera.heard[-1] and "2 из 5" in vera.heard[-1]
    vera.says("приумножить")
    assert "3 из 5" in vera.heard[-1]
    vera.presses("✏️ Изменить прошлый ответ")
    assert "2 из 5" in vera.heard[-1]
    vera.presses("Сохранить накопления")

    before = len(vera.heard)
    school.passes(days=3)
    assert any("сохранились" in text for text in vera.heard[before:]), "a reminder, and the question again"
    vera.presses("50 000 – 300 000 ₽")
    vera.presses("Боюсь потерять деньги")
    vera.presses("В ближайший месяц")

    profile = next(text for text in vera.heard if "Вот что я понял о вас" in text)
    assert "цель: Сохранить накопления" in profile and "сумма: 50 000 – 300 000 ₽" in profile
    card = card_of(vera)
    assert (card.segment, card.lead_score, card.persona, card.funnel_stage) == ("warm", 6, "newcomer", "talk")
    kept = SurveyAnswer.objects.filter(customer=card).values_list("question", "answer", "points").order_by("question")
    assert list(kept) == [("q1", "a", 0), ("q2", "b", 1), ("q3", "b", 2), ("q4", "a", 1), ("q5", "b", 2)]
    counted = events_of(vera)
    assert counted.count("survey_answer") == 6, "the answer taken back was an answer, too"
    assert {"started", "shown", "survey_done", "stage"} <= set(counted)


@pytest.mark.parametrize(
    ("chosen", "segment", "persona", "words"),
    [
        (HOT, "hot", "trader", "не хватает не идей, а правил"),
        (COLD, "cold", "newcomer", "понятный порядок шагов"),
        ((*COLD[:3], "Не верю — кругом обман", COLD[4]), "cold", "sceptic", "Осторожность — ваше преимущество"),
        ((*COLD[:2], HOT[2], *HOT[3:]), "hot", "investor", "С капиталом главный вопрос"),
    ],
)
def test_the_answers_decide_the_segment_and_who_is_talked_to(
    vera: TelegramCustomer, chosen: tuple[str, ...], segment: str, persona: str, words: str
) -> None:
    reaches_the_survey(vera)
    answers(vera, chosen)
    card = card_of(vera)
    assert (card.segment, card.persona) == (segment, persona)
    assert any(words in text for text in vera.heard)


def test_who_is_not_ready_hears_about_reliability_or_growth(vera: TelegramCustomer) -> None:
    vera.says("/start")
    vera.presses("🎁 Получить бонус")
    assert "надёжность или рост" in vera.presses("Пока нет")
    vera.says("надёжность")
    assert any("Стейблкоины" in text for text in vera.heard) and "Как вам удобнее продолжить?" in vera.heard[-1]
    vera.presses("📊 Всё-таки пройти подбор")
    assert "1 из 5" in vera.heard[-1]


def test_the_permanent_keys_and_commands_work_amid_the_survey(school: House, vera: TelegramCustomer) -> None:
    reaches_the_survey(vera)
    vera.presses("Начинаю с нуля")
    vera.says("🎁 Бонусы")
    assert any(text.startswith("Вот что приготовил") for text in vera.heard[-2:]) and "2 из 5" in vera.heard[-1]
    vera.says("/help")
    assert "Что умею" in vera.heard[-2] and "2 из 5" in vera.heard[-1]
    vera.forges("faq:guarantee")
    assert vera.heard[-1].startswith("Нет, и никому не верьте") and "2 из 5" in vera.heard[-1]
    vera.says("Подбор инструмента")
    assert "2 из 5" in vera.heard[-1]


def test_an_old_button_pressed_weeks_later_or_twice_or_forged_changes_nothing_wrong(
    school: House, vera: TelegramCustomer
) -> None:
    reaches_the_survey(vera)
    answers(vera, HOT)
    card = card_of(vera)
    found = (card.segment, card.lead_score, card.persona)
    school.passes(days=21)
    for data in ("survey:q1:a", "survey:q5:z", "survey:q9:a", "offer:pay:нет", "faq:нет", "bonus:get", "💣" * 16, "::"):
        before = len(vera.heard)
        vera.forges(data)
        assert len(vera.heard) > before, f"{data} is answered"
    card.refresh_from_db()
    assert (card.segment, card.lead_score, card.persona) == found
    assert SurveyAnswer.objects.filter(customer=card).count() == 5
    assert not school.telegram.bot(SCHOOL).pending()

    before = len(vera.heard)
    for _ in range(2):
        school.telegram.presses(SCHOOL, vera.user_id, None, "bonus:get", forged=True)
    school.settle()
    assert sum(text.startswith("Вот что приготовил") for text in vera.heard[before:]) == 1


def test_two_products_in_one_house_do_not_answer_each_other_s_questions(
    school: House, vera: TelegramCustomer, anna: TelegramCustomer
) -> None:
    vera.says("/start")
    vera.says("Сколько стоит обучение?")
    assert any("24 900 ₽" in text for text in vera.heard)
    anna.says("Здравствуйте")
    anna.says("Сколько стоит обучение?")
    assert not any("24 900" in text for text in anna.heard)
    vera.says("Где вы находитесь?")
    assert not any("Ленина" in text for text in vera.heard)
    assert "Окна Плюс" in anna.heard[0] and "Крипта без паники" in vera.heard[0]


def test_start_again_keeps_what_was_answered(vera: TelegramCustomer) -> None:
    reaches_the_survey(vera)
    vera.presses("Пробовал понемногу")
    vera.says("/start")
    vera.presses("🎁 Получить бонус")
    vera.presses("Да, начнём")
    assert "Продолжим" in vera.heard[-1] and "2 из 5" in vera.heard[-1]
    assert Conversation.objects.filter(chat=vera.chat).count() == 1


def test_start_after_weeks_of_silence_goes_on_where_the_survey_stopped(school: House, vera: TelegramCustomer) -> None:
    reaches_the_survey(vera)
    vera.presses("Пробовал понемногу")
    school.passes(days=14)
    assert Conversation.objects.get(chat=vera.chat).outcome == "silent"
    vera.says("/start")
    vera.presses("🎁 Получить бонус")
    vera.presses("Да, начнём")
    assert "Продолжим" in vera.heard[-1] and "2 из 5" in vera.heard[-1]
    assert Conversation.objects.filter(chat=vera.chat).count() == 2
