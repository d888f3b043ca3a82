"""What a bot is: getMe, its chats, its names; commands and the menu button are in `commands.py`."""

from ..refusals import bad_request
from ..sending import as_chat
from ..world import Json
from .call import Call, method


@method("getMe")
def get_me(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getme"""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**call.bot.as_user(), **abilities}


@method("getChat")
def get_chat(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchat"""
    chat = call.known_chat()
    extra = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _no_gifts()}
    return {**as_chat(call.world, chat), **extra}


def _no_gifts() -> dict[str, bool]:
    kinds = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return dict.fromkeys(kinds, False)


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchatmember"""
    call.known_chat()
    user_id = call.params.integer("user_id")
    if user_id == call.bot.id:
        return {"status": "member", "user": call.bot.as_user()}
    if user_id not in call.world.people:
        raise bad_request("invalid user_id specified")
    return {"status": "member", "user": call.world.people[user_id].as_user()}


@method("logOut")
@method("close")
def close(call: Call) -> bool:
    """https://core.telegram.org/bots/api#close"""
    return True


def _about(field: str, limit: int) -> None:
    key = "".join(part.title() for part in field.split("_"))

    @method(f"setMy{key}")
    def change(call: Call) -> bool:
        text = call.params.text(field)
        if len(text) > limit:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        call.bot.about[f"{field}:{call.params.text('language_code')}"] = text
        if field == "name" and not call.params.text("language_code"):
            call.bot.first_name = text or call.bot.username
        return True

    @method(f"getMy{key}")
    def show(call: Call) -> Json:
        code = call.params.text("language_code")
        default = call.bot.first_name if field == "name" else ""
        about = call.bot.about
        return {field: about.get(f"{field}:{code}") or about.get(f"{field}:") or default}


for _field, _limit in (("name", 64), ("description", 512), ("short_description", 120)):
    _about(_field, _limit)
