"""`TelegramServer`: the emulator as tests hold it, a real HTTP server with people inside."""

from pathlib import Path

from aiohttp import web

from ..server import Emulator, Faults, fault_middleware
from .api import MAX_UPLOAD, Api
from .clock import Clock
from .control import Control
from .delivery import Deliveries
from .groups import Groups
from .init_data import sign_init_data
from .limits import Limits
from .mail import Mail
from .people import People
from .polling import Polling
from .storage import Keeper
from .view import View
from .watching import Watching
from .world import World

PAGE = Path(__file__).parent / "page"


class TelegramServer(People, Groups, Watching, Mail, View, Emulator):
    """Many bots in one server: any token of the form `digits:text` is a bot. Verbs may be called from any thread.

    Parts: `url`, `base_url` (for python-telegram-bot), `faults`, `clock`, `limits` (off until `limits.enabled`),
    `deliveries` (`copies`, `attempts`), and the verbs of the classes this one is made of.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        lenient_webhook_urls: bool = True,
        limits: Limits | None = None,
        clock: Clock | None = None,
        state: Path | None = None,
    ) -> None:
        self.world = World()
        self.clock = clock or Clock()
        self.limits = limits or Limits()
        self.faults = Faults()
        polling = Polling(self.world, self.clock)
        self.api = Api(self.world, self.clock, self.limits, polling, lenient_webhook_urls)
        self.deliveries = Deliveries(self.world, self.clock, lenient_webhook_urls, self.api.execute_reply)
        self._keeper = Keeper(self.world, state) if state else None
        self._is_waking = False
        super().__init__(self._application(), port=port)

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[fault_middleware(self.faults)], client_max_size=MAX_UPLOAD)
        app.add_routes(self.api.routes())
        app.add_routes(Control(self).routes())
        app.add_routes([web.get("/", _page), web.static("/_page", PAGE)])
        app.on_startup.append(self._open)
        app.on_cleanup.append(self._shut)
        return app

    async def _open(self, app: web.Application) -> None:
        if self._keeper:
            self._keeper.load()
            await self._keeper.start()
        self.world.listeners.append(self._wake_soon)
        await self.deliveries.open()

    async def _shut(self, app: web.Application) -> None:
        self.world.listeners.remove(self._wake_soon)
        await self.deliveries.close()
        if self._keeper:
            await self._keeper.stop()

    def _wake_soon(self) -> None:
        if not self._is_waking:
            self._is_waking = True
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._is_waking = False
        self.deliveries.wake()

    @property
    def base_url(self) -> str:
        """Return what python-telegram-bot calls `base_url`: the token is appended to it."""
        return f"{self.url}/bot"

    def revoke(self, token: str) -> None:
        """Make the token invalid, as BotFather does; another token with the same number takes the bot over."""
        with self.world.lock:
            self.bot(token).is_revoked = True
            self.world.changed()

    def init_data(self, token: str, user_id: int, **more: str) -> str:
        """Return the signed launch data of a Mini App this person opens now."""
        with self.world.lock:
            user = self.world.person(user_id).as_user()
        return sign_init_data(token, user, auth_date=int(self.clock.now()), **more)


async def _page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")
