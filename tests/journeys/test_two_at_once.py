"""Many customers at the same moment, many messages in one breath."""

from bot.models import InboxEvent
from crm.models import Assignment, Lead
from dialogs.turn import take_turns
from tests.journeys.customers import Customer, LineClient, SiteVisitor, TelegramCustomer
from tests.journeys.house import House


def test_two_leads_at_once_are_two_dialogues_and_two_managers(
    house: House, oleg: LineClient, anna: TelegramCustomer, visitor: SiteVisitor
) -> None:
    vera = LineClient(house, "Вера", connector="telegrambot", user="78")
    people: list[tuple[Customer, str]] = [
        (oleg, "+79161234501"),
        (vera, "+79161234502"),
        (anna, "+79161234503"),
        (visitor, "+79161234504"),
    ]
    for customer, _ in people:
        customer.writes("Здравствуйте")
    house.settle()
    assert [len(customer.heard) for customer, _ in people] == [1, 1, 1, 1]
    for customer, number in people:
        customer.writes(number)
    house.settle()
    for customer, _ in people:
        customer.writes("да")
    house.settle()

    for customer, number in people:
        assert customer.card["phones"] == [number]
    assert Lead.objects.filter(status=Lead.Status.TAKEN).count() == 4
    by_manager = [Assignment.objects.filter(manager__name=name).count() for name in ("Иван", "Мария")]
    assert by_manager == [2, 2], "shared in turn"


def test_quick_messages_get_one_answer_and_a_number_in_two_halves_is_one_number(
    house: House, anna: TelegramCustomer
) -> None:
    anna.says("Здравствуйте", "у меня вопрос", "сколько стоят окна?")
    assert len(anna.heard) == 1
    assert "+7 916 123-45-67" in anna.says("8916", "1234567")
    assert len(anna.heard) == 2
    assert not InboxEvent.objects.filter(handled_at=None).exists()


def test_a_sentence_that_comes_in_pieces_is_waited_for(house: House, anna: TelegramCustomer) -> None:
    anna.writes("Здравствуйте")
    house.take_mail_in()
    take_turns()  # a worker looks at once, by the real clock
    house.deliver()
    assert anna.heard == [], "the sentence may go on"
    anna.says("мой номер 8 916 123 45 67")
    assert len(anna.heard) == 1
    assert "+7 916 123-45-67" in anna.heard[0]


def test_one_person_in_two_messengers_is_two_leads_and_the_duplicate_is_named(
    house: House, anna: TelegramCustomer, visitor: SiteVisitor
) -> None:
    for customer in (anna, visitor):
        customer.says("Здравствуйте")
        customer.says("8 916 123 45 67")
        customer.says("да")
    assert "Тот же номер есть ещё здесь" not in anna.timeline[0]
    assert f"лид № {anna.lead.remote.remote_id}" in visitor.timeline[0]
