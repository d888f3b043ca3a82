"""Leads as a file: CSV and XLSX. A spreadsheet must never run what a stranger typed."""

import re
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import ModelResource
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from content.spreadsheets import DANGEROUS as DANGEROUS
from content.spreadsheets import guarded as guarded
from crm.models import Lead
from crm.reasons import words_for

MAX_ROWS = 50_000
E164 = re.compile(r"\+[0-9]{5,15}")


class LeadResource(ModelResource):
    """The columns of a lead's export, as plain text."""

    id = Field("id", _("id"))
    created_at = Field("created_at", _("created at"))
    status = Field("get_status_display", _("status"))
    name = Field("customer__name", _("name"))
    phone = Field("customer__phone", _("phone"))
    extension = Field("customer__phone_extension", _("extension"))
    email = Field("customer__email", _("e-mail"))
    source = Field("source", _("source"))
    product = Field("product", _("product"))
    channel = Field("chat__channel__title", _("channel"))
    manager = Field("manager__name", _("manager"))
    reason = Field("reason", _("reason"))
    summary = Field("summary", _("summary"))
    captured_at = Field("captured_at", _("contact received at"))

    class Meta:
        model = Lead
        fields = (
            "id",
            "created_at",
            "status",
            "name",
            "phone",
            "extension",
            "email",
            "source",
            "product",
            "channel",
            "manager",
            "reason",
            "summary",
            "captured_at",
        )
        export_order = fields

    def filter_export(self, queryset: QuerySet[Lead], **kwargs: Any) -> QuerySet[Lead]:
        return queryset.select_related("customer", "manager", "chat__channel")

    def export_field(self, field: Field, instance: Lead, **kwargs: Any) -> str:
        value = field.get_value(instance)
        if field.attribute == "reason" and value:
            return words_for(str(value))
        if hasattr(value, "astimezone"):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
        return "" if value is None else ILLEGAL_CHARACTERS_RE.sub("", str(value))


def headers() -> list[str]:
    """Return the head line in the user's language."""
    return [str(field.column_name) for field in LeadResource().get_export_fields()]


def rows(queryset: QuerySet[Lead]) -> list[list[str]]:
    """Return the cells of every lead, unguarded."""
    resource = LeadResource()
    leads = resource.filter_export(queryset).iterator(chunk_size=2_000)
    return [resource.export_resource(lead) for lead in leads]


def to_csv_rows(table: list[list[str]]) -> list[list[str]]:
    """Guard every cell: a CSV has no types, so a phone's plus needs the apostrophe, too."""
    return [[guarded(cell) for cell in row] for row in table]


def to_workbook(head: list[str], table: list[list[str]]) -> Workbook:
    """Every cell is text by type and by format. A phone keeps its plus: as text it is never calculated; all else is guarded."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("leads")
    phone = LeadResource().get_export_order().index("phone")
    for row in [head, *table]:
        sheet.append([_text_cell(sheet, cell, is_phone=index == phone) for index, cell in enumerate(row)])
    return book


def _text_cell(sheet: Any, text: str, *, is_phone: bool) -> Any:
    is_number = is_phone and E164.fullmatch(text) is not None
    cell = WriteOnlyCell(sheet, value=text if is_number else guarded(text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
