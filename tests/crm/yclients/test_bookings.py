"""A consultation in YClients: asked for outside any transaction, taken meanwhile, lost answers, news from over there."""

import datetime as dt
import json

import pytest
from django.test import Client

from bot.errors import Refused
from crm import calendars
from crm.models import Appointment, CalendarTask, Customer
from crm.yclients import errands
from crm.yclients.calendar import YclientsCalendar
from tests.crm.yclients.conftest import Office
from tests.emulators.yclients import Fault, FaultKind

Status = Appointment.Status


def test_a_time_is_booked_over_there_told_here_and_reminded_of(office: Office) -> None:
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    assert office.row.status == Status.REQUESTED and office.told(chat) == [], "nothing is promised before it is true"
    office.work()
    row = office.row
    record = office.server.company.standing()[0]
    assert (row.status, row.external_id, row.seat) == (Status.SCHEDULED, str(record.id), None)
    assert (record.starts_at, record.phone, record.api_id) == (office.slot(), "79161234567", f"otklik-{row.pk}")
    assert office.told(chat) == ["booked"] and row.reminders.count() >= 1
    assert row.lead is not None and row.lead.standing.startswith("назначен на консультацию")


@pytest.mark.parametrize("why", ["somebody called", "another visit of the same client"])
def test_taken_meanwhile_leads_to_other_times(office: Office, why: str) -> None:
    anna, chat = office.somebody()
    calendars.current().look_up(chat, key="look")
    office.work()
    office.server.guest_books(office.slot(), "79161234567" if "same" in why else "79990000000")
    office.asks(anna, chat, office.slot())
    office.work()
    assert office.told(chat) == ["slots", "taken"] and office.row.status == Status.CANCELED
    office.account.refresh_from_db()
    assert YclientsCalendar(office.account).free(office.now) is None, "what was seen is no longer believed"


@pytest.mark.parametrize(
    ("phone", "name", "says"),
    [("+79161234567", "blacklisted", "чёрном списке"), ("+7916", "Анна", "номер телефона"), ("", "Анна", "")],
)
def test_what_yclients_will_not_take_is_told_to_the_customer_and_to_our_people(
    office: Office, phone: str, name: str, says: str
) -> None:
    office.server.company.black_list = {"79161234567"} if name == "blacklisted" else set()
    anna, chat = office.somebody(name, phone)
    office.asks(anna, chat, office.slot())
    office.work()
    assert office.told(chat) == ["failed"]
    assert not says or says in office.task.error


def test_a_lost_answer_is_looked_for_and_never_repeated_blindly(office: Office) -> None:
    office.server.order(Fault(FaultKind.ACT_THEN_DROP, match="book_record"))
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    office.work()
    assert office.task.status == CalendarTask.Status.UNKNOWN and office.told(chat) == []
    office.work(later=15)
    assert office.told(chat) == ["booked"] and len(office.server.company.standing()) == 1
    assert office.server.calls_of("POST", "book_record") == 1
    calendars.keeper_of(office.row).withdraw(office.row, chat=chat, key="c", now=office.now)
    office.work()
    assert office.told(chat) == ["booked", "canceled"], "without the lost hash the back office takes it back"


def test_an_answer_that_never_was_is_repeated_only_when_nothing_is_found_long_enough(office: Office) -> None:
    office.server.order(Fault(FaultKind.STATUS, match="book_record", status=502, body={}))
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    office.work()
    office.work(later=15)
    assert office.server.calls_of("POST", "book_record") == 0, "the first, spoilt, may still be on its way"
    for _ in range(4):
        office.work(later=15)
    assert office.told(chat) == ["booked"] and len(office.server.company.standing()) == 1


def test_a_worker_that_died_after_the_request_left_books_nothing_twice(office: Office) -> None:
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    task = errands.claim(office.now)
    assert task is not None
    errands.attempt(task, office.now)  # … and it dies before recording
    office.work(later=200)
    assert office.told(chat) == ["booked"] and len(office.server.company.standing()) == 1


def test_a_calendar_that_is_away_is_waited_for_and_given_up_in_time(office: Office) -> None:
    office.server.order(Fault(FaultKind.STATUS, match="/api/", status=429, times=3, body={"meta": {"message": "wait"}}))
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    for _ in range(5):
        office.work(later=10)
    assert office.told(chat) == ["booked"]
    office.server.order(Fault(FaultKind.DROP, match="/api/", times=-1))
    boris, other = office.somebody("Борис", "+79161234568")
    office.asks(boris, other, office.slot(2), key="e2")
    for _ in range(12):
        office.work(later=90)
    assert office.told(other)[-1] in ("unsure", "failed") and "booked" not in office.told(other)


def test_nobody_knows_for_long_and_people_are_told_once(office: Office) -> None:
    office.server.order(Fault(FaultKind.ACT_THEN_DROP, match="book_record"))
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    office.work()
    office.server.order(Fault(FaultKind.DROP, match="records", times=-1))
    for _ in range(6):
        office.work(later=60)
    assert office.told(chat) == ["unsure"]
    office.server.faults.clear()
    for _ in range(4):
        office.work(later=300)
    assert office.told(chat) == ["unsure", "booked"], "found at last"


def test_moving_and_canceling_are_done_over_there_first(office: Office) -> None:
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    office.work()
    office.asks(anna, chat, office.slot(2), key="e2")
    assert office.row.starts_at == office.slot(), "it stands where it stood until YClients says otherwise"
    office.work()
    assert office.row.starts_at == office.slot(2) and office.row.status == Status.RESCHEDULED
    assert office.server.company.standing()[0].starts_at == office.slot(2)
    office.server.guest_books(office.slot(3))
    office.asks(anna, chat, office.slot(3), key="e3")
    office.work()
    assert office.row.starts_at == office.slot(2)
    calendars.keeper_of(office.row).withdraw(office.row, chat=chat, key="c", now=office.now)
    office.work()
    assert office.told(chat) == ["booked", "moved", "taken", "canceled"]
    assert [record.starts_at for record in office.server.company.standing()] == [office.slot(3)]


