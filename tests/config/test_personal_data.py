"""Who may see whose name, phone and words: a table over every page, and the log of who did."""

import json
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from bot.models import Chat, InboxEvent, Message
from bot.personal import Look, PersonalModel, looking
from config.env import ROOT
from crm.models import Access, Consent, Customer, CustomerChat, Event, Lead, Manager, RemoteLead, WriteBack
from dialogs.models import Conversation
from tests.office import open_office
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db

# What must not be read anywhere by who lacks the right; each is a piece of what `fill` writes.
SECRETS = (
    "Мирослава",
    "Вишневецкая",
    "9037654321",
    "903 765",
    "765-43-21",
    "miroslava",
    "@slava_v",
    "slava_v",
    "777000777",
)
SEES = {"owner": True, "admin": True, "manager": True, "analyst": False, "editor": False}
OWN_APPS = ("bot", "campaigns", "content", "crm", "dialogs", "payments")


def fill(people: People) -> Lead:
    """A customer with everything a page may show, beside a whole working week."""
    scenario = open_office(people)
    assert scenario.current is not None
    chat = Chat.objects.create(
        channel=people.chat.channel, external_id="777000777", name="Мирослава Вишневецкая", username="slava_v"
    )
    customer = Customer.objects.create(name="Мирослава Вишневецкая", phone="+79037654321", email="miroslava@example.ru")
    CustomerChat.objects.create(customer=customer, chat=chat)
    text = "Я Мирослава Вишневецкая, 8 903 765-43-21, miroslava@example.ru, @slava_v"
    lead = lead_of(customer, chat=chat, manager=people.olga, status="taken", title=f"Лид: {text}", summary=text)
    now = timezone.now()
    for role in ("user", "bot", "manager"):
        extras = {
            "media": [{"kind": "photo", "ref": "777000777", "name": "Мирослава.jpg"}],
            "buttons": [[{"text": text}]],
        }
        Message.objects.create(
            chat=chat, channel=chat.channel, role=role, text=text, status="failed", error=text, extras=extras
        )
    Event.objects.create(customer=customer, type="note", payload={"text": text, "lead": lead.pk})
    Event.objects.create(
        customer=customer, type="lead.status", payload={"lead": lead.pk, "reason": text, "by": "Ольга"}
    )
    Consent.objects.create(
        customer=customer, purpose="personal_data", text="т", text_version="1", given_by=text, given_at=now
    )
    InboxEvent.objects.create(
        channel=chat.channel, chat=chat, external_id="x", kind="text", payload={"text": text}, error=text
    )
    remote = RemoteLead.objects.filter(lead=None).latest("pk")
    RemoteLead.objects.filter(pk=remote.pk).update(lead=lead, error=text, noticed_at=now)
    WriteBack.objects.create(
        portal=remote.portal, lead=lead, operation="add_phone", dedupe_key="w9", params={"phone": text}, error=text
    )
    Conversation.objects.create(
        chat=chat, customer=customer, lead=lead, version=scenario.current, step="phone", started_at=now, updated_at=now,
        state={"step": "phone", "values": {"name": "Мирослава"}, "recent": [text]},
    )  # fmt: skip
    return lead


def pages(lead: Lead) -> Iterator[str]:
    """Every list, every row's page, and every fragment and file of the back office."""
    for model, page in admin.site._registry.items():
        if model._meta.app_label not in (*OWN_APPS, "auth"):
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        for row in model._default_manager.order_by("-pk")[:3]:
            yield reverse(f"{name}_change", args=[row.pk])
            for fragment in ("dialogue", "transcript"):
                try:
                    yield reverse(f"{name}_{fragment}", args=[row.pk])
                except NoReverseMatch:
                    assert fragment not in dir(page)
    yield from (reverse("admin:index"), reverse("office_errors"), reverse("office_try_phone"))
    yield from (reverse("admin:crm_lead_export", args=[kind]) for kind in ("csv", "xlsx"))
    yield f"{reverse('admin:crm_lead_changelist')}?q={lead.pk}"


