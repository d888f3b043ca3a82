"""Furnish the demo: scenario, channels, portal, people. Idempotent; called by `./run demo`."""

import json
import os
import urllib.request
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from crm.models import Manager
from dialogs.preset_loading import available

MANAGERS = (("Иван Петров", 1001, 2), ("Мария Кузнецова", 1002, 3))  # name, Telegram id, id in the emulated portal
CUSTOMER = ("Анна Белова", 2001)  # so that the messenger is not empty


class Command(BaseCommand):
    """`manage.py setup_demo --bitrix24 URL --telegram URL`"""

    help = "Connect the emulators and add an admin and two managers; secrets come from the DEMO_… environment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bitrix24", required=True, help="address of the portal's emulator")
        parser.add_argument("--telegram", required=True, help="address of the Telegram emulator")

    def handle(self, *_args: Any, **options: Any) -> None:
        for key in available():
            call_command("load_preset", key, stdout=self.stdout)
        self._admin()
        common = {"scenario": "first-contact", "stdout": self.stdout}
        token = os.environ["DEMO_BOT_TOKEN"]
        call_command("connect", "telegram", token=token, api_url=options["telegram"], title="Telegram", **common)
        call_command("connect", "webchat", origin=[settings.PUBLIC_URL], title="Сайт", **common)
        hook = f"{options['bitrix24']}/rest/1/{os.environ['DEMO_WEBHOOK_CODE']}/"
        application_token = os.environ["DEMO_APPLICATION_TOKEN"]
        call_command("connect", "bitrix24", webhook_url=hook, application_token=application_token, **common)
        world = f"{options['telegram']}/_ctl"
        for name, telegram_id, bitrix_id in MANAGERS:
            if not Manager.objects.filter(telegram_id=telegram_id).exists():
                ids = {"telegram_id": telegram_id, "bitrix_id": bitrix_id}
                call_command("add_manager", name=name, alerts=True, stdout=self.stdout, **ids)
                # A bot can write only to those who opened it: so do our managers on their first day.
                _order(f"{world}/person", _person(name, telegram_id))
                _order(f"{world}/say", {"token": token, "user_id": telegram_id, "text": "/start"})
        _order(f"{world}/person", _person(*CUSTOMER))

    def _admin(self) -> None:
        users = get_user_model().objects
        if not users.filter(username="admin").exists():
            users.create_superuser("admin", "admin@example.ru", os.environ["DEMO_ADMIN_PASSWORD"])


def _person(name: str, user_id: int) -> dict[str, Any]:
    first_name, _, last_name = name.partition(" ")
    return {"user_id": user_id, "first_name": first_name, "last_name": last_name}


def _order(url: str, order: dict[str, Any]) -> None:
    """Tell an emulator what its people do."""
    request = urllib.request.Request(url, json.dumps(order).encode(), {"Content-Type": "application/json"})  # noqa: S310
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310  # the emulator on loopback
