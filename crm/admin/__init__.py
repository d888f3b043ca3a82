"""The back office of the memory."""

from crm.admin import access, customers, desk, leads, ledgers, managers, portals

__all__ = ["access", "customers", "desk", "leads", "ledgers", "managers", "portals"]
