"""The button beside the message field that opens a page of ours. https://core.telegram.org/bots/api#setchatmenubutton"""

import logging

from django.conf import settings
from django.utils.module_loading import import_string
from telegram import Bot, MenuButtonDefault, MenuButtonWebApp, WebAppInfo
from telegram.error import BadRequest

from bot.models import Channel

logger = logging.getLogger(__name__)
LABEL = "Меню"
MARK = "menu_page"  # in the channel's options: the page we put there, so that we never take away another's button


def page_for(channel: Channel) -> str:
    """Return the page the channel's script sells from, "" when it sells none; the rooms above know."""
    return str(import_string(settings.CHANNEL_PAGE)(channel))


async def set_menu_button(bot: Bot, channel: Channel, page: str) -> None:
    """Make the button open `page`; take ours away when there is none. A refusal (plain http) costs only the button."""
    try:
        if page:
            await bot.set_chat_menu_button(menu_button=MenuButtonWebApp(LABEL, WebAppInfo(page)))
        elif channel.options.get(MARK):
            await bot.set_chat_menu_button(menu_button=MenuButtonDefault())
    except BadRequest as error:
        logger.warning("the menu button was refused", extra={"channel_id": channel.pk, "reason": error.message})
        return
    if page != channel.options.get(MARK, ""):
        channel.options = {**channel.options, MARK: page}
