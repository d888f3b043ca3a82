"""What the law lets everybody ask for at any step: to be left in peace, asked before advertising, shown and forgotten.

Each function answers the desk and tells what follows: a move, or None when the words were about something else.
"""

from collections.abc import Callable, Mapping

from dialogs.engine import advertising
from dialogs.engine.desk import Desk
from dialogs.engine.effects import (
    Act,
    CancelTimers,
    Erase,
    KeepContact,
    Key,
    LeadOutcome,
    Purpose,
    SendOwnData,
    SettleLead,
    Subscribe,
    Unsubscribe,
)
from dialogs.engine.events import Pressed, Said
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.state import Pending
from dialogs.engine.steps.base import Halt, Move, Wait
from dialogs.engine.steps.end import finish

ERASE_YES, ERASE_NO = "erase:yes", "erase:no"
SUBSCRIBE, STOP = "subscribe", "stop"


def command_in(reading: Reading) -> str:
    """Return the command typed, without the bot's name."""
    return reading.text.strip().casefold().split("@")[0]


# --- to be left in peace, and to come back


def stop(desk: Desk) -> Move:
    """Nothing more is said unasked. A script that stays goes on answering; another one ends, and a human sees the lead."""
    keys = ((Key(desk.text("subscribe_again"), data=SUBSCRIBE),),) if desk.facts.buttons else ()
    desk.say(desk.text("stop"), keys=keys)
    desk.do(Unsubscribe())
    desk.track("unsubscribed")
    if desk.stays:
        desk.update(pending=None)
        desk.start_timers({})  # those running are canceled, and deaf should one fire all the same
        return Wait()
    desk.do(SettleLead(LeadOutcome.LOW_QUALITY, "asked_to_stop"))
    finish(desk, "stopped")
    return Halt()


def subscribe(desk: Desk) -> Move:
    """Our messages are wanted again; advertising is a question of its own."""
    if desk.facts.is_unsubscribed:
        desk.do(Subscribe())
        desk.track("subscribed")
    desk.say(desk.text("subscribed"))
    if desk.advertising() and not desk.facts.has_advertising_consent:
        advertising.ask(desk, desk.text("advertising_ask"))
    return Wait()


# --- to be asked before advertising


def answering_advertising(desk: Desk, event: Said | Pressed) -> Move | None:
    """Hear an answer about advertising outside the step that asks for it: under an old button, or after /subscribe."""
    agrees = advertising.agreed(desk, event)
    if agrees is None:
        return _leave_it(desk, event)
    advertising.settle(desk, event, agrees=agrees)
    return Wait()


def _leave_it(desk: Desk, event: Said | Pressed) -> Move | None:
    """An old button shows today's words; any other word was about something else."""
    if (pending := desk.state.pending) is not None and pending.kind == Purpose.ADVERTISING:
        desk.update(pending=None)
    if isinstance(event, Pressed) and event.data.startswith(advertising.YES) and desk.advertising():
        advertising.ask(desk, desk.text("advertising_changed"))
        return Wait()
    return None


def pressed(desk: Desk, event: Pressed) -> Move | None:
    """Hear the buttons that work at any step and at any age."""
    wish = {SUBSCRIBE: subscribe, STOP: stop}.get(event.data)
    return wish(desk) if wish else answering_advertising(desk, event)


# --- to see their data, and to be forgotten


def send_own_data(desk: Desk) -> Move:
    """What we keep about a person is theirs to see."""
    desk.do(SendOwnData(desk.text("own_data")))
    desk.track("own_data_asked")
    return Wait()


def ask_to_erase(desk: Desk) -> Move:
    """Deleting cannot be undone, so it is asked once."""
    desk.update(pending=Pending("erase"))
    keys = ((Key(desk.text("erase_yes"), data=ERASE_YES), Key(desk.text("erase_no"), data=ERASE_NO)),)
    desk.say(desk.text("erase_ask"), keys=keys)
    return Wait()


def erasing(desk: Desk, event: Said | Pressed) -> Move | None:
    """Hear the answer to `ask_to_erase`."""
    if desk.state.pending is None or desk.state.pending.kind != "erase":
        return None
    if isinstance(event, Pressed):
        yes, no = event.data == ERASE_YES, event.data == ERASE_NO
    else:
        again = event.reading.has(Intent.AFFIRM, Intent.DELETE_DATA) or command_in(event.reading) == "/delete_me"
        yes, no = again and not event.reading.has(Intent.DENY), event.reading.has(Intent.DENY)
    if yes:
        desk.do(CancelTimers())
        desk.do(Erase())
        desk.say(desk.text("erase_done"))
        desk.update(values={}, recent=(), said={}, asides={}, unconfirmed=None)
        finish(desk, "erased")
        return Halt()
    desk.update(pending=None)
    if no:
        desk.say(desk.text("erase_kept"))
        return Wait()
    return None


# --- while a human has the word


def overhear(desk: Desk, reading: Reading) -> None:
    """Do what was asked for as a command, and keep a number given to the human, without a word: the human speaks."""
    _keep_number(desk, reading)
    match command_in(reading):
        case "/stop":
            desk.do(Unsubscribe())
            desk.track("unsubscribed")
            _tell(desk, "Клиент отписался (/stop): не пишите ему без его вопроса.")
        case "/subscribe" if desk.facts.is_unsubscribed:
            desk.do(Subscribe())
            desk.track("subscribed")
        case "/delete_me":
            _tell(desk, "Клиент просит удалить его данные (/delete_me): откройте карточку клиента и удалите их.")
        case "/my_data":
            _tell(desk, "Клиент просит показать, что мы о нём храним (/my_data): выгрузите данные из его карточки.")


def _keep_number(desk: Desk, reading: Reading) -> None:
    """A number typed to the human reaches the card, too, under the consent given before; without one nothing is stored."""
    if (
        not reading.phones
        or not desk.facts.has_consent
        or reading.phones[0] == desk.facts.variables.get("customer.phone")
    ):
        return
    shown = (reading.shown_phones or reading.phones)[0]
    desk.do(KeepContact("phone", reading.phones[0], reading.extension or ""))
    desk.note(f"Новый номер: {shown}", about="new_phone")


def _tell(desk: Desk, text: str) -> None:
    desk.do(Act("notify_managers", {"text": text}))


COMMANDS: Mapping[str, Callable[[Desk], Move]] = {
    "/stop": stop,
    "/subscribe": subscribe,
    "/delete_me": ask_to_erase,
    "/my_data": send_own_data,
}
