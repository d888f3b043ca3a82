"""A connected payment provider: how to reach it, and by what its notices are known."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.models.connected import Connected
from bot.secrets import SealedJSONField, fingerprint


def new_secret() -> str:
    """Return a secret of 32 random bytes (43 characters of A-Za-z0-9_-)."""
    return secrets.token_urlsafe(32)


class Account(Connected):
    """One account at one provider. `provider` names a line of `payments.providers.PROVIDERS`."""

    provider = models.CharField(_("provider"), max_length=32, default="getcourse")
    title = models.CharField(_("title"), max_length=120)
    api_url = models.URLField(_("address"), help_text=_("Such as https://school.getcourse.ru"))
    credentials = SealedJSONField(_("keys"), blank=True, default=dict)  # api_key, developer_key, school_key
    signing_secrets = SealedJSONField(
        _("signing secrets"), blank=True, default=list
    )  # newest first; the old one is kept
    # The secret in the address of the plain "call URL" is shown once: only its hash is here, and the one before it.
    url_fingerprint = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    old_url_fingerprint = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    currency = models.CharField(_("currency"), max_length=3, default="RUB")
    options = models.JSONField(_("options"), default=dict, blank=True)
    export = models.JSONField(
        default=dict, blank=True, editable=False
    )  # the export under way, see payments/reconciling.py
    reconciled_at = models.DateTimeField(_("reconciled at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("payment account")
        verbose_name_plural = _("payment accounts")

    def __str__(self) -> str:
        return self.title

    @property
    def can_create(self) -> bool:
        """Tell whether deals can be made through the provider's API."""
        return bool(self.credentials.get("api_key"))

    @property
    def can_read(self) -> bool:
        """Tell whether one deal can be read back at once."""
        return bool(self.credentials.get("developer_key") and self.credentials.get("school_key"))

    def renew_url_secret(self) -> str:
        """Make a new secret for the address, keep the hash of the old one, and return what is shown once."""
        secret = new_secret()
        self.old_url_fingerprint, self.url_fingerprint = self.url_fingerprint, fingerprint(secret)
        self.save(update_fields=["url_fingerprint", "old_url_fingerprint"])
        return secret

    def renew_signing_secret(self) -> str:
        """Put a new signing secret in front; the one before stays valid until the next change."""
        secret = new_secret()
        self.signing_secrets = [secret, *self.signing_secrets[:1]]
        self.save(update_fields=["signing_secrets"])
        return secret
