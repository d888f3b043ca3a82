"""aiogram 3: its webhook on aiohttp with uvloop. It answers after its handler, so what that stored is durable by then."""

import argparse
import os
from typing import Any

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from tests.bench.rivals import records
from tests.bench.updates import SECRET, TOKEN

KEYS = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text=records.BUTTON, callback_data=records.BUTTON_DATA)]]
)


def dispatcher(mode: str, pool: Any) -> Dispatcher:
    """Return what handles the updates: `ingest` stores them, `dialogue` answers them."""
    made = Dispatcher()

    async def keep(message: Message, event_update: Update) -> None:
        async with pool.connection() as connection:
            payload = event_update.model_dump(mode="json", exclude_none=True)
            await records.store(connection, event_update.update_id, message.chat.id, payload)

    async def talk(message: Message, event_update: Update) -> None:
        await answer(message, event_update, message.text or "", is_press=False)

    async def press(query: CallbackQuery, event_update: Update) -> None:
        assert isinstance(query.message, Message)
        await answer(query.message, event_update, query.data or "", is_press=True)
        await query.answer()

    async def answer(message: Message, update: Update, text: str, *, is_press: bool) -> None:
        payload = update.model_dump(mode="json", exclude_none=True)
        turn = await records.take_turn(
            pool, update.update_id, message.chat.id, payload, name=message.chat.full_name, text=text, is_press=is_press
        )
        if turn is not None:
            sent = await message.answer(turn[1], reply_markup=None if is_press else KEYS)
            await records.note_sent(pool, turn[0], sent.message_id)

    if mode == "ingest":
        made.message.register(keep)
    else:
        made.message.register(talk)
        made.callback_query.register(press)
    return made


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=("ingest", "dialogue"), required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", default="http://127.0.0.1:1")
    options = parser.parse_args()
    pool = records.new_pool(os.environ["DATABASE_URL"])
    made = dispatcher(options.mode, pool)
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(options.api)))
    application = web.Application()

    async def open_pool(_application: web.Application) -> None:
        await pool.open(wait=True)

    async def close_pool(_application: web.Application) -> None:
        await pool.close()

    application.on_startup.append(open_pool)
    application.on_cleanup.append(close_pool)
    handler = SimpleRequestHandler(made, bot, handle_in_background=False, secret_token=SECRET)
    handler.register(application, path="/telegram/webhook")
    setup_application(application, made, bot=bot)
    uvloop.install()
    web.run_app(application, host="127.0.0.1", port=options.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
