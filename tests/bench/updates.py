"""What Telegram sends: whole updates as bytes, cheap to make by the ten thousand."""

import json

SECRET = "bench-secret-0123456789-abcdefghij"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
TOKEN = "110201543:bench-AAHdqTcvCH1vGWJxfSeofSAs0K5PAL"
SCENARIO = "bench"
TALK_SECRET = "bench-talk-secret-0123456789-abcde"
TALK_TOKEN = "110201544:bench-AAHdqTcvCH1vGWJxfSeofSAs0K5PAL"

_TEXT = (
    '{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Анна","last_name":"Смирнова",'
    '"username":"anna%d","language_code":"ru"},"chat":{"id":%d,"first_name":"Анна","last_name":"Смирнова",'
    '"username":"anna%d","type":"private"},"date":1767225600,"text":%s}}'
)
_PRESS = (
    '{"update_id":%d,"callback_query":{"id":"%d","from":{"id":%d,"is_bot":false,"first_name":"Анна","last_name":"Смирнова",'
    '"username":"anna%d","language_code":"ru"},"message":{"message_id":%d,"from":{"id":110201543,"is_bot":true,'
    '"first_name":"Бот","username":"bench_bot"},"chat":{"id":%d,"first_name":"Анна","type":"private"},"date":1767225600,'
    '"text":"Что подсказать?"},"chat_instance":"-42","data":"%s"}}'
)
WORDS = (
    "Здравствуйте, хочу заказать окна на дачу, три штуки",
    "Сколько будет стоить остекление балкона в панельном доме?",
    "Можно ли вызвать замерщика на субботу после обеда",
    "Спасибо, подумаю и напишу вам завтра",
)
_QUOTED = tuple(json.dumps(text, ensure_ascii=False) for text in WORDS)
_START = json.dumps("/start")


def said(update_id: int, user: int) -> bytes:
    """Return an update with a sentence of `user`."""
    return _text(update_id, user, _QUOTED[update_id % len(_QUOTED)])


def started(update_id: int, user: int) -> bytes:
    """Return an update with /start."""
    return _text(update_id, user, _START)


def pressed(update_id: int, user: int) -> bytes:
    """Return an update with the press of the dialogue's button."""
    return (_PRESS % (update_id, update_id, user, user, update_id, user, "menu:order")).encode()


def _text(update_id: int, user: int, quoted: str) -> bytes:
    return (_TEXT % (update_id, update_id % 1_000_000, user, user, user, user, quoted)).encode()


def text_update(update_id: int, user: int, text: str) -> bytes:
    """Return an update with any words."""
    return _text(update_id, user, json.dumps(text, ensure_ascii=False))


def step_of_dialogue(update_id: int, user: int, number: int) -> bytes:
    """Return what a person writes as their message with this number: /start, a press, a sentence, a press …"""
    if number == 0:
        return started(update_id, user)
    return pressed(update_id, user) if number % 2 else said(update_id, user)
