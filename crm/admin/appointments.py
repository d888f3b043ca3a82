"""Appointments: a list with filters and a file, a page with buttons, and the calendar."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter
from unfold.decorators import display

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.filters import DaysFilter
from bot.backoffice.ledger import LedgerAdmin
from crm import booking
from crm.admin import appointment_export, calendar_page
from crm.admin.ahead_filter import AheadFilter
from crm.calendars import keeper_of
from crm.models import Appointment
from crm.search import customers_matching
from crm.week import visible_appointments

Status = Appointment.Status
STATUS_COLOURS = {
    Status.REQUESTED: "warning",
    Status.SCHEDULED: "info",
    Status.RESCHEDULED: "info",
    Status.CANCELED: "default",
    Status.COMPLETED: "success",
    Status.NO_SHOW: "danger",
}
WHEN = ("local_time", "status_label", "customer", "lead", "place")
SAID = ("confirmed_at", "declined_at", "reason", "history_lines")
TOLD = _("The customer will be told. Cancel?")
WHERE = ("source", "external_id", "created_at", "updated_at")


@admin.register(Appointment)
class AppointmentAdmin(ButtonsMixin, LedgerAdmin):
    """Changes through its buttons and the calendar, never as a form."""

    list_display = ("local_time", "who", "status_label", "manager", "answer", "source", "created_at")
    list_display_links = ("local_time", "who")
    list_select_related = ("customer", "lead__manager")
    list_filter = (
        ("status", ChoicesCheckboxFilter),
        AheadFilter,
        ("starts_at", DaysFilter),
        ("source", ChoicesCheckboxFilter),
    )
    ordering = ("-starts_at", "-id")
    sortable_by = ()
    search_fields = ("pk",)  # shows the box; `get_search_results` does the work
    search_help_text = _("Last digits of the phone, user name, e-mail, id or name")
    change_list_template = "admin/crm/appointment/list.html"
    fieldsets = (
        (None, {"fields": WHEN}),
        (_("What was said"), {"fields": SAID}),
        (_("Where it is kept"), {"fields": WHERE}),
    )
    readonly_fields = (*WHEN, *SAID, *WHERE)
    buttons = (
        Button("completed", _("It was held"), "task_alt", "crm.change_appointment", "primary"),
        Button("no-show", _("Did not come"), "person_off", "crm.change_appointment"),
        Button(
            "cancel",
            _("Cancel"),
            "event_busy",
            "crm.change_appointment",
            "danger",
            confirm=TOLD,
        ),
    )

    @display(description=_("begins at"))
    def local_time(self, row: Appointment) -> str:
        return f"{booking.words(row)} {row.local:%Y}"

    @display(description=_("customer"))
    def who(self, row: Appointment) -> str:
        return str(row.customer)

    @display(description=_("status"), label=STATUS_COLOURS)
    def status_label(self, row: Appointment) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @display(description=_("manager"))
    def manager(self, row: Appointment) -> str:
        return str(row.lead.manager) if row.lead is not None and row.lead.manager is not None else "—"

    @display(description=_("answer"))
    def answer(self, row: Appointment) -> str:
        if row.declined_at is not None:
            return str(_("will not come"))
        return str(_("will come")) if row.confirmed_at is not None else "—"

    @display(description=_("place"))
    def place(self, row: Appointment) -> str:
        return str(row.seat or "—")

    @display(description=_("history"))
    def history_lines(self, row: Appointment) -> str:
        return "\n".join(appointment_export.history_lines(row)) or "—"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return visible_appointments(request.user).order_by(*self.ordering)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(customer__in=customers_matching(search_term)), False

    def buttons_for(self, request: HttpRequest, row: Appointment) -> list[Button]:
        is_past, stands = row.starts_at <= timezone.now(), row.status in Appointment.STANDING
        fitting = {
            "completed": is_past and (stands or row.status == Status.NO_SHOW),
            "no-show": is_past and (stands or row.status == Status.COMPLETED),
            "cancel": stands and not is_past,
        }
        return [button for button in super().buttons_for(request, row) if fitting[button.verb]]

    def press_completed(self, request: HttpRequest, row: Appointment) -> str:
        booking.mark_held(row, Status.COMPLETED, by=calendar_page.name_of(request))
        return str(_("Noted."))

    def press_no_show(self, request: HttpRequest, row: Appointment) -> str:
        booking.mark_held(row, Status.NO_SHOW, by=calendar_page.name_of(request))
        return str(_("Noted."))

    def press_cancel(self, request: HttpRequest, row: Appointment) -> str:
        keeper_of(row).cancel_by_us(row, by=calendar_page.name_of(request))
        return str(_("The appointment is canceled, the customer is being told."))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("calendar/", view(self.calendar_view), name="crm_appointment_calendar"),
            path("export.csv", view(self.export_view), name="crm_appointment_export"),
            path("<int:appointment_id>/move/", view(self.move_view), name="crm_appointment_move"),
        ]
        urls: list[URLPattern] = super().get_urls()
        return own + urls

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        return calendar_page.show(self, request)

    def move_view(self, request: HttpRequest, appointment_id: int) -> HttpResponse:
        return calendar_page.move(self, request, appointment_id)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        return appointment_export.respond(self, request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        exports = {"can_export": request.user.has_perm(appointment_export.RIGHT)}
        return super().changelist_view(request, {**(extra_context or {}), **exports})
