"""Who may open what: one table, role by page."""

import pytest
from django.urls import reverse

from bot.models import Channel, Message
from config.roles import ROLES, set_up_roles
from crm.models import Lead, Portal
from tests.people import STAFF, People, lead_of, logged_in

pytestmark = pytest.mark.django_db

YES, NO, BOARD = 200, 403, 302  # a barista has one door and is led through it
#                                   owner admin editor manager analyst barista
PAGES = {
    "admin:index": (YES, YES, YES, YES, YES, BOARD),
    "boards": (YES, YES, NO, NO, NO, YES),
    "shop_report": (YES, YES, NO, NO, YES, NO),
    "admin:payments_barista_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:payments_barista_add": (YES, YES, NO, NO, NO, NO),
    "admin:payments_order_changelist": (YES, YES, NO, YES, YES, NO),
    "admin:payments_ticket_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:payments_promo_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:payments_promo_add": (YES, YES, YES, NO, NO, NO),
    "admin:payments_loyaltyprogram_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:payments_loyaltyentry_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:payments_loyaltyentry_add": (YES, YES, NO, NO, NO, NO),
    "admin:payments_review_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:crm_lead_changelist": (YES, YES, NO, YES, YES, NO),
    "admin:crm_customer_changelist": (YES, YES, NO, YES, YES, NO),
    "admin:dialogs_conversation_changelist": (YES, YES, NO, YES, YES, NO),
    "admin:dialogs_assistantturn_changelist": (YES, YES, NO, YES, YES, NO),
    "prompts": (YES, YES, YES, NO, YES, NO),
    "office_errors": (YES, YES, NO, NO, NO, NO),
    "office_try_phone": (YES, YES, YES, YES, YES, NO),
    "admin:dialogs_scenario_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:dialogs_scenario_add": (YES, YES, YES, NO, NO, NO),
    "admin:dialogs_scenario_import": (YES, YES, YES, NO, NO, NO),
    "admin:dialogs_step_add": (YES, YES, YES, NO, NO, NO),
    "admin:dialogs_scenarioversion_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:content_faq_changelist": (YES, YES, YES, YES, YES, NO),
    "admin:content_faq_add": (YES, YES, YES, NO, NO, NO),
    "admin:content_snippet_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:content_snippet_add": (YES, YES, YES, NO, NO, NO),
    "admin:content_menuitem_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:content_menuitem_add": (YES, YES, YES, NO, NO, NO),
    "admin:content_menuitem_preview": (YES, YES, YES, NO, YES, NO),
    "admin:content_menuitem_import": (YES, YES, YES, NO, NO, NO),
    "admin:content_category_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:content_category_add": (YES, YES, YES, NO, NO, NO),
    "admin:content_optiongroup_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:content_optiongroup_add": (YES, YES, YES, NO, NO, NO),
    "admin:content_place_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:content_place_add": (YES, YES, YES, NO, NO, NO),
    "admin:content_stop_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:content_stop_add": (YES, YES, YES, NO, NO, NO),
    "admin:content_pricechange_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:content_pricechange_add": (NO, NO, NO, NO, NO, NO),
    "admin:content_consenttext_changelist": (YES, YES, YES, NO, YES, NO),
    "admin:content_consenttext_add": (NO, NO, NO, NO, NO, NO),
    "admin:crm_appointment_changelist": (YES, YES, NO, YES, YES, NO),
    "admin:crm_appointment_calendar": (YES, YES, NO, YES, YES, NO),
    "admin:crm_appointment_export": (YES, YES, NO, NO, YES, NO),
    "admin:crm_schedulerule_changelist": (YES, YES, NO, YES, YES, NO),
    "admin:crm_schedulerule_add": (YES, YES, NO, NO, NO, NO),
    "admin:crm_access_changelist": (YES, NO, NO, NO, NO, NO),
    "admin:crm_erasure_changelist": (YES, NO, NO, NO, NO, NO),
    "admin:crm_manager_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:crm_manager_add": (YES, YES, NO, NO, NO, NO),
    "admin:crm_rotationrule_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:crm_rotationrule_add": (YES, YES, NO, NO, NO, NO),
    "admin:crm_rotationrule_next": (YES, YES, NO, NO, YES, NO),
    "admin:bot_channel_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:bot_channel_add": (YES, YES, NO, NO, NO, NO),
    "admin:crm_managerschat_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:crm_managerschat_add": (YES, YES, NO, NO, NO, NO),
    "admin:crm_portal_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:crm_portal_add": (YES, YES, NO, NO, NO, NO),
    "admin:crm_yclientsaccount_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:crm_yclientsaccount_add": (YES, YES, NO, NO, NO, NO),
    "admin:crm_calendartask_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:bot_message_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:bot_inboxevent_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:bot_chat_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:crm_assignment_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:crm_event_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:crm_offer_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:crm_takeover_changelist": (YES, YES, NO, NO, YES, NO),
    "admin:crm_writeback_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:crm_remotelead_changelist": (YES, YES, NO, NO, NO, NO),
    "admin:auth_user_changelist": (YES, NO, NO, NO, NO, NO),
    "admin:auth_user_add": (YES, NO, NO, NO, NO, NO),
    "admin:auth_group_changelist": (YES, NO, NO, NO, NO, NO),
}
# Nobody adds to a ledger by hand, whatever their role.
LEDGERS = (
    "crm_lead",
    "crm_customer",
    "crm_appointment",
    "crm_calendartask",
    "crm_assignment",
    "crm_offer",
    "crm_takeover",
    "crm_event",
    "dialogs_assistantturn",
    "crm_writeback",
    "crm_remotelead",
    "bot_message",
    "bot_inboxevent",
    "bot_chat",
    "dialogs_conversation",
    "dialogs_scenarioversion",
)
ORDER = ("owner", "admin", "editor", "manager", "analyst", "barista")


