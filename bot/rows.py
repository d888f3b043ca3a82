"""Many new rows in one statement with one parameter: for the few tables every turn writes to.

`bulk_create` spends most of its time on turning each value of each row into SQL; PostgreSQL reads the same rows from one JSON
document at a fraction of that. Each row must carry a value for every column, those the
database would fill in included; the rows get no keys back.
"""

from collections.abc import Sequence
from functools import cache

from django.db import connection
from django.db.models import Model

from bot.inbox import to_jsonb


def insert(rows: Sequence[Model]) -> None:
    """Insert unsaved rows of one model, in their order; raises what a save would raise."""
    if not rows:
        return
    columns = _columns(type(rows[0]))
    document = to_jsonb([{column: getattr(row, name) for column, name in columns} for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(rows[0])), [document])


@cache
def _columns(model: type[Model]) -> list[tuple[str, str]]:
    return [(str(field.column), field.attname) for field in model._meta.concrete_fields if not field.primary_key]


@cache
def _statement(model: type[Model]) -> str:
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(column) for column, _ in _columns(model))
    # The table's own row type gives each value its type; the ordinality keeps the keys in the order of the rows.
    return (
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM ROWS FROM (jsonb_populate_recordset(NULL::{table}, %s::jsonb))"  # noqa: S608
        " WITH ORDINALITY AS r ORDER BY r.ordinality"
    )
