"""What customers may always ask for: to be forgotten, to be left in peace, to go and come back."""

import io
import json
import zipfile

import httpx
from django.db import connection

from bot.models import InboxEvent, Message
from crm import desk
from crm.models import Access, Consent, Customer, Erasure, Lead, WriteBack
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import TOKEN, House


def test_a_customer_is_forgotten_when_they_ask_twice(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    anna.says("8 916 123 45 67")
    anna.presses("Да, верно")
    assert "Удалить ваше имя" in anna.says("удалите мои данные")
    assert Customer.objects.get().phone == "+79161234567", "it is asked once more first"
    assert "удалены" in anna.presses("Да, удалить")
    house.settle()

    customer = Customer.objects.get()
    assert (customer.name, customer.phone) == ("", "")
    assert customer.erased_at is not None
    assert Consent.objects.get().withdrawn_at is not None
    words = "".join(Message.objects.filter(chat=anna.chat).values_list("text", flat=True))
    payloads = str(list(InboxEvent.objects.filter(chat=anna.chat, kind="text").values_list("payload", flat=True)))
    assert "123 45 67" not in words + payloads
    assert "Анна" not in words + anna.chat.name
    assert Lead.objects.get().status == Lead.Status.CANCELED
    proof = Erasure.objects.get()
    assert (proof.asked_by, proof.customer) == ("customer", customer) and proof.rows["bot.Message"] > 5
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', ["%9161234567%"])  # noqa: S608
            assert cursor.fetchone()[0] == 0, table


def test_the_portal_forgets_what_we_wrote_into_it_and_nothing_else(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте, нужны окна на дачу")
    anna.says("8 916 123 45 67")
    anna.presses("Да, верно")
    house.portal.update_lead(anna.card["id"], email="other@example.ru")
    assert anna.card["phones"] == ["+79161234567"] and "дачу" in anna.timeline[0]
    ivan, lead = anna.manager, anna.lead
    shown = house.telegram.said(TOKEN, ivan.telegram_id or 0)
    assert any("+7 916 123-45-67" in message.text for message in shown)

    anna.says("/delete_me")
    anna.presses("Да, удалить")
    house.settle()
    card = anna.card
    assert card["phones"] == [] and card["emails"] == ["other@example.ru"], "what others wrote is theirs to judge"
    assert card["name"] == "Данные удалены" and card["title"] == f"Обращение № {lead.pk}"
    assert len(anna.timeline) == 1 and anna.timeline[0].startswith("Клиент попросил удалить")
    assert not [row for row in WriteBack.objects.filter(lead=lead) if row.params], "nor do we remember what to take out"
    shown = house.telegram.said(TOKEN, ivan.telegram_id or 0)
    assert not any("916 123" in message.text or "Анна" in message.text for message in shown)
    assert "Удалите и вы" in shown[-1].text
    heard = len(anna.heard)
    house.passes(hours=30)
    assert len(anna.heard) == heard, "nobody writes to who is forgotten"


def test_what_we_keep_is_the_customer_s_to_take(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    anna.says("8 916 123 45 67")
    anna.presses("Да, верно")
    link = anna.says("/my_data").rpartition("\n")[2]
    assert link.startswith(f"{house.url}/my-data/")
    answer = httpx.post(link, trust_env=False)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as box:
        plain = json.loads(box.read("data.json"))
    assert plain["tables"]["crm.Customer"]["rows"][0]["phone"] == "+79161234567"
    assert "8 916 123 45 67" in [row["text"] for row in plain["tables"]["bot.Message"]["rows"]]
    assert Access.objects.get().act == "own"


def test_who_was_forgotten_and_comes_back_is_a_stranger(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте", "8 916 123 45 67")
    anna.presses("Да, верно")
    anna.says("/delete_me")
    anna.presses("Да, удалить")
    assert "номер" in anna.says("Здравствуйте, а сколько стоят окна?").lower()
    anna.says("8 916 765 43 21")
    anna.presses("Да, верно")
    customer = Customer.objects.get()
    assert customer.phone == "+79167654321" and customer.erased_at is None
    assert Consent.objects.filter(withdrawn_at=None).count() == 1 and Erasure.objects.count() == 1


def test_stop_means_silence(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    assert "больше не буду писать" in anna.says("стоп")
    assert anna.card["stageId"] == "JUNK"
    assert anna.timeline[0].startswith("Контакт не получен: клиент попросил больше не писать.")
    heard = len(anna.heard)
    house.passes(hours=3)
    assert len(anna.heard) == heard
    assert Customer.objects.get().unsubscribed_at is not None


def test_what_is_asked_of_the_bot_is_heard_while_a_human_speaks(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    anna.says("8 916 123 45 67")
    anna.presses("Да, верно")
    desk.take_over(anna.lead, by="Иван")
    heard = len(anna.heard)
    anna.says("/stop")
    anna.says("/delete_me")
    assert len(anna.heard) == heard, "after a takeover the bot says nothing"
    customer = Customer.objects.get()
    assert customer.unsubscribed_at is not None and customer.phone == "+79161234567"
    told = house.cards_of(anna.manager)
    assert "Клиент отписался" in told[-2] and "удалить его данные" in told[-1]


def test_who_stopped_may_come_back_and_is_asked_about_advertising_apart(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    anna.says("/stop")
    assert "рекламы и новостей" in anna.presses("Снова получать сообщения")
    assert Customer.objects.get().unsubscribed_at is None
    assert not Consent.objects.exists(), "to come back is no consent"
    anna.presses("Да, присылайте")
    consent = Consent.objects.get()
    assert (consent.purpose, consent.text_version, consent.given_by) == ("advertising", "1", "Да, присылайте")
    assert "Окна Плюс" in consent.text
    anna.says("/stop")
    assert Consent.objects.get().withdrawn_at is not None


def test_who_blocks_the_bot_is_written_to_no_more_and_may_come_back(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    calls = len(house.telegram.calls_of("sendMessage"))
    house.telegram.blocks(TOKEN, anna.user_id)
    house.passes(hours=2)
    assert len(house.telegram.calls_of("sendMessage")) == calls, "not one attempt"
    assert anna.card["stageId"] == "JUNK"
    assert "заблокировал" in anna.timeline[0]
    house.telegram.unblocks(TOKEN, anna.user_id)
    anna.says("/start")
    assert anna.chat.blocked_at is None
    anna.says("8 916 123 45 67")
    anna.presses("Да, верно")
    assert anna.card["phones"] == ["+79161234567"]


def test_a_block_found_out_only_by_sending_is_learned_from(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    house.telegram.holds_updates(TOKEN)  # the news of the block does not come
    house.telegram.blocks(TOKEN, anna.user_id)
    house.passes(minutes=11)
    assert anna.chat.blocked_at is not None
    assert Message.objects.filter(chat=anna.chat, status=Message.Status.FAILED).count() == 1
    assert anna.card["stageId"] == "JUNK", "the dialogue has heard of it"
    calls = len(house.telegram.calls_of("sendMessage"))
    house.passes(hours=2)
    assert len(house.telegram.calls_of("sendMessage")) == calls, "who has blocked us is tried once"
