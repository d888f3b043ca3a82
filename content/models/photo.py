"""A picture of a product. It lives in the database on purpose: processes share no disk, and a backup is whole."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PhotoRows(models.QuerySet["Photo"]):
    """Pictures; lists of them leave the bytes where they are."""

    def light(self) -> "PhotoRows":
        """Return them without the bytes."""
        return self.defer("small", "medium", "large")


class Photo(models.Model):
    """One picture in three sizes, called by the hash of what it was made of: its address never shows anything else."""

    WIDTHS = {96: "small", 320: "medium", 800: "large"}  # pixels wide at most, and the column
    TYPES = {96: "image/webp", 320: "image/webp", 800: "image/jpeg"}  # JPEG is what every messenger takes by address

    sha256 = models.CharField(_("hash"), max_length=64, unique=True)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    small = models.BinaryField(_("96 pixels"))
    medium = models.BinaryField(_("320 pixels"))
    large = models.BinaryField(_("800 pixels"))
    created_at = models.DateTimeField(_("since"), db_default=Now())

    objects = PhotoRows.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.sha256[:8]} · {self.width}×{self.height}"
