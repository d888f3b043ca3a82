"""How long the head of each queue has been due: the one figure that tells whether somebody works. Each by a partial index."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Min
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from bot.models import InboxEvent, Message
from crm.models import WriteBack
from dialogs.models import AssistantTurn
from payments.models import Payment


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue of rows."""

    key: str
    title: StrOrPromise
    head: Callable[[], dt.datetime | None]  # since when its first row has been due

    def age(self, now: dt.datetime) -> dt.timedelta:
        """Return how long the head has been due; zero when nothing is."""
        head = self.head()
        return max(now - head, dt.timedelta()) if head else dt.timedelta()


def _inbox() -> dt.datetime | None:
    head: dt.datetime | None = InboxEvent.objects.filter(handled_at=None, parked_at=None).aggregate(at=Min("ready_at"))[
        "at"
    ]
    return head


def _outbox() -> dt.datetime | None:
    queued = Message.objects.filter(status=Message.Status.QUEUED)
    head: dt.datetime | None = queued.aggregate(at=Min("send_after"))["at"]
    return head


def _writes() -> dt.datetime | None:
    queued = WriteBack.objects.filter(status=WriteBack.Status.QUEUED)
    head: dt.datetime | None = queued.aggregate(at=Min("run_after"))["at"]
    return head


def _asked() -> dt.datetime | None:
    asked = AssistantTurn.objects.filter(status=AssistantTurn.Status.ASKED)
    head: dt.datetime | None = asked.aggregate(at=Min("asked_at"))["at"]
    return head


def _links() -> dt.datetime | None:
    waiting = Payment.objects.filter(status=Payment.Status.CREATED)
    head: dt.datetime | None = waiting.aggregate(at=Min("run_after"))["at"]
    return head


QUEUES = (
    Queue("inbox", _("Inbox"), _inbox),
    Queue("outbox", _("Outbox"), _outbox),
    Queue("assistant", _("Questions to the assistant"), _asked),
    Queue("bitrix24_writes", _("Writes to Bitrix24"), _writes),
    Queue("payment_links", _("Payment links"), _links),
)
