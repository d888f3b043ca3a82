"""Customers who give no number: they are reminded, respected, given up with a reason, and welcome when they come back."""

from crm import desk
from crm.models import Customer, Lead
from tests.journeys.customers import LineClient, SiteVisitor, TelegramCustomer
from tests.journeys.house import House


def test_a_silent_customer_is_reminded_twice_and_then_the_lead_is_of_low_quality(
    house: House, oleg: LineClient
) -> None:
    oleg.says("Здравствуйте")
    house.passes(minutes=8)
    assert len(oleg.heard) == 1, "nobody is hurried"
    house.passes(minutes=3)
    assert oleg.heard[1].startswith("Вы ещё здесь?")
    house.passes(minutes=30)
    assert oleg.heard[2].startswith("Напоминаю о себе.")
    assert oleg.card["stageId"] == "OTKLIK_BOT"
    house.passes(minutes=20)
    assert oleg.card["stageId"] == "JUNK"
    assert oleg.timeline[0].startswith("Контакт не получен: клиент не ответил за отведённое время.")
    assert len(oleg.heard) == 3
    assert house.portal.chat(oleg.chat_id)["owner"] == 0, "the chat in the line is over"


def test_a_late_answer_in_an_open_line_goes_on_in_the_lead_the_line_made_for_it(house: House, oleg: LineClient) -> None:
    oleg.says("Здравствуйте")
    house.passes(hours=2)
    lost, first = oleg.lead, oleg.lead_id
    assert lost.status == Lead.Status.LOW_QUALITY
    assert "+7 903 765-43-21" in oleg.says("Простите, отвлёкся. Мой номер 8 903 765 43 21")
    assert oleg.lead_id != first, "a closed lead makes the portal open another"
    assert oleg.card["stageId"] == "OTKLIK_BOT"
    oleg.says("да")
    assert (oleg.card["stageId"], oleg.card["phones"]) == ("IN_PROCESS", ["+79037654321"])
    assert house.portal.lead(first)["stageId"] == "JUNK", "the old one stays closed"
    assert [lead.status for lead in Lead.objects.all()] == [Lead.Status.TAKEN], (
        "one request, whatever the portal calls it"
    )


def test_a_late_answer_in_telegram_reopens_the_lead(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    house.passes(hours=2)
    assert anna.card["stageId"] == "JUNK"
    anna.says("я вернулась, 8 916 123 45 67")
    assert anna.card["stageId"] == "OTKLIK_BOT"
    anna.presses("Да, верно")
    assert (anna.card["stageId"], anna.card["phones"]) == ("IN_PROCESS", ["+79161234567"])
    assert Lead.objects.count() == 1


def test_a_refusal_is_persuaded_once_and_respected_the_second_time(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    assert "без рассылок" in anna.says("не хочу давать номер")
    assert anna.lead.status == Lead.Status.IN_BOT
    assert anna.says("нет, не дам").startswith("Хорошо, не буду настаивать.")
    assert anna.card["stageId"] == "JUNK"
    assert anna.timeline[0].startswith("Контакт не получен: клиент отказался оставить номер.")
    heard = len(anna.heard)
    house.passes(hours=3)
    assert len(anna.heard) == heard, "no reminder follows a refusal"


def test_who_asks_for_later_is_left_in_peace_and_asked_again(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    assert "не тороплю" in anna.says("давайте позже, я за рулём")
    heard = len(anna.heard)
    house.passes(minutes=45)
    assert len(anna.heard) == heard
    house.passes(minutes=20)
    assert len(anna.heard) == heard + 1
    assert "номер" in anna.heard[-1]
    house.passes(minutes=62)
    assert anna.card["stageId"] == "JUNK"


def test_a_wrong_number_is_explained_and_the_right_one_taken(house: House, visitor: SiteVisitor) -> None:
    visitor.says("Здравствуйте")
    assert "не хватает цифр" in visitor.says("8 916 123 45")
    assert "ИНН" in visitor.says("ИНН 7707083893")
    assert "+7 916 123-45-67" in visitor.says("8 916 123 45 67")
    visitor.presses("Исправить")
    assert Customer.objects.get().phone == ""
    assert "+7 916 123-45-68" in visitor.says("ой, в конце 68: 8 916 123 45 68")
    visitor.presses("Да, верно")
    assert visitor.card["phones"] == ["+79161234568"]


def test_who_was_never_understood_goes_to_a_manager_with_the_reason(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    for words in ("ывапролд", "фывфыв", "йцукенг", "ячсмить", "щшгнек"):
        anna.says(words)
    assert anna.lead.status in (Lead.Status.TAKEN, Lead.Status.REVIEW)
    assert any("бот не смог понять клиента" in comment for comment in anna.timeline)
    heard = len(anna.heard)
    anna.says("ау")
    assert len(anna.heard) == heard, "a human has the chat"


def test_a_customer_whose_lead_is_done_begins_a_new_one(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    anna.says("8 916 123 45 67")
    anna.presses("Да, верно")
    done = anna.lead
    desk.mark(done, Lead.Status.DONE, by="ivan")
    anna.says("/start")
    assert anna.lead != done
    assert anna.lead.status == Lead.Status.TAKEN, "the number is known, so a manager has it at once"
    assert anna.card["phones"] == ["+79161234567"]
    assert "лид с контактом" in house.notices_of(anna.lead.manager)[-1]
    assert len(house.portal.leads()) == 2


def test_start_after_silence_brings_the_lead_back(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    house.passes(hours=2)
    anna.says("/start")
    assert anna.card["stageId"] == "OTKLIK_BOT"
    assert Lead.objects.count() == 1
