"""What a turn may know beyond the dialogue itself. Gathered before the engine runs; the engine asks nobody."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.engine.goods import Product
from dialogs.engine.shop.goods import Shop
from dialogs.engine.slots import Booked, Slot


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One thing of the library that may be shown: a bonus, a question of the FAQ."""

    key: str
    title: str
    text: str = ""
    url: str = ""
    is_question: bool = False  # a button may ask it


@dataclass(frozen=True, slots=True)
class Facts:
    """The world as of this turn."""

    variables: Mapping[str, str] = field(default_factory=dict)  # customer.*, business.*, snippet.*, lead.*
    has_phone: bool = False  # the customer's card or the portal holds one
    has_consent: bool = False
    has_advertising_consent: bool = False
    is_unsubscribed: bool = False  # wants no messages they did not ask for
    has_lead: bool = True
    is_open: bool = True  # the business is within its hours
    buttons: bool = True  # the channel shows buttons
    contact_button: bool = False  # … and can hand over the phone itself
    menu: bool = False  # … and keep permanent keys under the chat
    epoch: int = 0  # grows whenever the chat changes hands
    time_zone: dt.tzinfo = dt.UTC  # of the business
    source: str = ""
    language: str = ""
    persona: str = ""  # whom one talks to: newcomer, sceptic …
    products: tuple[Product, ...] = ()  # on sale now; only for scripts that sell
    consent_text: str = ""
    consent_version: str = "1"
    advertising_text: str = ""  # of the consent to advertising; empty: it is never asked for
    advertising_version: str = "1"
    # For scripts that book: the free times (None: not known yet), the appointment that stands, the customer's own clock.
    slots: tuple[Slot, ...] | None = ()
    booked: Booked | None = None
    customer_zone: dt.tzinfo | None = None
    booking_needs_phone: bool = False  # the calendar books nobody without one
    followups: tuple[tuple[str, ...], ...] = ()  # the prompt's words for this person, by number; only when one is due
    shelves: Mapping[str, tuple[Exhibit, ...]] = field(default_factory=dict)  # bonuses, faq
    shop: Shop | None = None  # only for scripts that sell from a menu
    stage: str = ""  # of the funnel, as the customer's card has it

    def shelf(self, name: str) -> tuple[Exhibit, ...]:
        """Return what stands on a shelf of the library, in its order."""
        return self.shelves.get(name, ())
