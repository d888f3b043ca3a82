"""What went wrong and waits for a person: one list of kinds, read by the home page, the error page and their tests."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from bot.backoffice.periods import Span
from bot.models import InboxEvent, Message
from crm.models import RemoteLead, WriteBack
from payments.models import Notice, Payment, Refund

SHOWN = 25  # rows of each kind on the error page; the rest is one press away in the ledger


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of trouble: its rows, the instant they went wrong, and where its page and its *Retry* are."""

    key: str
    title: StrOrPromise
    rows: Callable[[], QuerySet[Any]]
    moment: str
    admin: str  # app_model of the ledger
    ledger_query: str
    retry_permission: str
    retry_label: StrOrPromise
    verb: str = "retry"  # the ledger's button that tries again

    def within(self, span: Span | None) -> QuerySet[Any]:
        """Return the rows that went wrong in `span`, or all."""
        return self.rows() if span is None else self.rows().filter(self.inside(span))

    def inside(self, span: Span) -> Q:
        """Return the condition of having gone wrong in `span`."""
        return Q(**{f"{self.moment}__gte": span.start, f"{self.moment}__lt": span.end})

    def moment_of(self, row: Any) -> dt.datetime | None:
        """Return when this row went wrong."""
        moment: dt.datetime | None = getattr(row, self.moment)
        return moment


def _parked() -> QuerySet[InboxEvent]:
    return InboxEvent.objects.filter(parked_at__isnull=False, handled_at=None).select_related("chat", "channel")


def _undelivered() -> QuerySet[Message]:
    return Message.objects.filter(status__in=Message.RETRYABLE).select_related("chat", "channel")


def _unwritten() -> QuerySet[WriteBack]:
    return WriteBack.objects.filter(status__in=WriteBack.RETRYABLE).select_related("lead")


def _unread() -> QuerySet[RemoteLead]:
    return RemoteLead.objects.exclude(error="").select_related("portal")


def _reviewed() -> QuerySet[Payment]:
    wrong = (Payment.Status.NEEDS_REVIEW, Payment.Status.FAILED)
    return Payment.objects.filter(status__in=wrong).select_related("order__chat", "order__lead")


def _unreturned() -> QuerySet[Refund]:
    failed = Refund.objects.filter(status=Refund.Status.FAILED, asked_again=False)
    return failed.select_related("payment__order")


def _by_hand() -> QuerySet[Refund]:
    return Refund.objects.filter(status=Refund.Status.BY_HAND).select_related("payment__order")


def _orphans() -> QuerySet[Notice]:
    # A school sells elsewhere too: only what was signed for us, and what could not be confirmed, waits for a person.
    asked = Q(payment=None, source=Notice.Source.SIGNED) | Q(verdict="unconfirmed", payment__isnull=False)
    return Notice.objects.filter(asked, closed_at=None).select_related("payment")


KINDS = (
    Kind(
        "events",
        _("Events that could not be handled"),
        _parked,
        "parked_at",
        "bot_inboxevent",
        "state=parked",
        "bot.change_inboxevent",
        _("Try again"),
    ),
    Kind(
        "messages",
        _("Messages not delivered, or not known to be"),
        _undelivered,
        "created_at",
        "bot_message",
        "status__exact=unknown&status__exact=failed",
        "bot.change_message",
        _("Send again"),
    ),
    Kind(
        "writes",
        _("Writes that Bitrix24 did not take"),
        _unwritten,
        "created_at",
        "crm_writeback",
        "status__exact=unknown&status__exact=failed",
        "crm.change_writeback",
        _("Try again"),
    ),
    Kind(
        "remote",
        _("Leads that could not be read from Bitrix24"),
        _unread,
        "noticed_at",
        "crm_remotelead",
        "trouble=yes",
        "crm.change_remotelead",
        _("Look at it again"),
    ),
    Kind(
        "payments",
        _("Payments that wait for a person"),
        _reviewed,
        "updated_at",
        "payments_payment",
        "status__exact=needs_review&status__exact=failed",
        "payments.change_payment",
        _("Check again"),
        verb="check",
    ),
    Kind(
        "refunds",
        _("Refunds that failed"),
        _unreturned,
        "created_at",
        "payments_refund",
        "status__exact=failed",
        "payments.change_refund",
        _("Ask again"),
        verb="again",
    ),
    Kind(
        "refunds_by_hand",
        _("Refunds to be made by hand"),
        _by_hand,
        "created_at",
        "payments_refund",
        "status__exact=by_hand",
        "payments.change_refund",
        _("Given back by hand"),
        verb="done",
    ),
    Kind(
        "notices",
        _("Payment notices that belong to nobody, or cannot be confirmed"),
        _orphans,
        "first_at",
        "payments_notice",
        "owner=none",
        "payments.change_notice",
        _("Read back again"),
        verb="check",
    ),
)


def counts(spans: Mapping[str, Span]) -> dict[str, int]:
    """Return how many rows of all kinds wait for a person: those of each span, and under "" all. One query a kind."""
    sums: Counter[str] = Counter()
    for kind in KINDS:
        asked = {"all": Count("pk")} | {
            f"in_{name}": Count("pk", filter=kind.inside(span)) for name, span in spans.items()
        }
        found = kind.rows().order_by().aggregate(**asked)
        sums.update({"": found["all"], **{name: found[f"in_{name}"] for name in spans}})
    return dict(sums)
