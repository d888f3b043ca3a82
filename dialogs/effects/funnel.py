"""How far a customer has come: answers, points, the segment, the stage of the funnel."""

from crm.models import Customer
from dialogs.effects.leads import sum_up
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import KeepSurveyAnswer, Qualify, ReachStage
from dialogs.models import SurveyAnswer


def keep_survey_answer(effect: KeepSurveyAnswer, at: Occasion) -> None:
    """Keep the answer; the newest of a batch to one question stands."""
    at.sheet.answers[at.conversation.pk, effect.survey, effect.question] = SurveyAnswer(
        customer=at.session.customer,
        conversation=at.conversation,
        survey=effect.survey,
        question=effect.question,
        answer=effect.answer,
        points=effect.points,
        answered_at=at.sheet.now,
    )


def qualify(effect: Qualify, at: Occasion) -> None:
    """Write on the card what the survey found."""
    _change(at.session.customer, segment=effect.segment, lead_score=effect.score, persona=effect.persona)
    sum_up(at)


def reach_stage(effect: ReachStage, at: Occasion) -> None:
    """Write on the card how far down the funnel they are."""
    _change(at.session.customer, funnel_stage=effect.stage)


def _change(customer: Customer, **fields: str | int) -> None:
    Customer.objects.filter(pk=customer.pk).update(**fields)
    for name, value in fields.items():
        setattr(customer, name, value)
