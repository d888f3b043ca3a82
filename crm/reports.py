"""What the portal is told at each turn of a lead's life: rows for the write-back queue, nothing else.

Called inside the transaction that makes it true. `key` makes the report unique: the same report twice is queued once; a lead
that is reopened and lost again reports again, so the caller's key must name the occasion (an event, a timer, a button press).
A house without a portal reports to nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from bot.nudges import nudge
from crm.models import Lead, Manager, Portal, RemoteLead, WriteBack

OPENLINE = "openline"  # the channel kind whose chats live in the portal itself
WRITE_TASK = "crm.tasks.write_back"
Operation = WriteBack.Operation
# How a settled lead is told; the stages are the portal's `done_stage`, `paid_stage`, `canceled_stage`.
SETTLED: Mapping[str, str] = {
    Lead.Status.DONE: "Заявка закрыта: работа завершена",
    Lead.Status.PAID: "Заявка оплачена",
    Lead.Status.CANCELED: "Заявка отменена",
}
ASSIGNED = "Вам назначен новый лид с контактом"
ERASURE_COMMENT = (
    "Клиент попросил удалить свои персональные данные (152-ФЗ). В Отклике они удалены, а здесь — то, что записал бот. "
    "Проверьте и удалите остальное: звонки, письма, файлы, контакт."
)
ASSIGNED_WITHOUT_CONTACT = "Вам назначен новый лид: клиент просит менеджера, контакта пока нет"


def report_births(leads: Sequence[Lead]) -> None:
    """Leads were born this moment in our channels, so no card stands for them yet: each gets its place in the portal."""
    portal = default_portal() if leads else None
    if portal is None:
        return
    WriteBack.objects.bulk_create(
        [_birth(portal, lead) for lead in leads if not _line_chat(lead)], ignore_conflicts=True
    )
    transaction.on_commit(lambda: nudge(WRITE_TASK))
    for lead in leads:
        if _line_chat(lead):
            report_lead(lead, key=f"lead-{lead.pk}")


def report_lead(lead: Lead, *, key: str) -> None:
    """A lead was born in one of our channels: it gets its place in the portal."""
    portal = _portal_of(lead)
    if portal is None:
        return
    from_line = lead.chat is not None and lead.chat.channel.kind == OPENLINE
    operation = Operation.FIND_LINE_LEAD if from_line else Operation.CREATE_LEAD
    params = {"origin": f"lead-{lead.pk}", "fields": _fields_of(lead, portal)}
    enqueue(portal, operation, params, key=f"{key}:create", lead=lead)
    if from_line:
        _move(portal, lead, "bot", assigned_by_id=portal.technical_user_id, key=key)


def report_bot_talks(lead: Lead, *, key: str) -> None:
    """The bot has taken (or, after a late answer, taken again) the lead."""
    portal = _portal_of(lead)
    if portal is not None:
        _move(portal, lead, "bot", assigned_by_id=portal.technical_user_id, key=key)


def report_standing(lead: Lead, *, key: str) -> None:
    """A card of the portal has come to stand for a lead we know: bring it where our lead stands."""
    if lead.status in Lead.AWAITING_CONTACT:
        report_bot_talks(lead, key=key)
        return
    portal = _portal_of(lead)
    if portal is not None and lead.status in Lead.REOPENABLE:
        _move(portal, lead, "review" if lead.status == Lead.Status.REVIEW else "low_quality", key=key)


def report_phone(lead: Lead, phone: str, *, key: str) -> None:
    """The customer gave a number (E.164)."""
    portal = _portal_of(lead)
    if portal is not None:
        enqueue(portal, Operation.ADD_PHONE, {"phone": phone}, key=f"{key}:phone", lead=lead)


def report_email(lead: Lead, email: str, *, key: str) -> None:
    """The customer gave an e-mail address."""
    portal = _portal_of(lead)
    if portal is not None and email:
        enqueue(portal, Operation.ADD_EMAIL, {"email": email}, key=f"{key}:email", lead=lead)


def report_assignment(lead: Lead, manager: Manager, *, phone: str, key: str) -> None:
    """A manager has the lead: stage and responsible, a summary in the timeline, a notice, the chat."""
    portal = _portal_of(lead)
    if portal is None:
        return
    _move(portal, lead, "success", assigned_by_id=manager.bitrix_id, key=key)
    comment = {"text": _summary_of(lead), "phone": phone}
    enqueue(portal, Operation.COMMENT, comment, key=f"{key}:comment", lead=lead)
    if manager.bitrix_id is not None:
        notice = {"user_id": manager.bitrix_id, "text": _notice_of(lead, phone), "tag": f"lead-{lead.pk}"}
        enqueue(portal, Operation.NOTIFY, notice, key=f"{key}:notify", lead=lead)
    if chat_id := _line_chat(lead):
        transfer = {"chat_id": chat_id, "user_id": manager.bitrix_id}
        enqueue(portal, Operation.TRANSFER_CHAT, transfer, key=f"{key}:transfer", lead=lead)


def report_settled(lead: Lead, *, key: str, comments: bool = True) -> None:
    """The lead is done, paid or canceled: the stage the owner chose for that, if any, and a line in the timeline."""
    portal = _portal_of(lead)
    if portal is None or lead.status not in SETTLED:
        return
    _move(portal, lead, str(lead.status), key=key)
    if not comments:
        return
    reason = f": {lead.reason_text}" if lead.reason else ""
    comment = {"text": f"{SETTLED[lead.status]}{reason}.\n{_link_to(lead)}"}
    enqueue(portal, Operation.COMMENT, comment, key=f"{key}:comment", lead=lead)


def report_note(lead: Lead, text: str, *, key: str) -> None:
    """Something happened to the lead that people in the portal should read."""
    portal = _portal_of(lead)
    if portal is not None and text:
        enqueue(portal, Operation.COMMENT, {"text": f"{text}\n{_link_to(lead)}"}, key=f"{key}:note", lead=lead)


def report_return(lead: Lead, *, key: str) -> bool:
    """The customer of a manager writes again in a new dialogue: it goes straight to that manager. False: to nobody we know."""
    portal, chat_id = _portal_of(lead), _line_chat(lead)
    if portal is None or not chat_id or lead.manager is None or lead.manager.bitrix_id is None:
        return False
    transfer = {"chat_id": chat_id, "user_id": lead.manager.bitrix_id}
    enqueue(portal, Operation.TRANSFER_CHAT, transfer, key=f"{key}:transfer", lead=lead)
    return True


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What the portal may still hold of a person who wants to be forgotten."""

    name: str
    phone: str
    email: str


