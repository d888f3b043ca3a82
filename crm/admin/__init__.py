"""The back office of the memory."""

from crm.admin import access, customers, leads, ledgers, managers, portals

__all__ = ["access", "customers", "leads", "ledgers", "managers", "portals"]
