"""The back office of the memory."""

from crm.admin import customers, leads, ledgers, managers, portals

__all__ = ["customers", "leads", "ledgers", "managers", "portals"]
