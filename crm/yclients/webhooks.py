"""The door of YClients: it signs nothing, so the address holds a secret, and what it says is only a hint to read anew."""

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bot.secrets import fingerprint
from crm.models import Appointment, CalendarTask, YclientsAccount
from crm.yclients.outcomes import forget_slots
from crm.yclients.queueing import enqueue


@csrf_exempt
@require_POST
def receive(request: HttpRequest, secret: str) -> HttpResponse:
    """Note that a record may have changed; a kind of news we do not follow is taken and left."""
    account = YclientsAccount.objects.filter(secret_fingerprint=fingerprint(secret), is_active=True).first()
    if account is None:
        return HttpResponseForbidden()
    try:
        body = json.loads(request.body)
        number = int(body["resource_id"]) if body["resource"] == "record" else None
    except (ValueError, KeyError, TypeError):
        return HttpResponseBadRequest()
    if number is not None and str(body.get("company_id")) == str(account.company_id):
        _notice(account, number)
    return HttpResponse()


def _notice(account: YclientsAccount, record_id: int) -> None:
    with transaction.atomic():
        forget_slots(account)
        row = Appointment.objects.filter(source=Appointment.Source.YCLIENTS, external_id=str(record_id)).first()
        waiting = CalendarTask.objects.filter(appointment=row, operation=CalendarTask.Operation.READ, status="queued")
        if row is not None and not waiting.exists():
            enqueue(account, CalendarTask.Operation.READ, appointment=row)
