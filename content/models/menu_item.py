"""A product as the menu editor sees it: the same row, with rights and pages of its own."""

from django.utils.translation import gettext_lazy as _

from content.models.product import Product


class MenuItem(Product):
    """What stands on the menu; a course is kept under products."""

    class Meta:
        proxy = True
        verbose_name = _("item of the menu")
        verbose_name_plural = _("items of the menu")
        ordering = ["category__order", "category_id", "order", "id"]
