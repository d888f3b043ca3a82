"""What people send instead of words: contact cards, pictures, voices, stickers, corrections."""

import pytest

from bot.models import Message
from crm.models import Consent, Customer
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import TOKEN, House


def test_the_contact_button_gives_the_number_and_the_consent_in_one_press(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    [[key]] = house.telegram.keyboard(TOKEN, anna.user_id)
    assert key["request_contact"] is True
    house.telegram.shares_contact(TOKEN, anna.user_id, "79161234567")
    house.settle()
    assert anna.heard[-1].startswith("Спасибо!")
    assert anna.card["phones"] == ["+79161234567"]
    assert "Отправить телефон" in Consent.objects.get().given_by


@pytest.mark.parametrize("owner_id", [0, 4242])
def test_somebody_elses_card_is_refused_politely(house: House, anna: TelegramCustomer, owner_id: int) -> None:
    anna.says("Здравствуйте")
    house.telegram.shares_contact(TOKEN, anna.user_id, "79990001122", foreign=True, owner_id=owner_id)
    house.settle()
    assert "чужой контакт" in anna.heard[-1]
    assert Customer.objects.get().phone == ""
    assert anna.card["phones"] == []
    assert "79990001122" not in "".join(Message.objects.values_list("text", flat=True))


def test_photo_voice_and_sticker_are_answered_and_the_question_stays_open(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    for send, answer in (
        (house.telegram.sends_photo, "передам менеджеру"),
        (house.telegram.sends_voice, "текстом"),
        (house.telegram.sends_sticker, "стикер"),
    ):
        send(TOKEN, anna.user_id)
        house.settle()
        assert answer in anna.heard[-1].lower()
    kinds = [row.extras["media"][0]["kind"] for row in Message.objects.filter(role="user") if row.extras.get("media")]
    assert kinds == ["photo", "voice", "sticker"], "kept as references"
    assert "+7 916 123-45-67" in anna.says("8 916 123 45 67")


def test_a_number_in_a_photos_caption_is_read(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    house.telegram.sends_photo(TOKEN, anna.user_id, caption="вот окно, мой телефон 8 916 123 45 67")
    house.settle()
    assert "+7 916 123-45-67" in anna.heard[-1]


def test_a_number_put_right_by_editing_the_message_is_the_one_asked_about(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    update = house.telegram.user_says(TOKEN, anna.user_id, "8 916 123 45 67")
    house.settle()
    house.telegram.edits(TOKEN, anna.user_id, update["message"]["message_id"], "8 916 123 45 68")
    house.settle()
    assert "+7 916 123-45-68" in anna.heard[-1]
    anna.says("да")
    assert anna.card["phones"] == ["+79161234568"]
    assert Message.objects.filter(role="user", text="8 916 123 45 68").exists()
