"""The sidebar: each person sees the doors they may open."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

Item = dict[str, Any]


def may(*permissions: str) -> Callable[[HttpRequest], bool]:
    """Return a check that the user has one of the rights."""

    def check(request: HttpRequest) -> bool:
        return any(request.user.has_perm(permission) for permission in permissions)

    return check


def _item(title: Any, icon: str, url_name: str, *permissions: str) -> Item:
    return {"title": title, "icon": icon, "link": reverse_lazy(url_name), "permission": may(*permissions)}


def sidebar(request: HttpRequest) -> list[Item]:
    """Return the groups that have something for this user."""
    home: Item = {"items": [{"title": _("Home"), "icon": "home", "link": reverse("admin:index")}]}
    return [home, *_groups(request)]


def doors_of(request: HttpRequest) -> list[Item]:
    """Return every page this user may open from the sidebar, beside the home page."""
    return [item for group in _groups(request) for item in group["items"]]


def _groups(request: HttpRequest) -> list[Item]:
    groups: list[Item] = [
        {"title": _("Work"), "items": _work()},
        {"title": _("What the bot says"), "items": _words()},
        {"title": _("Menu"), "collapsible": True, "items": _menu()},
        {"title": _("Team"), "items": _team()},
        {"title": _("Connections"), "items": _connections()},
        {"title": _("Ledgers"), "collapsible": True, "items": _ledgers()},
    ]
    shown = [{**group, "items": _allowed(request, group["items"])} for group in groups]
    return [group for group in shown if group["items"]]


def _allowed(request: HttpRequest, items: Any) -> list[Item]:
    return [item for item in items if "permission" not in item or item["permission"](request)]


def _work() -> list[Item]:
    return [
        _item(_("Leads"), "contact_phone", "admin:crm_lead_changelist", "crm.view_lead"),
        _item(_("Consultations"), "calendar_month", "admin:crm_appointment_calendar", "crm.view_appointment"),
        _item(_("Customers"), "group", "admin:crm_customer_changelist", "crm.view_customer"),
        _item(_("Conversations"), "forum", "admin:dialogs_conversation_changelist", "dialogs.view_conversation"),
        _item(_("Order board"), "local_cafe", "boards", "payments.work_board"),
        _item(_("Report of the shop"), "bar_chart", "shop_report", "payments.see_shop_report"),
        _item(_("Orders"), "shopping_bag", "admin:payments_order_changelist", "payments.view_order"),
        _item(_("Payments"), "payments", "admin:payments_payment_changelist", "payments.view_payment"),
        _item(_("Refunds"), "undo", "admin:payments_refund_changelist", "payments.view_refund"),
        _item(_("Orders of the shop"), "coffee", "admin:payments_ticket_changelist", "payments.view_ticket"),
        _item(_("Reviews"), "star", "admin:payments_review_changelist", "payments.view_review"),
        _item(_("Errors"), "error", "office_errors", "bot.view_inboxevent"),
    ]


def _words() -> list[Item]:
    return [
        _item(_("Scenarios"), "account_tree", "admin:dialogs_scenario_changelist", "dialogs.view_scenario"),
        _item(_("Prompts"), "psychology", "prompts", "dialogs.view_scenario"),
        _item(_("FAQ"), "quiz", "admin:content_faq_changelist", "content.view_faq"),
        _item(_("Snippets"), "short_text", "admin:content_snippet_changelist", "content.view_snippet"),
        _item(_("Bonuses"), "redeem", "admin:content_bonus_changelist", "content.view_bonus"),
        _item(_("Materials"), "auto_stories", "admin:content_material_changelist", "content.view_material"),
        _item(_("Products"), "sell", "admin:content_product_changelist", "content.view_product"),
        _item(_("Promo codes"), "percent", "admin:payments_promo_changelist", "payments.view_promo"),
        _item(
            _("Loyalty program"), "loyalty", "admin:payments_loyaltyprogram_changelist", "payments.view_loyaltyprogram"
        ),
        _item(
            _("Business profile"),
            "storefront",
            "admin:content_businessprofile_changelist",
            "content.view_businessprofile",
        ),
        _item(_("Texts of consents"), "contract", "admin:content_consenttext_changelist", "content.view_consenttext"),
        _item(_("Try it: phone numbers"), "phone_in_talk", "office_try_phone", "content.view_faq", "crm.view_lead"),
    ]


def _menu() -> list[Item]:
    return [
        _item(_("As the guest sees it"), "visibility", "admin:content_menuitem_preview", "content.view_menuitem"),
        _item(_("Items of the menu"), "local_cafe", "admin:content_menuitem_changelist", "content.view_menuitem"),
        _item(_("Categories"), "category", "admin:content_category_changelist", "content.view_category"),
        _item(_("Groups of options"), "tune", "admin:content_optiongroup_changelist", "content.view_optiongroup"),
        _item(_("Stop-list"), "block", "admin:content_stop_changelist", "content.view_stop"),
        _item(_("Coffee shops"), "store", "admin:content_place_changelist", "content.view_place"),
        _item(
            _("History of prices"), "price_change", "admin:content_pricechange_changelist", "content.view_pricechange"
        ),
    ]


def _team() -> list[Item]:
    return [
        _item(_("Managers"), "support_agent", "admin:crm_manager_changelist", "crm.view_manager"),
        _item(_("Rotation"), "sync_alt", "admin:crm_rotationrule_changelist", "crm.view_rotationrule"),
        _item(_("Baristas"), "badge", "admin:payments_barista_changelist", "payments.view_barista"),
        _item(_("Erasures"), "person_remove", "admin:crm_erasure_changelist", "crm.view_erasure"),
        _item(_("Access to personal data"), "policy", "admin:crm_access_changelist", "crm.view_access"),
        _item(_("Managers' chats"), "groups", "admin:crm_managerschat_changelist", "crm.view_managerschat"),
        _item(_("Consultation schedule"), "event_repeat", "admin:crm_schedulerule_changelist", "crm.view_schedulerule"),
        _item(_("Users"), "person", "admin:auth_user_changelist", "auth.view_user"),
        _item(_("Roles"), "shield_person", "admin:auth_group_changelist", "auth.view_group"),
    ]


def _connections() -> list[Item]:
    return [
        _item(_("Channels"), "hub", "admin:bot_channel_changelist", "bot.view_channel"),
        _item(_("Payment accounts"), "account_balance", "admin:payments_account_changelist", "payments.view_account"),
        _item(_("Bitrix24"), "cloud_sync", "admin:crm_portal_changelist", "crm.view_portal"),
        _item(_("YClients"), "event_available", "admin:crm_yclientsaccount_changelist", "crm.view_yclientsaccount"),
    ]


def _ledgers() -> list[Item]:
    return [
        _item(_("Messages"), "chat", "admin:bot_message_changelist", "bot.view_message"),
        _item(
            _("Assistant's turns"),
            "smart_toy",
            "admin:dialogs_assistantturn_changelist",
            "dialogs.view_assistantturn",
        ),
        _item(_("Inbox"), "inbox", "admin:bot_inboxevent_changelist", "bot.view_inboxevent"),
        _item(_("Chats"), "chat_bubble", "admin:bot_chat_changelist", "bot.view_chat"),
        _item(_("Assignments"), "assignment_ind", "admin:crm_assignment_changelist", "crm.view_assignment"),
        _item(_("Leads on offer"), "front_hand", "admin:crm_offer_changelist", "crm.view_offer"),
        _item(_("Takeovers"), "swap_horiz", "admin:crm_takeover_changelist", "crm.view_takeover"),
        _item(_("Events"), "timeline", "admin:crm_event_changelist", "crm.view_event"),
        _item(_("Loyalty ledger"), "stars", "admin:payments_loyaltyentry_changelist", "payments.view_loyaltyentry"),
        _item(_("Payment notices"), "receipt_long", "admin:payments_notice_changelist", "payments.view_notice"),
        _item(_("Bitrix24 writes"), "outbox", "admin:crm_writeback_changelist", "crm.view_writeback"),
        _item(_("Bitrix24 leads"), "move_to_inbox", "admin:crm_remotelead_changelist", "crm.view_remotelead"),
        _item(_("YClients tasks"), "event_upcoming", "admin:crm_calendartask_changelist", "crm.view_calendartask"),
    ]
