"""The quick way to clean up after a test leaves the database exactly as Django's own way does."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase

from bot.models import Channel, Chat

pytestmark = pytest.mark.django_db(transaction=True)


def rows() -> dict[str, int]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables))  # noqa: S608
        return dict(cursor.fetchall())


def clean() -> None:
    TransactionTestCase()._fixture_teardown()  # type: ignore[attr-defined]


def leave_rows() -> None:
    channel = Channel.objects.create(kind="telegram", title="Бот")
    Chat.objects.create(channel=channel, external_id="777")
    Group.objects.create(name="Бариста").permissions.add(Permission.objects.all()[0])


def test_no_row_is_left_but_what_migrate_made() -> None:
    before = rows()
    leave_rows()
    assert rows() != before
    clean()
    assert rows() == before
    assert {name for name, count in before.items() if count} == {"django_content_type", "auth_permission"}


def test_what_migrate_made_is_made_again_when_a_test_touched_it() -> None:
    before = rows()
    leave_rows()
    Permission.objects.filter(codename="add_channel").delete()
    ContentType.objects.create(app_label="bot", model="invented")
    clean()
    assert rows() == before
    assert Permission.objects.filter(codename="add_channel").exists()
