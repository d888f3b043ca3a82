"""Stages of leads and deals: which exist, what they mean, which directory a pipeline uses."""

from typing import Any

from tests.emulators.bitrix24.fields import DEAL, Entity
from tests.emulators.bitrix24.store import Row, Store

LEAD_STAGES = [
    ("NEW", "Не обработан", 10, "#39A8EF", ""),
    ("IN_PROCESS", "В работе", 20, "#2FC6F6", ""),
    ("PROCESSED", "Обработан", 30, "#55D0E0", ""),
    ("CONVERTED", "Качественный лид", 40, "#7BD500", "S"),
    ("JUNK", "Некачественный лид", 50, "#FF5752", "F"),
]
DEAL_STAGES = [
    ("NEW", "Новая", 10, "#39A8EF", ""),
    ("PREPARATION", "Подготовка документов", 20, "#2FC6F6", ""),
    ("EXECUTING", "В работе", 30, "#55D0E0", ""),
    ("FINAL_INVOICE", "Финальный счёт", 40, "#47E4C2", ""),
    ("WON", "Сделка успешна", 50, "#7BD500", "S"),
    ("LOSE", "Сделка провалена", 60, "#FF5752", "F"),
]
SOURCES = [
    ("CALL", "Звонок"),
    ("EMAIL", "Электронная почта"),
    ("WEB", "Веб-сайт"),
    ("ADVERTISING", "Реклама"),
    ("PARTNER", "Существующий клиент"),
    ("RECOMMENDATION", "По рекомендации"),
    ("TRADE_SHOW", "Выставка"),
    ("WEBFORM", "CRM-форма"),
    ("CALLBACK", "Обратный звонок"),
    ("RC_GENERATOR", "Генератор продаж"),
    ("STORE", "Интернет-магазин"),
    ("OTHER", "Другое"),
]
ORDER = {"": 0, "S": 1, "F": 2}  # process stages stand before success, success before failures


def seed_stages(store: Store) -> None:
    """Fill the directories every new portal has."""
    for status_id, name, sort, color, semantics in LEAD_STAGES:
        add_stage(store, "STATUS", status_id, name=name, sort=sort, color=color, semantics=semantics)
    for status_id, name, sort, color, semantics in DEAL_STAGES:
        add_stage(store, "DEAL_STAGE", status_id, name=name, sort=sort, color=color, semantics=semantics)
    for position, (status_id, name) in enumerate(SOURCES, 1):
        add_stage(store, "SOURCE", status_id, name=name, sort=position * 10)


def add_stage(
    store: Store,
    directory: str,
    status_id: str,
    *,
    name: str,
    sort: int,
    color: str = "",
    semantics: str = "",
    is_system: bool = True,
) -> int:
    """Store one row of a directory without checks."""
    row: Row = {"directory": directory, "statusId": status_id, "name": name, "sort": sort}
    row |= {"color": color, "semantics": semantics, "isSystem": is_system}
    return store["statuses"].add(row)


def directory_of(entity: Entity, category_id: Any) -> str:
    """Return the directory of an entity's stages; the first pipeline is DEAL_STAGE, never DEAL_STAGE_0."""
    if entity is not DEAL:
        return "STATUS"
    return f"DEAL_STAGE_{category_id}" if category_id else "DEAL_STAGE"


def stages_of(store: Store, directory: str) -> list[Row]:
    """Return the rows of one directory in their order."""
    rows = [row for row in store["statuses"].values() if row["directory"] == directory]
    return sorted(rows, key=lambda row: (row["sort"], row["id"]))


def find_stage(store: Store, directory: str, status_id: Any) -> Row | None:
    """Return one stage, None when the portal has no such one."""
    return next((row for row in stages_of(store, directory) if row["statusId"] == status_id), None)


def semantic_letter(stage: Row) -> str:
    """Return P, S or F as the object's stageSemanticId shows it."""
    return str(stage["semantics"] or "P")
