"""python-telegram-bot: its own webhook server (tornado) with 256 concurrent updates on uvloop.

It answers the request when the update is *queued in memory*; the insert follows. A crash in between loses the update, so its
figure is of accepted, not of durable updates. Nothing in the library awaits a handler before the answer.
"""

import argparse
import os
from typing import Any

import uvloop
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from tests.bench.rivals import records
from tests.bench.updates import SECRET, TOKEN

CONCURRENT_UPDATES = 256
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton(records.BUTTON, callback_data=records.BUTTON_DATA)]])


def application(mode: str, api: str, pool: Any) -> "Application[Any, Any, Any, Any, Any, Any]":
    """Return what handles the updates: `ingest` stores them, `dialogue` answers them."""

    async def open_pool(_application: Any) -> None:
        await pool.open(wait=True)

    async def close_pool(_application: Any) -> None:
        await pool.close()

    async def keep(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_chat is not None
        async with pool.connection() as connection:
            await records.store(connection, update.update_id, update.effective_chat.id, update.to_dict())

    async def talk(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await answer(update, update.message.text or "", is_press=False)

    async def press(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await answer(update, update.callback_query.data or "", is_press=True)
        await update.callback_query.answer()

    async def answer(update: Update, text: str, *, is_press: bool) -> None:
        chat = update.effective_chat
        assert chat is not None
        name = chat.full_name or ""
        turn = await records.take_turn(
            pool, update.update_id, chat.id, update.to_dict(), name=name, text=text, is_press=is_press
        )
        if turn is not None:
            sent = await chat.send_message(turn[1], reply_markup=None if is_press else KEYS)
            await records.note_sent(pool, turn[0], sent.message_id)

    builder = ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot").concurrent_updates(CONCURRENT_UPDATES)
    made = builder.connection_pool_size(256).pool_timeout(60).post_init(open_pool).post_shutdown(close_pool).build()
    if mode == "ingest":
        made.add_handler(MessageHandler(filters.ALL, keep))
    else:
        made.add_handler(MessageHandler(filters.TEXT, talk))
        made.add_handler(CallbackQueryHandler(press))
    return made


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=("ingest", "dialogue"), required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", required=True)
    options = parser.parse_args()
    uvloop.install()
    made = application(options.mode, options.api, records.new_pool(os.environ["DATABASE_URL"]))
    made.run_webhook(
        listen="127.0.0.1",
        port=options.port,
        url_path="telegram/webhook",
        secret_token=SECRET,
        webhook_url=f"https://127.0.0.1:{options.port}/telegram/webhook",
    )


if __name__ == "__main__":
    main()
