"""The list behind "/" and the button beside the message field."""

import re
from typing import Any

from ..keyboards import check_web_app
from ..refusals import bad_request
from ..world import Json
from .call import Call, method

MAX_COMMANDS = 100
MENU_KINDS = {"commands", "web_app", "default"}


def _scope(call: Call) -> str:
    scope: Any = call.params.nested("scope") or {"type": "default"}
    if not isinstance(scope, dict) or "type" not in scope:
        raise bad_request("can't parse BotCommandScope: can't find field \"type\"")
    place = ":".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)
    return f"{place}/{call.params.text('language_code')}"


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmycommands"""
    commands = call.params.nested("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON object")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[_scope(call)] = [_command(command) for command in commands]
    return True


def _command(command: Any) -> Json:
    name = str(command.get("command", "")).lstrip("/") if isinstance(command, dict) else ""
    if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    text = str(command.get("description", ""))
    if not 1 <= len(text) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": text}


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands"""
    return call.bot.commands.get(_scope(call), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands"""
    call.bot.commands.pop(_scope(call), None)
    return True


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setchatmenubutton"""
    button: Any = call.params.nested("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in MENU_KINDS:
        raise bad_request("can't parse menu button: unsupported type specified")
    if button["type"] == "web_app" and not (button.get("text") and (button.get("web_app") or {}).get("url")):
        raise bad_request("can't parse menu button: text and web_app are required")
    if button["type"] == "web_app":
        check_web_app(button["web_app"], "menu button", lenient=call.lenient)
    if call.params.has("chat_id"):
        call.chat().menu_button = button
    else:
        call.bot.menu_button = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchatmenubutton"""
    own = call.known_chat().menu_button if call.params.has("chat_id") else None
    return own or call.bot.menu_button
