"""The road of the product, door by door: a lead without a phone becomes a lead with one, in a manager's hands."""

from content.models import BusinessProfile
from crm.models import Consent, Lead, Manager
from tests.journeys.customers import LineClient, SiteVisitor, TelegramCustomer
from tests.journeys.house import IVAN, MARIA, TECHNICAL, House

ASSIGNED = "Вам назначен новый лид с контактом"


def test_a_lead_of_an_open_line_becomes_a_lead_with_a_phone_in_a_managers_hands(house: House, oleg: LineClient) -> None:
    other = house.portal.add_lead(title="Старый лид", phone="8 (916) 123-45-67")
    oleg.writes("Здравствуйте, интересуют окна")
    house.portal.update_lead(oleg.lead_id, email="oleg@example.ru")
    house.settle()
    assert (oleg.card["stageId"], oleg.card["assignedById"]) == ("OTKLIK_BOT", TECHNICAL)
    assert "номер телефона" in oleg.heard[-1]
    assert len(oleg.heard) == 1

    answer = oleg.says("а во сколько вы открываетесь?")
    assert BusinessProfile.current().hours in answer, "the question is answered"
    assert "номер" in answer.lower(), "and the dialogue returns to its own"

    answer = oleg.says("ладно, пишите на 8 (916) 123-45-67, после шести")
    assert "+7 916 123-45-67" in answer
    assert oleg.card["phones"] == [], "nothing is stored before consent"
    assert "Передал ваш номер менеджеру" in oleg.says("да, всё верно")

    card, ivan = oleg.card, Manager.objects.get(name="Иван")
    assert card["phones"] == ["+79161234567"]
    assert card["emails"] == ["oleg@example.ru"], "what was there stays"
    assert (card["stageId"], card["assignedById"]) == ("IN_PROCESS", IVAN)
    assert oleg.lead.status == Lead.Status.TAKEN
    assert (oleg.lead.manager, Consent.objects.get().text_version) == (ivan, "1")
    [comment] = oleg.timeline
    assert "после шести" in comment
    assert f"лид № {other}" in comment, "the duplicate is mentioned"
    [notice] = house.notices_of(ivan)
    assert ASSIGNED in notice and "+79161234567" in notice
    [card_text] = house.cards_of(ivan)
    assert card_text.startswith(ASSIGNED) and "+7 916 123-45-67" in card_text
    assert house.portal.chat(oleg.chat_id)["owner"] == IVAN, "the chat is theirs too"
    assert house.portal.lead(other)["phones"] == ["8 (916) 123-45-67"]


def test_a_visitor_of_the_site_becomes_a_lead_in_the_portal_with_source_and_link(
    house: House, visitor: SiteVisitor
) -> None:
    visitor.starts(source="yandex", medium="cpc", campaign="okna")
    assert "номер телефона" in visitor.heard[-1]
    assert house.portal.leads() == [], "who only opened the window is no lead"

    assert "номер" in visitor.says("Здравствуйте, нужны окна")
    card = visitor.card
    assert (card["stageId"], card["assignedById"]) == ("OTKLIK_BOT", TECHNICAL)
    assert (card["originatorId"], card["originId"]) == ("otklik", f"lead-{visitor.lead.pk}")
    assert (card["utmSource"], card["utmMedium"], card["utmCampaign"]) == ("yandex", "cpc", "okna")
    assert f"/admin/crm/lead/{visitor.lead.pk}/" in card["comments"], "the conversation is one click away"

    assert "+7 916 123-45-67" in visitor.says("восемь девятьсот шестнадцать 123 45 67")
    assert "Спасибо!" in visitor.presses("Да, верно")

    assert visitor.card["phones"] == ["+79161234567"]
    assert (visitor.card["stageId"], visitor.card["assignedById"]) == ("IN_PROCESS", IVAN)
    assert len(house.portal.leads()) == 1, "one lead, however often it was reported and noticed"
    assert len(visitor.timeline) == 1
    [notice] = house.notices_of(visitor.manager)
    assert notice.startswith(f"[b]{ASSIGNED}[/b]")


def test_a_customer_in_telegram_is_captured_and_the_next_one_goes_to_the_next_manager(
    house: House, anna: TelegramCustomer
) -> None:
    boris = TelegramCustomer(house, "Борис", user_id=778)
    for customer, number in ((anna, "8 916 123 45 67"), (boris, "+7 903 765-43-21")):
        customer.says("Добрый день!")
        assert "всё верно?" in customer.says(number)
        customer.presses("Да, верно")

    assert [anna.card["assignedById"], boris.card["assignedById"]] == [IVAN, MARIA]
    assert [anna.card["phones"], boris.card["phones"]] == [["+79161234567"], ["+79037654321"]]
    for customer in (anna, boris):
        [card] = house.cards_of(customer.manager)
        assert card.startswith(ASSIGNED)
        assert customer.name in card
    assert len(house.portal.leads()) == 2
    assert {lead["originatorId"] for lead in house.portal.leads()} == {"otklik"}
