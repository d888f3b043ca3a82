"""The Bitrix24 portal: two secrets that go in and never come out, stages, people, and whether it lives."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.pages import OfficeAdmin
from bot.backoffice.scenario_field import ScenarioField
from bot.backoffice.secret_fields import SecretField
from bot.channels.base import CheckResult
from bot.errors import Refused
from crm.bitrix24.connecting import check_portal, reconnect
from crm.models import Portal

SETTLED_STAGES = ("done_stage", "paid_stage", "canceled_stage")  # chosen by the owner only: empty means left as it is
ABOUT = ("title", "scenario_key", "entities", "is_active")
SECRETS = ("webhook", "token")
STAGES = ("bot_stage", "success_stage", "low_quality_stage", "review_stage", *SETTLED_STAGES)
PEOPLE = ("technical_user_id", "open_line_id", "channel")
SEEN = ("checked_at", "health_note")


class PortalForm(forms.ModelForm):  # type: ignore[type-arg]
    """The secrets are fields of the form, not of the model: what is stored is never sent to a browser."""

    entities = forms.MultipleChoiceField(
        label=capfirst(_("watches")),
        choices=Portal.Entity.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        required=False,
        help_text=_("Nothing chosen: leads."),
    )

    class Meta:
        model = Portal
        fields = ("title", "scenario_key", "entities", "is_active", *STAGES, *PEOPLE, "options")

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data.get("webhook") is not None:
            self.instance.webhook_url = self.cleaned_data["webhook"]
        if self.cleaned_data.get("token") is not None:
            self.instance.application_token = self.cleaned_data["token"]
        return super().save(commit)


def form_for(portal: Portal | None) -> type[PortalForm]:
    """Return the form class of one portal: its secrets know whether something is stored."""
    webhook = SecretField(
        label=capfirst(_("incoming webhook")),
        is_stored=bool(portal and portal.webhook_url),
        help_text=_("The whole address, such as https://example.bitrix24.ru/rest/1/secret/"),
        required=True,
    )
    token = SecretField(
        label=capfirst(_("application token")), is_stored=bool(portal and portal.application_token), required=False
    )
    scenario = ScenarioField(stored=portal.scenario_key if portal else "", required=True)
    return type("PortalForm", (PortalForm,), {"webhook": webhook, "token": token, "scenario_key": scenario})


@admin.register(Portal)
class PortalAdmin(ButtonsMixin, OfficeAdmin):
    """One portal."""

    list_display = ("title", "scenario_key", "is_active", "checked_at", "health_note")
    readonly_fields = SEEN
    fieldsets = (
        (None, {"fields": ABOUT}),
        (_("Access"), {"fields": SECRETS}),
        (_("Stages"), {"fields": STAGES}),
        (_("People and the open line"), {"fields": PEOPLE}),
        (_("Options"), {"fields": ("options",), "classes": ("collapse",)}),
        (_("health"), {"fields": SEEN}),
    )
    buttons = (
        Button("check", _("Check connection"), "wifi_tethering", "crm.change_portal", "primary"),
        Button("connect", _("Connect"), "sync", "crm.change_portal"),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = form_for(obj)
        return super().get_form(request, obj, change, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the ledger of writes hangs on it: switch it off instead

    def press_check(self, request: HttpRequest, portal: Portal) -> str:
        """Ask the portal whether everything we need still works."""
        return _words(check_portal(portal))

    def press_connect(self, request: HttpRequest, portal: Portal) -> str:
        """Make the missing stages, register the bot and attach it to the lines."""
        return _words(reconnect(portal))


def _words(result: CheckResult) -> str:
    if not result.ok:
        raise Refused(result.note)
    return result.note
