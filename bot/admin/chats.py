"""Chats: who writes to us, with the transcript as they see it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from bot.backoffice.ledger import LedgerAdmin
from bot.backoffice.transcript import respond_with_transcript
from bot.models import Chat
from bot.personal import may_see

SPEAKERS = {Chat.Speaker.BOT: "info", Chat.Speaker.MANAGER: "warning"}


@admin.register(Chat)
class ChatAdmin(LedgerAdmin):
    """A ledger: chats are made by the doors."""

    list_display = ("who", "channel", "username", "speaker_label", "blocked_at", "updated_at")
    list_filter = ("channel", "speaker")
    list_select_related = ("channel",)
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("username",)
    search_help_text = _("User name or chat id, exactly as the channel gives it")
    fields = ("channel", "name", "username", "external_id", "language", "speaker", "blocked_at", "created_at")
    change_form_outer_after_template = "admin/office/transcript_panel.html"

    @display(description=_("chat"))
    def who(self, chat: Chat) -> str:
        return str(chat)

    @display(description=_("who speaks"), label=SPEAKERS)
    def speaker_label(self, chat: Chat) -> tuple[str, str]:
        return chat.speaker, chat.get_speaker_display()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Chat], bool]:
        term = search_term.strip().removeprefix("@")
        if not term or not may_see():
            return queryset, False
        found: QuerySet[Chat] = queryset.filter(username=term)
        if not found.exists():
            found = queryset.filter(external_id=term)
        return found, False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.transcript_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("<int:chat_id>/transcript/", view, name="bot_chat_transcript"), *urls]

    def transcript_view(self, request: HttpRequest, chat_id: int) -> HttpResponse:
        """Return the fragment that the page polls."""
        chat = self.get_queryset(request).filter(pk=chat_id).first()
        if chat is None or not self.has_view_permission(request, chat):
            raise Http404
        return respond_with_transcript(request, chat.pk)