@pytest.mark.parametrize("role", SEES)
def test_who_lacks_the_right_reads_no_personal_data_on_any_page(people: People, role: str) -> None:
    lead = fill(people)
    client = logged_in(people.user(role))
    client.raise_request_exception = True
    leaks, shown = {}, 0
    for address in pages(lead):
        answer = client.get(address)
        body = answer.content.decode(errors="replace") if answer.status_code == 200 else ""
        shown += "Мирослава" in body
        if found := [secret for secret in SECRETS if secret in body]:
            leaks[address] = found
    assert bool(shown) is SEES[role]
    assert SEES[role] or leaks == {}


def test_who_lacks_the_right_still_reads_what_was_talked_about(people: People) -> None:
    lead = fill(people)
    Message.objects.filter(chat=lead.chat, role="user").update(text="Сколько стоит доставка в Тверь?", error="")
    page = logged_in(people.analyst).get(reverse("admin:crm_lead_dialogue", args=[lead.pk])).content.decode()
    assert "Сколько стоит доставка в Тверь?" in page


@pytest.mark.parametrize("text", ["4321", "9037654321", "miroslava@example.ru", "slava_v", "Мирослава"])
def test_a_search_does_not_tell_what_the_page_hides(people: People, text: str) -> None:
    fill(people)
    for page, label in (("crm_lead", "leads"), ("crm_customer", "customers"), ("bot_chat", "chats")):
        answers = {
            role: logged_in(people.user(role))
            .get(reverse(f"admin:{page}_changelist"), {"q": text})
            .context["cl"]
            .result_count
            for role in ("owner", "analyst")
        }
        hidden = Chat.objects.count() if page == "bot_chat" else 0  # chats are then not narrowed at all
        assert answers["analyst"] == hidden, (label, answers)
    assert (
        logged_in(people.owner).get(reverse("admin:crm_lead_changelist"), {"q": text}).context["cl"].result_count == 1
    )


@pytest.mark.parametrize(
    "query", ["phone__startswith=%2B79037654321", "name__contains=Мирослав", "email=miroslava@example.ru"]
)
def test_a_hand_made_address_does_not_either(people: People, query: str) -> None:
    fill(people)
    address = f"{reverse('admin:crm_customer_changelist')}?{query}"
    assert logged_in(people.owner).get(address).context["cl"].result_count == 1
    assert logged_in(people.analyst).get(address).status_code == 400


def test_a_veiled_row_is_never_saved(people: People) -> None:
    with looking(Look(may_see=False)):
        customer = Customer.objects.get(pk=people.customer.pk)
    assert customer.name == "" and str(customer) == f"№ {customer.pk}"
    with pytest.raises(PermissionError):
        customer.save()
    with pytest.raises(PermissionError):
        customer.save(update_fields=["name"])
    customer.save(update_fields=["language"])
    people.customer.refresh_from_db()
    assert people.customer.name == "Анна Ким"


# --- the log


def log() -> list[tuple[str, str, str, int | None, int]]:
    rows = Access.objects.order_by("id").values_list("who", "act", "page", "customer_id", "count")
    return list(rows)


def test_whoever_opens_a_card_takes_a_file_or_presses_a_button_is_remembered(people: People) -> None:
    lead = lead_of(people.customer, chat=people.chat, manager=people.olga, status="taken")
    anna = people.customer.pk
    client = logged_in(people.manager)
    client.get(reverse("admin:crm_lead_change", args=[lead.pk]))
    client.get(reverse("admin:crm_lead_dialogue", args=[lead.pk]))  # polled while the page is open
    client.post(reverse("admin:crm_lead_do", args=[lead.pk, "take-over"]))
    logged_in(people.owner).get(reverse("admin:crm_lead_export", args=["csv"]))
    logged_in(people.owner).get(reverse("admin:bot_chat_change", args=[people.chat.pk]))
    assert log() == [
        ("Manager", "view", "crm_lead_change", anna, 1),
        ("Manager", "change", "crm_lead_do", anna, 1),
        ("Owner", "export", "crm_lead_export", anna, 1),
        ("Owner", "view", "bot_chat_change", anna, 1),
    ]


