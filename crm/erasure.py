"""The right to be forgotten (152-FZ): everything personal goes, in every table and every chat of one person.

What each table loses is declared beside its fields (`bot/personal.py`); what stays are counts, codes and sums. Copies that our
own people were sent are rewritten where they stand, and the portal is told through the write-back queue.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet

from bot.messages import EventKind, Outgoing
from bot.models import Chat, InboxEvent, Message
from bot.models.message import ERASED
from bot.outbox import change
from bot.personal import PersonalModel
from crm import booking, cards, leads, notifications, offers, reports
from crm.models import Appointment, Consent, Customer, Erasure, Lead, Manager, ManagersChat
from crm.phones import readable

BY_CUSTOMER = "customer"
SHORTEST_MARK = 4  # characters; what is shorter stands in too many innocent texts


def erase(
    customer: Customer, *, by: str, now: datetime, events: Iterable[int] = (), spared: Iterable[str] = ()
) -> Erasure:
    """Forget a person; return the proof.

    `events` are inbox events in hand, not marked handled yet; `spared` are the dedupe keys of our last words to them.
    """
    with transaction.atomic():
        # A turn of any of their chats is over before, or begins after: it would write back what it had read.
        chats = list(
            Chat.objects.select_for_update(no_key=True).filter(customer_link__customer=customer).order_by("pk")
        )
        customer.refresh_from_db()
        marks, requests = marks_of(customer, chats), list(customer.leads.select_related("manager", "customer"))
        _cancel_appointments(customer, now)
        rows = _forget_copies(requests, chats, marks)
        gone = reports.Forgotten(customer.name, customer.phone, customer.email)
        rows |= {model._meta.label: _forget(model, customer, events, spared) for model in people_models()}
        Consent.objects.filter(customer=customer, withdrawn_at=None).update(withdrawn_at=now)
        Customer.objects.filter(pk=customer.pk).update(erased_at=now)
        proof = Erasure.objects.create(customer=customer, asked_by=by[:190], rows=rows, erased_at=now)
        for lead in requests:
            _let_go(lead, proof, gone, now)
    customer.refresh_from_db()
    return proof


def people_models() -> list[type[PersonalModel]]:
    """Return the tables that know people, the customers' own last: the others find their rows through it."""
    found = [model for model in apps.get_models() if issubclass(model, PersonalModel)]
    return sorted(found, key=lambda model: (model is Customer, model._meta.label))


def marks_of(customer: Customer, chats: Sequence[Chat]) -> list[str]:
    """Return the words by which a copy somewhere else is known to be about this person and nobody else."""
    names = [f"@{chat.username}" for chat in chats if chat.username]
    marks = [customer.phone, readable(customer.phone) if customer.phone else "", customer.email, *names]
    return [mark for mark in marks if len(mark) >= SHORTEST_MARK]


def _forget(model: type[PersonalModel], customer: Customer, events: Iterable[int], spared: Iterable[str]) -> int:
    rows: QuerySet[Any] = model._base_manager.filter(**{model.whose: customer.pk})
    if model is Message:
        rows = rows.exclude(dedupe_key__in=list(spared))
    if model is InboxEvent:
        # What they wrote and nobody has read yet comes after the wish: it is heard, like a stranger's.
        settled = Q(handled_at__isnull=False) | Q(parked_at__isnull=False) | Q(kind=EventKind.PROPOSED)
        rows = rows.filter(settled | Q(pk__in=list(events)))
    return model.erase_rows(rows)


def _cancel_appointments(customer: Customer, now: datetime) -> None:
    standing = Appointment.objects.filter(customer=customer).exclude(status__in=Appointment.HELD)
    for row in standing.select_related("customer", "lead__customer", "lead__manager", "chat"):
        booking.cancel(row, by=BY_CUSTOMER, key=f"erasure:{customer.pk}:{row.pk}", now=now)


def _let_go(lead: Lead, proof: Erasure, gone: reports.Forgotten, now: datetime) -> None:
    lead.refresh_from_db()
    key = f"erasure:{proof.pk}:{lead.pk}"
    leads.cancel(lead, reason="erased", now=now)
    offers.settle(lead, now=now)
    reports.report_erasure(lead, gone, key=key)
    if lead.manager is not None:
        text = f"Клиент заявки № {lead.pk} попросил удалить свои данные. Удалите и вы его имя и номер из своих записей."
        notifications.tell_manager(lead.manager, text, key=key, lead=lead)


# --- what our own people were sent


def _forget_copies(requests: Sequence[Lead], chats: Sequence[Chat], marks: Sequence[str]) -> dict[str, int]:
    """Forget cards, mirrored words and answers in the chats of our own people; what they see there is rewritten."""
    rooms = list(staff_chats())
    wanted = Q(extras__about__in=[cards.about(lead) for lead in requests])
    for lead in requests:
        wanted |= Q(dedupe_key__startswith=f"lead:{lead.pk}:")
    for mark in marks:
        wanted |= Q(text__contains=mark)
    answered = Message.objects.filter(chat__in=chats, role=Message.Role.MANAGER).values_list("text", flat=True)
    texts = [text for text in answered if len(text) >= SHORTEST_MARK]
    wanted |= Q(role=Message.Role.USER, text__in=texts)
    rows = Message.objects.filter(wanted, chat__in=rooms)
    shown = [row for row in rows.select_related("chat__channel") if _is_on_a_screen(row)]
    count = Message.erase_rows(rows)
    for row in shown:
        change(row, Outgoing(ERASED), dedupe_key=f"erased:{row.pk}")
    told = InboxEvent.objects.filter(chat__in=rooms, handled_at__isnull=False, payload__message__text__in=texts)
    return {"copies": count + told.update(payload={})}


def _is_on_a_screen(row: Message) -> bool:
    is_words = row.role == Message.Role.BOT and bool(row.text) and not row.extras.get("act")
    return is_words and row.status == Message.Status.SENT and bool(row.external_id)


def staff_chats() -> QuerySet[Chat]:
    """Return the chats of our own people: each manager's own with a bot, and the groups where leads are offered."""
    ids = [str(number) for number in Manager.objects.exclude(telegram_id=None).values_list("telegram_id", flat=True)]
    groups = ManagersChat.objects.values("chat_id")
    return Chat.objects.filter(Q(channel__kind="telegram", external_id__in=ids) | Q(pk__in=groups))
