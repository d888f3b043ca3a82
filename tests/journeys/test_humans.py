"""Humans of ours step in: the bot is silent from that moment, whichever way they came."""

from bot.models import Chat, Message
from crm import desk
from crm.models import Lead, Manager
from tests.journeys.customers import LineClient, TelegramCustomer
from tests.journeys.house import IVAN, MARIA, House


def test_a_customer_who_asks_for_a_person_gets_one_without_giving_a_number(
    house: House, anna: TelegramCustomer
) -> None:
    anna.says("Здравствуйте")
    assert "Передаю диалог менеджеру" in anna.says("позовите живого человека")
    assert anna.lead.status == Lead.Status.TAKEN
    assert anna.card["assignedById"] == IVAN
    ivan = Manager.objects.get(name="Иван")
    assert "контакта пока нет" in house.cards_of(ivan)[-1]
    assert "контакта пока нет" in house.notices_of(ivan)[-1], "the portal does not promise a contact either"
    heard = len(anna.heard)
    anna.says("вы тут?")
    house.passes(hours=2)
    assert len(anna.heard) == heard, "from here on a human speaks"
    assert anna.card["stageId"] != "JUNK"


def test_an_operator_who_answers_in_the_portal_silences_the_bot(house: House, oleg: LineClient) -> None:
    oleg.says("Здравствуйте")
    house.portal.operator_answers(oleg.chat_id, MARIA, "Добрый день, это Мария", bot_stays=True)
    heard = len(oleg.heard)
    oleg.says("мой номер 8 916 123 45 67")
    house.passes(hours=2)
    assert len(oleg.heard) == heard
    assert oleg.chat.speaker == Chat.Speaker.MANAGER
    assert oleg.lead.status == Lead.Status.TAKEN
    assert oleg.lead.manager == Manager.objects.get(bitrix_id=MARIA)
    assert oleg.card["stageId"] != "JUNK"


def test_an_operator_who_only_presses_answer_silences_the_bot_before_its_next_word(
    house: House, oleg: LineClient
) -> None:
    oleg.says("Здравствуйте")
    oleg.writes("сколько стоят окна?")
    house.portal.operator_takes(oleg.chat_id, MARIA)
    heard = len(oleg.heard)
    house.settle()
    house.passes(hours=2)
    assert len(oleg.heard) == heard
    assert oleg.chat.speaker == Chat.Speaker.MANAGER


def test_a_manager_takes_over_in_the_back_office_and_gives_the_dialogue_back(
    house: House, anna: TelegramCustomer
) -> None:
    anna.says("Здравствуйте")
    desk.take_over(anna.lead, by="ivan")
    desk.write(anna.lead, "Здравствуйте, это Иван. Чем помочь?", by="ivan")
    house.settle()
    assert anna.heard[-1] == "Здравствуйте, это Иван. Чем помочь?"
    heard = len(anna.heard)
    anna.says("сколько стоят окна?")
    house.passes(minutes=55)
    assert len(anna.heard) == heard

    desk.give_back(anna.lead, by="ivan")
    house.settle()
    assert "номер" in anna.heard[-1], "the bot takes its question up again"
    anna.says("8 916 123 45 67")
    anna.presses("Да, верно")
    assert anna.card["phones"] == ["+79161234567"]


def test_what_the_bot_had_queued_before_a_takeover_is_never_said(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    heard = len(anna.heard)
    anna.writes("сколько стоят окна?")
    house.take_mail_in()
    house.think()
    desk.take_over(anna.lead, by="ivan")
    house.settle()
    assert len(anna.heard) == heard
    assert Message.objects.filter(status=Message.Status.CANCELED).exists()
