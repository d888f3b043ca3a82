"""The school's funnel meets its managers: what their card says, and the customer who wants a human."""

import pytest

from bot.models import Chat
from crm.models import Lead, ScheduleRule
from dialogs.surroundings import forget
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import IVAN_TELEGRAM, MARIA_TELEGRAM, House
from tests.journeys.managers import BACK, TAKE, Managers
from tests.journeys.school import HOT, SCHOOL, answers, reaches_the_survey, school, vera

__all__ = ["school", "vera"]  # the fixtures
GROUP = -100_700


@pytest.fixture
def managers(school: House) -> Managers:
    """Ivan and Maria have begun with the school's bot and have put it into their group."""
    for who, name in ((IVAN_TELEGRAM, "Иван"), (MARIA_TELEGRAM, "Мария")):
        school.telegram.starts(SCHOOL, who, first_name=name)
    school.settle()
    school.telegram.puts_in(SCHOOL, GROUP, by=IVAN_TELEGRAM, title="Школа: заявки")
    school.settle()
    return Managers(school, GROUP, SCHOOL)


def test_who_calls_for_a_manager_is_a_card_with_all_that_is_known(
    school: House, managers: Managers, vera: TelegramCustomer
) -> None:
    school.telegram.add_person(vera.user_id, username="vera_ok")
    vera.says("/start vk-cpc-spring")
    reaches_the_survey(vera)
    answers(vera, HOT)
    vera.says("А рассрочка у вас есть?")
    vera.says("👤 Связаться с менеджером")
    [card] = managers.room
    assert card.labels == [TAKE]
    for words in (
        f"🆕 Заявка № {vera.lead.pk}",
        "👤 Вера · @vera_ok · 🔥 горячий",
        "📈 Опыт: Активно торгую",
        "🎯 Цель: Приумножить капитал",
        "💰 Бюджет: Больше 1 000 000 ₽",
        "vk/cpc/spring",
        "Вера: анкета на",
        "«А рассрочка у вас есть?»",
    ):
        assert words in card.text, words
    summary = vera.lead.summary
    assert 2 <= summary.count(".") <= 6, summary
    assert vera.chat.speaker == Chat.Speaker.MANAGER

    assert managers.take(MARIA_TELEGRAM).startswith("Заявка №")
    waiting = managers.private(MARIA_TELEGRAM)[-1]
    assert "клиент ждёт человека" in waiting.text and waiting.labels == [BACK], "nothing more need be pressed"
    vera.says("Ау?")
    assert managers.private(MARIA_TELEGRAM)[-1].text == "💬 Вера: Ау?"
    managers.writes(MARIA_TELEGRAM, "Вера, здравствуйте! Рассрочка есть.")
    assert vera.heard[-1] == "Вера, здравствуйте! Рассрочка есть."
    managers.press(MARIA_TELEGRAM, BACK)
    assert vera.chat.speaker == Chat.Speaker.BOT
    heard = len(vera.heard)
    vera.says("Спасибо, понятно")
    assert len(vera.heard) > heard, "the bot goes on where it can"


def test_who_asks_for_the_link_is_a_lead_and_the_channel_hears_of_the_link(
    school: House, managers: Managers, vera: TelegramCustomer
) -> None:
    reaches_the_survey(vera)
    answers(vera, HOT)
    vera.forges("offer:pay:start")
    lead = vera.lead
    assert (lead.status, lead.reason) == (Lead.Status.CAPTURED, "payment")
    card, link = managers.room
    assert card.labels == [TAKE] and "клиент выбирает программу" in card.text
    assert link.text.startswith("💳 Пользователю") and "отправлена ссылка на оплату" in link.text
    assert vera.chat.speaker == Chat.Speaker.BOT, "the bot goes on talking"


def test_who_books_a_consultation_is_a_card_that_says_when_and_follows_what_becomes_of_it(
    school: House, managers: Managers, vera: TelegramCustomer
) -> None:
    ScheduleRule.objects.update_or_create(
        title="Консультации", defaults={"weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
    )
    forget()
    vera.says("/start")
    vera.says("🗓 Записаться")
    vera.presses(vera.labels[1])
    vera.presses("14:00")
    [card] = managers.room
    assert card.labels == [TAKE] and "📌 назначен на консультацию" in card.text and "в 14:00 (МСК)" in card.text
    vera.says("8 916 123 45 67")
    vera.says("да")
    [card] = managers.room
    assert "📞 +7 916 123-45-67" in card.text and card.is_edited, "one card, brought up to date"
    managers.take(IVAN_TELEGRAM)
    assert any("📌 назначен на консультацию" in message.text for message in managers.private(IVAN_TELEGRAM))


def test_a_manager_sends_the_payment_link_from_the_messenger(
    school: House, managers: Managers, vera: TelegramCustomer
) -> None:
    reaches_the_survey(vera)
    answers(vera, HOT)
    vera.says("👤 Связаться с менеджером")
    managers.take(MARIA_TELEGRAM)
    assert any("💳 Ссылка на оплату" in message.labels for message in managers.private(MARIA_TELEGRAM))
    managers.press(MARIA_TELEGRAM, "💳 Ссылка на оплату")
    asked = managers.private(MARIA_TELEGRAM)[-1]
    assert "на что отправить ссылку?" in asked.text
    managers.press(MARIA_TELEGRAM, next(label for label in asked.labels if "Старт без паники" in label))
    assert managers.toast(MARIA_TELEGRAM)["text"] == "Ссылка на оплату отправлена."
    assert "персональная ссылка на оплату" in vera.heard[-1]
    assert "отправлена ссылка на оплату" in managers.private(MARIA_TELEGRAM)[-1].text
    [order] = vera.lead.orders.all()
    assert order.amount == 24900
    managers.press(MARIA_TELEGRAM, "💬 Открыть диалог")
    for forged in ("sell:1:1", f"sell:{vera.lead.pk}:99999", "sell:x:y", f"lead:pay:{vera.lead.pk + 99}"):
        school.telegram.presses(SCHOOL, IVAN_TELEGRAM, 1, forged, forged=True)
    school.settle()
    assert vera.lead.orders.count() == 1
