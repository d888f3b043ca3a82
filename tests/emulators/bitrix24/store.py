"""The portal's memory: tables of plain rows that fit into one JSON file, so that a second run goes on."""

import json
import threading
from pathlib import Path
from typing import Any

Row = dict[str, Any]

# The first id of each table. They differ so that an id used in the wrong place finds nothing instead of a neighbour.
FIRST_IDS = {
    "leads": 2651,
    "deals": 801,
    "contacts": 4101,
    "chats": 112,
    "messages": 30789,
    "sessions": 343,
    "bot_events": 1002,
    "users": 1,
    "comments": 9001,
    "activities": 7001,
    "notifications": 5001,
    "subscriptions": 707,
    "lines": 1,
    "categories": 10,
    "statuses": 1,
    "multifields": 6001,
    "history": 501,
    "offline": 1,
    "departments": 1,
}


class Table(dict[int, Row]):
    """Rows by id; `add` gives the next id, which is never given twice."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self.next_id = first

    def add(self, row: Row) -> int:
        """Store a row under the next id (also written into it as `id`) and return that id."""
        number = self.take_id()
        self[number] = {**row, "id": number}
        return number

    def take_id(self) -> int:
        """Return an id that no row has had."""
        self.next_id += 1
        return self.next_id - 1


class Store:
    """All tables and one map of settings. Guard access with `lock`: tests and the server's loop share it."""

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.tables = {name: Table(first) for name, first in FIRST_IDS.items()}
        self.settings: Row = {}
        self._path = path
        self._written = ""
        if path is not None and path.exists():
            self._load(json.loads(path.read_text(encoding="utf-8")))

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    @property
    def is_empty(self) -> bool:
        """True when nothing was ever stored (a first run)."""
        return not any(self.tables.values())

    def save(self) -> None:
        """Write the file if something changed; the old file stays whole until the new one is complete."""
        if self._path is None:
            return
        with self.lock:
            text = json.dumps(self._dump(), ensure_ascii=False)
        if text != self._written:
            draft = self._path.with_suffix(".tmp")
            draft.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8")
            draft.replace(self._path)
            self._written = text

    def _dump(self) -> Row:
        tables = {name: {"next": table.next_id, "rows": list(table.values())} for name, table in self.tables.items()}
        return {"settings": self.settings, "tables": tables}

    def _load(self, data: Row) -> None:
        self.settings = data["settings"]
        for name, saved in data["tables"].items():
            table = self.tables[name]
            table.next_id = saved["next"]
            for row in saved["rows"]:
                table[row["id"]] = row
