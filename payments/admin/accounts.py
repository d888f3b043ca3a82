"""Payment accounts: keys that go in and never come out, the secrets of the two doors, and whether it lives."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanSwitchWidget,
)

from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.pages import OfficeAdmin
from bot.backoffice.secret_fields import SecretField
from bot.errors import Refused
from payments.connecting import address_of, check_account
from payments.models import Account
from payments.providers import PROVIDERS

Health = Account.Health
HEALTH_COLOURS = {Health.UNKNOWN: "default", Health.OK: "success", Health.DOWN: "danger"}
ABOUT = ("title", "provider", "serves", "channel", "api_url", "currency", "is_active")
RECEIPT = ("receipts", "vat_code", "tax_system", "mode", "subject", "receipt_email")
RULES = ("refund_unwanted", "known_sources")
SIGNED = ("address", "signing")  # buttons of the provider whose doors have secrets
VATS = {1: _("no VAT"), 2: "0 %", 3: "10 %", 4: "20 %", 5: "10/110", 6: "20/120", 7: "5 %", 8: "7 %"}
VATS |= {9: "5/105", 10: "7/107", 11: "22 %", 12: "22/122"}
TAXES = {1: "ОСН", 2: "УСН доходы", 3: "УСН доходы − расходы", 5: "ЕСХН", 6: "ПСН"}
MODES = {"full_payment": _("handed over at once"), "full_prepayment": _("ordered ahead, a second receipt follows")}
SUBJECTS = {"commodity": _("goods"), "service": _("service"), "payment": _("payment"), "another": _("other")}
SEEN = ("health", "health_note", "checked_at", "reconciled_at")
CHANGE = "payments.change_account"
STAYS = _("The one in use stays valid until the next change.")


def keys_of(account: Account | None) -> dict[str, Any]:
    """Return the names and labels of the keys this account's provider wants."""
    return dict(PROVIDERS[account.provider].keys) if account is not None and account.provider in PROVIDERS else {}


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """The keys are fields of the form, not of the model: what is stored is never sent to a browser."""

    api_url = forms.URLField(
        label=capfirst(_("address")),
        help_text=_("Such as https://school.getcourse.ru"),
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
    )
    receipts = forms.BooleanField(
        label=_("Receipts of 54-FZ go out with payments"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    vat_code = forms.TypedChoiceField(
        label=_("VAT"), choices=list(VATS.items()), coerce=int, widget=UnfoldAdminSelectWidget
    )
    tax_system = forms.TypedChoiceField(
        label=_("Tax system"),
        choices=[("", "—"), *TAXES.items()],
        coerce=int,
        empty_value=None,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    mode = forms.ChoiceField(label=_("Way of settling"), choices=list(MODES.items()), widget=UnfoldAdminSelectWidget)
    subject = forms.ChoiceField(label=_("What is sold"), choices=list(SUBJECTS.items()), widget=UnfoldAdminSelectWidget)
    receipt_email = forms.EmailField(
        label=_("E-mail for receipts of buyers who left none"), required=False, widget=UnfoldAdminEmailInputWidget
    )
    refund_unwanted = forms.BooleanField(
        label=_("Give back at once what was paid late, twice or in another sum"),
        help_text=_("Otherwise a person decides on the payment's page."),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )
    known_sources = forms.BooleanField(
        label=_("Take notifications from YooKassa's own addresses only"),
        help_text=_("Needs TRUSTED_PROXIES to be right. Every notification is read back anyway."),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    class Meta:
        model = Account
        fields = ("title", "serves", "currency", "is_active", "options")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options, terms = self.instance.options, self.instance.terms
        self.initial = {
            **self.initial,
            **{name: bool(options.get(name)) for name in RULES},
            "receipts": options.get("receipts", True),
            "receipt_email": options.get("receipt_email", ""),
            "vat_code": terms.vat_code,
            "tax_system": terms.tax_system or "",
            "mode": terms.mode,
            "subject": terms.subject,
        }

    def save(self, commit: bool = True) -> Any:
        names = keys_of(self.instance)
        given = {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
        self.instance.credentials = {**self.instance.credentials, **given}
        self.instance.api_url = self.cleaned_data["api_url"].rstrip("/")
        told = {name: self.cleaned_data[name] for name in (*RECEIPT, *RULES) if name in self.cleaned_data}
        if self.instance.provider != "getcourse":
            shop = {"shop_id": shop_id} if (shop_id := self.instance.credentials.get("shop_id")) else {}
            self.instance.options = {**self.instance.options, **told, **shop}  # `connect` finds a shop by its id
        return super().save(commit)


def form_for(account: Account | None) -> type[AccountForm]:
    """Return the form class of one account: its secrets know whether something is stored."""
    stored = account.credentials if account else {}
    fields: dict[str, Any] = {
        name: SecretField(label=capfirst(label), is_stored=bool(stored.get(name)), required=False)
        for name, label in keys_of(account).items()
    }
    if account is None or account.provider == "getcourse":
        fields |= dict.fromkeys((*RECEIPT, *RULES))  # this provider makes its own receipts, and takes no refunds
    elif account.provider == "telegram":
        fields["known_sources"] = None
    return type("AccountForm", (AccountForm,), fields)


@admin.register(Account)
class AccountAdmin(ButtonsMixin, OfficeAdmin):
    """One account at one provider."""

    list_display = ("title", "provider", "api_url", "is_active", "health_label", "checked_at", "reconciled_at")
    readonly_fields = ("provider", "channel", *SEEN)
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

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the parts that this account's provider has."""
        parts: list[Any] = [(None, {"fields": ABOUT})]
        if names := tuple(keys_of(obj)):
            parts.append((_("Access"), {"fields": names}))
        if obj is not None and obj.provider != "getcourse":
            parts.append((_("Receipt (54-FZ)"), {"fields": RECEIPT}))
            parts.append((_("Rules"), {"fields": RULES if obj.provider == "yookassa" else RULES[:1]}))
        parts.append((_("Options"), {"fields": ("options",), "classes": ("collapse",)}))
        return (*parts, (_("health"), {"fields": SEEN}))

    def buttons_for(self, request: HttpRequest, row: Account) -> Iterable[Button]:
        signs = row.provider == "getcourse"
        return [button for button in super().buttons_for(request, row) if signs or button.verb not in SIGNED]

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
