"""What customers answered to surveys, for counting."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.personal import PersonalModel
from crm.models import Customer
from dialogs.models.conversation import Conversation


class SurveyAnswer(PersonalModel):
    """The answer that stands to one question; how it came to be is in the log of events."""

    whose = "customer"
    harmless = ("survey", "question", "answer")  # codes of the script: counted after the person is forgotten

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="survey_answers")
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, verbose_name=_("conversation"), related_name="survey_answers"
    )
    survey = models.SlugField(_("step"), max_length=64)
    question = models.CharField(_("question"), max_length=64)
    answer = models.CharField(_("answer"), max_length=64)
    points = models.SmallIntegerField(_("points"), default=0)
    answered_at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        ordering = ["answered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "survey", "question"], name="dialogs_one_answer_per_question"
            )
        ]
        indexes = [models.Index(fields=["customer", "answered_at"], name="dialogs_answers_of")]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"
