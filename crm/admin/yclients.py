"""The YClients calendar: tokens that go in and never come out, whether it lives, and what it is still to be told."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.ledger import LedgerAdmin
from bot.backoffice.pages import OfficeAdmin
from bot.backoffice.secret_fields import SecretField
from bot.channels.base import CheckResult
from bot.errors import Refused
from content.week_fields import WordsField
from crm.models import CalendarTask, YclientsAccount
from crm.yclients.accounts import check

WHAT = ("title", "company_id", "service_id", "staff_id", "is_active")
ACCESS = ("partner", "user", "api_url")
BOOKING = ("time_zone", "duration_minutes", "horizon_days", "reminders")
SEEN = ("is_well", "health_note", "checked_at", "slots_at")


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """The tokens are fields of the form, not of the model: what is stored is never sent to a browser."""

    reminders = WordsField(label=capfirst(_("reminders")), help_text=_("Minutes before, separated by commas."))

    class Meta:
        model = YclientsAccount
        fields = ("reminders",)  # the admin adds the rest, with its own widgets

    def clean_reminders(self) -> list[int]:
        """Refuse what is no number of minutes."""
        words = self.cleaned_data["reminders"]
        for text in words:
            if not text.isdecimal() or not 0 < int(text) <= 60 * 24 * 30:
                raise forms.ValidationError(_("“%(text)s” is not a number of minutes."), params={"text": text})
        return sorted({int(text) for text in words}, reverse=True)

    def save(self, commit: bool = True) -> Any:
        given = {name: value for name in ("partner", "user") if (value := self.cleaned_data.get(name)) is not None}
        self.instance.tokens = {**(self.instance.tokens or {}), **given}
        return super().save(commit)


def form_for(account: YclientsAccount | None) -> type[AccountForm]:
    """Return the form class of one account: its tokens know whether something is stored."""
    tokens = (account.tokens if account else None) or {}
    fields = {
        name: SecretField(label=label, is_stored=bool(tokens.get(name)), required=True)
        for name, label in (("partner", _("Partner token")), ("user", _("User token")))
    }
    return type("AccountForm", (AccountForm,), dict(fields))


@admin.register(YclientsAccount)
class YclientsAccountAdmin(ButtonsMixin, OfficeAdmin):
    """While it is active, times come from it and not from our own schedule."""

    list_display = ("title", "company_id", "is_active", "is_well", "health_note", "checked_at")
    readonly_fields = SEEN
    fieldsets = (
        (None, {"fields": WHAT}),
        (_("Access"), {"fields": ACCESS}),
        (_("Booking"), {"fields": BOOKING}),
        (_("health"), {"fields": SEEN}),
    )
    buttons = (
        Button("check", _("Check connection"), "wifi_tethering", "crm.change_yclientsaccount", "primary"),
        Button("connect", _("Connect"), "sync", "crm.change_yclientsaccount"),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = form_for(obj)
        return super().get_form(request, obj, change, **kwargs)

    def press_check(self, request: HttpRequest, account: YclientsAccount) -> str:
        """Ask whether everything we need still works."""
        return _words(check(account))

    def press_connect(self, request: HttpRequest, account: YclientsAccount) -> str:
        """Subscribe to changes, too."""
        return _words(check(account, subscribe_at=settings.PUBLIC_URL))


def _words(result: CheckResult) -> str:
    if not result.ok:
        raise Refused(result.note)
    return result.note


@admin.register(CalendarTask)
class CalendarTaskAdmin(LedgerAdmin):
    """What was asked and told."""

    list_display = ("created_at", "operation", "appointment", "status", "attempts", "error", "done_at")
    list_filter = (("status", ChoicesCheckboxFilter), ("operation", ChoicesCheckboxFilter))
    list_select_related = ("appointment",)
    ordering = ("-created_at",)
    sortable_by = ()
