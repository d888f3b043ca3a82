"""Whose clock a person lives by: only what they say of themselves."""

import pytest

from dialogs.understanding.zones import find_zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("по Екатеринбургу", "Asia/Yekaterinburg"),
        ("давайте в 17:00 по Екатеринбургу", "Asia/Yekaterinburg"),
        ("я в Новосибирске", "Asia/Novosibirsk"),
        ("Я живу в Омске, поэтому лучше пораньше", "Asia/Omsk"),
        ("я сама из Томска", "Asia/Tomsk"),
        ("мы в Иркутске", "Asia/Irkutsk"),
        ("у меня +2 к Москве", "Asia/Yekaterinburg"),
        ("у нас плюс 4 часа к москве", "Asia/Novosibirsk"),
        ("мск+7", "Asia/Vladivostok"),
        ("разница с Москвой 5 часов", "Asia/Irkutsk"),
        ("минус 1 от Москвы", "Europe/Kaliningrad"),
        ("UTC+5", "Asia/Yekaterinburg"),
        ("время московское", "Europe/Moscow"),
        ("по красноярскому времени", "Asia/Krasnoyarsk"),
        ("нахожусь во Владивостоке", "Asia/Vladivostok"),
        ("я из Уфы", "Asia/Yekaterinburg"),
        ("я в Чите", "Asia/Chita"),
    ],
)
def test_what_is_said_of_oneself_is_understood(text: str, zone: str) -> None:
    assert str(find_zone(text)) == zone


@pytest.mark.parametrize(
    "text",
    [
        "вы в Новосибирске?",
        "доставка в Омск есть?",
        "у вас есть офис в Казани",
        "по телефону",
        "я в печали",
        "позвоните по Москве и области",  # a district to work in, no clock
        "ваш филиал из Самары?",
        "я читаю новости",
        "мне по душе",
        "доставка по Москве в 18:00 возможна?",
        "работаете по Казани?",
        "езжу по Омску",
        "+2 человека",
        "скидка -5",
        "UTC+99",
        "я уфолог",
    ],
)
def test_what_is_said_of_others_is_not(text: str) -> None:
    assert find_zone(text) is None
