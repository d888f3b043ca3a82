"""What the company knows: a service, people, working times, records. Plain Python, one lock."""

import datetime as dt
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(slots=True)
class Record:
    """One visit."""

    id: int
    hash: str
    starts_at: dt.datetime
    phone: str
    name: str
    api_id: str = ""
    staff_id: int = 0
    attendance: int = 0
    deleted: bool = False


class Refusal(Exception):
    """The company says no, with YClients' own code."""

    def __init__(self, code: int, message: str, *, status: int = 422) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass
class Company:
    """One service of an hour; every specialist takes one visit at a time."""

    id: int = 101
    service_id: int = 11
    staff: tuple[int, ...] = (21,)
    clocks: tuple[str, ...] = ("12:00", "14:00", "16:00", "18:00")
    days: int = 10
    today: dt.date = field(default_factory=lambda: dt.datetime.now(MOSCOW).date())
    partner: str = "partner-token"
    user: str = "user-token"
    login: tuple[str, str] = ("owner", "password")
    needs_name: bool = True
    black_list: set[str] = field(default_factory=set)
    records: dict[int, Record] = field(default_factory=dict)
    hooks: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Iterator[int] = field(default_factory=lambda: count(777))

    def standing(self) -> list[Record]:
        """Return the records that were not deleted."""
        return [record for record in self.records.values() if not record.deleted]

    def times(self, day: dt.date, staff_id: int) -> list[dt.datetime]:
        """Return the free times of a day; staff 0 is anybody."""
        ahead = (day - self.today).days
        if not 1 <= ahead <= self.days:
            return []
        moments = [dt.datetime.combine(day, dt.time.fromisoformat(clock), MOSCOW) for clock in self.clocks]
        return [moment for moment in moments if self._free_staff(moment, staff_id)]

    def dates(self, staff_id: int) -> list[dt.date]:
        """Return the days with free times."""
        span = (self.today + dt.timedelta(days=ahead) for ahead in range(1, self.days + 1))
        return [day for day in span if self.times(day, staff_id)]

    def book(self, *, phone: str, name: str, starts_at: dt.datetime, staff_id: int, api_id: str) -> Record:
        """Make a record, or refuse as YClients does."""
        with self.lock:
            if not phone.isdecimal() or len(phone) < 10:
                raise Refusal(431, "Неверный телефон")
            if self.needs_name and not name.strip():
                raise Refusal(435, "Не указано имя")
            if phone in self.black_list:
                raise Refusal(434, "Клиент в чёрном списке", status=403)
            if any(record.phone == phone and record.starts_at == starts_at for record in self.standing()):
                raise Refusal(437, "У клиента есть запись на это время")
            free = self._free_staff(starts_at, staff_id)
            if starts_at not in self.times(starts_at.astimezone(MOSCOW).date(), staff_id) or not free:
                raise Refusal(433 if staff_id else 436, "Время занято")
            record = Record(next(self.numbers), secrets.token_hex(8), starts_at, phone, name, api_id, free[0])
            self.records[record.id] = record
            return record

    def move(self, record_id: int, starts_at: dt.datetime) -> Record:
        """Move a record, or refuse."""
        with self.lock:
            record = self.find(record_id)
            if starts_at not in self.times(starts_at.astimezone(MOSCOW).date(), 0):
                raise Refusal(433, "Время занято")
            record.starts_at = starts_at
            return record

    def find(self, record_id: int) -> Record:
        """Return a record; refuses with 404."""
        record = self.records.get(record_id)
        if record is None or record.deleted:
            raise Refusal(404, "Запись не найдена", status=404)
        return record

    def _free_staff(self, moment: dt.datetime, staff_id: int) -> list[int]:
        busy = {record.staff_id for record in self.standing() if record.starts_at == moment}
        return [person for person in self.staff if person not in busy and staff_id in (0, person)]
