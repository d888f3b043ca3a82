"""Channels: connect, check, see whether they live."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from bot.admin.channel_form import PREFIX, form_for
from bot.backoffice.buttons import Button, ButtonsMixin
from bot.backoffice.pages import OfficeAdmin
from bot.channels.base import CheckResult
from bot.channels.registry import adapter_for
from bot.errors import Refused, SendError
from bot.models import Channel

HEALTH_COLOURS = {Channel.Health.OK: "success", Channel.Health.DOWN: "danger", Channel.Health.UNKNOWN: "warning"}
ABOUT = ("title", "scenario_key", "is_active")
PROVIDER = ("api_url", "options")
SEEN = ("health", "health_note", "checked_at")


@admin.register(Channel)
class ChannelAdmin(ButtonsMixin, OfficeAdmin):
    """One page per channel. Secrets go in and never come out."""

    list_display = ("title", "kind_label", "health_label", "checked_at", "scenario_key", "is_active")
    list_filter = ("kind", "health", "is_active")
    readonly_fields = (*SEEN, "for_site")
    buttons = (
        Button("check", _("Check connection"), "wifi_tethering", "bot.change_channel", "primary"),
        Button(
            "connect",
            _("Connect"),
            "link",
            "bot.change_channel",
            confirm=_("Register our address with the provider? An earlier registration of this bot is replaced."),
        ),
    )

    @display(description=_("health"), ordering="health", label=HEALTH_COLOURS)
    def health_label(self, channel: Channel) -> tuple[str, str]:
        return channel.health, channel.get_health_display()

    @display(description=_("kind"), ordering="kind")
    def kind_label(self, channel: Channel) -> str:
        return _now(adapter_for(channel.kind).title) if channel.kind in settings.CHANNELS else channel.kind

    @display(description=_("line for the site"))
    def for_site(self, channel: Channel) -> str:
        # Escaped whatever it is: the line is to be read here, not run.
        return escape(adapter_for(channel.kind).invitation(channel, public_url=settings.PUBLIC_URL))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = form_for(obj)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("kind", "title", "scenario_key", "api_url")}),)
        credentials = tuple(PREFIX + name for name in form_for(obj).credential_specs)
        return (
            (None, {"fields": (*ABOUT, *(("for_site",) if self._invites(obj) else ()))}),
            *(((_("credentials"), {"fields": credentials}),) if credentials else ()),
            (_("provider"), {"fields": PROVIDER}),
            (_("health"), {"fields": SEEN}),
        )

    def _invites(self, channel: Channel) -> bool:
        return channel.kind in settings.CHANNELS and bool(self.for_site(channel))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # chats and messages hang on it: switch it off instead

    def press_check(self, request: HttpRequest, channel: Channel) -> str:
        """Ask the provider and store what was seen."""
        return _settle(channel, _ask(channel))

    def press_connect(self, request: HttpRequest, channel: Channel) -> str:
        """Register our webhook or bot and store what was seen."""
        return _settle(channel, _ask(channel, connect=True))


def _ask(channel: Channel, *, connect: bool = False) -> CheckResult:
    """Talk to the provider, outside any transaction; what goes wrong on the way is a result, too."""
    adapter = adapter_for(channel.kind)
    try:
        return adapter.connect(channel, public_url=settings.PUBLIC_URL) if connect else adapter.check(channel)
    except SendError as error:
        return CheckResult(ok=False, note=str(error))


def _settle(channel: Channel, result: CheckResult) -> str:
    health = Channel.Health.OK if result.ok else Channel.Health.DOWN
    Channel.objects.filter(pk=channel.pk).update(health=health, health_note=result.note, checked_at=timezone.now())
    if not result.ok:
        raise Refused(_now("The channel does not work: %(note)s") % {"note": result.note})
    return _now("The channel works: %(note)s") % {"note": result.note}
