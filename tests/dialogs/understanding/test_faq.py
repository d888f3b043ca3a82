"""FAQ entries an editor wrote are found by their own words and by what people usually ask."""

import pytest

from dialogs.understanding.catalogue import default_entries, entries_of
from dialogs.understanding.faq import FaqEntry
from dialogs.understanding.reader import Reader

OWN = (
    FaqEntry("kids", "Можно ли прийти с ребёнком?", "Да.", variants=("Есть ли детская комната?",)),
    FaqEntry("wifi", "Есть ли у вас Wi-Fi?", "Да.", keywords=("вайфай", "wi-fi", "интернет")),
    FaqEntry("dogs", "Пускаете с собаками?", "Да.", variants=("Можно с животными?",)),
    FaqEntry("gift", "Продаёте ли вы подарочные сертификаты?", "Да.", keywords=("подарочный сертификат",)),
    FaqEntry("how-much", "Сколько это стоит?", "От 100."),
    FaqEntry("where", "Где вы находитесь?", "Тут."),
    FaqEntry("steam", "Какая температура в парной?", "90 °C."),
    FaqEntry("vegan", "Есть ли блюда для веганов?", "Есть.", variants=("Что есть без мяса?",)),
)
READER = Reader(OWN)


def found(text: str) -> list[str]:
    return [hit.key for hit in READER.read([text]).faq]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("а с ребенком к вам можно?", "kids"),
        ("детская комната есть", "kids"),
        ("с детьми пустят?", "kids"),
        ("какой у вас вай-фай", "wifi"),
        ("интернет есть?", "wifi"),
        ("с собакой можно?", "dogs"),
        ("можно прийти с сабакой", "dogs"),
        ("хочу купить подарочный сертификат", "gift"),
        ("подарочные сертификаты есть?", "gift"),
        ("почём", "how-much"),
        ("skolko stoit", "how-much"),
        ("какая цена?", "how-much"),
        ("как до вас добраться", "where"),
        ("адрес подскажите", "where"),
        ("а в парной какая температура", "steam"),
        ("а блюда для веганов имеются?", "vegan"),
    ],
)
def test_an_own_entry_is_found(text: str, key: str) -> None:
    assert key in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "какие у вас скидки", "привет", "мне нужен интернет-магазин под ключ, сделаете?", "у меня двое детей",
        "работаете сегодня?", "какая гарантия", "вчера была с подругой", "блюдо дня", "как зовут вашу собаку",
    ],
)  # fmt: skip
def test_what_no_entry_answers_is_not_answered(text: str) -> None:
    assert found(text) == []


def test_two_questions_in_one_message_get_two_answers_in_their_order() -> None:
    assert found("с собакой можно? и сколько это стоит") == ["dogs", "how-much"]


def test_a_special_price_question_beats_the_general_one() -> None:
    reader = Reader((*default_entries(), FaqEntry("xray", "Сколько стоит рентген зуба?", "500 ₽.")))
    assert [hit.key for hit in reader.read(["сколько стоит рентген зуба"]).faq] == ["xray"]
    assert [hit.key for hit in reader.read(["сколько стоит"]).faq] == ["price"]


def test_every_shipped_entry_is_found_by_its_own_wordings() -> None:
    reader = Reader(default_entries())
    missed = [
        (entry.key, phrase)
        for entry in default_entries()
        for phrase in (entry.question, *entry.variants)
        if entry.key not in {hit.key for hit in reader.read([phrase]).faq}
    ]
    assert missed == []


def test_a_keyword_of_signs_or_fillers_harms_nobody() -> None:
    reader = Reader((FaqEntry("odd", "Вопрос?", "Ответ.", keywords=("***", "(опт", "и", "|", "$^")),))
    assert reader.read(["привет"]).faq == ()


def test_rows_become_entries_with_lines_and_commas_cut() -> None:
    class Row:
        key, question, answer = "k", "Вопрос?", "Ответ."
        variants, keywords = "Один?\r\n\n Два? ", "раз, , два"

    (entry,) = entries_of([Row()])
    assert entry.variants == ("Один?", "Два?")
    assert entry.keywords == ("раз", "два")


SCHOOL = Reader((
    FaqEntry("income", "Сколько можно заработать?", "Обещать нельзя.", variants=("Какой доход в месяц?",)),
    FaqEntry("legal", "Это законно?", "Да.", variants=("Это не развод?",)),
    FaqEntry("pay", "Как можно оплатить?", "Картой.", variants=("Есть рассрочка?",)),
))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("сколько можно заработать", "income"),  # not "how long am I to put up with it"
        ("какой доход в месяц?", "income"),  # not an offer of easy money
        ("это законно?", "legal"),  # not a worry about one's data
        ("это не развод?", "legal"),
        ("рассрочка есть?", "pay"),
    ],
)
def test_the_editors_own_words_mean_their_entry_whatever_else_they_resemble(text: str, key: str) -> None:
    reading = SCHOOL.read([text])
    assert [hit.key for hit in reading.faq] == [key]
    assert set(reading.intents) == {"faq"}


def test_a_complaint_in_like_words_stays_a_complaint() -> None:
    assert SCHOOL.read(["сколько можно ждать ответа"]).has("complaint")
