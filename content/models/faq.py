"""A question customers ask and our answer."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.scoped import Scoped


class Faq(Scoped):
    """One question with its other wordings; answers take variables such as {{business.address}}."""

    # A button that asks it carries "faq:<key>", and no channel takes more than 64 bytes of that.
    key = models.SlugField(_("key"), max_length=64, validators=[MaxLengthValidator(60)])
    question = models.CharField(_("question"), max_length=250)
    variants = models.TextField(_("other wordings"), blank=True, help_text=_("One per line."))
    keywords = models.CharField(_("keywords"), max_length=500, blank=True, help_text=_("Separated by commas."))
    answer = models.TextField(_("answer"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("is active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("FAQ entry")
        verbose_name_plural = _("FAQ")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["scenario_key", "key"], name="content_faq_key_once")]

    def __str__(self) -> str:
        return self.question
