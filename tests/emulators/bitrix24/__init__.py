"""A Bitrix24 portal on loopback: REST with its limits and oddities, CRM, open lines, a bot's queue, events."""

from tests.emulators.bitrix24.events import Delivery
from tests.emulators.bitrix24.openlines import Said
from tests.emulators.bitrix24.portal_server import PortalServer
from tests.emulators.server import Fault, FaultKind

__all__ = ["Delivery", "Fault", "FaultKind", "PortalServer", "Said"]
