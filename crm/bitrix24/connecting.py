"""Connecting a portal: check the rights, make the stages, register the bot, attach it to the lines. Idempotent throughout.

Each step looks before it acts and says what it found or did; the secret of the bot is stored before the bot is registered, so
a connection that breaks half-way can simply be made again.
"""

import logging
import secrets
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from bot.channels.base import CheckResult
from bot.masking import mask
from bot.models import Channel
from crm.bitrix24 import errors
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.methods import bots, lines, stages
from crm.bitrix24.methods.items import EntityType
from crm.bitrix24.portals import BOT_CODE, bot_of, client_at, client_for
from crm.bitrix24.stageplan import Chosen, choose_stages
from crm.bitrix24.webhook import BadWebhookUrl, Webhook
from crm.models import Portal
from crm.models.portal import PURPOSES
from crm.reports import OPENLINE

log = logging.getLogger(__name__)
SCOPES = frozenset({"crm", "im", "imbot", "imopenlines", "user"})
BOT_NAME = "Помощник"
BOT_SECONDS = 86_400  # after which the line takes the dialogue back by itself; our own timeouts are much shorter


class ScopesMissing(Exception):
    """The webhook may not do all that is needed; `missing` names the rights to tick."""

    def __init__(self, missing: frozenset[str]) -> None:
        super().__init__(f"the webhook lacks the rights: {', '.join(sorted(missing))}")
        self.missing = missing


@dataclass(slots=True)
class Connection:
    """What connecting came to: the portal's row, and what was done, in the order it was done."""

    portal: Portal
    notes: list[str] = field(default_factory=list)


def connect_portal(
    *,
    webhook_url: str,
    application_token: str = "",
    scenario_key: str = "",
    open_line_id: int | None = None,
    technical_user_id: int | None = None,
    entities: list[str] | None = None,
) -> Connection:
    """Connect (or connect again) the portal of `webhook_url`. Raises `BadWebhookUrl`, `ScopesMissing`, `Bitrix24Error`.

    What is not given stays as it is.
    """
    client = client_at(webhook_url)
    _check_scopes(client)
    portal = _row_of(client.webhook) or Portal(title=client.webhook.portal)
    portal.webhook_url = webhook_url.strip()
    portal.application_token = application_token or portal.application_token
    portal.scenario_key = scenario_key or portal.scenario_key
    portal.entities = entities or portal.entities
    portal.open_line_id = open_line_id or portal.open_line_id
    portal.technical_user_id = technical_user_id or portal.technical_user_id or client.webhook.user_id
    portal.poll_cursor = {"since": timezone.now().isoformat(), **portal.poll_cursor}
    portal.save()
    connection = Connection(
        portal, [_("Portal %(portal)s: the webhook has its rights.") % {"portal": client.webhook.portal}]
    )
    set_up(client, connection)
    return connection


def set_up(client: Bitrix24, connection: Connection) -> None:
    """Do the steps that live in the portal; each may be repeated at any time."""
    portal = connection.portal
    _choose_stages(client, connection)
    _register_bot(client, connection)
    _attach_bot(client, connection)
    portal.is_active, portal.health_note, portal.checked_at = True, "", timezone.now()
    portal.save()


def reconnect(portal: Portal) -> CheckResult:
    """Do the steps again for a portal we know; every failure becomes a sentence."""
    connection = Connection(portal)
    try:
        client = client_for(portal)
        _check_scopes(client)
        portal.technical_user_id = portal.technical_user_id or client.webhook.user_id
        portal.poll_cursor = {"since": timezone.now().isoformat(), **portal.poll_cursor}
        set_up(client, connection)
    except (errors.Bitrix24Error, BadWebhookUrl, ScopesMissing) as error:
        return CheckResult(ok=False, note=str(error))
    return CheckResult(ok=True, note=" ".join(connection.notes))


