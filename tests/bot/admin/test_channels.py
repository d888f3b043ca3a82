"""Channels in the admin: secrets go in and never come out; the provider is asked by a button."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from bot.models import Channel
from crm.models import Portal
from dialogs.models import Scenario
from dialogs.preset_loading import load_preset
from tests.emulators.telegram import TelegramServer
from tests.people import People, logged_in

pytestmark = pytest.mark.django_db
SECRET = "123456:very-secret-token"
TOKEN = "123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


@pytest.fixture
def client(people: People) -> Client:
    return logged_in(people.owner)


def form_of(client: Client, address: str) -> dict[str, object]:
    """Return what the page's form would send if nothing was typed."""
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    return {name: "" if value in (None, {}) else value for name, value in data.items() if value is not False}


def test_a_stored_token_is_never_shown_and_an_empty_box_keeps_it(people: People, client: Client) -> None:
    channel = people.chat.channel
    channel.credentials = {"token": SECRET, "proxy": "http://u:p@h:1"}
    channel.save()
    address = reverse("admin:bot_channel_change", args=[channel.pk])
    page = client.get(address).content.decode()
    assert SECRET not in page
    assert "u:p@h" not in page
    assert channel.webhook_secret not in page
    answer = client.post(address, {**form_of(client, address), "title": "Новое имя"})
    assert answer.status_code == 302
    channel.refresh_from_db()
    assert (channel.title, channel.credentials["token"]) == ("Новое имя", SECRET)
    client.post(address, {**form_of(client, address), "credential_token": "654321:new"})
    channel.refresh_from_db()
    assert channel.credentials == {"token": "654321:new", "proxy": "http://u:p@h:1"}


def test_a_new_channel_is_asked_for_its_credentials_once_its_kind_is_known(client: Client) -> None:
    client.post(reverse("admin:bot_channel_add"), {"kind": "telegram", "title": "Второй бот"})
    channel = Channel.objects.get(title="Второй бот")
    page = client.get(reverse("admin:bot_channel_change", args=[channel.pk])).content.decode()
    assert "credential_token" in page
    assert len(channel.secret_fingerprint) == 64


def test_a_portal_s_webhook_is_never_shown_and_an_empty_box_keeps_it(client: Client) -> None:
    url = "https://b24.test/rest/1/very-secret/"
    portal = Portal.objects.create(
        title="p", webhook_url=url, application_token="tkn-secret", scenario_key="first-contact"
    )
    address = reverse("admin:crm_portal_change", args=[portal.pk])
    page = client.get(address).content.decode()
    assert "very-secret" not in page
    assert "tkn-secret" not in page
    answer = client.post(address, {**form_of(client, address), "title": "Портал"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    portal.refresh_from_db()
    assert (portal.title, portal.webhook_url, portal.application_token) == ("Портал", url, "tkn-secret")


def test_a_scenario_is_chosen_from_those_there_are(people: People, client: Client) -> None:
    load_preset("first-contact")
    channel = people.chat.channel
    address = reverse("admin:bot_channel_change", args=[channel.pk])
    client.post(address, {**form_of(client, address), "scenario_key": "no-such"})
    channel.refresh_from_db()
    assert channel.scenario_key == ""
    client.post(address, {**form_of(client, address), "scenario_key": "first-contact"})
    channel.refresh_from_db()
    assert channel.scenario_key == "first-contact"
    Scenario.objects.update(is_active=False)  # what is stored stays choosable
    assert client.post(address, form_of(client, address)).status_code == 302
    channel.refresh_from_db()
    assert channel.scenario_key == "first-contact"


def test_a_new_portal_needs_its_webhook(client: Client) -> None:
    client.post(reverse("admin:crm_portal_add"), {"title": "p", "scenario_key": "first-contact", "options": "{}"})
    assert not Portal.objects.exists()


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


def press(client: Client, channel: Channel, verb: str) -> str:
    address = reverse("admin:bot_channel_do", args=[channel.pk, verb])
    return str(client.post(address, follow=True).content.decode())


@override_settings(PUBLIC_URL="https://shop.example")
def test_connect_registers_the_webhook_and_check_sees_it(
    people: People, client: Client, telegram: TelegramServer
) -> None:
    channel = people.chat.channel
    channel.credentials, channel.api_url = {"token": TOKEN}, telegram.url
    channel.save()
    assert "Канал не работает" in press(client, channel, "check")  # the webhook is not set to this site yet
    channel.refresh_from_db()
    assert channel.health == Channel.Health.DOWN
    assert "Канал работает" in press(client, channel, "connect")
    assert "Канал работает" in press(client, channel, "check")
    channel.refresh_from_db()
    assert channel.health == Channel.Health.OK
    assert channel.checked_at is not None


def test_a_provider_that_cannot_be_reached_is_a_result_and_not_an_error(people: People, client: Client) -> None:
    channel = people.chat.channel
    channel.credentials, channel.api_url = {"token": TOKEN}, "http://127.0.0.1:9"
    channel.save()
    page = press(client, channel, "check")
    channel.refresh_from_db()
    assert channel.health == Channel.Health.DOWN
    assert channel.health_note
    assert TOKEN not in page


def test_a_check_needs_a_press_and_not_a_link(people: People, client: Client) -> None:
    address = reverse("admin:bot_channel_do", args=[people.chat.channel_id, "check"])
    assert client.get(address).status_code == 405


def test_the_line_for_the_site_is_shown_to_be_read_and_does_not_run(client: Client) -> None:
    options = {"origins": ["https://okna.example"], "public_key": "KEY"}
    site = Channel.objects.create(kind="webchat", title="Сайт", options=options)
    page = client.get(reverse("admin:bot_channel_change", args=[site.pk])).content.decode()
    assert "&lt;script src=" in page
    assert 'data-key="KEY"' not in page
