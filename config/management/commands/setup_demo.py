"""Furnish the demo: scenario, channels, portal, people. Idempotent; called by `./run demo`."""

import io
import json
import os
import urllib.request
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bot.models import Channel
from bot.secrets import fingerprint
from config.roles import set_up_roles
from content.models import Product
from crm.models import Manager, Portal
from crm.reports import OPENLINE
from dialogs.preset_loading import available
from payments.models import Account, LoyaltyProgram, Promo

# name, Telegram id, id in the emulated portal, login
MANAGERS = (("Иван Петров", 1001, 2, "ivan"), ("Мария Кузнецова", 1002, 3, "maria"))
BOT_NAME = "Окна Плюс"
SALES_NAME = "Крипта без паники"
COFFEE_NAME, COFFEE_CODE = "Кофе рядом", "ПРИВЕТ"
GROUP, GROUP_TITLE = -1_001_000_000_001, "Отдел продаж"  # where the school's managers take their leads
SETTLED = {
    "done_stage": "PROCESSED",
    "paid_stage": "CONVERTED",
    "canceled_stage": "JUNK",
}  # every portal is born with these
PORTAL_TITLE, LINES_TITLE = "Битрикс24", "Открытая линия"
DEMO_PROVIDER = "381764678:TEST:91234"  # of the shape of a test shop's
SCHOOL_TITLE, SCHOOL_KEYS = "Школа (GetCourse)", ("api_key", "developer_key", "school_key")
CUSTOMER = ("Анна Белова", 2001)  # so that the messenger is not empty


