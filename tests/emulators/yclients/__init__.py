"""YClients on loopback: one company's online booking and back office, its limits, refusals and webhooks.

In a test: `with YclientsServer() as yclients:`. As a process: `python -m tests.emulators.yclients --port 8094`.
"""

from ..server import Fault, FaultKind
from .company import Company, Record
from .server import YclientsServer

__all__ = ["Company", "Fault", "FaultKind", "Record", "YclientsServer"]
