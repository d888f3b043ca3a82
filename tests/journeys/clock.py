"""The house's clock in a journey: it runs with the real one and is moved forward instead of being waited for."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from bot.nudges import broker

# Rows and keys that live by the database's or Redis's own clock are told that time has passed.
DUE_SQL = (
    "UPDATE bot_message SET send_after = now() WHERE status = 'queued' AND send_after > now() AND send_after <= %s"
)
BUCKETS = ("otklik:rate:*", "otklik:pause:*", "otklik:limit:*", "bitrix24:*")


class HouseClock:
    """Now, and as much later as a journey says. Called like `timezone.now`."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(tz=UTC) + self._ahead

    def advance_seconds(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.advance(timedelta(seconds=seconds))

    def advance(self, by: timedelta) -> None:
        """Let time pass for the house, its database and its Redis."""
        self._ahead += by
        with connection.cursor() as cursor:
            cursor.execute(DUE_SQL, [self()])
        for pattern in BUCKETS:
            for key in broker().scan_iter(pattern):
                broker().delete(key)
