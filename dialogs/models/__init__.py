"""The mind's rows: scenarios as drafts and as frozen versions, dialogues under way, timers, the assistant's turns."""

from dialogs.models.assistant import AssistantTurn
from dialogs.models.briefing import Briefing
from dialogs.models.conversation import Conversation, Timer
from dialogs.models.scenario import Choice, Scenario, ScenarioVersion, Step
from dialogs.models.survey import SurveyAnswer

__all__ = [
    "AssistantTurn",
    "Briefing",
    "Choice",
    "Conversation",
    "Scenario",
    "ScenarioVersion",
    "Step",
    "SurveyAnswer",
    "Timer",
]