class Command(BaseCommand):
    """`manage.py setup_demo --bitrix24 URL --telegram URL --getcourse URL --yookassa URL`"""

    help = "Connect the emulators and add an admin and two managers; secrets come from the DEMO_… environment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bitrix24", required=True, help="address of the portal's emulator")
        parser.add_argument("--telegram", required=True, help="address of the Telegram emulator")
        parser.add_argument("--getcourse", required=True, help="address of the school's emulator")
        parser.add_argument("--yookassa", default="", help="address of the emulator of YooKassa")

    def handle(self, *_args: Any, **options: Any) -> None:
        for key in available():
            call_command("load_preset", key, stdout=self.stdout)
        set_up_roles()
        self._user("admin", "", is_superuser=True)
        common = {"scenario": "first-contact", "stdout": self.stdout}
        token = os.environ["DEMO_BOT_TOKEN"]
        _order(f"{options['telegram']}/bot{token}/setMyName", {"name": BOT_NAME})
        self._connect("telegram", token=token, api_url=options["telegram"], title="Telegram", **common)
        sales = os.environ["DEMO_SALES_TOKEN"]
        _order(f"{options['telegram']}/bot{sales}/setMyName", {"name": SALES_NAME})
        _order(f"{options['telegram']}/_ctl/group", {"token": sales, "chat_id": GROUP, "title": GROUP_TITLE})
        school = {"token": sales, "api_url": options["telegram"], "title": SALES_NAME, "scenario": "sales"}
        school["managers_chat"] = str(GROUP)
        self._connect("telegram", stdout=self.stdout, **school)
        self._open_cafe(options["telegram"])
        self._connect("webchat", origin=[settings.PUBLIC_URL], title="Сайт", **common)
        hook = f"{options['bitrix24']}/rest/1/{os.environ['DEMO_WEBHOOK_CODE']}/"
        application_token = os.environ["DEMO_APPLICATION_TOKEN"]
        self._connect("bitrix24", webhook_url=hook, application_token=application_token, **common)
        for site in Channel.objects.filter(kind="webchat").exclude(options__has_key="title"):
            site.options = {**site.options, "title": BOT_NAME}
            site.save(update_fields=["options"])
        # Their own titles are the address of an emulator; people read these.
        Portal.objects.update(title=PORTAL_TITLE)
        Portal.objects.filter(**dict.fromkeys(SETTLED, "")).update(**SETTLED)
        Channel.objects.filter(kind=OPENLINE).update(title=LINES_TITLE)
        world = f"{options['telegram']}/_ctl"
        for name, telegram_id, bitrix_id, login in MANAGERS:
            if not Manager.objects.filter(telegram_id=telegram_id).exists():
                ids = {"telegram_id": telegram_id, "bitrix_id": bitrix_id}
                call_command("add_manager", name=name, alerts=True, stdout=self.stdout, **ids)
                # A bot can write only to those who opened it: so do our managers on their first day.
                _order(f"{world}/person", _person(name, telegram_id))
                for bot in (token, sales):
                    _order(f"{world}/say", {"token": bot, "user_id": telegram_id, "text": "/start"})
            Manager.objects.filter(telegram_id=telegram_id, user=None).update(user=self._user(login, name))
        _order(f"{world}/person", _person(*CUSTOMER))
        self._connect_school(options["getcourse"])
        if options["yookassa"]:
            self._connect_till(options["yookassa"])

    def _open_cafe(self, url: str) -> None:
        """Let the coffee shop take orders: a bot of its own, a code to try, and every sixth drink free."""
        token = os.environ["DEMO_COFFEE_TOKEN"]
        _order(f"{url}/bot{token}/setMyName", {"name": COFFEE_NAME})
        self._connect("telegram", token=token, api_url=url, title=COFFEE_NAME, scenario="coffee", stdout=self.stdout)
        LoyaltyProgram.objects.get_or_create(scenario_key="coffee", defaults={"kind": "nth", "every": 6})
        values = {"kind": "percent", "value": Decimal(15), "title": "Первый заказ", "scenario_key": "coffee"}
        Promo.objects.get_or_create(code=COFFEE_CODE, defaults=values)

    def _connect_till(self, url: str) -> None:
        """Let the coffee shop be paid: by a link of YooKassa, and by invoices of its own bot."""
        taxes = {"vat_code": 11, "tax_system": 2, "receipt_email": "kassa@example.ru"}
        common = {"serves": Account.Serves.SHOP, "stdout": self.stdout, **taxes}
        keys = {name: os.environ[f"DEMO_YOOKASSA_{name.upper()}"] for name in ("shop_id", "secret_key")}
        call_command("connect", "yookassa", api_url=f"{url}/v3", title="ЮKassa", **keys, **common)
        _order(f"{url}/_ctl/hook", {"url": f"{settings.PUBLIC_URL}/webhook/yookassa"})
        cafe = next(
            row
            for row in Channel.objects.filter(kind="telegram")
            if row.credentials["token"] == os.environ["DEMO_COFFEE_TOKEN"]
        )
        call_command("connect", "telegram-pay", bot=str(cafe.pk), provider_token=DEMO_PROVIDER, **common)

    def _connect_school(self, url: str) -> None:
        """Let the school take payments: its keys, our address in its process, our products on sale there."""
        keys = {name: os.environ[f"DEMO_GETCOURSE_{name.upper()}"] for name in SCHOOL_KEYS}
        call_command("connect", "getcourse", account=url, title=SCHOOL_TITLE, stdout=io.StringIO(), **keys)
        secret = os.environ["DEMO_GETCOURSE_ADDRESS"]
        school = Account.objects.filter(provider="getcourse", api_url=url)
        school.update(url_fingerprint=fingerprint(secret))
        Account.objects.filter(provider="getcourse").exclude(api_url=url).update(
            is_active=False
        )  # of another day's port
        _order(f"{url}/_ctl/hook", {"url": f"{settings.PUBLIC_URL}/webhook/getcourse/{secret}"})
        for product in Product.objects.courses().filter(is_active=True):
            page = f"{url}/pl/{product.code}"
            _order(f"{url}/_ctl/product", {"code": product.code, "title": product.name, "cost": f"{product.price:.2f}"})
            if urlsplit(product.deal_url).hostname in ("", None, "school.example.ru", "127.0.0.1"):
                product.meta = {**product.meta, "deal_url": page}
                product.save(update_fields=["meta"])

    def _connect(self, kind: str, **options: Any) -> None:
        """Connect, or on a later day go on with what was connected: the world may be in one of its bad moods."""
        try:
            call_command("connect", kind, **options)
        except CommandError as error:
            known = Portal.objects.exists() if kind == "bitrix24" else Channel.objects.filter(kind=kind).exists()
            if not known:
                raise
            self.stdout.write(f"  {error} It stays as it was connected before.")

    def _user(self, login: str, name: str, *, is_superuser: bool = False) -> AbstractUser:
        """Return the user of that login, made on the first day; a person with a name has the role of a manager."""
        users = get_user_model().objects
        known = users.filter(username=login).first()
        if known is not None:
            return known
        first_name, _, last_name = name.partition(" ")
        rights = {"is_staff": True, "is_superuser": is_superuser, "first_name": first_name, "last_name": last_name}
        user = users.create_user(login, f"{login}@example.ru", os.environ["DEMO_ADMIN_PASSWORD"], **rights)
        if name:
            user.groups.add(Group.objects.get(name="manager"))
        return user


def _person(name: str, user_id: int) -> dict[str, Any]:
    first_name, _, last_name = name.partition(" ")
    return {"user_id": user_id, "first_name": first_name, "last_name": last_name}


def _order(url: str, order: dict[str, Any]) -> None:
    """Tell an emulator what its people do."""
    request = urllib.request.Request(url, json.dumps(order).encode(), {"Content-Type": "application/json"})  # noqa: S310
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310  # the emulator on loopback
