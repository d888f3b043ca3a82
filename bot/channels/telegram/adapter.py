"""The Telegram channel: webhook in, Bot API out. https://core.telegram.org/bots/api"""

import asyncio
import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, ClassVar, TypeVar
from weakref import WeakKeyDictionary

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from telegram import Bot, InputFile, Message, User, WebhookInfo
from telegram.error import TelegramError

from bot.channels.base import Abilities, Adapter, Address, CheckResult, Receipt
from bot.channels.splitting import utf16_length
from bot.channels.telegram.changing import change, withdraw
from bot.channels.telegram.incoming import open_update, parse_update
from bot.channels.telegram.invoices import TOKEN, invoice_link, money_matter, reply_of, send_invoice
from bot.channels.telegram.keyboards import markup_of, preview_of, text_with_links
from bot.channels.telegram.menu_button import page_for, set_menu_button
from bot.channels.telegram.refusals import translated
from bot.channels.telegram.transport import AiohttpRequest, ready
from bot.errors import MessageRejected, OutcomeUnknown, SendError
from bot.messages import Act, Envelope, Incoming, Invoice, Media, Outgoing
from bot.models import Channel
from bot.sender import submit
from bot.till import Answer, Money, Question

T = TypeVar("T")
Seen = tuple[CheckResult, str]  # with the bot's user name
OFFICIAL_API = "https://api.telegram.org"
WEBHOOK_PATH = "/telegram/webhook"
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query"]
MAX_CAPTION = 1024
MAX_TOAST = 200
CAPTIONED = frozenset({"photo", "document", "voice", "video", "audio", "animation"})
RECENT_SECONDS = 600  # a webhook error older than this is history
CONTROL_SECONDS = 60  # the longest `connect` and `check` wait


