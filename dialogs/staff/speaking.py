"""What a manager writes in their own chat goes to the customer: the one they answer to, or the only one they lead."""

from bot.errors import Refused
from bot.models import Message
from crm import cards, takeovers
from crm import desk as verbs
from crm.models import Lead, Manager
from crm.queries import SEE_EVERY_LEAD
from dialogs.staff import words
from dialogs.staff.desk import Desk


def speak(desk: Desk, manager: Manager) -> None:
    """Pass the words on, or say why they went nowhere."""
    led = [row.lead for row in takeovers.led_by(manager) if row.lead is not None]
    lead = _answered(desk)
    if lead is None and len(led) != 1:
        desk.say(words.WHICH if led else words.NO_DIALOGUE)
        return
    lead = lead or led[0]
    try:
        check_theirs(manager, lead)
        _pass_on(desk, manager, lead)
    except Refused as error:
        desk.say(str(error), about=cards.about(lead))
        return
    if lead not in led:
        desk.say(
            words.OPENED.format(name=cards.name_of(lead)), buttons=cards.return_buttons(lead), about=cards.about(lead)
        )


def _answered(desk: Desk) -> Lead | None:
    """Return the lead of the message this is an answer to."""
    replied = desk.incoming.extra.get("reply_to")
    if not replied:
        return None
    row = Message.objects.filter(chat=desk.chat, external_id=replied).order_by("-id").first()
    number = str((row.extras if row else {}).get("about", "")).removeprefix("lead:")
    rows = Lead.objects.select_related("customer", "manager", "chat__channel")
    return rows.filter(pk=int(number)).first() if number.isdigit() else None


def _pass_on(desk: Desk, manager: Manager, lead: Lead) -> None:
    incoming = desk.incoming
    if incoming.media and lead.chat is not None and lead.chat.channel_id != desk.chat.channel_id:
        raise Refused(words.OTHER_BOT)
    text = incoming.text or incoming.phone
    verbs.write(lead, text, by=manager.name, manager=manager, media=incoming.media, is_mirrored=True)


def check_theirs(manager: Manager, lead: Lead) -> None:
    """Raise `Refused` unless this manager may lead the lead's dialogue."""
    if lead.manager_id == manager.pk or (manager.user is not None and manager.user.has_perm(SEE_EVERY_LEAD)):
        return
    raise Refused(words.NOT_YOURS.format(holder=lead.manager.name) if lead.manager else words.UNTAKEN)
