"""How a test with real transactions is cleaned up after: its rows are deleted.

Django would truncate every table and make the content types and permissions anew, which costs most of a second a test with
our fifty tables; deleting the few rows a test leaves costs milliseconds.
"""

from collections.abc import Callable

from django.db import connection
from django.test import TransactionTestCase

# What `migrate` fills and no test is expected to touch. One that does is cleaned up after in Django's own way.
FILLED_BY_MIGRATE = ("django_content_type", "auth_permission")

Teardown = Callable[[TransactionTestCase], None]


def delete_rows_instead_of_truncating() -> None:
    """Change how `TransactionTestCase` cleans up; the database must be as `migrate` left it."""
    truncate: Teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    filled = _fingerprint()

    def clean(case: TransactionTestCase) -> None:
        nonlocal filled
        if case.available_apps is None and not case.serialized_rollback and _fingerprint() == filled:
            _delete_rows()
        else:
            truncate(case)
            filled = _fingerprint()  # the same rows under other numbers

    TransactionTestCase._fixture_teardown = clean  # type: ignore[attr-defined]


def _delete_rows() -> None:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    deletes = [f"DELETE FROM {name}" for name in tables if name not in FILLED_BY_MIGRATE]  # noqa: S608
    # One transaction: Django's foreign keys are checked at its end, so the order does not matter.
    with connection.cursor() as cursor:
        cursor.execute("; ".join(["BEGIN", *deletes, "COMMIT"]))


def _fingerprint() -> tuple[str, ...]:
    parts = (f"(SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM {name} t)" for name in FILLED_BY_MIGRATE)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")
        return tuple(cursor.fetchone())
