"""The calendar entry of an appointment: an iCalendar file for the chat, and a link that nobody can guess and that expires.

https://www.rfc-editor.org/rfc/rfc5545
"""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone

from content.models import BusinessProfile
from crm.models import Appointment

SALT = "crm.calendar_entries"
MAX_AGE = dt.timedelta(days=120)  # of a link; longer than anybody books ahead
AFTERWARDS = dt.timedelta(days=1)  # how long after its end an appointment can still be fetched
FILE_NAME = "konsultaciya.ics"
LINE_BYTES = 75  # a longer line is folded


def link_to(row: Appointment) -> str:
    """Return the address of the entry."""
    return f"{settings.PUBLIC_URL}/calendar/{signing.dumps(row.pk, salt=SALT)}.ics"


def download(_request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the entry; a link that was made up, is old, or leads to nothing that stands is simply not found."""
    try:
        number = signing.loads(token, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return HttpResponseNotFound()
    row = Appointment.objects.filter(pk=number, ends_at__gt=timezone.now() - AFTERWARDS).first()
    if row is None:
        return HttpResponseNotFound()
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "private, no-store"}
    return HttpResponse(entry_of(row), content_type="text/calendar; charset=utf-8", headers=headers)


def entry_of(row: Appointment) -> str:
    """Return the file. The same UID with a greater SEQUENCE replaces what the customer's calendar has."""
    profile = _profile_of(row)
    is_off = row.status == Appointment.Status.CANCELED
    title = f"Консультация: {profile.name}" if profile.name else "Консультация"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Otklik//Consultations//RU",
        f"METHOD:{'CANCEL' if is_off else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:appointment-{row.pk}@{_host()}",
        f"SEQUENCE:{max(0, len(row.history) - 1)}",
        f"DTSTAMP:{_utc(row.updated_at)}",
        f"DTSTART:{_utc(row.starts_at)}",
        f"DTEND:{_utc(row.ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        f"LOCATION:{_escaped(profile.address)}" if profile.address else "",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
        *(
            []
            if is_off
            else ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(title)}", "TRIGGER:-PT15M", "END:VALARM"]
        ),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines if line)


def _profile_of(row: Appointment) -> BusinessProfile:
    """Return the profile of the product the customer talks to, else the house's."""
    key = row.chat.channel.scenario_key if row.chat is not None else ""
    return BusinessProfile.objects.filter(scenario_key=key).first() or BusinessProfile.current()


def _host() -> str:
    return settings.PUBLIC_URL.partition("//")[2].partition("/")[0].partition(":")[0] or "otklik"


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign, instead in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(sign, instead)
    return text


def _folded(line: str) -> str:
    """Cut a long line as the standard wants it: by bytes, never inside a letter, the rest begins with a space."""
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LINE_BYTES - (1 if parts else 0):
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
