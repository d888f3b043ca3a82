"""`KassaServer`: the emulator as tests hold it, a real HTTP server."""

import time
from pathlib import Path
from typing import Any

from aiohttp import web

from ..server import Emulator, Faults, fault_middleware
from .api import Api
from .notices import Notices
from .pages import Pages
from .world import Json, World, shown

WAIT_SECONDS = 10.0


class KassaServer(Emulator):
    """One shop. Parts: `url`, `world`, `notices`, `faults`; verbs may be called from any thread."""

    def __init__(self, *, port: int = 0, state: Path | None = None, **keys: str) -> None:
        self.world = World(**{name: key for name, key in keys.items() if key})  # type: ignore[arg-type]
        if state is not None:
            self.world.keep_in(state)
        self.faults = Faults()
        self.notices = Notices(self.world)
        super().__init__(self._application(), port=port)

    @property
    def api_url(self) -> str:
        """The address an account of ours is connected to."""
        return f"{self.url}/v3"

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[fault_middleware(self.faults)])
        app.add_routes(Api(self.world, self.notices).routes())
        app.add_routes(Pages(self.world, self.notices).routes())
        app.add_routes([web.post("/_ctl/hook", self._hook)])
        app.on_startup.append(self._open)
        app.on_cleanup.append(self._shut)
        return app

    async def _open(self, app: web.Application) -> None:
        await self.notices.open()

    async def _shut(self, app: web.Application) -> None:
        await self.notices.close()

    # --- verbs

    def calls(self, url: str) -> None:
        """Notify this address."""
        if url not in self.world.hooks:
            self.world.hooks.append(url)
            self.world.on_change()

    def pays(self, payment_id: str) -> Json:
        """A card is charged, and we are notified."""
        return self._tell(self.world.pay(payment_id))

    def declines(self, payment_id: str, reason: str = "insufficient_funds") -> Json:
        """The bank declines."""
        return self._tell(self.world.cancel(payment_id, reason))

    def expires(self, payment_id: str) -> Json:
        """Nobody paid in time."""
        return self._tell(self.world.cancel(payment_id, "expired_on_confirmation", party="yoo_money"))

    def forges(self, event: str, **told: Any) -> None:
        """Somebody else sends a notification."""
        self.loop.call_soon_threadsafe(lambda: self.notices.tell(event, told))
        self.wait()

    def release(self, *, backwards: bool = False) -> None:
        """Send what was held."""
        self.loop.call_soon_threadsafe(lambda: self.notices.release(backwards=backwards))
        self.wait()

    def wait(self) -> None:
        """Wait until every notification has been answered."""
        deadline = time.monotonic() + WAIT_SECONDS
        time.sleep(0.02)  # what was handed to the loop must have begun
        while self.notices.pending and time.monotonic() < deadline:
            time.sleep(0.01)

    def _tell(self, payment: Json) -> Json:
        self.loop.call_soon_threadsafe(lambda: self.notices.tell(f"payment.{payment['status']}", shown(payment)))
        self.wait()
        return payment

    async def _hook(self, request: web.Request) -> web.Response:
        """What `setup_demo` orders: the address to notify."""
        self.calls((await request.json())["url"])
        return web.json_response({})
