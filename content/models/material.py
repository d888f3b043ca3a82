"""What helps a customer decide: a case, a review, an article, an argument."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.scoped import Scoped
from content.words import SEGMENTS


class Material(Scoped):
    """One piece of proof or knowledge, told to the segments it suits."""

    class Type(models.TextChoices):
        CASE = "case", _("case")  # what a pupil did
        REVIEW = "review", _("review")  # what a pupil said
        ARTICLE = "article", _("article")  # what explains
        ARGUMENT = "argument", _("argument")  # what answers an objection
        FAQ = "faq", _("question and answer")
        OTHER = "other", _("other")

    key = models.SlugField(_("key"), max_length=64, unique=True)
    type = models.CharField(_("type"), max_length=16, choices=Type.choices, default=Type.ARTICLE)
    title = models.CharField(_("title"), max_length=190)
    body = models.TextField(_("text"), blank=True)
    url = models.URLField(_("link"), blank=True, max_length=500)
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)
    segments = ArrayField(
        models.CharField(max_length=16, choices=SEGMENTS), verbose_name=_("segments"), default=list, blank=True
    )
    stage = models.CharField(
        _("stage of the funnel"), max_length=32, blank=True, default="", help_text=_("Empty: at every stage.")
    )
    is_active = models.BooleanField(_("is active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["id"]
        indexes = [GinIndex(fields=["segments"], name="content_material_segments")]

    def __str__(self) -> str:
        return self.title
