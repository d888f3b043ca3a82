"""The memory: people, leads, managers, and what the portal was told."""

from crm.models.access import Access
from crm.models.alert import Alert
from crm.models.appointment import Appointment, AppointmentReminder
from crm.models.customer import Consent, Customer, CustomerChat
from crm.models.desk import ManagersChat, Offer, Takeover
from crm.models.erasure import Erasure
from crm.models.event import Event
from crm.models.lead import Assignment, Lead
from crm.models.manager import Absence, Manager, RotationRule
from crm.models.portal import Portal, RemoteLead, WriteBack
from crm.models.saved import SavedLink
from crm.models.schedule import ScheduleRule
from crm.models.yclients import CalendarTask, YclientsAccount

__all__ = [
    "Absence",
    "Access",
    "Alert",
    "Appointment",
    "AppointmentReminder",
    "Assignment",
    "CalendarTask",
    "Consent",
    "Customer",
    "CustomerChat",
    "Erasure",
    "Event",
    "Lead",
    "Manager",
    "ManagersChat",
    "Offer",
    "Portal",
    "RemoteLead",
    "RotationRule",
    "SavedLink",
    "ScheduleRule",
    "Takeover",
    "WriteBack",
    "YclientsAccount",
]
