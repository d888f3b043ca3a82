"""The Telegram Bot API on loopback: bots of any token, people who write to them, limits and errors of the real one.

In a test: `with TelegramServer() as telegram:`. As a process: `python -m tests.emulators.telegram --port 8092`.
"""

from ..server import Fault, FaultKind
from .clock import Clock
from .limits import Limits
from .mail import Order
from .server import TelegramServer
from .watching import Seen

__all__ = ["Clock", "Fault", "FaultKind", "Limits", "Order", "Seen", "TelegramServer"]
