"""Managers, their absences, and the rules by which leads are shared."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import BooleanRadioFilter

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.pages import OfficeAdmin
from content.week_fields import WeekField, WordsField
from crm import invitations
from crm.admin import next_manager
from crm.models import Absence, Manager, RotationRule

WHO = ("name", "user", "telegram_id", "bitrix_id")
WORK = ("is_active", "is_on_duty", "weight", "cap", "schedule")
SKILLS = ("languages", "products")
SEEN = ("shift_status", "shift_checked_at", "last_assigned_at")
RULE = ("title", "order", "is_active", "method", "managers")
WHEN = ("sources", "products", "languages", "hours", "uses_bitrix_shift")
ELSE = ("fallback", "fallback_manager")


class ManagerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Words in, JSON out."""

    schedule = WeekField(
        label=capfirst(_("working hours")), help_text=_("All days empty: always. For example 09:00-18:00.")
    )
    languages = WordsField(
        label=capfirst(_("languages")), help_text=_("Codes separated by commas: ru, en. Empty: any.")
    )
    products = WordsField(label=capfirst(_("products")), help_text=_("Separated by commas. Empty: any."))

    class Meta:
        model = Manager
        fields = WHO + WORK + SKILLS


class AbsenceInline(TabularInline):
    """Days away."""

    model = Absence
    extra = 0
    fields = ("first_date", "last_date", "reason")


@admin.register(Manager)
class ManagerAdmin(ButtonsMixin, OfficeAdmin):
    """Who takes leads."""

    form = ManagerForm
    inlines = (AbsenceInline,)
    list_display = ("name", "is_on_duty", "is_active", "weight", "cap", "shift_status", "last_assigned_at")
    list_filter = (("is_active", BooleanRadioFilter), ("is_on_duty", BooleanRadioFilter))
    search_fields = ("name",)  # a few dozen rows
    autocomplete_fields = ("user",)
    readonly_fields = SEEN
    fieldsets = (
        (None, {"fields": WHO}),
        (_("Work"), {"fields": WORK}),
        (_("Takes leads about"), {"fields": SKILLS}),
        (_("Seen"), {"fields": SEEN}),
    )

    buttons = (Button("invite", _("Link for Telegram"), "link", "crm.change_manager"),)

    def press_invite(self, request: HttpRequest, manager: Manager) -> str:
        """Make the link by which the manager's Telegram is found out; it is shown this once."""
        link = invitations.invite(manager)
        return gettext("Send this link to %(manager)s, it works once, for seven days: %(link)s") % {
            "manager": manager,
            "link": link,
        }

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False  # the history of assignments hangs on a manager: switch them off instead


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Words in, JSON out; a fallback to a named manager needs the name."""

    sources = WordsField(label=capfirst(_("sources")), help_text=_("Separated by commas. Empty: any."))
    products = WordsField(label=capfirst(_("products")), help_text=_("Separated by commas. Empty: any."))
    languages = WordsField(
        label=capfirst(_("languages")), help_text=_("Codes separated by commas: ru, en. Empty: any.")
    )
    hours = WeekField(label=capfirst(_("hours")), help_text=_("When the rule holds. All days empty: always."))

    class Meta:
        model = RotationRule
        fields = RULE + WHEN + ELSE

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        is_named = cleaned.get("fallback") == RotationRule.Fallback.DUTY_MANAGER
        if is_named and not cleaned.get("fallback_manager"):
            self.add_error("fallback_manager", _("Choose the manager who gets the leads."))
        return cleaned


@admin.register(RotationRule)
class RotationRuleAdmin(OfficeAdmin):
    """Rules are tried from the top."""

    form = RuleForm
    list_display = ("title", "order", "method", "fallback", "is_active")
    list_editable = ("order",)
    change_list_template = "admin/crm/rotationrule/list.html"
    autocomplete_fields = ("managers", "fallback_manager")
    fieldsets = (
        (None, {"fields": RULE}),
        (_("Holds for"), {"fields": WHEN}),
        (_("When nobody is available"), {"fields": ELSE}),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.next_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("next/", view, name="crm_rotationrule_next"), *urls]

    def next_view(self, request: HttpRequest) -> HttpResponse:
        return next_manager.show(self, request)
