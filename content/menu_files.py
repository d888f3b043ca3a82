"""The menu as a file: what an owner edits in a spreadsheet, there and back. A bad file changes nothing and says where."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget, Widget

from content.models import Category, MenuItem, OptionGroup, Place, Product, ProductGroup
from content.prices import remember_price
from content.spreadsheets import guarded, unguarded

MOST_ROWS = 5_000
MOST_BYTES = 5 * 1024 * 1024
FORMATS = ("csv", "xlsx")
NEEDED = ("code", "name", "category", "price")


class Words(Widget):  # type: ignore[misc]
    """Plain text, guarded on its way out."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return unguarded(str(value or "").strip())

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return guarded(str(value or ""))


class Roubles(Widget):  # type: ignore[misc]
    """Money as people type it: 250, 250,50, 1 250 ₽."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal:
        text = str(value if value is not None else "").replace("₽", "").replace("\xa0", "").replace(" ", "")
        try:
            price = Decimal(text.replace(",", "."))
        except InvalidOperation:
            raise ValueError(_("“%(text)s” is not a price.") % {"text": value or ""}) from None
        if not price.is_finite() or price != round(price, 2):
            raise ValueError(_("“%(text)s” is not a price.") % {"text": value})
        return price

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value:.2f}"


class Whole(Widget):  # type: ignore[misc]
    """A whole number or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = str(value if value is not None else "").strip().removesuffix(".0")
        if text and not (text.isascii() and text.isdigit()):
            raise ValueError(_("“%(text)s” is not a whole number.") % {"text": text})
        return int(text) if text else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class Clock(Widget):  # type: ignore[misc]
    """12:00 or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.time | None:
        if isinstance(value, dt.time):
            return value
        text = str(value or "").strip()
        try:
            return dt.time.fromisoformat(text.zfill(5)) if text else None
        except ValueError:
            raise ValueError(_("“%(text)s” is not a time such as 12:00.") % {"text": text}) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%H:%M}" if value else ""


class Shelf(ForeignKeyWidget):  # type: ignore[misc]
    """A category by its code."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Category:
        found: Category | None = Category.objects.filter(code=str(value or "").strip()).first()
        if found is None:
            raise ValueError(_("There is no category with the code “%(code)s”.") % {"code": value or ""})
        return found


class Switch(Widget):  # type: ignore[misc]
    """Yes and no, in both languages; an empty cell is yes."""

    WORDS = {
        "": True,
        "1": True,
        "да": True,
        "yes": True,
        "true": True,
        "0": False,
        "нет": False,
        "no": False,
        "false": False,
    }

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = str("" if value is None else value).strip().lower()
        if text not in self.WORDS:
            raise ValueError(_("“%(text)s” is neither 1 nor 0.") % {"text": value})
        return self.WORDS[text]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "1" if value else "0"


