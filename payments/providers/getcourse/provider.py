"""GetCourse behind the interface of all providers."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext_lazy as _

from payments.errors import AccessDenied, Busy, Rejected
from payments.facts import Deal
from payments.models import Account
from payments.providers.base import Bill, Link, Provider
from payments.providers.getcourse import client
from payments.providers.getcourse.client import School
from payments.providers.getcourse.parsing import deal_of, deals_of


class GetCourse(Provider):
    """Deals are named by our own order number; a refund is made in the school's cabinet and told to us."""

    title = "GetCourse"
    keys: ClassVar[Mapping[str, Any]] = {
        "api_key": _("API key: makes deals and exports"),
        "developer_key": _("developer key: reads one deal"),
        "school_key": _("school key: reads one deal"),
    }
    needs_contact = True

    def own_link(self, bill: Bill) -> Link | None:
        """The product's page, personal by our number: in the place of `{order}`, else as the mark `utm_content`."""
        if not bill.page:
            return None
        if "{order}" in bill.page:
            return Link(bill.page.replace("{order}", quote(bill.number)))
        parts = urlsplit(bill.page)
        query = [*parse_qsl(parts.query, keep_blank_values=True), ("utm_content", bill.number)]
        return Link(urlunsplit(parts._replace(query=urlencode(query))))

    def create_link(self, account: Account, bill: Bill) -> Link:
        if not bill.email and not bill.phone:
            raise Rejected("GetCourse makes no deal without an e-mail or a phone")
        result = client.add_deal(_school(account), _params(bill))
        link = str(result.get("payment_link") or "")
        if not link.startswith(("https://", "http://")):
            raise Rejected("GetCourse made the deal, but gave no link of payment")
        return Link(link, str(result.get("deal_id") or ""))

    def read(self, account: Account, external_id: str) -> Deal:
        if not account.can_read:
            raise AccessDenied("the keys of the new API are not set")
        fields = client.deal_fields(_school(account), external_id)
        return deal_of({"deal_id": external_id, **fields})

    def parse_notice(self, fields: Mapping[str, Any]) -> Deal:
        return deal_of(fields)

    def check(self, account: Account) -> str:
        """Begin an export of nobody's deals: the cheapest request that needs the key."""
        if not account.can_create:
            return "Ключ API не задан: ссылки берутся из карточки товара, оплаты подтверждаются подписью или вручную."
        with suppress(Busy):  # only who has the right key is told so
            client.begin_export(_school(account), since="2100-01-01")
        return "Ключ API принят."

    def begin_export(self, account: Account, *, since: str) -> str:
        return client.begin_export(_school(account), since=since)

    def fetch_export(self, account: Account, export_id: str) -> Sequence[Deal]:
        return deals_of(*client.fetch_export(_school(account), export_id))


def _school(account: Account) -> School:
    keys = account.credentials
    return School(
        url=account.api_url.rstrip("/"),
        api_key=str(keys.get("api_key") or ""),
        developer_key=str(keys.get("developer_key") or ""),
        school_key=str(keys.get("school_key") or ""),
        fields_path=str(account.options.get("fields_path") or client.FIELDS_PATH),
    )


def _params(bill: Bill) -> dict[str, Any]:
    user = {"email": bill.email, "phone": bill.phone, "first_name": bill.name}
    return {
        "user": {name: value for name, value in user.items() if value},
        "system": {
            "refresh_if_exists": 1,
            "return_payment_link": 1,
            "return_deal_number": 1,
            "multiple_offers": int(len(bill.codes) > 1),
        },
        "session": {"utm_source": "otklik", "utm_content": bill.number},
        "deal": {
            "deal_number": bill.number,
            "offer_code": bill.codes[0] if len(bill.codes) == 1 else list(bill.codes),
            "product_title": ", ".join(bill.titles),
            "quantity": 1,
            "deal_cost": f"{bill.amount:.2f}",
            "deal_status": "new",
            "deal_is_paid": 0,
            "deal_currency": bill.currency,
        },
    }