@pytest.mark.parametrize("match", ["PUT", "DELETE"])
def test_lost_answers_to_a_move_and_a_cancel_are_read_back(office: Office, match: str) -> None:
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    office.work()
    path = "book_record" if match == "PUT" else "user/records"
    office.server.order(Fault(FaultKind.ACT_THEN_DROP, match=path))
    if match == "PUT":
        office.asks(anna, chat, office.slot(2), key="e2")
    else:
        calendars.keeper_of(office.row).withdraw(office.row, chat=chat, key="c", now=office.now)
    office.work()
    office.work(later=15)
    assert office.told(chat) == ["booked", "moved" if match == "PUT" else "canceled"]
    assert office.server.calls_of(match, path) == 1


def test_pressed_twice_it_is_asked_for_once(office: Office) -> None:
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot(), key="e1")
    office.asks(anna, chat, office.slot(2), key="e2")
    office.work()
    assert len(office.server.company.standing()) == 1 and office.told(chat) == ["booked"]


def test_times_are_cached_for_a_minute_and_never_believed_longer(office: Office) -> None:
    _anna, chat = office.somebody()
    calendars.current().look_up(chat, key="look")
    office.work()
    office.account.refresh_from_db()
    calendar = YclientsCalendar(office.account)
    free = calendar.free(office.now + dt.timedelta(seconds=59))
    assert free is not None and free[0] == office.slot(1, 0)
    assert calendar.free(office.now + dt.timedelta(seconds=61)) is None
    assert calendars.outlook([], office.now, rules=[], holidays=[]).needs_phone


def test_our_people_move_and_cancel_there_too(office: Office) -> None:
    anna, chat = office.somebody()
    calendars.current().look_up(chat, key="look")
    office.asks(anna, chat, office.slot())
    office.work()
    keeper = calendars.keeper_of(office.row)
    keeper.move_by_us(office.row, office.slot(2), by="Ольга", now=office.now)
    office.work()
    assert office.told(chat)[-1] == "moved_by_us" and office.row.history[-1]["by"] == "Ольга"
    with pytest.raises(Refused):
        keeper.move_by_us(office.row, office.slot(2).replace(hour=3), by="Ольга", now=office.now)
    keeper.cancel_by_us(office.row, by="Ольга", now=office.now)
    office.work()
    assert office.told(chat)[-1] == "canceled_by_us"
    with pytest.raises(Refused):
        keeper.cancel_by_us(office.row, by="Ольга", now=office.now)


# --- news from over there


def news(client: Client, office: Office, **changes: object) -> int:
    body = {
        "company_id": office.account.company_id,
        "resource": "record",
        "resource_id": 777,
        "status": "update",
        **changes,
    }
    url = f"/webhook/yclients/{office.account.url_secret}"
    return client.post(url, json.dumps(body), content_type="application/json").status_code


def test_what_was_changed_in_yclients_itself_is_read_anew_and_told(office: Office, client: Client) -> None:
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    office.work()
    number = int(office.row.external_id)
    office.server.administrator_moves(number, office.slot(2))
    assert news(client, office, resource_id=number) == news(client, office, resource_id=number) == 200
    office.work()
    assert office.row.starts_at == office.slot(2) and office.told(chat) == ["booked", "moved_by_us"]
    office.server.administrator_marks(number, 2)
    news(client, office, resource_id=number)
    office.work()
    assert office.row.confirmed_at is not None
    office.server.administrator_deletes(number)
    news(client, office, resource_id=number)
    office.work()
    assert office.row.status == Status.CANCELED and office.told(chat)[-1] == "canceled_by_us"


@pytest.mark.parametrize(("attendance", "status"), [(1, Status.COMPLETED), (-1, Status.NO_SHOW)])
def test_who_came_is_marked_over_there(office: Office, client: Client, attendance: int, status: str) -> None:
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    office.work()
    office.server.administrator_marks(int(office.row.external_id), attendance)
    news(client, office, resource_id=int(office.row.external_id))
    office.work(later=3 * 86400)
    assert office.row.status == status


def test_what_the_news_say_is_only_a_hint(office: Office, client: Client) -> None:
    anna, chat = office.somebody()
    office.asks(anna, chat, office.slot())
    office.work()
    news(
        client,
        office,
        resource_id=int(office.row.external_id),
        status="delete",
        data={"datetime": "2030-01-01T00:00:00"},
    )
    office.work()
    assert office.row.status == Status.SCHEDULED and office.told(chat) == ["booked"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"resource_id": "x"}, 400),
        ({"resource": "client"}, 200),
        ({"company_id": 5}, 200),
        ({"resource_id": None}, 400),
    ],
)
def test_odd_news_get_a_clear_answer_and_change_nothing(
    office: Office, client: Client, changes: dict[str, object], status: int
) -> None:
    assert news(client, office, **changes) == status
    assert not CalendarTask.objects.exists()


def test_a_stranger_without_the_secret_is_shut_out(office: Office, client: Client) -> None:
    assert client.post("/webhook/yclients/guess", "{}", content_type="application/json").status_code == 403
    url = f"/webhook/yclients/{office.account.url_secret}"
    assert client.get(url).status_code == 405
    assert client.post(url, "not json", content_type="application/json").status_code == 400
    assert Customer.objects.count() == 0
