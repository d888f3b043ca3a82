"""A list page as its user likes to see it: filters under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedLink(models.Model):
    """One saved set of filters of one user; shown above the list it belongs to."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="+")
    page = models.CharField(_("page"), max_length=64)  # app_label.model of the list
    title = models.CharField(_("title"), max_length=60)
    query = models.CharField(_("filters"), max_length=1000, blank=True)  # a query string without the question mark
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved link")
        verbose_name_plural = _("saved links")
        ordering = ["title", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "title"], name="crm_saved_link_title_once")]

    def __str__(self) -> str:
        return self.title
