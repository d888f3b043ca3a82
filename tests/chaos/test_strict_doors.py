"""Promises 9 and 10: bad input is told so and changes nothing; no phone without consent; no secret in any log."""

import json
import logging
from typing import Any

import httpx
import pytest
from django.apps import apps

from crm.models import Customer, WriteBack
from dialogs.drafts import import_draft, parse_yaml
from dialogs.models import Conversation, Scenario
from dialogs.preset_loading import script_file
from dialogs.publishing import publish
from tests.emulators.bitrix24.store import Row
from tests.emulators.server import Fault, FaultKind
from tests.journeys.customers import LineClient, SiteVisitor, TelegramCustomer
from tests.journeys.house import ORIGIN, SCENARIO, TOKEN, House

UPDATE: dict[str, Any] = {
    "update_id": 1,
    "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "x"},
}


def rows() -> dict[str, int]:
    """Return how many rows every table of ours has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


TELEGRAM_BODIES = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b'{"update_id": "x"}', 400),
    (b'{"update_id": 1, "message": {}}', 400),
    (b'{"update_id": 1, "message": {"chat": 5}}', 400),
    (b"\xff\xfe", 400),
    (b"[" * 100_000, 400),
    (b"x" * 1_100_000, 413),
]


@pytest.mark.parametrize(("body", "status"), TELEGRAM_BODIES, ids=[str(row[0][:32]) for row in TELEGRAM_BODIES])
def test_a_malformed_update_is_refused_and_changes_nothing(house: House, body: bytes, status: int) -> None:
    before, headers = rows(), {"X-Telegram-Bot-Api-Secret-Token": str(house.bot.webhook_secret)}
    answer = httpx.post(f"{house.url}/telegram/webhook", content=body, headers=headers, trust_env=False)
    house.settle()
    assert (answer.status_code, rows()) == (status, before)
    assert answer.json()["error"], "the answer says what was wrong"


def test_strangers_are_refused_at_every_door(house: House, visitor: SiteVisitor) -> None:
    before = rows()
    key = house.site.options["public_key"]
    event = {"event": "ONCRMLEADADD", "data[FIELDS][ID]": "1", "auth[application_token]": "wrong"}
    message = {"id": "a", "kind": "text", "text": "x"}
    with httpx.Client(base_url=house.url, trust_env=False) as http:
        wrong = {"X-Telegram-Bot-Api-Secret-Token": "wrong"}
        statuses = [
            http.post("/telegram/webhook", json=UPDATE).status_code,
            http.post("/telegram/webhook", json=UPDATE, headers=wrong).status_code,
            http.post("/webhook/bitrix24", data=event).status_code,
            http.post(f"/chat/{key}/messages", json=message, headers={"Origin": ORIGIN}).status_code,
            http.post(f"/chat/{key}/messages", json=message, headers={"Origin": "https://evil.example"}).status_code,
            http.get("/telegram/webhook").status_code,
        ]
    house.settle()
    assert statuses == [403, 403, 403, 401, 403, 405]
    assert rows() == before


@pytest.mark.parametrize(
    "body",
    [
        {"id": "", "kind": "text", "text": "x"},
        {"id": "a", "kind": "text", "text": ""},
        {"id": "a", "kind": "text", "text": "x" * 4_001},
        {"id": "a", "kind": "dance"},
        {"id": "a", "kind": "contact", "phone": "+79161234567"},
        {"id": "a", "kind": "contact", "phone": "не скажу", "consent": True},
    ],
)
def test_what_the_widget_would_never_post_is_refused(house: House, visitor: SiteVisitor, body: Row) -> None:
    before = rows()
    assert visitor.post_raw(body).status_code == 400
    house.settle()
    assert rows() == before


def test_no_phone_is_kept_or_written_anywhere_before_the_yes(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте, мой номер 8 916 123 45 67")
    house.passes(hours=2)
    assert Customer.objects.get().phone == ""
    assert anna.card["phones"] == []
    assert not WriteBack.objects.filter(operation=WriteBack.Operation.ADD_PHONE).exists()
    assert not any("9161234567" in text for text in (*anna.timeline, str(anna.card)))


def test_a_running_dialogue_keeps_its_script_when_a_new_one_is_published(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    pinned = Conversation.objects.get().version_id
    raw = parse_yaml(script_file(SCENARIO).read_text(encoding="utf-8"))
    raw["steps"]["phone"]["reminders"][0]["text"] = "Совсем другие слова"
    raw["steps"]["phone"]["text"] = "Новый вопрос: ваш номер?"
    publish(import_draft(raw), note="new")
    assert Scenario.objects.get().current_id != pinned
    house.passes(minutes=11)
    assert "Вы ещё здесь?" in anna.heard[-1]
    assert Conversation.objects.get().version_id == pinned
    boris = TelegramCustomer(house, "Борис", user_id=778)
    assert "Новый вопрос" in boris.says("Здравствуйте"), "who comes now gets the new one"


def test_a_whole_journey_leaves_no_phone_and_no_secret_in_the_logs(
    house: House, anna: TelegramCustomer, oleg: LineClient, visitor: SiteVisitor, capfd: pytest.CaptureFixture[str]
) -> None:
    for customer in (anna, oleg, visitor):
        customer.says("Здравствуйте")
        customer.says("8 (916) 123-45-67")
        customer.says("да")
    house.portal.faults.order(_refusal_that_quotes_the_phone())
    anna.says("мой новый номер +7 903 765-43-21")
    house.passes(hours=1)
    careless = logging.getLogger("crm.careless")
    careless.warning("told %s at %s by %s", "+7 916 123-45-67", house.portal.webhook_url, f"bot{TOKEN}/sendMessage")
    out, err = capfd.readouterr()
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert len(lines) > 10, "the journey was logged; otherwise this test proves nothing"
    assert any(line.get("conversation") for line in lines)
    written = out + err
    credentials = house.row.channel.credentials if house.row.channel else {}
    secrets = (
        *(TOKEN, house.portal.webhook_code, house.portal.application_token, str(house.bot.webhook_secret)),
        str(credentials["bot_token"]),
    )
    for secret in (*secrets, "9161234567", "916) 123-45-67", "916 123-45-67", "9037654321", "903 765-43-21"):
        assert secret not in written


def _refusal_that_quotes_the_phone() -> Fault:
    body = {"error": "100", "error_description": "Value +79037654321 is wrong"}
    return Fault(FaultKind.STATUS, match="crm.item.update", status=400, body=body)