def report_erasure(lead: Lead, gone: Forgotten, *, key: str) -> None:
    """The customer wants to be forgotten: what we wrote about them into the portal is taken out again."""
    portal = _portal_of(lead)
    if portal is None:
        return
    comments = WriteBack.objects.filter(lead=lead, operation=Operation.COMMENT, status=WriteBack.Status.DONE)
    ids = [row.result["id"] for row in comments if row.result.get("id")]
    params = {"name": gone.name, "phone": gone.phone, "email": gone.email, "title": f"Обращение № {lead.pk}"}
    enqueue(
        portal, Operation.ERASE, {**params, "comments": ids, "text": ERASURE_COMMENT}, key=f"{key}:erase", lead=lead
    )


def report_failure(lead: Lead, *, key: str) -> None:
    """The lead is of low quality or for review (`lead.status`), with the reason."""
    portal = _portal_of(lead)
    if portal is None:
        return
    is_review = lead.status == Lead.Status.REVIEW
    _move(portal, lead, "review" if is_review else "low_quality", key=key)
    heading = "Нужна проверка человеком" if is_review else "Контакт не получен"
    comment = {"text": f"{heading}: {lead.reason_text}.\n{_link_to(lead)}"}
    enqueue(portal, Operation.COMMENT, comment, key=f"{key}:comment", lead=lead)
    if chat_id := _line_chat(lead):
        operation = Operation.TRANSFER_CHAT if is_review else Operation.FINISH_CHAT
        enqueue(portal, operation, {"chat_id": chat_id}, key=f"{key}:chat", lead=lead)


