"""From a portal's row to a client that may call it, and the small facts that others ask about a portal."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings

from bot import metrics
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.limiter import Budget, Limiter, Priority, connect
from crm.bitrix24.methods.bots import Bot
from crm.bitrix24.methods.items import EntityType
from crm.bitrix24.transport import shared_http
from crm.bitrix24.webhook import Webhook
from crm.models import Portal

ORIGINATOR = "otklik"  # our name in `originatorId`: what we created, and in notices
BOT_CODE = "otklik"
ENTITY_TYPES = {Portal.Entity.LEAD: EntityType.LEAD, Portal.Entity.DEAL: EntityType.DEAL}


def client_for(portal: Portal, *, priority: Priority = Priority.REPLY, patience: float = 10.0) -> Bitrix24:
    """Return a client for the portal; raises `BadWebhookUrl`. `patience` is in seconds, see `Bitrix24`."""
    return client_at(portal.webhook_url or "", budget=budget_in(portal.options), priority=priority, patience=patience)


def client_at(
    webhook_url: str, *, budget: Budget | None = None, priority: Priority = Priority.REPLY, patience: float = 10.0
) -> Bitrix24:
    """Return a client for an address that belongs to no row yet; raises `BadWebhookUrl`."""
    return Bitrix24(
        webhook=Webhook.parse(webhook_url),
        http=shared_http(verify=settings.BITRIX24_VERIFY_TLS),
        limiter=_limiter(settings.REDIS_URL),
        budget=budget or Budget(),
        priority=priority,
        patience=patience,
        count_call=_count,
    )


def budget_in(options: Mapping[str, Any]) -> Budget:
    """Return the request budget of a portal's plan, as its options name it."""
    standard = Budget()
    return Budget(
        burst=int(options.get("burst") or standard.burst),
        per_second=float(options.get("per_second") or standard.per_second),
        background_share=float(options.get("background_share") or standard.background_share),
    )


def bot_of(portal: Portal) -> Bot | None:
    """Return the open-line bot of the portal, if `connect bitrix24` has registered one."""
    if portal.bot_id is None or portal.channel is None:
        return None
    return Bot(portal.bot_id, str(portal.channel.credentials.get("bot_token", "")))


@cache
def _limiter(url: str) -> Limiter:
    return Limiter(connect(url))


def _count(method: str, outcome: str) -> None:
    metrics.count("bitrix24_calls", method=method, outcome=outcome)
