"""Who may do what: one table, written into Django's groups by `set_up_roles`. No signals: run after `migrate`."""

from collections.abc import Iterator, Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction

ACTS = {"v": "view", "a": "add", "c": "change", "d": "delete"}

# model -> letters of ACTS; a name with no letters is a right of its own. On a ledger "c" lets press its buttons, nothing more.
LIBRARY = {
    "content.faq": "vacd",
    "content.snippet": "vacd",
    "content.bonus": "vacd",
    "content.material": "vacd",
    "content.product": "vacd",
    "content.businessprofile": "vacd",
    "content.consenttext": "v",
    "content.category": "vacd",
    "content.menuitem": "vacd",
    "content.productgroup": "vacd",
    "content.optiongroup": "vacd",
    "content.option": "vacd",
    "content.place": "vacd",
    "content.stop": "vacd",
    "content.pricechange": "v",
}
SCRIPTS = {
    "dialogs.scenario": "vacd",
    "dialogs.step": "vacd",
    "dialogs.choice": "vacd",
    "dialogs.scenarioversion": "v",
}
ROTATION = {"crm.manager": "vac", "crm.absence": "vacd", "crm.rotationrule": "vacd"}
CALENDAR = {"crm.appointment": "vc"}
SCHEDULE = {"crm.schedulerule": "vacd"}
OWN_LEADS = {
    "crm.lead": "vc",
    "crm.customer": "v",
    "crm.customerchat": "v",
    "crm.consent": "v",
    "dialogs.conversation": "v",
    "dialogs.surveyanswer": "v",
    "dialogs.timer": "v",
    "dialogs.assistantturn": "v",
}
PERSONAL = {"crm.see_personal_data": ""}  # without it names, phones, e-mails and words are veiled on every page
EVERY_LEAD = {"crm.see_every_lead": "", "crm.export_lead": "", "crm.export_appointment": ""}
LEDGERS = {"bot.chat": "v", "crm.assignment": "v", "crm.event": "v", "crm.offer": "v", "crm.takeover": "v"}
ROAD = {
    "bot.inboxevent": "vc",
    "bot.message": "vc",
    "crm.writeback": "vc",
    "crm.remotelead": "vc",
    "crm.calendartask": "v",
}
CONNECTIONS = {"bot.channel": "vac", "crm.managerschat": "vacd", "crm.portal": "vac", "crm.yclientsaccount": "vac"}
# "a" on a payment lets send a payment link.
TILL = {"payments.order": "v", "payments.payment": "va", "payments.refund": "v"}
TILL_LEDGERS = {
    "payments.payment": "vac",
    "payments.refund": "vc",
    "payments.notice": "vc",
    "payments.account": "vac",
    "payments.export_order": "",
}
SHOP = {"payments.ticket": "v", "payments.loyaltyentry": "v", "payments.review": "v"}
SHOP_RULES = {"payments.promo": "vacd", "payments.loyaltyprogram": "vac"}
SHOP_EXPORTS = {"payments.export_ticket": "", "payments.export_loyaltyentry": "", "payments.export_review": ""}
SOLD = (*TILL, "payments.notice")  # what an analyst looks at
BOARD = {"payments.work_board": "", "payments.see_shop_report": "", "payments.barista": "vacd"}
PEOPLE = {"auth.user": "vac", "auth.group": "v"}

_ADMIN = {
    **LIBRARY,
    **SCRIPTS,
    **ROTATION,
    **CALENDAR,
    **SCHEDULE,
    **OWN_LEADS,
    "crm.customer": "vc",
    **PERSONAL,
    **EVERY_LEAD,
    **LEDGERS,
    "crm.assignment": "vc",
    **ROAD,
    **CONNECTIONS,
    **TILL,
    **TILL_LEDGERS,
    **SHOP,
    "payments.loyaltyentry": "va",  # "a" gives stamps or points by hand
    **SHOP_RULES,
    **SHOP_EXPORTS,
    **BOARD,
}
ROLES: Mapping[str, Mapping[str, str]] = {
    "owner": {**_ADMIN, **PEOPLE, "crm.access": "v", "crm.erasure": "v"},
    "admin": _ADMIN,
    "editor": {**LIBRARY, **SCRIPTS, **SHOP_RULES},
    "manager": {
        **OWN_LEADS,
        **CALENDAR,
        **PERSONAL,
        **TILL,
        "crm.schedulerule": "v",
        "content.faq": "v",
        "content.material": "v",
        "content.product": "v",
    },
    "analyst": {
        **dict.fromkeys([*OWN_LEADS, *CALENDAR, *SCHEDULE, *LEDGERS, *ROTATION, *SCRIPTS, *LIBRARY, *SOLD], "v"),
        **dict.fromkeys([*SHOP, *SHOP_RULES], "v"),
        **SHOP_EXPORTS,
        "payments.export_order": "",
        "payments.see_shop_report": "",
        **EVERY_LEAD,
    },
    "barista": {"payments.work_board": ""},
}


def codes(rights: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (app, codename) for a column of the table."""
    for name, letters in rights.items():
        app, model = name.split(".")
        if not letters:
            yield app, model
        for letter in letters:
            yield app, f"{ACTS[letter]}_{model}"


def set_up_roles() -> dict[str, int]:
    """Make the groups equal to the table and return how many rights each has; idempotent. Raises `LookupError` for a typo."""
    known = {
        (app, codename): pk
        for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    counts: dict[str, int] = {}
    # One transaction: nobody works for a moment with half of their rights.
    with transaction.atomic():
        for role, rights in ROLES.items():
            wanted = list(codes(rights))
            if missing := [f"{app}.{code}" for app, code in wanted if (app, code) not in known]:
                raise LookupError(f"no such rights: {', '.join(missing)}; run `manage.py migrate` first")
            group, _made = Group.objects.get_or_create(name=role)
            group.permissions.set([known[code] for code in wanted])
            counts[role] = len(wanted)
    return counts
