"""Every lead of ours is followed in Bitrix24 to its end: birth, contact, manager, and how it was settled."""

import pytest

from crm import desk, reports
from crm.models import Lead, Portal, WriteBack
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import TECHNICAL, TOKEN, House
from tests.journeys.managers import IVAN_TELEGRAM, choose_leads_themselves, leaves_number


def test_from_the_link_to_the_payment(house: House) -> None:
    managers = choose_leads_themselves(house)
    Portal.objects.update(paid_stage="CONVERTED")
    house.telegram.starts(TOKEN, 777, "vk-cpc-summer", first_name="Анна")
    house.settle()
    anna = TelegramCustomer(house)
    leaves_number(anna)
    card = anna.card
    assert (card["utmSource"], card["utmMedium"], card["utmCampaign"]) == ("vk", "cpc", "summer")
    assert (card["phones"], card["assignedById"]) == (["+79161234567"], TECHNICAL)
    managers.take(IVAN_TELEGRAM)
    assert (anna.card["stageId"], anna.card["assignedById"]) == ("IN_PROCESS", anna.manager.bitrix_id)
    assert "хочу окна в дом" in anna.timeline[-1]
    desk.mark(anna.lead, Lead.Status.PAID, by="Иван")
    house.settle()
    assert anna.card["stageId"] == "CONVERTED"
    assert anna.timeline[-1].startswith("Заявка оплачена.")


def test_the_e_mail_goes_to_the_card_once_beside_what_is_there(house: House, anna: TelegramCustomer) -> None:
    choose_leads_themselves(house)
    anna.says("Здравствуйте, моя почта anna@example.ru")
    anna.says("8 916 123 45 67")
    anna.says("да")
    assert anna.card["emails"] == ["anna@example.ru"]
    reports.report_email(anna.lead, "ANNA@example.ru", key="again")
    house.settle()
    assert anna.card["emails"] == ["anna@example.ru"]


@pytest.mark.parametrize(
    ("status", "stage", "said"),
    [
        (Lead.Status.DONE, "PROCESSED", "Заявка закрыта: работа завершена"),
        (Lead.Status.CANCELED, "JUNK", "Заявка отменена: передумал"),
    ],
)
def test_a_lead_settled_by_hand_goes_to_the_chosen_stage_with_a_line(
    house: House, anna: TelegramCustomer, status: str, stage: str, said: str
) -> None:
    Portal.objects.update(done_stage="PROCESSED", canceled_stage="JUNK")
    leaves_number(anna)
    desk.mark(anna.lead, status, by="Иван", reason="передумал" if status == Lead.Status.CANCELED else "")
    house.settle()
    assert anna.card["stageId"] == stage
    assert anna.timeline[-1].startswith(said)


def test_without_a_chosen_stage_the_card_stays_and_the_line_tells(house: House, anna: TelegramCustomer) -> None:
    leaves_number(anna)
    before = anna.card["stageId"]
    desk.mark(anna.lead, Lead.Status.DONE, by="Иван")
    house.settle()
    assert anna.card["stageId"] == before
    assert anna.timeline[-1].startswith("Заявка закрыта")


def test_without_a_portal_nothing_is_written_and_nothing_breaks(house: House) -> None:
    managers = choose_leads_themselves(house)
    Portal.objects.update(is_active=False)
    boris = TelegramCustomer(house, "Борис", user_id=778)
    leaves_number(boris)
    managers.take(IVAN_TELEGRAM)
    for status in (Lead.Status.DONE, Lead.Status.PAID, Lead.Status.CANCELED):
        desk.mark(boris.lead, status, by="Иван")
    house.settle()
    assert boris.lead.status == Lead.Status.CANCELED
    assert not WriteBack.objects.exists()
