"""The words for the kinds of steps, as people who edit a scenario read them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS: Mapping[str, Any] = {
    "say": _("says"),
    "menu": _("menu"),
    "survey": _("survey"),
    "ask": _("asks"),
    "consent": _("asks for consent"),
    "booking": _("books"),
    "payment": _("sells"),
    "branch": _("fork"),
    "handover": _("to a human"),
    "action": _("does"),
    "wait": _("waits"),
    "end": _("end"),
}


def timer_words(name: str) -> str:
    """Return what a timer of the dialogue is for; "reminder:0" is the first reminder."""
    kind, _colon, number = name.partition(":")
    if kind == "reminder" and number.isdigit():
        return str(_("reminder %(number)d") % {"number": int(number) + 1})
    if kind == "followup" and number.isdigit():
        return str(_("follow-up %(number)d") % {"number": int(number) + 1})
    return str({"timeout": _("no answer for too long"), "wait": _("the pause is over")}.get(kind, name))


def kind_words(kind: str) -> str:
    """Return what a step of this kind does, in a word."""
    return str(KINDS.get(kind, kind))