@pytest.mark.parametrize("role", ORDER)
def test_each_role_opens_its_pages_and_no_others(people: People, role: str) -> None:
    client = logged_in(people.user(role))
    opened = {name: client.get(reverse(name)).status_code for name in PAGES}
    assert opened == {name: statuses[ORDER.index(role)] for name, statuses in PAGES.items()}


@pytest.mark.parametrize("role", ORDER)
def test_nobody_adds_changes_or_deletes_in_a_ledger(people: People, role: str) -> None:
    client = logged_in(people.user(role))
    for name in LEDGERS:
        assert client.get(reverse(f"admin:{name}_add")).status_code == 403, name
    lead = lead_of(people.customer)
    for act in ("delete", "change"):
        client.post(reverse(f"admin:crm_lead_{act}", args=[lead.pk]), {"post": "yes", "title": "forged"})
    lead.refresh_from_db()
    assert lead.title == ""


def test_the_sidebar_shows_only_doors_that_open(people: People) -> None:
    for role in STAFF:
        client = logged_in(people.user(role))
        groups = client.get(reverse("admin:index"), follow=True).context["sidebar_navigation"]
        for item in (item for group in groups for item in group["items"]):
            assert client.get(str(item["link"]), follow=True).status_code == 200, (role, item["title"])


@pytest.mark.parametrize("name", ["admin:index", "office_errors", "admin:crm_lead_changelist"])
def test_a_stranger_is_sent_to_the_login(people: People, name: str) -> None:
    answer = logged_in(people.stranger).get(reverse(name))
    assert answer.status_code == 302
    assert "/admin/login/" in answer.headers["Location"]


# verb: who may do it to a lead of `manager` (owner, admin, editor, manager, manager2, analyst, barista)
VERBS = {
    "take-over": (302, 302, 403, 302, 404, 403, 403),
    "write": (302, 302, 403, 302, 404, 403, 403),
    "mark": (302, 302, 403, 302, 404, 403, 403),
    "assign": (302, 302, 403, 403, 404, 403, 403),
    "no-such-verb": (404, 404, 403, 404, 404, 404, 403),
}


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_do_what_to_a_lead(people: People, verb: str) -> None:
    lead = lead_of(people.customer, chat=people.chat, manager=people.olga, status="taken")
    address = reverse("admin:crm_lead_do", args=[lead.pk, verb])
    statuses = [logged_in(people.user(name)).post(address, {}).status_code for name in STAFF]
    assert tuple(statuses) == VERBS[verb]


def test_a_manager_sees_own_leads_and_their_dialogues_only(people: People) -> None:
    mine = lead_of(people.customer, chat=people.chat, manager=people.olga, title="mine")
    Message.objects.create(chat=people.chat, channel=people.chat.channel, role="user", text="тайна", status="received")
    for name, status in (("manager", 200), ("manager2", 404), ("analyst", 200), ("editor", 403)):
        client = logged_in(people.user(name))
        assert client.get(reverse("admin:crm_lead_change", args=[mine.pk])).status_code == status, name
        assert client.get(reverse("admin:crm_lead_dialogue", args=[mine.pk])).status_code == status, name
    other = logged_in(people.manager2)
    assert "mine" not in other.get(reverse("admin:crm_lead_changelist")).content.decode()
    customer = other.get(reverse("admin:crm_customer_change", args=[people.customer.pk]))
    assert customer.status_code == 302  # Django's own "does not exist": back to the home page
    assert other.get(reverse("admin:bot_chat_transcript", args=[people.chat.pk])).status_code in (403, 404)


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("analyst", 200), ("manager", 403)])
def test_who_may_take_leads_away_as_a_file(people: People, role: str, status: int) -> None:
    client = logged_in(people.user(role))
    assert client.get(reverse("admin:crm_lead_export", args=["csv"])).status_code == status


BUTTONS = {
    ("bot_channel", "check"): ("owner", "admin"),
    ("crm_portal", "check"): ("owner", "admin"),
    ("crm_customer", "erase"): ("owner", "admin"),
}


@pytest.mark.parametrize(("page", "verb"), BUTTONS)
def test_a_button_is_closed_to_those_who_do_not_see_it(people: People, page: str, verb: str) -> None:
    rows = {"bot_channel": Channel.objects.first(), "crm_customer": people.customer}
    row = rows.get(page) or Portal.objects.create(title="p")
    lead_of(people.customer, manager=people.olga)
    for name in STAFF:
        if name in BUTTONS[page, verb]:
            continue
        answer = logged_in(people.user(name)).post(reverse(f"admin:{page}_do", args=[row.pk, verb]))
        assert answer.status_code in (403, 404), name


def test_an_owner_does_not_see_superusers(people: People) -> None:
    root = type(people.owner).objects.create_superuser("root")
    page = logged_in(people.owner).get(reverse("admin:auth_user_change", args=[root.pk]))
    assert page.status_code == 302


def test_roles_are_made_equal_to_the_table_however_often(people: People) -> None:
    group = people.manager.groups.get()
    group.permissions.clear()
    assert set_up_roles() == set_up_roles()
    assert people.manager.groups.get().permissions.count() == sum(
        len(letters) or 1 for letters in ROLES["manager"].values()
    )
    assert not Lead.objects.exists()
