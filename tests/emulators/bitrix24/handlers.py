"""Names every file that enters methods into the table; importing this one fills it."""

from tests.emulators.bitrix24 import (
    bots,
    duplicates,
    items,
    legacy,
    notices,
    operators,
    people,
    sessions,
    statuses,
    subscriptions,
    timeline,
)

FILES = (bots, duplicates, items, legacy, notices, operators, people, sessions, statuses, subscriptions, timeline)
