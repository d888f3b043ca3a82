"""`SchoolServer`: the emulator as tests hold it, a real HTTP server."""

import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from aiohttp import web

from ..server import Emulator, Faults, fault_middleware
from .api import Api
from .notices import Notices
from .pages import Pages
from .world import Deal, Hook, Product, World

WAIT_SECONDS = 10.0


class SchoolServer(Emulator):
    """One school. Parts: `url`, `world`, `notices`, `faults`; verbs may be called from any thread."""

    def __init__(self, *, port: int = 0, state: Path | None = None, **keys: str) -> None:
        self.world = World(**{name: key for name, key in keys.items() if key})  # type: ignore[arg-type]
        if state is not None:
            self.world.keep_in(state)
        self.faults = Faults()
        self.api = Api(self.world)
        self.notices = Notices(self.world, self.api.money)
        super().__init__(self._application(), port=port)

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[fault_middleware(self.faults)])
        app.add_routes(self.api.routes())
        app.add_routes(Pages(self.world, self.notices, self.api.money).routes())
        app.add_routes([web.post("/_ctl/{order}", self._control)])
        app.on_startup.append(self._open)
        app.on_cleanup.append(self._shut)
        return app

    async def _open(self, app: web.Application) -> None:
        await self.notices.open()

    async def _shut(self, app: web.Application) -> None:
        await self.notices.close()

    # --- verbs

    def sells(self, code: str, title: str, cost: str) -> str:
        """Put something on sale; return the address of its page."""
        self.world.products[code] = Product(code, title, cost)
        self.world.on_change()
        return f"{self.url}/pl/{code}"

    def calls(self, url: str, *, method: str = "GET", secret: str = "") -> None:
        """Let the school call this address when a deal changes; with a secret through a relay that signs."""
        hook = Hook(url, method, secret)
        if hook not in self.world.hooks:
            self.world.hooks = [*(item for item in self.world.hooks if bool(item.secret) != bool(secret)), hook]
            self.world.on_change()

    def tell(self, deal: Deal, **changes: Any) -> None:
        """Send a notice about a deal, with `changes` in place of what is true."""
        self.loop.call_soon_threadsafe(lambda: self.notices.tell(deal, **changes))
        self.wait()

    def pays(self, deal: Deal, amount: str = "") -> Deal:
        """Somebody pays a deal, and the school tells us."""
        paid = self.world.pay(deal.id, Decimal(amount) if amount else None)
        self.tell(paid)
        return paid

    def sets(self, deal: Deal, status: str) -> Deal:
        """A person of the school sets a status, and the school tells us."""
        changed = self.world.set_status(deal.id, status)
        self.tell(changed)
        return changed

    def release(self, *, backwards: bool = False) -> None:
        """Send what was held."""
        self.loop.call_soon_threadsafe(lambda: self.notices.release(backwards=backwards))
        self.wait()

    def wait(self) -> None:
        """Wait until every notice has been answered."""
        deadline = time.monotonic() + WAIT_SECONDS
        time.sleep(0.02)  # what was handed to the loop must have begun
        while self.notices.pending and time.monotonic() < deadline:
            time.sleep(0.01)

    async def _control(self, request: web.Request) -> web.Response:
        """What `setup_demo` orders: products on sale, addresses to call."""
        order: dict[str, str] = await request.json()
        match request.match_info["order"]:
            case "product":
                return web.json_response({"url": self.sells(order["code"], order["title"], order["cost"])})
            case "hook":
                self.calls(order["url"], method=order.get("method", "GET"), secret=order.get("secret", ""))
                return web.json_response({})
        raise web.HTTPNotFound
