"""`manage.py translations`: what the Russian catalogue lacks; `--write` adds the missing msgids and compiles it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.translations import PO, Entry, compile_mo, messages_of_house, read_po


class Command(BaseCommand):
    """Needs no gettext on the machine."""

    help = "List msgids without Russian; with --write, add them to the .po (to be filled in) and compile the .mo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="add missing msgids to the .po and compile the .mo")

    def handle(self, *args: Any, **options: Any) -> None:
        entries = read_po()
        missing = {key: plural for key, plural in messages_of_house().items() if key not in entries}
        if options["write"]:
            with PO.open("a", encoding="utf-8") as file:
                file.writelines(_lines(key, plural) for key, plural in missing.items())
            entries = read_po()
            PO.with_suffix(".mo").write_bytes(compile_mo(entries))
        empty = [entry.msgid for entry in entries.values() if not entry.is_translated]
        for key in [*missing, *empty]:
            self.stdout.write(repr(key))
        if missing or empty:
            raise CommandError(f"{len({*missing, *empty})} messages have no Russian; fill them in in {PO}")
        self.stdout.write(f"{len(entries)} messages, all translated")


def _lines(key: str, plural: str) -> str:
    entry = Entry(key, plural)
    head = f"\nmsgid {json.dumps(entry.msgid, ensure_ascii=False)}\n"
    if not plural:
        return f'{head}msgstr ""\n'
    forms = "".join(f'msgstr[{index}] ""\n' for index in range(4))
    return f"{head}msgid_plural {json.dumps(plural, ensure_ascii=False)}\n{forms}"
