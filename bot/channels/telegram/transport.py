"""The wire under python-telegram-bot: its `BaseRequest` on aiohttp.

The library's own transport (httpx) collapses with many requests in flight (measured: 212 messages a second against 2,500).
It also does not tell "the request never left" from "no answer came", and that difference decides whether we may repeat.
"""

import logging
from typing import Any

import aiohttp
import orjson
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

logger = logging.getLogger(__name__)
CONNECT_SECONDS = 15.0  # routes from Russia are slowed; this includes waiting for a free connection
ANSWER_SECONDS = 30.0
CONNECTIONS = 256  # at once to one server, as many as the outbox keeps in flight
KEEP_ALIVE_SECONDS = 15.0  # shorter than any server's, so that we never write into a connection it is closing


class NeverLeft(NetworkError):
    """No connection was made: nothing can have been done."""


class NoAnswer(NetworkError):
    """The request left (at least in part) and no answer came back."""


class Flood(TelegramError):
    """Telegram asks for `retry_after` seconds of silence.

    The library's own `RetryAfter` warns about a coming change each time it is made, so it cannot be raised quietly.
    """

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after:g} s")
        self.retry_after = retry_after


class NotTelegram(TelegramError):
    """Something between us and Telegram answered instead of it: a proxy, a provider's page, a wrong address."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} without a Bot API answer")
        self.status = status


def ready(**given: Any) -> RequestData:
    """Return the data of a request that needs no translation: every value is JSON already, None is left out."""
    return RequestData([RequestParameter(name, value, None) for name, value in given.items() if value is not None])


class AiohttpRequest(BaseRequest):
    """Sends requests of one bot, in the loop that first used it, through `proxy` when there is one."""

    def __init__(self, *, proxy: str = "") -> None:
        self._proxy = proxy or None
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return ANSWER_SECONDS

    async def initialize(self) -> None:
        """Make the client; called again it does nothing."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE_SECONDS)
            timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=ANSWER_SECONDS)
            # The environment's proxies are not looked at: it costs two threads a request, and a channel has its own.
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request and return the status and the body; the timeouts are ours, not the library's 5 seconds."""
        try:
            status, payload = await self._exchange(url, method, _body(request_data))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NeverLeft(f"no connection ({type(error).__name__})") from None
        except aiohttp.ClientHttpProxyError as error:
            raise NeverLeft(f"the proxy refused ({error.status})") from None
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise NoAnswer(f"no answer ({type(error).__name__})") from None
        return _checked(status, payload)

    async def _exchange(self, url: str, method: str, body: dict[str, Any]) -> tuple[int, bytes]:
        await self.initialize()
        if self._session is None:  # pragma: no cover - initialize has just made it
            raise RuntimeError("no session")
        async with self._session.request(method, url, proxy=self._proxy, allow_redirects=False, **body) as response:
            return response.status, await response.read()

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Read the answer; the library's reader would log the whole of what it cannot read."""
        try:
            return orjson.loads(payload)
        except ValueError:
            raise TelegramError("an answer that is not JSON") from None


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None or not data.parameters:
        return {}
    if data.contains_files:
        form = aiohttp.FormData(data.json_parameters)
        for name, (filename, content, mime_type) in (data.multipart_data or {}).items():
            form.add_field(name, content, filename=filename, content_type=mime_type)
        return {"data": form}
    return {"data": orjson.dumps(data.parameters), "headers": {"Content-Type": "application/json"}}


def _checked(status: int, payload: bytes) -> tuple[int, bytes]:
    if 200 <= status < 300:
        return status, payload
    try:
        answer = orjson.loads(payload)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "ok" not in answer:
        raise NotTelegram(status)
    if status == 429:
        raise Flood(float((answer.get("parameters") or {}).get("retry_after") or 1))
    return status, payload
