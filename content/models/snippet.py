"""Any text an admin may edit and a scenario may use as {{snippet.<key>}}."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.scoped import Scoped


class Snippet(Scoped):
    """A named text: greeting, help, farewell …"""

    key = models.SlugField(_("key"), max_length=64)
    title = models.CharField(_("title"), max_length=190)
    text = models.TextField(_("text"))
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("snippet")
        verbose_name_plural = _("snippets")
        ordering = ["key", "scenario_key"]
        constraints = [models.UniqueConstraint(fields=["scenario_key", "key"], name="content_snippet_key_once")]

    def __str__(self) -> str:
        return self.title
