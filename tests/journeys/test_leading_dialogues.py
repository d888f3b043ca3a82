"""A manager leads a customer's dialogue from the messenger: opens it, writes, hears, gives it back, or forgets it."""

import pytest

from bot.models import Chat, Message
from crm import desk
from crm.models import Manager, Takeover
from tests.journeys.customers import SiteVisitor, TelegramCustomer
from tests.journeys.house import TOKEN, House
from tests.journeys.managers import (
    BACK,
    IVAN_TELEGRAM,
    MARIA_TELEGRAM,
    Managers,
    choose_leads_themselves,
    leaves_number,
)


@pytest.fixture
def managers(house: House) -> Managers:
    """Ivan and Maria choose their leads in their group."""
    return choose_leads_themselves(house)


@pytest.fixture
def opened(house: House, managers: Managers, anna: TelegramCustomer) -> Managers:
    """Ivan has Anna's lead and has opened her dialogue."""
    leaves_number(anna)
    managers.take(IVAN_TELEGRAM)
    managers.opens(IVAN_TELEGRAM)
    return managers


def lines_of_the_house(chat: Chat) -> list[str]:
    return list(Message.objects.filter(chat=chat, role="system").order_by("id").values_list("text", flat=True))


def test_the_whole_road_from_the_card_to_the_return(house: House, opened: Managers, anna: TelegramCustomer) -> None:
    shown = opened.private(IVAN_TELEGRAM)[-1]
    assert "диалог ваш, бот молчит" in shown.text and "👤 да" in shown.text, "with the last words of the dialogue"
    assert shown.labels == [BACK]

    opened.writes(IVAN_TELEGRAM, "Здравствуйте, это Иван. Какой у вас дом?")
    assert anna.heard[-1] == "Здравствуйте, это Иван. Какой у вас дом?"
    assert Message.objects.get(text=anna.heard[-1], chat=anna.chat).role == Message.Role.MANAGER

    heard = len(anna.heard)
    anna.says("Кирпичный, 120 метров")
    assert opened.private(IVAN_TELEGRAM)[-1].text == "💬 Анна: Кирпичный, 120 метров"
    house.passes(hours=2)
    assert len(anna.heard) == heard, "the bot is silent"

    opened.press(IVAN_TELEGRAM, BACK)
    assert "диалог вернулся боту" in opened.private(IVAN_TELEGRAM)[-1].text
    assert lines_of_the_house(anna.chat) == ["Диалог ведёт Иван. Бот молчит.", "Диалог вернулся боту: Иван."]
    anna.says("во сколько вы открываетесь?")
    assert len(anna.heard) == heard + 1, "the bot answers again"
    assert all("открываетесь" not in message.text for message in opened.private(IVAN_TELEGRAM))


