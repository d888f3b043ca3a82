"""The school beside the shop: a second bot in the same house, with the sales funnel."""

from collections.abc import Iterator

import pytest

from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House

SCHOOL = "5151515151:AAsales-token-for-journeys-and-chaos_"
MENU = ["🎁 Бонусы", "📊 Подбор инструмента", "🗓 Записаться", "👤 Связаться с менеджером"]
HOT = ("Активно торгую", "Приумножить капитал", "Больше 1 000 000 ₽", "Ничего не останавливает", "Хоть сегодня")
COLD = ("Начинаю с нуля", "Разобраться", "До 50 000 ₽", "Боюсь потерять деньги", "Пока присматриваюсь")


@pytest.fixture
def school(house: House) -> Iterator[House]:
    """The house with the second product in it."""
    load_preset("sales")
    house.connect_bot(SCHOOL, "sales", "Крипта без паники")
    house.settle()
    forget()
    yield house


@pytest.fixture
def vera(school: House) -> TelegramCustomer:
    """Somebody who has seen an advertisement of the school."""
    return TelegramCustomer(school, "Вера", user_id=888, token=SCHOOL)


def reaches_the_survey(customer: TelegramCustomer) -> None:
    """Take the shortest way to the first question."""
    customer.says("/start")
    customer.presses("🎁 Получить бонус")
    customer.presses("Да, начнём")


def answers(customer: TelegramCustomer, labels: tuple[str, ...]) -> None:
    """Answer the survey by its buttons."""
    for label in labels:
        customer.presses(label)