def check_portal(portal: Portal) -> CheckResult:
    """Ask the portal whether everything we need still works (the button *Check connection*); changes nothing there."""
    try:
        client = client_for(portal)
        _check_scopes(client)
        known = {stage.id for stage in stages.list_stages(client)}
        lost = {portal.stage_for(Portal.Entity.LEAD, purpose) for purpose in PURPOSES} - known - {""}
        bot = bot_of(portal)
        attached = [line.id for line in lines.list_lines(client) if bot and line.welcome_bot_id == bot.id]
    except (errors.Bitrix24Error, BadWebhookUrl, ScopesMissing) as error:
        return _checked(portal, CheckResult(ok=False, note=str(error)))
    if lost:
        return _checked(
            portal,
            CheckResult(
                ok=False, note=_("Stages are missing in the portal: %(stages)s.") % {"stages": ", ".join(sorted(lost))}
            ),
        )
    if not attached:
        return _checked(portal, CheckResult(ok=False, note=_("The bot is on no open line.")))
    return _checked(
        portal,
        CheckResult(
            ok=True, note=_("It works; the bot is on the lines: %(lines)s.") % {"lines": ", ".join(map(str, attached))}
        ),
    )


def _checked(portal: Portal, result: CheckResult) -> CheckResult:
    Portal.objects.filter(pk=portal.pk).update(
        health_note="" if result.ok else mask(result.note), checked_at=timezone.now()
    )
    return result


def _check_scopes(client: Bitrix24) -> None:
    """Raise `ScopesMissing` unless the webhook has every right we need.

    https://apidocs.bitrix24.com/api-reference/common/system/scope.html
    """
    granted = {str(scope) for scope in client.read("scope")}
    if missing := SCOPES - granted:
        raise ScopesMissing(frozenset(missing))


def _row_of(webhook: Webhook) -> Portal | None:
    """Return the row of the same portal; the address is sealed, so the few rows are looked through."""
    for portal in Portal.objects.all():
        try:
            if Webhook.parse(portal.webhook_url or "").portal == webhook.portal:
                return portal
        except BadWebhookUrl:
            continue
    return None


def _choose_stages(client: Bitrix24, connection: Connection) -> None:
    portal = connection.portal
    wanted = Chosen(portal.bot_stage, portal.success_stage, portal.low_quality_stage, portal.review_stage)
    chosen, notes = choose_stages(client, stages.LEAD_STAGES, wanted)
    portal.bot_stage, portal.success_stage = chosen.bot, chosen.success
    portal.low_quality_stage, portal.review_stage = chosen.low_quality, chosen.review
    connection.notes += notes
    if Portal.Entity.DEAL in portal.watched:
        known = portal.options.get("deal_stages", {})
        wanted = Chosen(*(str(known.get(name, "")) for name in Chosen.PURPOSES))
        directory = stages.deal_stages(int(portal.options.get("deal_pipeline") or 0))
        chosen, notes = choose_stages(client, directory, wanted)
        portal.options = {**portal.options, "deal_stages": {**known, **chosen.as_map()}}
        connection.notes += notes


def _register_bot(client: Bitrix24, connection: Connection) -> None:
    """Register the open-line bot; its token is kept first, for without it a registered bot is lost to us."""
    portal = connection.portal
    bots.get_revision(client)  # raises MethodMissing on a box that is too old
    channel = portal.channel or Channel(kind=OPENLINE, title=f"Открытые линии {client.webhook.portal}")
    token = str(channel.credentials.get("bot_token") or secrets.token_urlsafe(24))
    channel.credentials = {**channel.credentials, "bot_token": token, "webhook_url": portal.webhook_url}
    channel.scenario_key = portal.scenario_key
    channel.save()
    Portal.objects.filter(pk=portal.pk).update(channel=channel)
    portal.channel = channel
    bot = bots.register_bot(client, code=BOT_CODE, token=token, name=BOT_NAME)
    bots.update_bot(client, bot, name=BOT_NAME)
    channel.credentials = {**channel.credentials, "bot_id": bot.id}
    channel.health, channel.health_note, channel.checked_at = Channel.Health.OK, "", timezone.now()
    channel.save()
    portal.bot_id = bot.id
    connection.notes.append(_("The bot “%(name)s” is registered (№ %(id)s).") % {"name": BOT_NAME, "id": bot.id})


def _attach_bot(client: Bitrix24, connection: Connection) -> None:
    """Let the bot greet on the chosen line, or on every line when none is chosen."""
    portal = connection.portal
    create = EntityType.DEAL if portal.watched == [Portal.Entity.DEAL] else EntityType.LEAD
    for line in lines.list_lines(client):
        if portal.open_line_id not in (None, line.id):
            continue
        lines.attach_bot(client, line.id, portal.bot_id or 0, seconds=BOT_SECONDS, create=create)
        connection.notes.append(_("The bot answers on the line “%(line)s”.") % {"line": line.name})
