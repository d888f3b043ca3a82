"""A Bot API that answers at once and notes when each `sendMessage` came, for both the product and its rivals.

The emulator of the tests keeps a whole world; here that would be what is measured.
"""

import argparse
import asyncio
import itertools
import re
from collections.abc import Callable
from typing import cast

import uvloop

from tests.bench.wire import message_in

CHAT = re.compile(rb'chat_id"?(?:[=:]\s*"?|\r\n\r\n)(-?\d+)')  # JSON, a form, or multipart
ME = '{"id":110201543,"is_bot":true,"first_name":"Бот","username":"bench_bot"}'
WEBHOOK = '{"url":"https://127.0.0.1/telegram/webhook","has_custom_certificate":false,"pending_update_count":0}'
_numbers = itertools.count(1)


class BotApi(asyncio.Protocol):
    """One connection; `on_message(chat_id)` is told of each message at the moment it arrives."""

    def __init__(self, on_message: Callable[[int], None]) -> None:
        self._on_message = on_message
        self._data = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        self._data += data
        while size := message_in(self._data):
            call, self._data = self._data[:size], self._data[size:]
            self._answer(call)

    def _answer(self, call: bytes) -> None:
        assert self._transport is not None
        body = b'{"ok":true,"result":%s}' % self._result(call).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)

    def _result(self, call: bytes) -> str:
        method = call[: call.find(b" ", 5)].rpartition(b"/")[2].decode().lower()
        if method == "sendmessage":
            found = CHAT.search(call)
            chat_id = int(found[1]) if found else 0
            self._on_message(chat_id)
            chat = f'{{"id":{chat_id},"type":"private","first_name":"Анна"}}'
            return f'{{"message_id":{next(_numbers)},"date":1767225600,"chat":{chat},"from":{ME},"text":"…"}}'
        return {"getme": ME, "getwebhookinfo": WEBHOOK}.get(method, "true")


async def serve(port: int, on_message: Callable[[int], None]) -> asyncio.Server:
    """Listen on `port`."""
    return await asyncio.get_running_loop().create_server(lambda: BotApi(on_message), "127.0.0.1", port)


async def _forever(port: int) -> None:
    server = await serve(port, lambda _chat_id: None)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(_forever(parser.parse_args().port))
