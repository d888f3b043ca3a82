"""Who has a customer's dialogue: begun, kept alive by the human's words, ended; and what the transcript says of it.

The chat's `speaker` and epoch decide whether the bot may speak (promise 3); the row here tells whose turn it is instead.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bot import outbox
from bot.errors import Refused
from bot.models import Chat
from crm import ways
from crm.models import Lead, Manager, Takeover
from crm.models.desk import RETURN_HOURS, WARN_MINUTES

OPEN = Q(ended_at=None)


def begin(
    chat: Chat, *, by: str, lead: Lead | None = None, manager: Manager | None = None, is_mirrored: bool = False
) -> Takeover:
    """Let a human speak in `chat`; the bot is silent from this commit on. Raises `Refused` when somebody else has it.

    The chat's row is locked: of two who take over at the same instant one is refused.
    """
    with transaction.atomic():
        locked = Chat.objects.select_for_update(of=("self",), no_key=True).select_related("channel").get(pk=chat.pk)
        known = current(locked)
        _refuse_unless_free(locked, known, manager, by)
        if locked.speaker == Chat.Speaker.BOT:
            locked = outbox.take_over(locked.pk)
        if known is not None and known.manager_id is None:
            end(locked, "подключился менеджер")
            known = None
        if known is None:
            known = _row(locked, by=by, lead=lead, manager=manager, is_mirrored=is_mirrored)
            outbox.note_in(locked, f"Диалог ведёт {by}. Бот молчит.")
        elif is_mirrored and not known.is_mirrored:
            known.is_mirrored = True
            known.save(update_fields=["is_mirrored"])
    chat.speaker, chat.epoch = locked.speaker, locked.epoch
    return known


def _refuse_unless_free(chat: Chat, known: Takeover | None, manager: Manager | None, by: str) -> None:
    if chat.speaker == Chat.Speaker.BOT:
        return
    if known is not None and known.by not in ("", by) and (manager is None or known.manager_id != manager.pk):
        raise Refused(_("%(manager)s has this dialogue already.") % {"manager": known.by})
    if manager is None:  # the bot has called for a human: whoever steps in does it by name
        raise Refused(_("This dialogue has been taken over already."))


def _row(chat: Chat, *, by: str, lead: Lead | None, manager: Manager | None, is_mirrored: bool) -> Takeover:
    now = timezone.now()
    end(chat, "сменился")  # a row left open by a return that nobody told us of
    return Takeover.objects.create(
        chat=chat, lead=lead, manager=manager, by=by[:190], is_mirrored=is_mirrored, started_at=now, last_word_at=now
    )


def call_for_human(chat: Chat, *, lead: Lead, now: dt.datetime) -> None:
    """The bot has given the word away and nobody has come yet: unless somebody does, it comes back by itself."""
    if current(chat) is None:
        row = Takeover(chat=chat, lead=lead, started_at=now, last_word_at=now)
        Takeover.objects.bulk_create([row], ignore_conflicts=True)


def pass_to(chat: Chat, lead: Lead, manager: Manager, *, is_mirrored: bool) -> None:
    """Give a dialogue that is with humans to another of them, or to the first who comes."""
    with transaction.atomic():
        end(chat, f"передан: {manager.name}")
        _row(chat, by=manager.name, lead=lead, manager=manager, is_mirrored=is_mirrored)
        outbox.note_in(chat, f"Диалог ведёт {manager.name}. Бот молчит.")


def current(chat: Chat) -> Takeover | None:
    """Return who has the chat now."""
    return Takeover.objects.select_related("manager", "lead__customer").filter(OPEN, chat=chat).first()


def led_by(manager: Manager) -> list[Takeover]:
    """Return the dialogues a manager leads from the messenger, the one they wrote in last first."""
    rows = Takeover.objects.filter(OPEN, manager=manager, is_mirrored=True, lead__isnull=False)
    return list(rows.select_related("lead__customer", "chat__channel").order_by("-last_word_at"))


def spoke(chat: Chat) -> None:
    """Remember that the human has just written: the dialogue stays theirs."""
    Takeover.objects.filter(OPEN, chat=chat).update(last_word_at=timezone.now(), warned_at=None)


def end(chat: Chat, reason: str, *, now: dt.datetime | None = None) -> bool:
    """Close the row; the chat's speaker is the caller's business."""
    rows = Takeover.objects.filter(OPEN, chat=chat)
    return rows.update(ended_at=now or timezone.now(), end_reason=reason[:120]) > 0


def mirrored(chats: Iterable[Chat]) -> dict[int, Takeover]:
    """Return by chat the takeovers whose customers' words are passed on to a manager."""
    rows = Takeover.objects.filter(OPEN, chat__in=list(chats), is_mirrored=True, manager__isnull=False)
    return {row.chat_id: row for row in rows.select_related("manager", "lead__customer", "lead__chat__channel")}


def patience_of(takeover: Takeover) -> tuple[dt.timedelta | None, dt.timedelta]:
    """Return after how long a silence the dialogue goes back (None: never), and how long before that the manager is warned."""
    room = ways.room_for(takeover.lead) if takeover.lead is not None else None
    hours, minutes = (room.return_hours, room.warn_minutes) if room else (RETURN_HOURS, WARN_MINUTES)
    return dt.timedelta(hours=hours) if hours else None, dt.timedelta(minutes=minutes)
