"""A manager sends their customer a payment link from the messenger: the button under a card, then which product."""

from bot.messages import Button
from content.models import Product
from crm import cards
from crm.models import Lead, Manager
from dialogs.staff import words
from dialogs.staff.desk import Desk
from dialogs.staff.speaking import check_theirs
from payments import desk as till
from payments.money import shown

PREFIX = "sell:"  # lead and product follow
SHOWN = 10


def ask_what(desk: Desk, manager: Manager, lead: Lead) -> None:
    """Show what may be sold to this customer."""
    check_theirs(manager, lead)
    products = list(cards.on_sale(lead)[:SHOWN])
    if not products:
        desk.tell(words.NOTHING_ON_SALE, is_alert=True)
        return
    rows = [(Button(f"💳 {item.name}, {shown(item.price, 'RUB')}"[:64], data=_data(lead, item)),) for item in products]
    desk.say(words.WHICH_PRODUCT.format(name=cards.name_of(lead)), buttons=tuple(rows), about=cards.about(lead))


def send(desk: Desk, manager: Manager, lead: Lead, product_id: int) -> None:
    """Send the link."""
    check_theirs(manager, lead)
    product = cards.on_sale(lead).filter(pk=product_id).first()
    if product is None:
        desk.tell(words.NOTHING_ON_SALE, is_alert=True)
        return
    till.send_link(lead, product, by=manager.name)
    desk.tell(words.LINK_SENT)


def chosen_in(data: str) -> tuple[int, int] | None:
    """Return the lead and the product of a press; None for anything else, forged numbers included."""
    numbers = data.removeprefix(PREFIX).split(":") if data.startswith(PREFIX) else []
    are_ids = len(numbers) == 2 and all(part.isascii() and part.isdigit() and len(part) < 19 for part in numbers)
    return (int(numbers[0]), int(numbers[1])) if are_ids else None


def _data(lead: Lead, product: Product) -> str:
    return f"{PREFIX}{lead.pk}:{product.pk}"
