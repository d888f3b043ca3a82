"""Whose fields are personal: declared beside the fields, and obeyed by whatever shows, hands out and erases them.

A staff member without the right sees veiled rows on every page: they are veiled as they leave the database, so that a page
written tomorrow hides them too. Who has the right is remembered, together with whom they looked at (`crm.looking`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.module_loading import import_string

HIDDEN = "•••"
_CODE = re.compile(r"[a-z0-9_.:/-]{1,64}")  # what our own code writes; names and sentences are not made of it
KEPT: Any = object()  # stands in a row even after its person is forgotten


def hidden(value: Any) -> Any:
    """Return what stands for a value that may not be seen: a sign that there is one."""
    return HIDDEN if value else value


def last_digits(value: Any) -> Any:
    """Return a phone of which only the end is left, enough to tell two rows apart."""
    return f"{HIDDEN} {value[-2:]}" if value else value


def nothing(_value: Any) -> str:
    """Return an empty text: the row is then called by its number."""
    return ""


def words(value: Any) -> Any:
    """Return free text without names, numbers and addresses."""
    if not value:
        return value
    hide: Callable[[str], str] = import_string(settings.TEXT_VEIL)
    return hide(str(value))


def no_facts(_value: Any) -> dict[str, Any]:
    """Return an empty record."""
    return {}


def codes(value: Any) -> Any:
    """Return of a record what our own code wrote: numbers, yes and no, and codes; never what a person typed."""
    if isinstance(value, Mapping):
        return {name: kept for name, item in value.items() if (kept := codes(item)) is not None}
    if isinstance(value, list | tuple):
        return [kept for item in value if (kept := codes(item)) is not None]
    if isinstance(value, str):
        return value if _CODE.fullmatch(value) and not _is_long_number(value) else None
    return None if isinstance(value, int | float) and _is_long_number(str(value)) else value


def code_or_nothing(value: str) -> str:
    """Return a code of ours; what a person typed in its place is nothing."""
    return codes(value) or ""


def _is_long_number(text: str) -> bool:
    return sum(char.isdigit() for char in text) >= 9  # a phone, or an id in a messenger


def same(value: Any) -> Any:
    """Return the value: it is personal, and everybody on the staff may see it."""
    return value


@dataclass(frozen=True, slots=True)
class Personal:
    """One field: what those see who may not see it, and what stands there once its person is forgotten.

    `erased` is a value, a function of the old one, or `KEPT`.
    """

    veiled: Callable[[Any], Any] = hidden
    erased: Any = ""


NAME = Personal(nothing)
PHONE = Personal(last_digits)
ADDRESS = Personal(hidden)  # e-mail, user name
TEXT = Personal(words)
FACTS = Personal(codes, erased=codes)
RECORD = Personal(no_facts, erased=no_facts)


@dataclass(slots=True)
class Look:
    """One member of the staff looking at pages: may they see, and whom did they see?"""

    may_see: bool
    customers: set[int] = field(default_factory=set)
    chats: set[int] = field(default_factory=set)

    def meets(self, row: "PersonalModel") -> None:
        """Veil a row that has just been read, or remember whose it is."""
        if self.may_see:
            row.tell_whose(self)
        else:
            row.veil()


_look: ContextVar[Look | None] = ContextVar("otklik_look", default=None)


@contextmanager
def looking(look: Look) -> Iterator[Look]:
    """Read rows as this member of the staff may see them."""
    token = _look.set(look)
    try:
        yield look
    finally:
        _look.reset(token)


def may_see() -> bool:
    """Tell whether whoever reads now may see personal data; the house itself always may."""
    look = _look.get()
    return look is None or look.may_see


def is_personal(model: type[models.Model], lookup: str) -> bool:
    """Tell whether a lookup such as "customer__phone__startswith" reads a personal field."""
    for name in lookup.split("__"):
        if issubclass(model, PersonalModel) and name in model.personal:
            return True
        related = model._meta.fields_map.get(name) or model._meta._forward_fields_map.get(name)  # type: ignore[attr-defined]
        if related is None or related.related_model is None:
            return False
        model = related.related_model
    return False


class PersonalModel(models.Model):
    """A row about a person. Each text and each record of it is either `personal` or `harmless`; a test insists."""

    whose: ClassVar[str]  # the lookup that leads from the row to its customer
    personal: ClassVar[Mapping[str, Personal]] = {}
    harmless: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **kwargs: Any) -> Self:
        row = super().from_db(db, field_names, values, **kwargs)
        if (look := _look.get()) is not None:
            look.meets(row)
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        changed = kwargs.get("update_fields")
        if "_is_veiled" in self.__dict__ and (changed is None or not self.personal.keys().isdisjoint(changed)):
            raise PermissionError("a veiled row is for looking at: saved, it would lose what it hides")
        super().save(*args, **kwargs)

    def veil(self) -> None:
        """Hide what is personal in this row."""
        for name, item in self.personal.items():
            if name in self.__dict__:
                self.__dict__[name] = item.veiled(self.__dict__[name])
        self.__dict__["_is_veiled"] = True

    def tell_whose(self, look: Look) -> None:
        """Add the person this row is about to those who were looked at."""
        known = self.__dict__
        if known.get("customer_id"):
            look.customers.add(known["customer_id"])
        elif known.get("chat_id"):
            look.chats.add(known["chat_id"])

    @classmethod
    def erase_rows(cls, rows: QuerySet[Any]) -> int:
        """Forget the people of these rows; return how many rows there were."""
        plain = {name: item.erased for name, item in cls.personal.items() if not callable(item.erased)}
        made = {name: item.erased for name, item in cls.personal.items() if callable(item.erased)}
        count = rows.update(**{name: value for name, value in plain.items() if value is not KEPT}) if plain else 0
        return _remake(rows, made) if made else count


def _remake(rows: QuerySet[Any], made: Mapping[str, Callable[[Any], Any]]) -> int:
    """Replace values by what their functions leave of them."""
    changed: Sequence[Any] = list(rows.only("pk", *made))
    for row in changed:
        for name, remake in made.items():
            setattr(row, name, remake(getattr(row, name)))
    rows.model._base_manager.bulk_update(changed, list(made), batch_size=500)
    return len(changed)
