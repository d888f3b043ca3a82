"""`TelegramServer`: the emulator as tests hold it, a real HTTP server with people inside."""

from aiohttp import web

from ..server import Emulator, Faults, fault_middleware
from .api import MAX_UPLOAD, Api
from .clock import Clock
from .delivery import Deliveries
from .groups import Groups
from .init_data import sign_init_data
from .limits import Limits
from .mail import Mail
from .people import People
from .polling import Polling
from .watching import Watching
from .world import World


class TelegramServer(People, Groups, Watching, Mail, Emulator):
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
        world: World | None = None,
    ) -> None:
        self.world = world or World()
        self.clock = clock or Clock()
        self.limits = limits or Limits()
        self.faults = Faults()
        polling = Polling(self.world, self.clock)
        self.api = Api(self.world, self.clock, self.limits, polling, lenient_webhook_urls)
        self.deliveries = Deliveries(self.world, self.clock, lenient_webhook_urls, self.api.execute_reply)
        self._is_waking = False
        super().__init__(self._application(), port=port)

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[fault_middleware(self.faults)], client_max_size=MAX_UPLOAD)
        app.add_routes(self.api.routes())
        app.on_startup.append(self._open)
        app.on_cleanup.append(self._shut)
        return app

    async def _open(self, app: web.Application) -> None:
        self.world.listeners.append(self._wake_soon)
        await self.deliveries.open()

    async def _shut(self, app: web.Application) -> None:
        self.world.listeners.remove(self._wake_soon)
        await self.deliveries.close()

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
