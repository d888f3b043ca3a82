"""Who does what the engine asks for: one visible table, effect type to handler. A handler only writes rows.

Handlers run inside the turn's transaction, after the rows of all sessions of the batch exist. Frequent rows go onto the sheet
and are written many at once; rare ones (a lead, a consent) are written by the verbs of `crm`.
"""

from collections.abc import Callable
from typing import Any

from dialogs.effects import appointments, shop
from dialogs.effects.actions import act
from dialogs.effects.assistant import ask_assistant, record_decision
from dialogs.effects.billing import check_payment, send_bill
from dialogs.effects.closing import erase, finish, send_own_data
from dialogs.effects.consents import record_consent, subscribe, unsubscribe
from dialogs.effects.contacts import keep_contact
from dialogs.effects.funnel import keep_survey_answer, qualify, reach_stage
from dialogs.effects.leads import hand_over, settle_lead
from dialogs.effects.sheet import Occasion
from dialogs.effects.speech import say
from dialogs.effects.timing import cancel_timers, start_timer, track
from dialogs.engine import effects
from dialogs.engine.shop import effects as shop_effects

Handler = Callable[[Any, Occasion], None]

HANDLERS: dict[type, Handler] = {
    effects.Say: say,
    effects.StartTimer: start_timer,
    effects.CancelTimers: cancel_timers,
    effects.Track: track,
    effects.ReachStage: reach_stage,
    effects.KeepSurveyAnswer: keep_survey_answer,
    effects.Qualify: qualify,
    effects.AskAssistant: ask_assistant,
    effects.RecordDecision: record_decision,
    effects.SendBill: send_bill,
    effects.CheckPayment: check_payment,
    effects.RecordConsent: record_consent,
    effects.KeepContact: keep_contact,
    effects.SettleLead: settle_lead,
    effects.HandOver: hand_over,
    effects.Act: act,
    effects.Unsubscribe: unsubscribe,
    effects.Subscribe: subscribe,
    effects.SendOwnData: send_own_data,
    effects.Erase: erase,
    effects.Book: appointments.book,
    effects.CancelBooking: appointments.cancel,
    effects.Attend: appointments.attend,
    effects.LookUpSlots: appointments.look_up,
    shop_effects.ChangeCart: shop.change_cart,
    shop_effects.PlaceOrder: shop.place_order,
    shop_effects.CancelOrder: shop.cancel_order,
    shop_effects.KeepReview: shop.keep_review,
    shop_effects.KeepFavourite: shop.keep_favourite,
    effects.Finish: finish,
}

__all__ = ["HANDLERS", "Occasion"]
