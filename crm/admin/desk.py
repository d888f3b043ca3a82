"""The managers' chat, what is on offer in it, and who has whose dialogue."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from bot.backoffice.ledger import LedgerAdmin
from bot.backoffice.pages import OfficeAdmin
from bot.channels.registry import adapter_for
from bot.models import Channel, Chat
from crm.models import ManagersChat, Offer, Takeover
from crm.rooms import greet
from crm.ways import TELEGRAM

LEADS = ("remind_minutes", "rotate_minutes")
DIALOGUES = ("return_hours", "warn_minutes")
SEEN = ("connected_by", "connected_at")
OUTCOMES = {
    Offer.Outcome.OPEN: "warning",
    Offer.Outcome.TAKEN: "success",
    Offer.Outcome.GIVEN: "info",
    Offer.Outcome.WITHDRAWN: "default",
}


class ManagersChatForm(forms.ModelForm):  # type: ignore[type-arg]
    """The group is typed as its id, or told by the bot itself: put into a group by a manager, it connects it."""

    group = forms.CharField(
        label=capfirst(_("id of the group")),
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Such as -1001234567890. Easier: put the bot into the group, or write /here there."),
    )

    class Meta:
        model = ManagersChat
        fields = ("channel", *LEADS, *DIALOGUES, "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["group"].initial = self.instance.chat.external_id
        field: Any = self.fields.get("channel")
        if field is not None:
            field.queryset = Channel.objects.filter(kind=TELEGRAM)

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        channel: Channel | None = cleaned.get("channel")
        group = str(cleaned.get("group") or "").strip()
        if channel is None or not group:
            return cleaned
        if not adapter_for(channel.kind).is_room(group):
            self.add_error("group", _("This is no group: the id of a group begins with a minus."))
        elif ManagersChat.objects.filter(chat__external_id=group).exclude(pk=self.instance.pk).exists():
            self.add_error("group", _("Another bot has this group already."))
        return {**cleaned, "group": group}

    def save(self, commit: bool = True) -> Any:
        channel, group = self.cleaned_data["channel"], self.cleaned_data["group"]
        self.instance.chat, _made = Chat.objects.get_or_create(
            channel=channel, external_id=group, defaults={"name": group}
        )
        return super().save(commit)


@admin.register(ManagersChat)
class ManagersChatAdmin(OfficeAdmin):
    """One group a bot."""

    form = ManagersChatForm
    list_display = ("channel", "chat", *LEADS, *DIALOGUES, "is_active")
    list_select_related = ("channel", "chat")
    readonly_fields = SEEN
    fieldsets = (
        (None, {"fields": ("channel", "group", "is_active")}),
        (_("Leads"), {"fields": LEADS}),
        (_("Dialogues"), {"fields": DIALOGUES}),
        (_("Seen"), {"fields": SEEN}),
    )

    def save_model(self, request: HttpRequest, obj: ManagersChat, form: Any, change: bool) -> None:
        if not change:
            obj.connected_by = str(request.user.get_username())
        super().save_model(request, obj, form, change)
        if not change or "group" in form.changed_data:
            greet(obj)


@admin.register(Offer)
class OfferAdmin(LedgerAdmin):
    """What was shown in the managers' chats, and how it ended."""

    list_display = ("posted_at", "lead", "room", "outcome_label", "closed_at")
    list_select_related = ("lead", "room__chat")
    fields = ("lead", "room", "outcome", "posted_at", "remind_at", "rotate_at", "closed_at")
    ordering = ("-id",)
    sortable_by = ()

    @display(description=_("outcome"), label=OUTCOMES)
    def outcome_label(self, offer: Offer) -> tuple[str, str]:
        return offer.outcome, offer.get_outcome_display()


@admin.register(Takeover)
class TakeoverAdmin(LedgerAdmin):
    """Who had which dialogue, since when, and why it ended."""

    list_display = ("started_at", "lead", "by", "is_mirrored", "last_word_at", "ended_at", "end_reason")
    list_select_related = ("lead",)
    ordering = ("-id",)
    sortable_by = ()
