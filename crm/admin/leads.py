"""The lead list: filters, saved links, search, export. The page of one lead is `lead_page`."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from bot.backoffice.ledger import LedgerAdmin
from crm.admin import lead_export, lead_page, saved_links
from crm.admin.lead_filters import LEAD_FILTERS
from crm.models import Lead
from crm.queries import visible_leads
from crm.search import leads_matching

Status = Lead.Status
STATUS_COLOURS = {
    Status.NEW: "info",
    Status.IN_BOT: "info",
    Status.CAPTURED: "warning",
    Status.TAKEN: "success",
    Status.DONE: "success",
    Status.PAID: "success",
    Status.LOW_QUALITY: "default",
    Status.REVIEW: "danger",
    Status.CANCELED: "default",
}


@admin.register(Lead)
class LeadAdmin(LedgerAdmin):
    """A lead changes through its buttons, never as a form."""

    list_display = ("created_at", "who", "phone", "status_label", "source", "channel", "manager", "captured_at")
    list_display_links = ("created_at", "who")
    list_filter = LEAD_FILTERS
    # One query for the page: every column below comes from these joins.
    list_select_related = ("customer", "manager", "chat__channel")
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("pk",)  # shows the box; `get_search_results` does the work
    search_help_text = _("Last digits of the phone, user name, e-mail, id or name")
    list_before_template = "admin/office/lead_list_top.html"

    @display(description=_("customer"))
    def who(self, lead: Lead) -> str:
        return lead.customer.name or str(lead)

    @display(description=_("phone"))
    def phone(self, lead: Lead) -> str:
        return lead.customer.readable_phone or "—"

    @display(description=_("status"), label=STATUS_COLOURS)
    def status_label(self, lead: Lead) -> tuple[str, str]:
        return lead.status, lead.get_status_display()

    @display(description=_("channel"))
    def channel(self, lead: Lead) -> str:
        return lead.chat.channel.title if lead.chat else "—"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        return visible_leads(request.user).order_by(*self.ordering)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Lead], bool]:
        return (leads_matching(queryset, search_term) if search_term.strip() else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        links = saved_links.context(request, page="crm.lead")
        exports = {"can_export": request.user.has_perm("crm.export_lead")}
        return super().changelist_view(request, {**(extra_context or {}), **links, **exports})

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        return lead_page.show(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("export/<str:kind>/", view(self.export_view), name="crm_lead_export"),
            path("saved/", view(self.saved_view), name="crm_lead_saved"),
            path("<int:lead_id>/dialogue/", view(self.dialogue_view), name="crm_lead_dialogue"),
            path("<int:lead_id>/do/<slug:verb>/", view(self.act_view), name="crm_lead_do"),
        ]
        urls: list[URLPattern] = super().get_urls()
        return own + urls

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        return lead_export.respond(self, request, kind)

    def saved_view(self, request: HttpRequest) -> HttpResponse:
        return saved_links.change(request, page="crm.lead", back="admin:crm_lead_changelist")

    def dialogue_view(self, request: HttpRequest, lead_id: int) -> HttpResponse:
        return lead_page.dialogue(self, request, lead_id)

    def act_view(self, request: HttpRequest, lead_id: int, verb: str) -> HttpResponse:
        return lead_page.act(self, request, lead_id, verb)