class TelegramAdapter(Adapter):
    """Any number of bots; each has its client in the loop that sends."""

    kind: ClassVar[str] = "telegram"
    title: ClassVar[str] = "Telegram"
    abilities: ClassVar[Abilities] = Abilities(
        contact_button=True,
        menu=True,
        media=True,
        uploads=True,
        typing=True,
        max_text=4096,
        max_caption=MAX_CAPTION,
        captioned=CAPTIONED,
        changes=True,
        per_room_second=20 / 60,  # https://core.telegram.org/bots/faq: 20 messages a minute in a group
        per_room_burst=5,
    )
    credential_fields: ClassVar[Mapping[str, tuple[str, bool]]] = {
        "token": (gettext_noop("Bot token from @BotFather"), True),
        "proxy": (
            gettext_noop("HTTP proxy for this bot (http://user:password@host:port), if Telegram is out of reach"),
            True,
        ),
        TOKEN: (gettext_noop("Payment provider token from @BotFather, if customers pay inside Telegram"), True),
    }

    def __init__(self) -> None:
        # A client belongs to the loop that first used it; a loop that is gone takes its clients along.
        self._bots: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, str, str], Bot]] = WeakKeyDictionary()

    def open(self, body: Mapping[str, Any]) -> Sequence[Envelope]:
        return open_update(body)

    def parse(self, kind: str, payload: Mapping[str, Any]) -> Incoming:
        return parse_update(kind, payload)

    async def send(self, address: Address, message: Outgoing, *, key: str) -> Receipt:
        """Send one message in exactly one request; raise `MessageRejected` when it would take several."""
        bot = self._bot(address.credentials, address.api_url)
        try:
            match message.act:
                case Act.CHANGE:
                    return Receipt(await change(bot, address.external_id, message))
                case Act.WITHDRAW:
                    return Receipt(await withdraw(bot, address.external_id, message))
            if message.invoice is not None:
                return Receipt(await send_invoice(bot, address.external_id, message.invoice, address.credentials))
            return Receipt(await _send(bot, address.external_id, message))
        except TelegramError as error:
            raise translated(error, token=bot.token) from error

    def money_matter(self, body: Mapping[str, Any]) -> Question | Money | None:
        return money_matter(body)

    def reply_of(self, question: Question, answer: Answer) -> Mapping[str, Any]:
        return reply_of(question, answer)

    def invoice_link(self, channel: Channel, invoice: Invoice) -> str:
        """Ask for the link in the sending loop, and wait for it."""
        try:
            return submit(self._invoice_link(channel, invoice)).result(CONTROL_SECONDS)
        except TimeoutError:
            raise OutcomeUnknown("Telegram did not answer in time") from None

    async def _invoice_link(self, channel: Channel, invoice: Invoice) -> str:
        bot = self._bot(channel.credentials, channel.api_url)
        try:
            return await invoice_link(bot, invoice, channel.credentials)
        except TelegramError as error:
            raise translated(error, token=bot.token) from error

    async def acknowledge(self, address: Address, incoming: Incoming, *, text: str = "", alert: bool = False) -> None:
        """Stop the spinner on the pressed button, and tell the one who pressed it."""
        callback_id = incoming.extra.get("callback_id")
        if callback_id:
            bot = self._bot(address.credentials, address.api_url)
            toast = text[:MAX_TOAST] or None
            data = ready(callback_query_id=str(callback_id), text=toast, show_alert=alert or None)
            await _best_effort(bot.request.post(f"{bot.base_url}/answerCallbackQuery", data))

    async def show_typing(self, address: Address) -> None:
        """Show "typing" for about five seconds."""
        bot = self._bot(address.credentials, address.api_url)
        await _best_effort(bot.send_chat_action(address.external_id, "typing"))

    async def aclose(self) -> None:
        """Close the clients of the running loop."""
        for bot in self._bots.pop(asyncio.get_running_loop(), {}).values():
            await bot.request.shutdown()

    def _bot(self, credentials: Mapping[str, Any], api_url: str) -> Bot:
        token, proxy = str(credentials.get("token") or ""), str(credentials.get("proxy") or "")
        bots = self._bots.setdefault(asyncio.get_running_loop(), {})
        bot = bots.get((token, api_url, proxy))
        if bot is None:
            base = (api_url or OFFICIAL_API).rstrip("/")
            request = AiohttpRequest(proxy=proxy)
            bot = bots[token, api_url, proxy] = Bot(
                token, f"{base}/bot", f"{base}/file/bot", request=request, get_updates_request=request
            )
        return bot

    def is_room(self, external_id: str) -> bool:
        """Groups and channels have negative ids."""
        return external_id.startswith("-")

    def link_to(self, channel: Channel, payload: str = "") -> str:
        """Return the bot's address, known since it was last connected or checked."""
        name = channel.options.get("username")
        return f"https://t.me/{name}" + (f"?start={payload}" if payload else "") if name else ""

    def connect(self, channel: Channel, *, public_url: str) -> CheckResult:
        """Set the webhook to this site, with the channel's secret, and look whether it took."""
        return _asked(channel, self._connect(channel, public_url.rstrip("/") + WEBHOOK_PATH, page_for(channel)))

    async def _connect(self, channel: Channel, url: str, page: str) -> Seen:
        bot = self._bot(channel.credentials, channel.api_url)
        try:
            me = await bot.get_me()
            await bot.set_webhook(url, secret_token=str(channel.webhook_secret), allowed_updates=ALLOWED_UPDATES)
            await set_menu_button(bot, channel, page)
            return _seen(me, await bot.get_webhook_info()), me.username or ""
        except TelegramError as error:
            return CheckResult(False, str(translated(error, token=bot.token))), ""

    def check(self, channel: Channel) -> CheckResult:
        """Ask who the bot is and how its webhook fares."""
        return _asked(channel, self._check(channel))

    async def _check(self, channel: Channel) -> Seen:
        bot = self._bot(channel.credentials, channel.api_url)
        try:
            me = await bot.get_me()
            return _seen(me, await bot.get_webhook_info()), me.username or ""
        except TelegramError as error:
            return CheckResult(False, str(translated(error, token=bot.token))), ""


