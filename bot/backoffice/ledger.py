"""A ledger is read-only: nothing is added, changed or deleted by hand; acts are buttons that call services."""

from typing import Any

from django.http import HttpRequest

from bot.backoffice.pages import OfficeAdmin


class ReadOnly:
    """Takes away add, change and delete; who may view still decides by permission."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LedgerAdmin(ReadOnly, OfficeAdmin):
    """A list and a page to look at one row."""

    warn_unsaved_form = False
    show_add_link = False