def enqueue(portal: Portal, operation: str, params: Mapping[str, Any], *, key: str, lead: Lead | None = None) -> bool:
    """Queue one write in the caller's transaction; return False when `key` was queued before."""
    row = WriteBack(portal=portal, lead=lead, operation=Operation(operation), params=dict(params), dedupe_key=key)
    before = WriteBack.objects.filter(dedupe_key=key).exists()
    WriteBack.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(lambda: nudge(WRITE_TASK))
    return not before


def notify_user(manager: Manager, text: str, *, key: str) -> bool:
    """Send a notice to one of our people in the portal; False where there is no portal or they have no account there."""
    portal = default_portal()
    if portal is None or manager.bitrix_id is None:
        return False
    params = {"user_id": manager.bitrix_id, "text": text, "tag": key}
    return enqueue(portal, Operation.NOTIFY, params, key=f"{key}:notify")


def default_portal() -> Portal | None:
    """Return the portal that leads of our own channels are written to."""
    return Portal.objects.filter(is_active=True).order_by("pk").first()


def _birth(portal: Portal, lead: Lead) -> WriteBack:
    params = {"origin": f"lead-{lead.pk}", "fields": _fields_of(lead, portal)}
    key = f"lead-{lead.pk}:create"
    return WriteBack(portal=portal, lead=lead, operation=Operation.CREATE_LEAD, params=params, dedupe_key=key)


def _move(portal: Portal, lead: Lead, purpose: str, *, key: str, assigned_by_id: int | None = None) -> None:
    """Queue stage and responsible; a stage that nobody has chosen is left as it is."""
    remote = RemoteLead.objects.filter(lead=lead).first()
    stage = portal.stage_for(remote.entity if remote else Portal.Entity.LEAD, purpose)
    fields: dict[str, Any] = {"stageId": stage} if stage else {}
    if assigned_by_id is not None:
        fields["assignedById"] = assigned_by_id
    if fields:
        enqueue(portal, Operation.MOVE, {"fields": fields}, key=f"{key}:move", lead=lead)


def _fields_of(lead: Lead, portal: Portal) -> dict[str, Any]:
    """Return the fields of a new lead in the portal."""
    fields: dict[str, Any] = {
        "title": lead.title or f"Обращение: {lead.customer}",
        "name": lead.customer.name,
        "sourceId": portal.options.get("source_id", "OTHER"),
        "sourceDescription": lead.source,
        "comments": _link_to(lead),
        "stageId": portal.bot_stage,
        "assignedById": portal.technical_user_id,
    }
    utm = {f"utm{name.title()}": lead.utm.get(name) for name in ("source", "medium", "campaign", "content", "term")}
    return {name: value for name, value in {**fields, **utm}.items() if value not in (None, "")}


def assigned_heading(lead: Lead) -> str:
    """Return how a manager is told of a lead: with a contact (known to us, or only on the card in the portal) or without."""
    return ASSIGNED if lead.captured_at is not None else ASSIGNED_WITHOUT_CONTACT


def _summary_of(lead: Lead) -> str:
    said = lead.summary or ("Клиент оставил номер телефона боту." if lead.captured_at else lead.reason_text)
    standing = f"Статус: {lead.standing}" if lead.standing else ""
    return "\n".join(line for line in (said, standing, _link_to(lead)) if line)


def _notice_of(lead: Lead, phone: str) -> str:
    lines = [
        f"[b]{assigned_heading(lead)}[/b]",
        str(lead),
        f"Телефон: {phone}" if phone else "",
        lead.summary,
        _link_to(lead),
    ]
    return "\n".join(line for line in lines if line)


def _link_to(lead: Lead) -> str:
    return f"Переписка: {settings.PUBLIC_URL}/admin/crm/lead/{lead.pk}/change/"


def _line_chat(lead: Lead) -> int:
    """Return the open-line chat of the lead, or 0."""
    is_line = lead.chat is not None and lead.chat.channel.kind == OPENLINE
    return int(lead.chat.external_id) if is_line and lead.chat is not None else 0


def _portal_of(lead: Lead) -> Portal | None:
    remote = RemoteLead.objects.select_related("portal").filter(lead=lead).first()
    portal = remote.portal if remote else default_portal()
    return portal if portal is not None and portal.is_active else None
