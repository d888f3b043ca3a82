"""What a portal has on its first day: stages, sources, employees, one open line; and a little more for the demo."""

from tests.emulators.bitrix24.openlines import LINE_DEFAULTS, blank_user
from tests.emulators.bitrix24.portal import Portal
from tests.emulators.bitrix24.stages import seed_stages
from tests.emulators.bitrix24.store import FIRST_IDS
from tests.emulators.bitrix24.world import World

EMPLOYEES = [
    ("Анна", "Соколова", "Руководитель отдела продаж", 1),
    ("Иван", "Петров", "Менеджер", 2),
    ("Мария", "Кузнецова", "Менеджер", 2),
    ("Дмитрий", "Орлов", "Менеджер", 2),
    ("Система", "Отклик", "Технический пользователь", 1),
]
ONLINE = 4  # the first so many employees are at work


def seed_portal(portal: Portal) -> None:
    """Fill an empty portal; a portal with a past is left as it is."""
    if not portal.store.is_empty:
        return
    with portal.store.lock:
        seed_stages(portal.store)
        portal.store["departments"].add({"name": "Компания", "parent": 0})
        portal.store["departments"].add({"name": "Отдел продаж", "parent": 1})
        for position, person in enumerate(EMPLOYEES):
            _add_employee(portal, position, *person)
        # Bots and clients get numbers far from employees', so that one is never taken for the other.
        portal.store["users"].next_id = 456
        queue = [number for number in portal.store["users"] if 1 < number <= ONLINE]
        portal.store["lines"].add(LINE_DEFAULTS | {"LINE_NAME": "Отдел продаж", "QUEUE": queue})


def _add_employee(portal: Portal, position: int, name: str, last_name: str, post: str, department: int) -> None:
    is_working = position < ONLINE
    row = blank_user(name, last_name) | {"position": post, "departments": [department], "isAdmin": position == 0}
    row |= {"isOnline": is_working, "day": "OPENED" if is_working else "CLOSED"}
    row |= {"dayStarted": portal.clock.iso() if is_working else None, "email": f"user{position + 1}@example.ru"}
    portal.store["users"].add(row)


def seed_demo(portal: World) -> None:
    """Give a portal that has never had a lead a small past: two leads that managers already work on."""
    with portal.store.lock:
        if portal.store["leads"].next_id != FIRST_IDS["leads"]:
            return
        first = portal.add_lead(
            title="Заявка с сайта", name="Елена", phone="+79161112233", sourceId="WEB", assignedById=2
        )
        portal.update_lead(first, stageId="IN_PROCESS")
        portal.add_lead(title="Звонок", name="Сергей", phone="+79031234567", sourceId="CALL", assignedById=3)