def test_an_answer_to_the_card_takes_the_dialogue_over_by_itself(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    leaves_number(anna)
    managers.take(IVAN_TELEGRAM)
    card = managers.private(IVAN_TELEGRAM)[-1]
    managers.writes(IVAN_TELEGRAM, "Добрый день, Анна!", reply_to=card.id)
    assert anna.heard[-1] == "Добрый день, Анна!"
    assert anna.chat.speaker == Chat.Speaker.MANAGER
    assert "диалог ваш" in managers.private(IVAN_TELEGRAM)[-1].text


def test_with_two_dialogues_the_words_go_to_the_customer_who_is_answered_and_never_to_the_wrong_one(
    house: House, opened: Managers, anna: TelegramCustomer
) -> None:
    boris = TelegramCustomer(house, "Борис", user_id=778)
    leaves_number(boris, "+7 903 765-43-21")
    opened.take(IVAN_TELEGRAM)
    opened.opens(IVAN_TELEGRAM)
    before = len(anna.heard), len(boris.heard)
    opened.writes(IVAN_TELEGRAM, "Когда вам удобно?")
    assert "открыто несколько диалогов" in opened.private(IVAN_TELEGRAM)[-1].text
    assert (len(anna.heard), len(boris.heard)) == before

    anna.says("Можно завтра?")
    opened.writes(IVAN_TELEGRAM, "Можно", reply_to=opened.private(IVAN_TELEGRAM)[-1].id)
    assert (anna.heard[-1], len(boris.heard)) == ("Можно", before[1])

    opened.writes(IVAN_TELEGRAM, "/return")
    labels = [f"🤖 № {anna.lead.pk}, Анна", f"🤖 № {boris.lead.pk}, Борис"]
    assert opened.private(IVAN_TELEGRAM)[-1].labels == labels, "the one written to last comes first"
    opened.press(IVAN_TELEGRAM, f"🤖 № {boris.lead.pk}, Борис")
    assert boris.chat.speaker == Chat.Speaker.BOT and anna.chat.speaker == Chat.Speaker.MANAGER
    opened.writes(IVAN_TELEGRAM, "/return")
    assert anna.chat.speaker == Chat.Speaker.BOT


def test_files_go_both_ways_as_they_are(house: House, opened: Managers, anna: TelegramCustomer) -> None:
    house.telegram.sends_photo(TOKEN, anna.user_id, caption="вот проём")
    house.settle()
    words, photo = opened.private(IVAN_TELEGRAM)[-2:]
    assert (words.text, photo.kind) == ("💬 Анна: вот проём", "photo")
    house.telegram.sends_voice(TOKEN, IVAN_TELEGRAM)
    house.settle()
    assert house.telegram.said(TOKEN, anna.user_id)[-1].kind == "voice"


def test_a_customer_of_another_channel_is_led_in_words(house: House, managers: Managers, visitor: SiteVisitor) -> None:
    visitor.starts()
    visitor.says("Здравствуйте")
    visitor.says("8 916 123 45 67")
    visitor.presses("Да, верно")
    managers.take(MARIA_TELEGRAM)
    managers.opens(MARIA_TELEGRAM)
    managers.writes(MARIA_TELEGRAM, "Здравствуйте, это Мария")
    assert visitor.heard[-1] == "Здравствуйте, это Мария"
    visitor.says("А сколько стоит?")
    assert managers.private(MARIA_TELEGRAM)[-1].text.endswith("А сколько стоит?")
    house.telegram.sends_photo(TOKEN, MARIA_TELEGRAM)
    house.settle()
    assert "Файл не передать" in managers.private(MARIA_TELEGRAM)[-1].text


def test_another_manager_can_neither_open_nor_answer(house: House, opened: Managers, anna: TelegramCustomer) -> None:
    number = anna.lead.pk
    house.telegram.presses(TOKEN, MARIA_TELEGRAM, None, f"lead:open:{number}", forged=True)
    house.settle()
    assert opened.toast(MARIA_TELEGRAM)["text"] == "Эту заявку ведёт Иван."
    opened.writes(MARIA_TELEGRAM, "Здравствуйте!")
    assert "нет открытых диалогов" in opened.private(MARIA_TELEGRAM)[-1].text
    assert anna.heard[-1] != "Здравствуйте!"


def test_a_silent_manager_is_warned_and_then_the_bot_comes_back(
    house: House, opened: Managers, anna: TelegramCustomer
) -> None:
    house.passes(hours=11, minutes=25)
    assert not any("давно не писали" in message.text for message in opened.private(IVAN_TELEGRAM))
    house.passes(minutes=10)
    warning = opened.private(IVAN_TELEGRAM)[-1]
    assert "давно не писали" in warning.text and warning.labels == ["Оставить мне", BACK]
    house.passes(minutes=10)
    assert opened.private(IVAN_TELEGRAM)[-1].id == warning.id, "one warning is enough"
    house.passes(minutes=20)
    assert anna.chat.speaker == Chat.Speaker.BOT
    assert "снова ведёт бот" in opened.private(IVAN_TELEGRAM)[-1].text
    assert lines_of_the_house(anna.chat)[-1] == "Диалог вернулся боту: менеджер долго не отвечал."


def test_a_word_or_the_button_keeps_the_dialogue(house: House, opened: Managers, anna: TelegramCustomer) -> None:
    house.passes(hours=11, minutes=35)
    opened.press(IVAN_TELEGRAM, "Оставить мне")
    assert opened.toast(IVAN_TELEGRAM)["text"] == "Хорошо, диалог остаётся за вами."
    Takeover.objects.update(last_word_at=house.clock())  # the house's clock is ahead of the database's
    house.passes(hours=11)
    assert anna.chat.speaker == Chat.Speaker.MANAGER


def test_the_back_office_and_the_messenger_see_one_dialogue(
    house: House, opened: Managers, anna: TelegramCustomer
) -> None:
    desk.give_back(anna.lead, by="Админ")
    opened.writes(IVAN_TELEGRAM, "вы ещё здесь?")
    assert "нет открытых диалогов" in opened.private(IVAN_TELEGRAM)[-1].text, "the bot has it: nothing slips out"
    desk.take_over(anna.lead, by="Админ")
    house.telegram.presses(TOKEN, IVAN_TELEGRAM, None, "💬 Открыть диалог")
    house.settle()
    assert opened.toast(IVAN_TELEGRAM)["text"] == "Этот диалог уже ведёт Админ."


def test_a_customer_who_calls_for_a_human_is_not_left_alone_for_ever(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    anna.says("Позовите менеджера")
    assert anna.chat.speaker == Chat.Speaker.MANAGER
    Manager.objects.update(is_on_duty=False)
    house.passes(hours=13)
    assert anna.chat.speaker == Chat.Speaker.BOT


def test_leads_are_listed_and_taken_from_the_private_chat(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    boris = TelegramCustomer(house, "Борис", user_id=778)
    for person, number in ((anna, "8 916 123 45 67"), (boris, "+7 903 765-43-21")):
        leaves_number(person, number)
    managers.take(IVAN_TELEGRAM)  # the newest card: Boris
    managers.writes(IVAN_TELEGRAM, "/leads")
    listed = managers.private(IVAN_TELEGRAM)[-1]
    assert f"• № {boris.lead.pk}, Борис · +7 903 765-43-21" in listed.text
    assert listed.labels == [f"💬 № {boris.lead.pk}, Борис", f"✅ Взять № {anna.lead.pk}, Анна"]
    managers.press(IVAN_TELEGRAM, f"✅ Взять № {anna.lead.pk}, Анна")
    assert anna.manager.name == "Иван"
    assert [line for line in managers.lines if "ведёт" in line] == [
        f"✅ Заявку № {boris.lead.pk} ведёт Иван",
        f"✅ Заявку № {anna.lead.pk} ведёт Иван",
    ]
    managers.writes(MARIA_TELEGRAM, "/leads@bot")
    assert "У вас нет открытых заявок" in managers.private(MARIA_TELEGRAM)[-1].text


def test_a_lead_given_to_another_takes_its_dialogue_along(
    house: House, opened: Managers, anna: TelegramCustomer
) -> None:
    desk.assign(anna.lead, Manager.objects.get(name="Мария"), by="Админ")
    house.settle()
    assert "теперь их ведёт Мария" in opened.private(IVAN_TELEGRAM)[-1].text
    assert "клиент ждёт человека" in opened.private(MARIA_TELEGRAM)[-1].text
    anna.says("Вы где?")
    assert opened.private(MARIA_TELEGRAM)[-1].text == "💬 Анна: Вы где?"
    opened.writes(IVAN_TELEGRAM, "Я тут")
    assert anna.heard[-1] != "Я тут"
    opened.writes(MARIA_TELEGRAM, "Я тут")
    assert anna.heard[-1] == "Я тут"
    assert Takeover.objects.filter(chat=anna.chat, ended_at=None).count() == 1
