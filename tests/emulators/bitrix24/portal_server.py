"""A portal on loopback: `with PortalServer() as portal:` and it can be called at `portal.webhook_url`."""

import asyncio
import contextlib
import ssl
import tempfile
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from tests.emulators.bitrix24.control import add_control_routes
from tests.emulators.bitrix24.handlers import FILES
from tests.emulators.bitrix24.openlines import hand_over_due
from tests.emulators.bitrix24.page import add_page_routes
from tests.emulators.bitrix24.rest import add_rest_routes
from tests.emulators.bitrix24.seed import seed_portal
from tests.emulators.bitrix24.world import World
from tests.emulators.server import Emulator, Faults, fault_middleware

TICK = 1.0  # seconds between looks at what is due, beside every call


class PortalServer(World):
    """A portal with its HTTP server in a thread.

    `tls=True` serves https on localhost under a certificate authority made for the occasion, written to `ca_path`
    (REQUESTS_CA_BUNDLE for clients). Other keywords are the portal's own settings (webhook_code, scopes ...).
    """

    def __init__(self, *, port: int = 0, tls: bool = False, **settings: Any) -> None:
        super().__init__(**settings)
        self.handler_files = FILES
        self.due.append(hand_over_due)
        self.faults = Faults()
        self.ca_path: Path | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.app = web.Application(middlewares=[fault_middleware(self.faults)])
        add_rest_routes(self.app, self)
        add_control_routes(self.app, self)
        add_page_routes(self.app)
        self.app.cleanup_ctx.append(self._background)
        self.emulator = Emulator(self.app, port=port, tls=self._certificate() if tls else None)
        seed_portal(self)

    @property
    def url(self) -> str:
        """The portal's address; with TLS it names localhost, as the certificate does."""
        return self.emulator.url.replace("https://127.0.0.1", "https://localhost")

    @property
    def webhook_url(self) -> str:
        """The incoming webhook, with the slash at its end."""
        return f"{self.url}/rest/{self.user_id}/{self.webhook_code}/"

    def __enter__(self) -> Self:
        self.emulator.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.events.stop()
        self.emulator.__exit__(*error)
        self.store.save()
        if self._folder is not None:
            self._folder.cleanup()

    async def _background(self, _: web.Application) -> Any:
        self.events.start(asyncio.get_running_loop())
        task = asyncio.get_running_loop().create_task(self._tick_forever())
        yield
        await self.events.finish()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def _tick_forever(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self.tick()
            self.store.save()

    def _certificate(self) -> ssl.SSLContext:
        import trustme  # only tests have it; the demo runs the portal without

        authority = trustme.CA()
        self._folder = tempfile.TemporaryDirectory(prefix="portal-ca-")
        self.ca_path = Path(self._folder.name) / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_path))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        return context
