"""What a careful bot writes: the update once; for a new person a customer and a lead; for each turn the words, the state, the
answer, the choice made, the timer that will wake a silent dialogue. The same facts as the product keeps of this dialogue.

Plain SQL on a psycopg pool, a statement a fact, one transaction a turn. Nothing is queued and nothing is understood: a sentence
is answered unread, and the answer is sent by the handler itself.
"""

from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

TABLES = """
CREATE TABLE IF NOT EXISTS rival_update (
    update_id bigint PRIMARY KEY, chat_id bigint NOT NULL, payload jsonb NOT NULL, received_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS rival_chat (
    id bigint PRIMARY KEY, name text NOT NULL, step text NOT NULL DEFAULT '', updated_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS rival_customer (
    id bigint PRIMARY KEY REFERENCES rival_chat, name text NOT NULL, created_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS rival_lead (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL REFERENCES rival_customer,
    status text NOT NULL, title text NOT NULL, created_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS rival_timer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, chat_id bigint NOT NULL REFERENCES rival_chat,
    due_at timestamptz NOT NULL, canceled_at timestamptz);
CREATE INDEX IF NOT EXISTS rival_timer_of ON rival_timer (chat_id);
CREATE TABLE IF NOT EXISTS rival_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL REFERENCES rival_customer,
    type text NOT NULL, payload jsonb NOT NULL, created_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS rival_message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, chat_id bigint NOT NULL REFERENCES rival_chat, role text NOT NULL,
    text text NOT NULL, status text NOT NULL, external_id text NOT NULL DEFAULT '', created_at timestamptz DEFAULT now(),
    sent_at timestamptz);
CREATE INDEX IF NOT EXISTS rival_message_transcript ON rival_message (chat_id, id DESC);
"""
STORE = "INSERT INTO rival_update (update_id, chat_id, payload) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1"
MEET = "INSERT INTO rival_chat (id, name) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1"
CUSTOMER = "INSERT INTO rival_customer (id, name) VALUES (%s, %s)"
LEAD = "INSERT INTO rival_lead (customer_id, status, title) VALUES (%s, 'in_bot', %s)"
LOCK = "SELECT step FROM rival_chat WHERE id = %s FOR UPDATE"
WRITE = """INSERT INTO rival_message (chat_id, role, text, status) VALUES (%s, 'user', %s, 'received'), (%s, 'bot', %s, 'sending')
           RETURNING id"""
CANCEL = "UPDATE rival_timer SET canceled_at = now() WHERE chat_id = %s AND canceled_at IS NULL"
WAKE = "INSERT INTO rival_timer (chat_id, due_at) VALUES (%s, now() + interval '1 hour')"
COUNT = "INSERT INTO rival_event (customer_id, type, payload) VALUES (%s, 'choice', %s)"
MOVE = "UPDATE rival_chat SET step = %s, updated_at = now() WHERE id = %s"
SENT = "UPDATE rival_message SET status = 'sent', external_id = %s, sent_at = now() WHERE id = %s"

MENU, DETAILS = "Что подсказать?", "Расскажите подробнее, пожалуйста."
BUTTON, BUTTON_DATA = "Заказать", "menu:order"


def new_pool(dsn: str) -> "AsyncConnectionPool[AsyncConnection[Any]]":
    """Return a pool as its manual shows it; to be opened in the running loop."""
    return AsyncConnectionPool(dsn, min_size=4, max_size=16, kwargs={"autocommit": True}, open=False)


async def store(connection: AsyncConnection[Any], update_id: int, chat_id: int, payload: dict[str, Any]) -> bool:
    """Keep an update; return False when it is known already."""
    cursor = await connection.execute(STORE, [update_id, chat_id, Jsonb(payload)])
    return await cursor.fetchone() is not None


async def take_turn(
    pool: "AsyncConnectionPool[AsyncConnection[Any]]",
    update_id: int,
    chat_id: int,
    payload: dict[str, Any],
    *,
    name: str,
    text: str,
    is_press: bool,
) -> tuple[int, str] | None:
    """Store the update and its turn in one transaction; return the answer's row and text, None for a repeat."""
    async with pool.connection() as connection, connection.transaction():
        if not await store(connection, update_id, chat_id, payload):
            return None
        if await (await connection.execute(MEET, [chat_id, name])).fetchone():
            await connection.execute(CUSTOMER, [chat_id, name])
            await connection.execute(LEAD, [chat_id, f"Bench: {name}"])
        await connection.execute(LOCK, [chat_id])
        answer = DETAILS if is_press else MENU
        cursor = await connection.execute(WRITE, [chat_id, text, chat_id, answer])
        rows = await cursor.fetchall()
        await connection.execute(CANCEL, [chat_id])
        await connection.execute(WAKE, [chat_id])
        if is_press:
            await connection.execute(COUNT, [chat_id, Jsonb({"choice": text})])
        await connection.execute(MOVE, ["details" if is_press else "menu", chat_id])
    return rows[-1][0], answer


async def note_sent(pool: "AsyncConnectionPool[AsyncConnection[Any]]", row: int, external_id: int) -> None:
    """Record that the answer was taken."""
    async with pool.connection() as connection:
        await connection.execute(SENT, [str(external_id), row])
