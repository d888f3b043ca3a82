"""A GetCourse school on loopback: deals through both APIs, exports, pages with *Оплатить*, calls of our address.

In a test: `with SchoolServer() as school:`. As a process: `python -m tests.emulators.getcourse --port 8093`.
"""

from ..server import Fault, FaultKind
from .server import SchoolServer
from .world import Deal, Hook, Product

__all__ = ["Deal", "Fault", "FaultKind", "Hook", "Product", "SchoolServer"]