def test_a_list_is_one_line_with_everybody_on_it(people: People) -> None:
    fill(people)
    logged_in(people.owner).get(reverse("admin:crm_customer_changelist"))
    row = Access.objects.get()
    assert (row.count, len(row.customers), row.customer_id) == (25, 25, None)


def test_who_sees_nothing_is_not_in_the_log_and_neither_is_who_is_refused(people: People) -> None:
    lead = fill(people)
    logged_in(people.analyst).get(reverse("admin:crm_lead_change", args=[lead.pk]))
    logged_in(people.manager2).get(reverse("admin:crm_lead_change", args=[lead.pk]))
    logged_in(people.owner).get(reverse("admin:index"))
    assert log() == []


@pytest.mark.parametrize("role", SEES)
def test_the_log_is_for_the_owner(people: People, role: str) -> None:
    logged_in(people.owner).get(reverse("admin:crm_customer_change", args=[people.customer.pk]))
    answer = logged_in(people.user(role)).get(reverse("admin:crm_access_changelist"))
    assert answer.status_code == (200 if role == "owner" else 403)
    if role == "owner":
        assert "Клиент: карточка" in answer.content.decode()


def test_the_log_outlives_the_account_and_holds_no_personal_data(people: People) -> None:
    logged_in(people.owner).get(reverse("admin:crm_customer_change", args=[people.customer.pk]))
    User.objects.filter(pk=people.owner.pk).delete()
    row = Access.objects.get()
    assert row.who == "Owner" and "Анна" not in json.dumps(
        list(Access.objects.values()), default=str, ensure_ascii=False
    )


# --- the declarations


def models_about_people() -> list[type[models.Model]]:
    """Our models from which a road of foreign keys leads to a customer, or to a chat."""
    ours = [model for model in apps.get_models() if model._meta.app_label in OWN_APPS]
    found: set[type[models.Model]] = {Customer, Chat}
    while more := {
        m for m in ours if m not in found and found & {f.related_model for f in m._meta.fields if f.is_relation}
    }:
        found |= more
    return sorted(found, key=lambda model: model._meta.label)


# About our own people, or a bare link; no text of a customer in them.
NOT_ABOUT_CUSTOMERS = ("crm.CustomerChat", "crm.ManagersChat")


def test_every_text_of_every_row_about_a_person_is_declared_personal_or_harmless() -> None:
    undeclared = {}
    for model in models_about_people():
        kinds = (models.CharField, models.TextField, models.JSONField)
        texts = {f.name for f in model._meta.fields if isinstance(f, kinds) or f.get_internal_type() == "TextField"}
        declared = {*model.personal, *model.harmless} if issubclass(model, PersonalModel) else set()
        if model._meta.label not in NOT_ABOUT_CUSTOMERS and texts - declared:
            undeclared[model._meta.label] = sorted(texts - declared)
    assert not undeclared, (
        f"{undeclared}: declare them in `personal` or `harmless` of the model (bot/personal.py says how)"
    )


def test_what_is_declared_exists_and_leads_to_a_customer() -> None:
    for model in models_about_people():
        if issubclass(model, PersonalModel):
            fields = {field.name for field in model._meta.fields}
            assert {*model.personal, *model.harmless} <= fields, model
            model._default_manager.filter(**{model.whose: 1}).exists()


def test_the_veil_is_the_only_way_out_of_the_tables_in_the_back_office() -> None:
    """`values()` knows no veil: where an admin page uses it, no personal field may be named."""
    personal = {name for model in models_about_people() if issubclass(model, PersonalModel) for name in model.personal}
    for path in [*ROOT.glob("*/admin/*.py"), *ROOT.glob("*/backoffice/*.py")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if ".values" in line and "Manager" not in line and "Channel" not in line:
                assert not [name for name in personal if f'"{name}"' in line or f'__{name}"' in line], (
                    f"{path.name}: {line}"
                )


def test_managers_are_told_about_by_name_to_everybody() -> None:
    assert not issubclass(Manager, PersonalModel)


def test_a_stranger_is_not_looked_after(people: People) -> None:
    assert Client().get(reverse("admin:index")).status_code == 302
    assert log() == []
