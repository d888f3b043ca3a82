"""YooKassa on loopback: payments, refunds, receipts that must add up, a page with card and 3-D Secure, notifications.

In a test: `with KassaServer() as kassa:`. As a process: `python -m tests.emulators.yookassa --port 8094`.
"""

from ..server import Fault, FaultKind
from .server import KassaServer
from .world import CARDS, Json

__all__ = ["CARDS", "Fault", "FaultKind", "Json", "KassaServer"]
