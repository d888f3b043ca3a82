"""A connected payment provider: how to reach it, and by what its notices are known."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.models import Channel
from bot.models.connected import Connected
from bot.secrets import SealedJSONField, fingerprint
from payments.receipts import Terms

# The keys without which a provider makes no link, and without which one deal cannot be read back.
CREATES = {"getcourse": ("api_key",), "yookassa": ("shop_id", "secret_key"), "telegram": ()}
READS = {"getcourse": ("developer_key", "school_key"), "yookassa": ("shop_id", "secret_key")}


def new_secret() -> str:
    """Return a secret of 32 random bytes (43 characters of A-Za-z0-9_-)."""
    return secrets.token_urlsafe(32)


class Account(Connected):
    """One account at one provider. `provider` names a line of `payments.providers.PROVIDERS`."""

    class Serves(models.TextChoices):
        ALL = "all", _("everything")
        COURSES = "courses", _("courses")
        SHOP = "shop", _("the coffee shop")

    provider = models.CharField(_("provider"), max_length=32, default="getcourse")
    title = models.CharField(_("title"), max_length=120)
    serves = models.CharField(_("pays for"), max_length=16, choices=Serves.choices, default=Serves.ALL)
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, blank=True, verbose_name=_("bot"), related_name="+"
    )  # whose invoices these are; only of Telegram's own payments
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
        return self._has(CREATES.get(self.provider))

    @property
    def can_read(self) -> bool:
        """Tell whether one deal can be read back at once."""
        return self._has(READS.get(self.provider))

    @property
    def terms(self) -> Terms:
        """How the shop is taxed, as its receipts must say."""
        told = {
            name: self.options[name] for name in ("vat_code", "tax_system", "subject", "mode") if self.options.get(name)
        }
        return Terms(**told)

    def _has(self, names: tuple[str, ...] | None) -> bool:
        return names is not None and all(self.credentials.get(name) for name in names)

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
