"""The calendar entry: readable by any calendar, reached by a link that nobody guesses and that ends."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from content.models import BusinessProfile
from crm.calendar_entries import SALT, entry_of, link_to
from crm.models import Appointment, Customer

pytestmark = pytest.mark.django_db
MOSCOW = ZoneInfo("Europe/Moscow")


def appointment(starts_at: dt.datetime | None = None) -> Appointment:
    row = Appointment(customer=Customer.objects.create(name="Анна"))
    row.place(starts_at or timezone.now() + dt.timedelta(days=1), minutes=60, zone=MOSCOW)
    row.write_down("booked", by="customer", at=timezone.now())
    row.save()
    return row


def path_of(row: Appointment) -> str:
    return "/calendar/" + link_to(row).partition("/calendar/")[2]


def test_an_entry_says_when_in_utc_and_what_and_is_cut_as_the_standard_wants() -> None:
    profile = BusinessProfile.current()
    profile.name, profile.address = (
        "Школа; Инвестиции, просто",
        "г. Москва, улица с очень длинным названием, дом 1, строение 2",
    )
    profile.save()
    entry = entry_of(appointment(dt.datetime(2026, 12, 31, 23, 30, tzinfo=MOSCOW)))
    assert "DTSTART:20261231T203000Z\r\n" in entry and "DTEND:20261231T213000Z\r\n" in entry
    assert "SUMMARY:Консультация: Школа\\; Инвестиции\\, просто" in entry.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in entry.split("\r\n"))
    assert entry.startswith("BEGIN:VCALENDAR\r\n") and entry.endswith("END:VCALENDAR\r\n")
    assert "TRIGGER:-PT15M" in entry and "SEQUENCE:0" in entry


def test_a_moved_one_replaces_and_a_canceled_one_takes_away() -> None:
    row = appointment()
    row.write_down("canceled", by="customer", at=timezone.now())
    row.status = Appointment.Status.CANCELED
    entry = entry_of(row)
    assert "METHOD:CANCEL" in entry and "SEQUENCE:1" in entry and "VALARM" not in entry


def test_the_link_gives_the_file_to_whoever_has_it(client: Client) -> None:
    row = appointment()
    answer = client.get(path_of(row))
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"UID:appointment-{row.pk}@" in answer.content.decode()


def test_a_link_made_up_or_too_old_or_of_what_is_long_over_leads_nowhere(client: Client) -> None:
    row = appointment()
    honest = path_of(row)
    forged = signing.dumps(row.pk, salt="another")
    assert client.get(f"/calendar/{forged}.ics").status_code == 404
    assert client.get("/calendar/1.ics").status_code == 404
    assert client.get(honest.replace(".ics", "x.ics")).status_code == 404
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crm.calendar_entries.MAX_AGE", dt.timedelta(seconds=-1))
        assert client.get(honest).status_code == 404
    Appointment.objects.update(ends_at=timezone.now() - dt.timedelta(days=2))
    assert client.get(honest).status_code == 404
    assert client.get(f"/calendar/{signing.dumps(999, salt=SALT)}.ics").status_code == 404
