"""Every page of the back office opens, empty and with rows."""

import datetime as dt

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from bot.models import InboxEvent, Message
from crm.models import Assignment, Consent, Event, Portal, RemoteLead, RotationRule, WriteBack
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db


def fill(people: People) -> None:
    """One row of everything that a page may have to show."""
    now = timezone.now()
    lead = lead_of(people.customer, chat=people.chat, manager=people.olga, captured_at=now, utm={"utm_source": "ya"})
    Assignment.objects.create(lead=lead, manager=people.olga, ended_at=now, end_reason="reassigned")
    Consent.objects.create(customer=people.customer, purpose="personal_data", text="т", text_version="1", given_at=now)
    Event.objects.create(customer=people.customer, type="lead.taken_over", payload={"lead": lead.pk, "by": "Ольга"})
    Message.objects.create(
        chat=people.chat,
        channel=people.chat.channel,
        role="bot",
        text="Здравствуйте!",
        extras={"buttons": [[{"text": "Да", "data": "yes"}]], "media": [{"kind": "photo", "ref": "1"}]},
        status="failed",
        error="blocked",
    )
    InboxEvent.objects.create(
        channel=people.chat.channel, chat=people.chat, external_id="1", kind="text", parked_at=now, error="boom"
    )
    portal = Portal.objects.create(title="Портал", webhook_url="https://b24.test/rest/1/sekret/")
    RemoteLead.objects.create(portal=portal, remote_id=7, lead=lead, error="no such field", noticed_at=now)
    WriteBack.objects.create(portal=portal, lead=lead, operation="update", dedupe_key="1", status="failed", error="400")
    RotationRule.objects.create(title="Все")


PAGES = sorted(
    f"{model._meta.app_label}_{model._meta.model_name}"
    for model in admin.site._registry
    if model._meta.app_label in ("bot", "crm", "content", "dialogs", "auth")
)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_list_and_every_form_opens(people: People, name: str, language: str) -> None:
    fill(people)
    client = logged_in(people.owner)
    client.cookies["django_language"] = language
    page = client.get(reverse(f"admin:{name}_changelist"), follow=True)
    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()
    model = next(m for m in admin.site._registry if f"{m._meta.app_label}_{m._meta.model_name}" == name)
    row = model._default_manager.first()
    if row is not None:
        assert client.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
    if admin.site._registry[model].has_add_permission(page.wsgi_request):
        assert client.get(reverse(f"admin:{name}_add")).status_code == 200


@pytest.mark.parametrize("name", ["admin:index", "office_errors", "office_try_phone"])
def test_the_house_s_own_pages_open(people: People, name: str) -> None:
    client = logged_in(people.owner)
    assert client.get(reverse(name)).status_code == 200
    fill(people)
    assert client.get(reverse(name)).status_code == 200


def test_russian_is_the_default_whatever_the_browser_prefers(people: People) -> None:
    page = logged_in(people.owner).get(reverse("admin:index"), headers={"Accept-Language": "en-US,en"})
    assert 'lang="ru"' in page.content.decode()


def test_the_language_switcher_switches(people: People) -> None:
    client = logged_in(people.owner)
    client.post(reverse("set_language"), {"language": "en", "next": "/admin/"})
    assert 'lang="en"' in client.get(reverse("admin:index")).content.decode()


def test_the_transcript_answers_not_modified_while_nothing_changes(people: People) -> None:
    fill(people)
    client = logged_in(people.owner)
    address = reverse("admin:bot_chat_transcript", args=[people.chat.pk])
    first = client.get(address)
    assert "Здравствуйте!" in first.content.decode()
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    Message.objects.update(text="Иначе", created_at=timezone.now() - dt.timedelta(days=1))
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
