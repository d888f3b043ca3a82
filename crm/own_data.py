"""What we keep about one person, as a file of their own: complete JSON, and a page to read.

Complete by construction: every table that knows people is in it, with every field but the wiring.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localtime

from bot.personal import PersonalModel
from crm.erasure import people_models
from crm.models import Access, Customer

SALT = "crm.own_data"
LIFE = 24 * 3600  # seconds a link works
PAGE, DATA = "data.html", "data.json"
# Tells nothing about a person: how rows are found, counted and kept from being written twice.
WIRING = {
    "id",
    "dedupe_key",
    "request_id",
    "epoch",
    "attempts",
    "send_after",
    "claimed_at",
    "run_after",
    "ready_at",
    "version",
}
NOT_THEIRS = (Access,)  # about our own people at work


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table about one person."""

    label: str
    title: str
    fields: list[models.Field[Any, Any]]
    rows: list[dict[str, Any]]

    def readable(self) -> list[list[tuple[str, str]]]:
        """Return the rows as pairs of words, empty values left out."""
        return [self._readable(row) for row in self.rows]

    def _readable(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        pairs = [(field, row[field.attname]) for field in self.fields]
        return [(capfirst(str(field.verbose_name)), _in_words(field, value)) for field, value in pairs if _says(value)]


def collect(customer: Customer) -> list[Table]:
    """Return everything we keep about a person, themselves first, then table by table."""
    known = [model for model in people_models() if model not in NOT_THEIRS]
    tables = [_table(model, customer) for model in sorted(known, key=lambda model: model is not Customer)]
    return [table for table in tables if table.rows]


def _table(model: type[PersonalModel], customer: Customer) -> Table:
    fields: list[models.Field[Any, Any]] = [field for field in model._meta.fields if field.name not in WIRING]
    rows = model._base_manager.filter(**{model.whose: customer.pk}).order_by("pk")
    names = [field.attname for field in fields]
    return Table(model._meta.label, capfirst(str(model._meta.verbose_name_plural)), fields, list(rows.values(*names)))


def archive(customer: Customer, *, now: datetime) -> bytes:
    """Return the file: a zip of the JSON and the page."""
    tables = collect(customer)
    plain = {
        "made_at": now.isoformat(timespec="seconds"),
        "customer": customer.pk,
        "tables": {table.label: {"title": table.title, "rows": table.rows} for table in tables},
    }
    page = render_to_string("crm/own_data.html", {"tables": tables, "now": now, "customer": customer})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr(DATA, json.dumps(plain, ensure_ascii=False, indent=1, default=str))
        box.writestr(PAGE, page)
    return out.getvalue()


def file_name(customer: Customer, now: datetime) -> str:
    """Return what the file is called; no name of a person in it."""
    return f"customer-{customer.pk}-{localtime(now):%Y-%m-%d}.zip"


def link_for(customer: Customer) -> str:
    """Return the address where the person takes their file; it works for a day."""
    token = signing.dumps(customer.pk, salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('own_data', args=[token])}"


def customer_of(token: str) -> Customer | None:
    """Return whose link this is; None for a forged or an old one, and once the person is forgotten."""
    try:
        number = signing.loads(token, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return None
    return Customer.objects.filter(pk=number, erased_at=None).first()


def _says(value: Any) -> bool:
    return value not in (None, "", [], {})


def _in_words(field: models.Field[Any, Any], value: Any) -> str:
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return f"{localtime(value):%d.%m.%Y %H:%M}"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
