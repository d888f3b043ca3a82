"""Leads in the managers' chat: the first press has the lead, the others see who, nobody forgets one."""

import pytest

from crm import notifications, offers
from crm.models import Assignment, Event, Lead, Manager, ManagersChat, Offer
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import TOKEN, House
from tests.journeys.managers import (
    IVAN_TELEGRAM,
    MARIA_TELEGRAM,
    STRANGER,
    TAKE,
    Managers,
    choose_leads_themselves,
    leaves_number,
)


@pytest.fixture
def managers(house: House) -> Managers:
    """Ivan and Maria choose their leads in their group."""
    return choose_leads_themselves(house)


def test_the_first_who_presses_has_the_lead_and_the_card_leaves_the_channel(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    lead = leaves_number(anna)
    [card] = managers.room
    assert card.labels == [TAKE]
    for words in (f"Заявка № {lead.pk}", "Анна", "+7 916 123-45-67", "хочу окна в дом"):
        assert words in card.text
    assert (lead.status, lead.manager) == (Lead.Status.CAPTURED, None), "nobody is chosen for them meanwhile"

    assert managers.take(MARIA_TELEGRAM) == f"Заявка № {lead.pk} ваша. Карточка — в личном чате с ботом."
    assert managers.lines == [f"✅ Заявку № {lead.pk} ведёт Мария"]
    [private] = managers.private(MARIA_TELEGRAM)
    assert "+7 916 123-45-67" in private.text and private.labels == ["💬 Открыть диалог"]
    assert managers.private(IVAN_TELEGRAM) == []
    assert anna.manager.name == "Мария"
    assert Assignment.objects.get(lead=lead).rule_title == "взял(а) из канала"
    assert anna.card["assignedById"] == anna.manager.bitrix_id, "the portal knows, too"


def test_who_presses_a_moment_later_learns_who_has_it_and_the_press_is_kept(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    lead = leaves_number(anna)
    card = managers.room[0].id
    house.telegram.presses(TOKEN, IVAN_TELEGRAM, card, f"lead:take:{lead.pk}", chat_id=managers.group)
    house.telegram.presses(TOKEN, MARIA_TELEGRAM, card, f"lead:take:{lead.pk}", chat_id=managers.group)
    house.settle()
    toasts = [managers.toast(who) for who in (IVAN_TELEGRAM, MARIA_TELEGRAM)]
    assert toasts[1] == {"text": "Заявку уже взял(а) Иван.", "show_alert": True, "url": ""}
    assert toasts[0]["text"].startswith(f"Заявка № {lead.pk} ваша")
    [lost] = Event.objects.filter(type="lead.take_lost")
    assert (lost.payload["by"], lost.payload["holder"]) == ("Мария", "Иван")
    assert Assignment.objects.filter(lead=lead).count() == 1


def test_an_old_button_a_second_press_and_a_forged_one_change_nothing(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    lead = leaves_number(anna)
    managers.take(IVAN_TELEGRAM)
    for data, answer in (
        (f"lead:take:{lead.pk}", "Эта заявка уже ваша."),
        ("lead:take:999999", "Такой заявки нет."),
        ("lead:take:" + "9" * 30, ""),
        ("lead:take:-1", ""),
        ("lead:take:", ""),
    ):
        house.telegram.presses(TOKEN, IVAN_TELEGRAM, None, data, chat_id=managers.group, forged=True)
        house.settle()
        assert managers.toast(IVAN_TELEGRAM)["text"] == answer
    assert Assignment.objects.count() == 1


def test_a_stranger_in_the_group_is_refused_and_the_lead_waits_on(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    lead = leaves_number(anna)
    assert "нет среди менеджеров" in managers.take(STRANGER)
    assert managers.room[0].labels == [TAKE]
    assert Event.objects.get(type="lead.take_refused").payload["telegram_id"] == STRANGER
    lead.refresh_from_db()
    assert lead.manager is None


def test_a_manager_who_never_began_with_the_bot_has_the_lead_and_is_told_how_to_begin(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    vera = Manager.objects.create(name="Вера", telegram_id=1_003)
    lead = leaves_number(anna)
    assert "https://t.me/" in managers.take(1_003) and managers.toast(1_003)["show_alert"]
    assert anna.manager == vera
    house.telegram.starts(TOKEN, 1_003, "staff", first_name="Вера")
    house.settle()
    [card] = managers.private(1_003)
    assert "+7 916 123-45-67" in card.text, f"the card of lead {lead.pk} has waited for her"


def test_nobody_takes_it_a_reminder_and_then_the_rotation(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    lead = leaves_number(anna)
    house.passes(minutes=11)
    assert [message.labels for message in managers.room] == [[TAKE], [TAKE]]
    assert "ждёт менеджера уже 1" in managers.lines[-1]
    house.passes(minutes=5)
    assert len(managers.room) == 2, "once is enough"
    house.passes(minutes=6)
    assert managers.lines == [f"✅ Заявку № {lead.pk} ведёт Иван"]
    assert Offer.objects.get().outcome == Offer.Outcome.GIVEN
    assert len(managers.private(IVAN_TELEGRAM)) == 1


def test_when_the_rotation_finds_nobody_the_card_stays_where_it_is(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    leaves_number(anna)
    Manager.objects.update(is_on_duty=False)
    house.passes(minutes=45)
    assert managers.room[0].labels == [TAKE]
    assert managers.take(MARIA_TELEGRAM).startswith("Заявка №"), "who is off duty may still want it"


def test_what_becomes_known_later_is_seen_on_the_card(house: House, managers: Managers, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте, позовите менеджера")
    [card] = managers.room
    assert "📞" not in card.text
    lead = anna.lead

    assert offers.restate(lead, "назначен на консультацию 25.12 14:00 МСК", key="test"), "the card shows it"
    house.settle()
    [card] = managers.room
    assert "📌 назначен на консультацию 25.12 14:00 МСК" in card.text
    assert (card.labels, card.is_edited) == ([TAKE], True)
    managers.take(IVAN_TELEGRAM)
    assert not offers.restate(anna.lead, "консультация перенесена", key="test2"), "there is no card any more"
    notifications.tell_managers("💳 отправлена ссылка на оплату", key="test3", lead=anna.lead)
    house.settle()
    for told in (managers.private(IVAN_TELEGRAM)[-1].text, managers.lines[-1]):
        assert told == "💳 отправлена ссылка на оплату"
    assert any("консультация перенесена" in text for text in anna.timeline)


def test_without_a_managers_chat_the_rotation_gives_at_once(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    ManagersChat.objects.all().delete()
    leaves_number(anna)
    assert anna.lead.status == Lead.Status.TAKEN


def test_the_bot_learns_its_group_from_a_manager_only(house: House, managers: Managers) -> None:
    house.telegram.puts_in(TOKEN, -700, by=STRANGER, title="Чужая группа")
    house.telegram.user_says(TOKEN, STRANGER, "/here", chat_id=-700)
    house.settle()
    assert ManagersChat.objects.get().chat.external_id == str(managers.group)
    assert house.telegram.said(TOKEN, -700) == [], "strangers are not answered"
    house.telegram.user_says(TOKEN, MARIA_TELEGRAM, "/here", chat_id=-700)
    house.settle()
    assert "только администратор" in house.telegram.said(TOKEN, -700)[-1].text
    assert ManagersChat.objects.get().chat.external_id == str(managers.group)


def test_an_administrator_moves_the_channel_and_open_cards_are_still_taken_away_where_they_stand(
    house: House, managers: Managers, anna: TelegramCustomer, django_user_model: type
) -> None:
    leaves_number(anna)
    owner = django_user_model.objects.create(username="owner", is_superuser=True)  # type: ignore[attr-defined]
    Manager.objects.filter(name="Мария").update(user=owner)
    house.telegram.puts_in(TOKEN, -700, by=MARIA_TELEGRAM, title="Новая группа")
    house.settle()
    assert "уже подключён" in house.telegram.said(TOKEN, -700)[-1].text
    house.telegram.user_says(TOKEN, MARIA_TELEGRAM, "/here", chat_id=-700)
    house.settle()
    assert ManagersChat.objects.get().chat.external_id == "-700"
    managers.take(MARIA_TELEGRAM)
    assert managers.lines == [], "the card is gone from the old group"
    assert house.telegram.said(TOKEN, -700)[-1].text.startswith("✅ Заявку")


def test_a_telegram_channel_serves_as_well_as_a_group(house: House, managers: Managers, anna: TelegramCustomer) -> None:
    ManagersChat.objects.all().delete()
    house.telegram.puts_in(TOKEN, -100_800, by=MARIA_TELEGRAM, title="Заявки", kind="channel")
    house.settle()
    channel = Managers(house, -100_800)
    leaves_number(anna)
    assert channel.room[0].labels == [TAKE]
    assert channel.take(MARIA_TELEGRAM).endswith("в личном чате с ботом.")
    assert channel.lines == [f"✅ Заявку № {anna.lead.pk} ведёт Мария"]


def test_a_bot_thrown_out_of_its_group_is_a_failure_the_owner_hears_of(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    house.telegram.kicks(TOKEN, managers.group, by=STRANGER)
    house.settle()
    house.look_for_failures()
    assert any("больше не состоит в канале менеджеров" in message.text for message in managers.private(IVAN_TELEGRAM))
    leaves_number(anna)
    house.passes(minutes=25)
    assert anna.lead.manager is not None, "the rotation does not need the group"
    house.telegram.puts_in(TOKEN, managers.group, by=IVAN_TELEGRAM)
    house.settle()
    house.look_for_failures()
    assert any("Снова в порядке" in message.text for message in managers.private(IVAN_TELEGRAM))


def test_a_turn_that_read_the_lead_before_it_was_taken_posts_no_second_card(
    house: House, managers: Managers, anna: TelegramCustomer
) -> None:
    lead = leaves_number(anna)
    stale = Lead.objects.select_related("customer", "chat__channel").get(pk=lead.pk)
    managers.take(IVAN_TELEGRAM)
    assert offers.offer(stale) is None
    offers.refresh(stale)
    house.settle()
    assert managers.lines == [f"✅ Заявку № {lead.pk} ведёт Иван"]
