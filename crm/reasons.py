"""Why a lead was lost or handed over, in words: scripts give codes, people read sentences."""

WORDS = {
    "silent": "клиент не ответил за отведённое время",
    "refused": "клиент отказался оставить номер",
    "phone_unconfirmed": "клиент прислал номер, но не подтвердил его",
    "asked_to_stop": "клиент попросил больше не писать",
    "blocked_us": "клиент заблокировал бота",
    "not_understood": "бот не смог понять клиента",
    "asked_person": "клиент попросил человека",
    "booked": "клиент записался на консультацию",
    "no_slots": "для записи на консультацию не было свободного времени",
    "has_phone": "номер клиента уже известен",
    "interest": "клиент заинтересовался",
    "consultation": "клиент записывается на консультацию",
    "payment": "клиент выбирает программу",
    "erased": "клиент попросил удалить свои данные",
}


def words_for(reason: str) -> str:
    """Return a reason in words; what is no code was written by a person or a script for people already."""
    return WORDS.get(reason, reason) or "причина не указана"
