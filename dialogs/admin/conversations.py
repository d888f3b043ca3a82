"""Conversations: where each dialogue stands, what will wake it, and all that was said."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.ledger import LedgerAdmin, ReadOnly
from bot.backoffice.transcript import respond_with_transcript
from bot.errors import Refused
from bot.models import Chat
from crm import desk
from crm.models import Lead, Manager
from crm.queries import visible_leads
from crm.words import outcome_words
from dialogs.engine.scoring import SurveyQuestion
from dialogs.engine.steps.survey import Survey
from dialogs.models import Conversation, SurveyAnswer, Timer
from dialogs.publishing import script_of


class TimerInline(ReadOnly, TabularInline):
    """What will wake the dialogue, and what has."""

    model = Timer
    extra = 0
    fields = ("name", "due_at", "fired_at", "canceled_at")
    readonly_fields = fields
    ordering = ("-due_at",)
    per_page = 20


class AnswerInline(ReadOnly, TabularInline):
    """What was answered to the survey, in the words of the dialogue's own version."""

    model = SurveyAnswer
    extra = 0
    fields = ("asked", "answered", "points", "answered_at")
    readonly_fields = fields
    ordering = ("answered_at", "pk")

    @display(description=_("question"))
    def asked(self, row: SurveyAnswer) -> str:
        question = question_of(row)
        return question.wordings[0] if question is not None and question.wordings else row.question

    @display(description=_("answer"))
    def answered(self, row: SurveyAnswer) -> str:
        question = question_of(row)
        answer = question.answer(row.answer) if question is not None else None
        return answer.text if answer is not None else row.answer


def question_of(row: SurveyAnswer) -> SurveyQuestion | None:
    """Return the question that was answered, as the pinned version has it."""
    step = script_of(row.conversation.version_id).steps.get(row.survey)
    return step.scoring.question(row.question) if isinstance(step, Survey) else None


class OpenFilter(DropdownFilter):
    """Still going on, or over."""

    title = _("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("going on")), ("no", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> QuerySet[Conversation]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(ended_at__isnull=self.value() == "yes")


def _lead_of(row: Conversation) -> Lead:
    if row.lead is None:
        raise Refused(gettext("This lead has no chat to write in."))
    return row.lead


@admin.register(Conversation)
class ConversationAdmin(ButtonsMixin, LedgerAdmin):
    """A ledger: the mind alone writes here. A human may take the word, and give it back."""

    buttons = (
        Button("take-over", _("Take the dialogue over"), "front_hand", "crm.change_lead", "primary"),
        Button("give-back", _("Give it back to the bot"), "smart_toy", "crm.change_lead"),
    )

    list_display = ("updated_at", "who", "scenario", "step", "outcome_label", "ended_at")
    list_display_links = ("updated_at", "who")
    list_filter = (OpenFilter,)
    list_select_related = ("customer", "chat__channel", "version__scenario")
    ordering = ("-updated_at", "-id")
    sortable_by = ()
    fields = (
        "customer",
        "chat",
        "lead",
        "scenario",
        "step",
        "outcome_label",
        "state",
        "started_at",
        "updated_at",
        "ended_at",
    )
    inlines = (
        AnswerInline,
        TimerInline,
    )
    change_form_outer_before_template = "admin/dialogs/conversation/dialogue.html"

    @display(description=_("customer"))
    def who(self, conversation: Conversation) -> str:
        return str(conversation.customer)

    @display(description=_("scenario"))
    def scenario(self, conversation: Conversation) -> str:
        return f"{conversation.version.scenario.title} v{conversation.version.number}"

    @display(description=_("outcome"))
    def outcome_label(self, conversation: Conversation) -> str:
        return outcome_words(conversation.outcome) if conversation.outcome else "—"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        rows: QuerySet[Conversation] = super().get_queryset(request)
        if request.user.has_perm("crm.see_every_lead"):
            return rows
        return rows.filter(lead__in=visible_leads(request.user))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.dialogue_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("<int:conversation_id>/dialogue/", view, name="dialogs_conversation_dialogue"), *urls]

    def buttons_for(self, request: HttpRequest, row: Conversation) -> Iterable[Button]:
        """One of the two, while there is a lead to answer for."""
        verb = "take-over" if row.chat.speaker == Chat.Speaker.BOT else "give-back"
        return [button for button in super().buttons_for(request, row) if row.lead_id and button.verb == verb]

    def press_take_over(self, request: HttpRequest, row: Conversation) -> str:
        """Silence the bot."""
        user: Any = request.user
        manager = Manager.objects.filter(user_id=user.pk, is_active=True).first()
        desk.take_over(_lead_of(row), by=str(user.get_full_name() or user.get_username()), manager=manager)
        return gettext("The dialogue is yours: the bot is silent.")

    def press_give_back(self, request: HttpRequest, row: Conversation) -> str:
        """Let the bot talk again."""
        user: Any = request.user
        desk.give_back(_lead_of(row), by=str(user.get_full_name() or user.get_username()))
        return gettext("The bot talks again.")

    def dialogue_view(self, request: HttpRequest, conversation_id: int) -> HttpResponse:
        """Answer the poll of the dialogue."""
        row = self.get_queryset(request).filter(pk=conversation_id).first()
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return respond_with_transcript(request, row.chat_id)
