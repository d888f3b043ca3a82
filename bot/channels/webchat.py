"""The site chat: our own widget is the provider. Sending is telling the live stream; the row itself is what stays."""

import asyncio
import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bot.channels.base import Abilities, Adapter, Address, CheckResult, Receipt
from bot.errors import BadPayload
from bot.messages import Envelope, EventKind, Incoming, Outgoing, Person
from bot.models import Channel
from bot.nudges import broker
from bot.webchat import bodies, live
from bot.webchat.history import micros, our_item
from bot.webchat.origins import normalise_origin

logger = logging.getLogger(__name__)
COLOR = re.compile(r"^#[0-9a-fA-F]{6}$")
POSITIONS = ("right", "left")
LANGUAGES = ("ru", "en")
FILE_KINDS = frozenset(
    {"photo", "document", "voice", "video", "audio", "animation", "video_note", "sticker", "location"}
)


def embed_snippet(channel: Channel, *, public_url: str) -> str:
    """Return the one line that a site puts before `</body>`."""
    return format_html(
        '<script src="{}/chat/widget.js" data-key="{}" async></script>',
        public_url.rstrip("/"),
        channel.options.get("public_key", ""),
    )


class WebchatAdapter(Adapter):
    """Speaks to the widgets on a site. Sending the same row twice is seen once: items carry the row's id."""

    kind = "webchat"
    title = gettext_noop("Site chat")
    abilities = Abilities(
        buttons=True,
        contact_button=True,
        media=True,
        typing=True,
        max_text=bodies.MAX_TEXT,
        max_caption=bodies.MAX_TEXT,
        captioned=FILE_KINDS,
        max_files=10,
        idempotent=True,
        per_second=500.0,
        per_chat_second=10.0,
        per_chat_burst=20,
    )
    credential_fields: ClassVar[Mapping[str, tuple[str, bool]]] = {}

    def __init__(self) -> None:
        # A client belongs to the loop that first used it.
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()

    def open(self, body: Mapping[str, Any]) -> Sequence[Envelope]:
        """Return the event of `{"visitor": …, "message": …}`; the door has proven the visitor by its token."""
        visitor, message = body.get("visitor"), body.get("message")
        if not isinstance(visitor, str) or not isinstance(message, Mapping):
            raise BadPayload("a message is a JSON object")
        return [bodies.envelope(visitor, message)]

    def parse(self, kind: str, payload: Mapping[str, Any]) -> Incoming:
        """Return the event of one stored payload; `extra` has the page of a start and the consent of a phone."""
        try:
            event = EventKind(kind)
            return Incoming(
                kind=event,
                text=payload.get("text", ""),
                data=payload.get("data", ""),
                phone=payload.get("phone", ""),
                own_contact=event is EventKind.CONTACT,  # typed by the visitor into the form of their own chat
                person=Person(language=payload.get("lang", "")),
                external_message_id=payload["id"],
                extra={
                    name: payload[name] for name in ("page", "consent", "consent_text", "message") if name in payload
                },
            )
        except (KeyError, ValueError) as error:
            raise BadPayload(f"not an event of the site chat: {error}") from error

    async def send(self, address: Address, message: Outgoing, *, key: str) -> Receipt:
        """Show one message on the visitor's open pages; who is away reads the row when they come back."""
        now = timezone.now()
        item = our_item(key, message.role, message.text, message.to_json(), at=now)
        await self._publish(address, live.frame("message", item, cursor=str(micros(now))))
        return Receipt(external_id=key)

    async def show_typing(self, address: Address) -> None:
        """Show the three dots for a few seconds."""
        await self._publish(address, live.frame("typing", {"role": "bot"}))

    async def _publish(self, address: Address, event: bytes) -> None:
        try:
            await self._client().publish(live.topic(address.channel_id, address.external_id), event)
        except (redis.RedisError, OSError) as error:
            # Streams end when Redis goes away and read the rows when they come back: nothing is lost.
            logger.warning("a live frame was lost, the row stays", extra={"reason": type(error).__name__})

    def _client(self) -> redis.asyncio.Redis:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
            self._clients[loop] = client
        return client

    async def aclose(self) -> None:
        """Close the connections of the running loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    def connect(self, channel: Channel, *, public_url: str) -> CheckResult:
        """Give the channel its public key and spell its origins as browsers do."""
        problem = _mend(channel)
        if problem:
            return CheckResult(False, problem)
        channel.save(update_fields=["options"])
        return self.check(channel)

    def invitation(self, channel: Channel, *, public_url: str) -> str:
        """Return the line for the site."""
        return embed_snippet(channel, public_url=public_url) if channel.options.get("public_key") else ""

    def check(self, channel: Channel) -> CheckResult:
        """Look whether the widget would be let in and whether the live stream has its Redis."""
        if problem := _problem(channel.options):
            return CheckResult(False, problem)
        try:
            broker().ping()
        except (redis.RedisError, OSError):
            return CheckResult(
                False, _("Redis does not answer: messages are seen only after the page is loaded again.")
            )
        return CheckResult(True, _("The widget works on: %(sites)s") % {"sites": ", ".join(channel.options["origins"])})


def _mend(channel: Channel) -> str:
    """Spell out `channel.options` in place; return what is wrong with them, empty when nothing is."""
    try:
        origins = [normalise_origin(str(origin)) for origin in channel.options.get("origins") or ()]
    except ValueError as error:
        return _("Not an address of a site: %(error)s") % {"error": error}
    options = {**channel.options, "origins": list(dict.fromkeys(origins))}
    options.setdefault("public_key", secrets.token_urlsafe(12))
    problem = _problem(options)
    if not problem:
        channel.options = options
    return problem


def _problem(options: Mapping[str, Any]) -> str:
    if not options.get("public_key"):
        return _("The chat has no key yet: press *Connect*.")
    if not options.get("origins"):
        return _("No site is named: add one to `origins`, such as https://example.ru.")
    if "color" in options and not COLOR.match(str(options["color"])):
        return _("A colour is written as #1a73e8.")
    if options.get("position", "right") not in POSITIONS:
        return _("The position is right or left.")
    if options.get("lang", "ru") not in LANGUAGES:
        return _("The language is ru or en.")
    return ""