class MenuResource(ModelResource):  # type: ignore[misc]
    """The columns of the menu's file; the code is what makes a row the same item."""

    code = Field("code", "code", widget=Words())
    name = Field("name", "name", widget=Words())
    category = Field("category", "category", widget=Shelf(Category, "code"))
    price = Field("price", "price", widget=Roubles())
    details = Field("details", "details", widget=Words())
    description = Field("description", "description", widget=Words())
    groups = Field(column_name="groups", readonly=True)
    places = Field(column_name="places", readonly=True)
    sold_from = Field("sold_from", "sold_from", widget=Clock())
    sold_until = Field("sold_until", "sold_until", widget=Clock())
    prep_minutes = Field("prep_minutes", "prep_minutes", widget=Whole())
    vat_code = Field("vat_code", "vat_code", widget=Whole())
    is_active = Field("is_active", "is_active", widget=Switch())

    class Meta:
        model = MenuItem
        import_id_fields = ("code",)
        fields = (
            *("code", "name", "category", "price", "details", "description", "groups", "places"),
            *("sold_from", "sold_until", "prep_minutes", "vat_code", "is_active"),
        )
        clean_model_instances = True
        skip_unchanged = False
        use_transactions = True

    def __init__(self, by: str = "", scenario_key: str = "") -> None:
        super().__init__()
        self.by, self.scenario_key = by, scenario_key
        self._seen: set[str] = set()
        self._groups = {row.code: row for row in OptionGroup.objects.all()}
        self._places = {row.code: row for row in Place.objects.all()}

    def get_queryset(self) -> Any:
        return MenuItem.objects.filter(category__isnull=False)

    def dehydrate_groups(self, item: MenuItem) -> str:
        return ", ".join(use.group.code for use in item.choices.all()) if item.pk else ""

    def dehydrate_places(self, item: MenuItem) -> str:
        return ", ".join(place.code for place in item.places.all()) if item.pk else ""

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self._seen.clear()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        code = unguarded(str(row.get("code") or "").strip())
        if not code:
            raise ValidationError({"code": _("There is no code.")})
        if code in self._seen:
            raise ValidationError({"code": _("The code “%(code)s” stands in the file twice.") % {"code": code}})
        self._seen.add(code)
        if MenuItem.objects.filter(code=code, category__isnull=True).exists():
            raise ValidationError({"code": _("The code “%(code)s” belongs to a course.") % {"code": code}})
        self._known(row, "groups", self._groups)
        self._known(row, "places", self._places)

    def _known(self, row: Any, column: str, rows: dict[str, Any]) -> list[Any]:
        codes = [part.strip() for part in unguarded(str(row.get(column) or "")).split(",") if part.strip()]
        if unknown := [code for code in codes if code not in rows]:
            words = _("Nothing has the code “%(code)s” here.") % {"code": ", ".join(unknown)}
            raise ValidationError({column: words})
        return [rows[code] for code in dict.fromkeys(codes)]

    def before_save_instance(self, instance: MenuItem, row: Any, **kwargs: Any) -> None:
        # The row is locked until the file's transaction ends: the history names the price that was really replaced.
        rows = Product.objects.select_for_update().filter(pk=instance.pk).values_list("price", flat=True)
        instance.old_price = rows.first() if instance.pk else None  # type: ignore[attr-defined]
        if not instance.pk:
            instance.scenario_key = self.scenario_key
            instance.order = MenuItem.objects.filter(category=instance.category).count()

    def after_save_instance(self, instance: MenuItem, row: Any, **kwargs: Any) -> None:
        old = instance.old_price  # type: ignore[attr-defined]
        if old is not None:
            remember_price(instance, old, by=self.by)
        if "places" in row:
            instance.places.set(self._known(row, "places", self._places))
        if "groups" in row:
            groups = self._known(row, "groups", self._groups)
            ProductGroup.objects.filter(product=instance).delete()
            ProductGroup.objects.bulk_create(
                ProductGroup(product=instance, group=group, order=order) for order, group in enumerate(groups)
            )


def read_file(name: str, data: bytes) -> tablib.Dataset:
    """Read an uploaded file into rows. Raises `ValidationError`."""
    if len(data) > MOST_BYTES:
        raise ValidationError(_("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 2**20})
    form = name.rsplit(".", 1)[-1].lower()
    if form not in FORMATS:
        raise ValidationError(_("A file of the menu is CSV or XLSX."))
    try:
        table = _csv(data) if form == "csv" else tablib.Dataset().load(data, format="xlsx")
    except Exception:
        raise ValidationError(_("The file cannot be read; is it really %(form)s?") % {"form": form.upper()}) from None
    missing = [column for column in NEEDED if column not in (table.headers or ())]
    if missing:
        raise ValidationError(
            _("The first line must name the columns; missing: %(names)s.") % {"names": ", ".join(missing)}
        )
    if not 0 < len(table) <= MOST_ROWS:
        words = {"most": MOST_ROWS, "count": len(table)}
        raise ValidationError(_("There must be 1 to %(most)s rows, and there are %(count)s.") % words)
    return table


def _csv(data: bytes) -> tablib.Dataset:
    """Russian Excel parts cells with semicolons and writes its own letters when it is not asked for UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1251")
    head = text.partition("\n")[0]
    return tablib.Dataset().load(text, format="csv", delimiter=";" if head.count(";") > head.count(",") else ",")


def write_file(rows: Any, form: str) -> bytes:
    """Return the menu as a file."""
    table = MenuResource().export(rows.prefetch_related("places", "choices__group"))
    data: Any = table.export(form)
    return data.encode("utf-8-sig") if isinstance(data, str) else bytes(data)
