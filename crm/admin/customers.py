"""Customers: who they are, where they write, what they agreed to."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.filters import DaysFilter, period_filter
from bot.backoffice.ledger import LedgerAdmin, ReadOnly
from content.words import PERSONAS, SEGMENTS
from crm import consents, own_data
from crm.admin.customer_filters import PersonaFilter, SegmentFilter
from crm.admin.customer_form import CustomerForm
from crm.erasure import erase
from crm.models import Consent, Customer, CustomerChat, Lead
from crm.own_data_door import file_response
from crm.queries import visible_customers
from crm.search import customers_matching

WHO = ("name", "phone", "phone_extension", "email", "language", "time_zone")
MARKETING = (
    "source",
    "utm",
    "segment_in_words",
    "lead_score",
    "persona_in_words",
    "funnel_stage",
    "tags",
    "unsubscribed_at",
)
DATES = ("created_at", "updated_at", "erased_at")


class ChatInline(ReadOnly, TabularInline):
    """Where they write."""

    model = CustomerChat
    extra = 0
    fields = ("chat", "channel", "speaker")
    readonly_fields = fields
    show_change_link = False
    verbose_name_plural = _("chats")

    @display(description=_("channel"))
    def channel(self, link: CustomerChat) -> str:
        return link.chat.channel.title

    @display(description=_("who speaks"))
    def speaker(self, link: CustomerChat) -> str:
        return link.chat.get_speaker_display()

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomerChat]:
        rows: QuerySet[CustomerChat] = super().get_queryset(request)
        return rows.select_related("chat__channel")


class ConsentInline(ReadOnly, TabularInline):
    """What they agreed to, in which words."""

    model = Consent
    extra = 0
    fields = ("purpose", "text_version", "given_by", "given_at", "withdrawn_at")
    readonly_fields = fields


class LeadInline(ReadOnly, TabularInline):
    """Their requests."""

    model = Lead
    extra = 0
    fields = ("title", "status", "manager", "created_at", "captured_at")
    readonly_fields = fields
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        rows: QuerySet[Lead] = super().get_queryset(request)
        return rows.select_related("manager", "customer").order_by("-id")


@admin.register(Customer)
class CustomerAdmin(ButtonsMixin, LedgerAdmin):
    """People are made by their chats; what may be done to them is a button. Only their clock is set by hand."""

    form = CustomerForm

    list_display = ("created_at", "who", "phone", "email", "source", "unsubscribed_at")
    list_display_links = ("created_at", "who")
    list_filter = (
        SegmentFilter,
        PersonaFilter,
        period_filter("created", "created_at", _("created at")),
        ("created_at", DaysFilter),
    )
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("pk",)
    search_help_text = _("Last digits of the phone, user name, e-mail, id or name")
    fieldsets = (
        (None, {"fields": WHO}),
        (_("Marketing"), {"fields": MARKETING}),
        (_("Dates"), {"fields": DATES}),
    )
    readonly_fields = ("segment_in_words", "persona_in_words")
    inlines = (LeadInline, ChatInline, ConsentInline)
    buttons = (
        Button("own-data", _("Everything we keep, as a file"), "download", "crm.change_customer"),
        Button(
            "withdraw-advertising",
            _("Withdraw the consent to advertising"),
            "unsubscribe",
            "crm.change_customer",
            confirm=_("The customer asked for no more advertising? Their other consent stays."),
        ),
        Button(
            "erase",
            _("Erase personal data"),
            "person_remove",
            "crm.change_customer",
            "danger",
            confirm=_("Name, phone, e-mail and every word of the dialogues will be gone for good. Erase?"),
        ),
    )

    @display(description=_("segment"))
    def segment_in_words(self, customer: Customer) -> str:
        return str(dict(SEGMENTS).get(customer.segment, customer.segment) or "—")

    @display(description=_("persona"))
    def persona_in_words(self, customer: Customer) -> str:
        return str(dict(PERSONAS).get(customer.persona, customer.persona) or "—")

    @display(description=_("customer"))
    def who(self, customer: Customer) -> str:
        return str(customer)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and obj.erased_at is None and request.user.has_perm("crm.change_customer")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for name in (*WHO, *MARKETING, *DATES) if name != "time_zone")

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        obj.save(update_fields=["time_zone", "updated_at"])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        return visible_customers(request.user).order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=customers_matching(search_term)), False

    def buttons_for(self, request: HttpRequest, row: Customer) -> Iterable[Button]:
        if row.erased_at:
            return []
        advertised = consents.holds(row, Consent.Purpose.ADVERTISING)
        return [b for b in super().buttons_for(request, row) if b.verb != "withdraw-advertising" or advertised]

    def press_own_data(self, request: HttpRequest, customer: Customer) -> HttpResponse:
        now = timezone.now()
        return file_response(own_data.archive(customer, now=now), own_data.file_name(customer, now))

    def press_withdraw_advertising(self, request: HttpRequest, customer: Customer) -> str:
        consents.withdraw(customer, Consent.Purpose.ADVERTISING, now=timezone.now())
        return _now("The consent to advertising is withdrawn.")

    def press_erase(self, request: HttpRequest, customer: Customer) -> str:
        user: Any = request.user
        erase(customer, by=str(user.get_full_name() or user.get_username()), now=timezone.now())
        return _now("The personal data of this customer is erased.")
