"""Saying a follow-up when its time has come, or letting it be."""

import datetime as dt

from dialogs.engine import wishes
from dialogs.engine.effects import Key, StartTimer
from dialogs.engine.events import Alarm
from dialogs.engine.walking import Walk


def follow_up(walk: Walk, alarm: Alarm, number: int) -> None:
    """Say it, put it off till the morning, or leave a person in peace who has what they came for."""
    state, plan = walk.state, walk.followups
    if state.followups >= plan.most or _is_settled(walk):
        return
    if (moment := _better_moment(walk, number)) is not None:
        walk.do(StartTimer(alarm.name, alarm.visit, moment))
        return
    own, given = plan.messages[number].wordings, walk.facts.followups[number : number + 1]
    text = walk.rendered(walk.wording(alarm.name, own)) if own else walk.wording(alarm.name, given[0] if given else ())
    if not text:
        return
    keys = ((Key(walk.text("stop_button"), data=wishes.STOP),),) if walk.facts.buttons else ()
    walk.say_ready(text, keys=keys)
    walk.track("followed_up", step=state.step, number=str(number + 1))
    walk.update(followups=walk.state.followups + 1, followed_at=walk.now.timestamp())


def _is_settled(walk: Walk) -> bool:
    booked = walk.facts.booked
    stands = booked is not None and not booked.is_declined
    return stands or walk.state.values.get("paid") == "yes" or walk.facts.is_unsubscribed


def _better_moment(walk: Walk, number: int) -> dt.datetime | None:
    """Return when to come instead: not in somebody's night, and not on the heels of the one before."""
    pause = walk.followups.pause_before(number)
    earliest = walk.state.followed_at + pause if walk.state.followed_at and pause else 0.0
    if walk.now.timestamp() < earliest:
        return dt.datetime.fromtimestamp(earliest, walk.now.tzinfo)
    return walk.followups.morning_after(walk.now, walk.facts.customer_zone or walk.facts.time_zone)