async def _send(bot: Bot, chat_id: str, message: Outgoing) -> str:
    text, markup = text_with_links(message), markup_of(message)
    if len(message.media) > 1 or (message.media and text and not _fits_caption(message.media[0], text)):
        raise MessageRejected("more than one message in one row: split it before it is queued")
    if not message.media:
        return await _say(bot, chat_id, text, reply_markup=markup, link_preview_options=preview_of(message))
    return str((await _send_media(bot, chat_id, message.media[0], text or None, markup)).message_id)


async def _say(bot: Bot, chat_id: str, text: str, **more: Any) -> str:
    """Send plain words, which nearly all messages are: the library's way from arguments to JSON and from the answer to objects
    costs more than twice the request itself. https://core.telegram.org/bots/api#sendmessage"""
    sent: Any = await bot.request.post(f"{bot.base_url}/sendMessage", ready(chat_id=chat_id, text=text, **more))
    return str(sent["message_id"])


def _fits_caption(media: Media, text: str) -> bool:
    return media.kind in CAPTIONED and utf16_length(text) <= MAX_CAPTION


async def _send_media(bot: Bot, chat_id: str, media: Media, caption: str | None, markup: Any) -> Message:
    # A text file is uploaded: by address Telegram fetches only pictures, PDF and ZIP.
    ref: Any = InputFile(media.content, filename=media.name) if media.content else media.ref
    more = {"caption": caption, "reply_markup": markup}
    match media.kind:
        case "photo":
            return await bot.send_photo(chat_id, ref, **more)
        case "document":
            return await bot.send_document(chat_id, ref, **more)
        case "voice":
            return await bot.send_voice(chat_id, ref, **more)
        case "video":
            return await bot.send_video(chat_id, ref, **more)
        case "audio":
            return await bot.send_audio(chat_id, ref, **more)
        case "animation":
            return await bot.send_animation(chat_id, ref, **more)
        case "video_note":
            return await bot.send_video_note(chat_id, ref, reply_markup=markup)
        case "sticker":
            return await bot.send_sticker(chat_id, ref, reply_markup=markup)
        case "location":
            latitude, _comma, longitude = ref.partition(",")
            return await bot.send_location(chat_id, float(latitude), float(longitude), reply_markup=markup)
    raise MessageRejected(f"Telegram has no media of kind {media.kind}")


async def _best_effort(call: Coroutine[Any, Any, Any]) -> None:
    try:
        await call
    except (TelegramError, SendError):
        return  # a spinner or a "typing" is not worth a failure


def _asked(channel: Channel, question: Coroutine[Any, Any, Seen]) -> CheckResult:
    """Wait for the answer; keep the bot's name, by which people find it, in the channel's options."""
    before = channel.options
    try:
        result, username = submit(question).result(CONTROL_SECONDS)
    except TimeoutError:
        return CheckResult(False, _("Telegram did not answer in time."))
    if username and channel.options.get("username") != username:
        channel.options = {**channel.options, "username": username}
    if channel.options != before and channel.pk is not None:
        channel.save(update_fields=["options"])
    return result


def _seen(me: User, info: WebhookInfo) -> CheckResult:
    name = f"@{me.username} ({me.first_name})"
    if not info.url.endswith(WEBHOOK_PATH):
        return CheckResult(False, _("%(bot)s: the webhook is not set to this site.") % {"bot": name})
    failed_at = info.last_error_date.timestamp() if info.last_error_date else 0.0
    if time.time() - failed_at < RECENT_SECONDS:
        seen = {"bot": name, "error": info.last_error_message, "waiting": info.pending_update_count}
        return CheckResult(False, _("%(bot)s: Telegram cannot deliver to us: %(error)s. Waiting: %(waiting)s.") % seen)
    return CheckResult(True, _("%(bot)s: the webhook works.") % {"bot": name})
