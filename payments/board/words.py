"""What the script of the board says, in the reader's language: handed to the page, so that the script has no words of its own."""

from typing import Any

from django.utils.translation import gettext as _

from payments.models import Ticket


def lanes() -> list[dict[str, str]]:
    """Return the lanes from left to right."""
    return [
        {"code": "later", "name": _("For later"), "nothing": _("No orders for later.")},
        {"code": "received", "name": _("New"), "nothing": _("All are accepted.")},
        {"code": "making", "name": _("Making"), "nothing": _("Nothing is being made.")},
        {"code": "ready", "name": _("Ready"), "nothing": _("Nothing waits for a guest.")},
        {"code": "done", "name": _("Handed over"), "nothing": _("Nothing yet.")},
    ]


def statuses() -> dict[str, str]:
    """Return how an order stands, as one says it behind the counter."""
    status = Ticket.Status
    return {
        status.HELD: _("it waits for money"),
        status.RECEIVED: _("it waits to be accepted"),
        status.MAKING: _("it is being made"),
        status.READY: _("it is ready"),
        status.PICKED_UP: _("it was handed over"),
        status.CANCELED: _("it was canceled"),
        status.EXPIRED: _("it was not paid in time"),
    }


def words() -> dict[str, Any]:
    """Return every word of the script."""
    return {**_of_tickets(), **_of_news(), **_of_the_line(), **_of_stops(), **_of_the_pace(), **_of_the_tablet()}


def _of_tickets() -> dict[str, Any]:
    return {
        "order_number": _("Order %(number)s"),
        "guest": _("Guest"),
        "by": _("by %(time)s"),
        "at_time": _("at %(time)s"),
        "given_at": _("handed over at %(time)s"),
        "paid": _("Paid"),
        "at_till": _("Pays at the counter"),
        "delayed": _("The guest was told: +%(n)s min"),
        "more": _("More"),
        "accept": _("Accept"),
        "begin_now": _("Begin now"),
        "begin_in": _("until it is time to begin"),
        "ready": _("Ready"),
        "pick_up": _("Handed over"),
        "recall": _("One step back"),
        "hours": _("h"),
        "waits": _("Nobody has accepted it for %(n)s min"),
        "late": _("Late by %(n)s min"),
        "delay_title": _("It takes longer, tell the guest (minutes)"),
        "print": _("Print the ticket"),
        "cancel": _("Cancel the order"),
        "cancel_title": _("Why? The guest will read it."),
        "cancel_paid": _("The order is paid: %(amount)s will be sent back to the guest."),
        "cancel_with": _("Cancel with this reason"),
        "own_reason": _("Other reason"),
        "reasons": [
            _("Something has ended"),
            _("We cannot make it in time"),
            _("The guest asked for it"),
            _("The guest did not come"),
            _("The equipment does not work"),
        ],
    }


def _of_news() -> dict[str, Any]:
    return {
        "statuses": statuses(),
        "was_away": _("There was no connection for about %(n)s min. Meanwhile:"),
        "nothing_changed": _("nothing has changed."),
        "understood": _("Understood"),
        "news_new": _("№%(number)s %(name)s: new, %(status)s"),
        "news_status": _("№%(number)s %(name)s: was “%(before)s”, now “%(after)s”"),
        "news_delay": _("№%(number)s %(name)s: the guest was told +%(n)s min"),
        "news_paid": _("№%(number)s %(name)s: paid"),
        "news_changed": _("№%(number)s %(name)s: changed"),
        "forgotten": _("Accept: %(numbers)s. The guest is waiting!"),
    }


def _of_the_line() -> dict[str, Any]:
    return {
        "links": {
            "opening": _("connecting…"),
            "live": _("live"),
            "slow": _("slow connection"),
            "offline": _("no connection"),
            "shut": _("logged out"),
        },
        "offline": _("No connection. What you see may be out of date; buttons do nothing until it is back."),
        "shut": _("Your session is over. Log in to go on."),
        "refused_offline": _("No connection: nothing was done. Press again when it is back."),
        "unknown": _("The connection broke off. Whether it was done is shown as soon as it is back."),
        "no_answer": _("The server does not answer. Try again."),
        "close": _("Close"),
        "loading": _("Loading…"),
    }


def _of_stops() -> dict[str, Any]:
    return {
        "stop_list": _("Stop-list"),
        "until_title": _("It comes back"),
        "until": {
            "hour": _("In an hour"),
            "day_end": _("At closing time"),
            "tomorrow": _("Tomorrow"),
            "manual": _("Until put back"),
        },
        "find": _("Find"),
        "stop": _("Ended"),
        "put_back": _("Put back"),
        "whole_list": _("The whole list"),
        "ended": _("it has ended"),
        "left": _("%(n)s left"),
        "back_at": _("back at %(time)s"),
        "less": _("One less"),
        "count_more": _("One more"),
    }


def _of_the_pace() -> dict[str, Any]:
    return {
        "pace": _("Pause"),
        "pace_paused": _("On pause"),
        "pace_busy": _("Busy mode"),
        "paused": _("Orders are on pause."),
        "opened": _("Orders are taken again."),
        "pause_title": _("Take no orders for"),
        "pause_reason_title": _("What guests will read"),
        "pause_reasons": [
            _("Too many orders just now"),
            _("A technical break"),
            _("We are closed for an hour"),
        ],
        "minutes": _("%(n)s min"),
        "until_clock": _("until %(time)s"),
        "until_reopened": _("Until reopened"),
        "until_calm": _("Until switched off"),
        "open_orders": _("Take orders again"),
        "busy_title": _("Busy mode: promise %(n)s min more"),
        "busy_is_on": _("Guests are promised %(n)s min more."),
        "calm": _("Back to the usual time"),
    }


def _of_the_tablet() -> dict[str, Any]:
    return {
        "tablet": _("This tablet"),
        "sounds": {"on": "", "off": _("Tap to let it ring"), "muted": _("Sound is off")},
        "sound": _("Sound"),
        "sound_on": _("On"),
        "sound_off": _("Off"),
        "sound_try": _("Try it"),
        "theme": _("Theme"),
        "themes": {"auto": _("As the tablet"), "light": _("Light"), "dark": _("Dark")},
        "roll": _("Width of the paper"),
        "mm": _("mm"),
        "screen": _("Screen"),
        "full": _("Full screen"),
        "leave_full": _("Leave full screen"),
        "awake": _("Do not fall asleep"),
        "log_out": _("Log out"),
    }
