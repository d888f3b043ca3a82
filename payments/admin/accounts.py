"""Payment accounts: keys that go in and never come out, the secrets of the two doors, and whether it lives."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminURLInputWidget

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.pages import OfficeAdmin
from bot.backoffice.secret_fields import SecretField
from bot.errors import Refused
from payments.connecting import address_of, check_account
from payments.models import Account

Health = Account.Health
HEALTH_COLOURS = {Health.UNKNOWN: "default", Health.OK: "success", Health.DOWN: "danger"}
KEYS = ("api_key", "developer_key", "school_key")
ABOUT = ("title", "provider", "api_url", "currency", "is_active")
SEEN = ("health", "health_note", "checked_at", "reconciled_at")
CHANGE = "payments.change_account"
STAYS = _("The one in use stays valid until the next change.")


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """The keys are fields of the form, not of the model: what is stored is never sent to a browser."""

    api_url = forms.URLField(
        label=capfirst(_("address")),
        help_text=_("Such as https://school.getcourse.ru"),
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
    )

    class Meta:
        model = Account
        fields = ("title", "currency", "is_active", "options")

    def save(self, commit: bool = True) -> Any:
        given = {name: self.cleaned_data[name] for name in KEYS if self.cleaned_data.get(name)}
        self.instance.credentials = {**self.instance.credentials, **given}
        self.instance.api_url = self.cleaned_data["api_url"].rstrip("/")
        return super().save(commit)


def form_for(account: Account | None) -> type[AccountForm]:
    """Return the form class of one account: its secrets know whether something is stored."""
    labels = {
        "api_key": _("API key: makes deals and exports"),
        "developer_key": _("developer key: reads one deal"),
        "school_key": _("school key: reads one deal"),
    }
    stored = account.credentials if account else {}
    fields = {
        name: SecretField(label=capfirst(label), is_stored=bool(stored.get(name)), required=False)
        for name, label in labels.items()
    }
    return type("AccountForm", (AccountForm,), fields)


@admin.register(Account)
class AccountAdmin(ButtonsMixin, OfficeAdmin):
    """One account at one provider."""

    list_display = ("title", "provider", "api_url", "is_active", "health_label", "checked_at", "reconciled_at")
    readonly_fields = ("provider", *SEEN)
    fieldsets = (
        (None, {"fields": ABOUT}),
        (_("Access"), {"fields": KEYS}),
        (_("Options"), {"fields": ("options",), "classes": ("collapse",)}),
        (_("health"), {"fields": SEEN}),
    )
    buttons = (
        Button("check", _("Check connection"), "wifi_tethering", CHANGE, "primary"),
        Button(
            "address",
            _("New address"),
            "link",
            CHANGE,
            confirm=STAYS,
        ),
        Button(
            "signing",
            _("New signing secret"),
            "key",
            CHANGE,
            confirm=STAYS,
        ),
    )

    @display(description=_("health"), label=HEALTH_COLOURS)
    def health_label(self, account: Account) -> tuple[str, str]:
        return account.health, account.get_health_display()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = form_for(obj)
        return super().get_form(request, obj, change, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # payments hang on it: switch it off instead

    def press_check(self, request: HttpRequest, account: Account) -> str:
        """Ask the provider whether the keys work."""
        result = check_account(account)
        if not result.ok:
            raise Refused(result.note)
        return result.note

    def press_address(self, request: HttpRequest, account: Account) -> str:
        """Make a new secret address and show it, this once."""
        address = address_of(account, account.renew_url_secret(), public_url=settings.PUBLIC_URL)
        return _now("The new address, shown only now: %(address)s") % {"address": address}

    def press_signing(self, request: HttpRequest, account: Account) -> str:
        """Make a new signing secret and show it, this once."""
        return _now("The new signing secret, shown only now: %(secret)s") % {"secret": account.renew_signing_secret()}
