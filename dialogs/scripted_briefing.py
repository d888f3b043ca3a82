"""A manager's mini-script without a model: SPIN questions and an AIDA offer, filled in from what is known. Pure."""

from collections.abc import Iterator, Mapping

from dialogs.engine.personas import Persona

MOST_OBJECTIONS = 3
LONGEST_QUOTE = 160  # characters
SEGMENTS = {"cold": "пока присматривается", "warm": "заинтересован", "hot": "готов действовать"}
PERSONAS = {
    "newcomer": "новичок",
    "trader": "опытный трейдер",
    "investor": "инвестор с капиталом",
    "sceptic": "скептик",
}
# What the spin of questions asks, each with the answer that makes it unnecessary.
SITUATION = (
    ("experience", "Расскажите, пожалуйста, какой у вас опыт: что уже пробовали?"),
    ("budget", "С какой суммой вам было бы спокойно начинать?"),
    ("goal", "К какому результату хотите прийти и зачем он вам?"),
)
KNOWN_SITUATION = "Вы говорили: {known}. Что из этого изменилось за последнее время?"
PROBLEM = "Что сейчас больше всего мешает двигаться дальше или не получилось раньше?"
IMPLICATION = "Если оставить всё как есть, как это скажется на вашей цели?"
NEED = "Если бы это решилось, что для вас изменилось бы в первую очередь?"
USUAL_OBJECTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "newcomer": (
        (
            "боюсь потерять",
            "Опасение верное: риск есть всегда. С него и начинаем — как не рисковать тем, что терять нельзя.",
        ),
        ("ничего не понимаю", "Это нормально на старте. Спросите, что именно непонятно, и объясните на одном примере."),
    ),
    "trader": (
        ("я это уже знаю", "Согласитесь и спросите, где сейчас узкое место: риск, дисциплина или стратегия."),
        ("есть бесплатное", "Признайте, что материалов много. Разница — в разборе своих сделок с экспертом."),
    ),
    "investor": (
        (
            "важна сохранность",
            "Поддержите: это разумно. Расскажите, как оценивать риск до вложения, без обещаний дохода.",
        ),
        ("нет времени погружаться", "Уточните, сколько времени есть. Предложите начать с одной консультации."),
    ),
    "sceptic": (
        (
            "это пирамида",
            "Поблагодарите за прямоту. Мы учим и не берём деньги в управление — предложите проверить договор.",
        ),
        ("докажите", "Не спорьте: предложите кейс и консультацию, чтобы человек судил сам."),
    ),
}
ANY_OBJECTIONS = (
    ("дорого", "Спросите, с чем сравнивает. Вернитесь к задаче: что именно он за это получит."),
    ("надо подумать", "Согласитесь. Уточните, о чём хочется подумать, и договоритесь, когда вернётесь к разговору."),
)


def mini_script(values: Mapping[str, str], persona: Persona) -> str:
    """Return the script for one dialogue; `values` as in `dialogs.portrait`, `persona`: how the scenario talks to them."""
    parts = (
        ("Суть", _gist(values)),
        ("Начало разговора", _opening(values)),
        ("Вопросы", "\n".join(_questions(values, persona))),
        ("Предложение", "\n".join(_offer(values))),
        ("Возражения", "\n".join(_objections(values, persona))),
        ("Шаг", "Предложите на выбор: время консультации с экспертом или личную ссылку на оплату. Решает клиент."),
    )
    return "\n\n".join(f"{title}\n{text}" for title, text in parts)


def _gist(values: Mapping[str, str]) -> str:
    who = PERSONAS.get(values["scenario"], "клиент")
    ready = SEGMENTS.get(values["segment"], "анкету не проходил")
    profile = f" Известно: {values['profile']}." if values["profile"] else ""
    return f"{values['customer_name'] or 'Имя не названо'}: {who}, {ready}.{profile}"


def _opening(values: Mapping[str, str]) -> str:
    name = f"{values['customer_name']}, здравствуйте" if values["customer_name"] else "Здравствуйте"
    words = " ".join(values["last_message"].split())[:LONGEST_QUOTE]
    about = f" Вы писали: «{words}» — хочу помочь с этим разобраться." if words else " Вы оставляли нам заявку."
    return f"{name}! Это школа «{values['business_name']}».{about}"


def _questions(values: Mapping[str, str], persona: Persona) -> Iterator[str]:
    unknown = [question for name, question in SITUATION if not values[name]]
    yield f"С: {unknown[0] if unknown else KNOWN_SITUATION.format(known=values['profile'])}"
    yield f"П: {persona.questions[0] if persona.questions else PROBLEM}"
    yield f"И: {IMPLICATION}"
    yield f"Н: {NEED}"


def _offer(values: Mapping[str, str]) -> Iterator[str]:
    goal = values["goal"] or "то, о чём вы рассказали"
    yield f"Внимание: «Вы хотите вот чего: {goal}»."
    product = values["product"]
    yield (
        f"Интерес: программа «{product}» отвечает именно на это."
        if product
        else "Интерес: эксперт разберёт именно это."
    )
    first = values["materials"].split("\n")[0]
    yield f"Желание: пришлите пример — {first}" if first else "Желание: расскажите о похожем случае, без обещаний."
    yield "Действие: один простой шаг, см. ниже."


def _objections(values: Mapping[str, str], persona: Persona) -> Iterator[str]:
    own = tuple((name, texts[0]) for name, texts in persona.objections.items() if texts)
    usual = own or USUAL_OBJECTIONS.get(values["scenario"], ())
    for doubt, answer in (*usual, *ANY_OBJECTIONS)[:MOST_OBJECTIONS]:
        yield f"«{doubt}» — {answer}"
