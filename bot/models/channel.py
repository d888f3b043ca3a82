"""A way customers write to us: one bot, one site widget, one open line."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.models.connected import Connected
from bot.secrets import SealedJSONField, fingerprint


def new_secret() -> str:
    """Return a fresh webhook secret (43 characters of A-Za-z0-9_-)."""
    return secrets.token_urlsafe(32)


class Channel(Connected):
    """One connected channel. `kind` names the adapter in `settings.CHANNELS`."""

    kind = models.CharField(_("kind"), max_length=32)
    title = models.CharField(_("title"), max_length=120)
    credentials = SealedJSONField(_("credentials"), blank=True, default=dict)
    webhook_secret = SealedJSONField(_("webhook secret"), blank=True, default=new_secret)
    # Finds the channel by the secret a webhook shows; the secret itself stays sealed.
    secret_fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    api_url = models.URLField(_("API address"), blank=True, help_text=_("Empty: the provider's own address."))
    scenario_key = models.SlugField(_("scenario"), max_length=64, blank=True)
    options = models.JSONField(_("options"), blank=True, default=dict)  # the adapter's own: allowed origins, colours …
    cursor = models.CharField(
        _("cursor"), max_length=64, blank=True, editable=False
    )  # a fetched channel's stored offset
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.secret_fingerprint = fingerprint(str(self.webhook_secret))
        super().save(*args, **kwargs)  # type: ignore[arg-type]
