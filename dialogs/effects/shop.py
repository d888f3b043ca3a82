"""What a guest does at the counter, as rows: the cart, the wish to order, a cancellation, a review, a favourite."""

from content.models import Place
from dialogs.effects.sheet import Occasion
from dialogs.engine.shop.cart_changes import applied
from dialogs.engine.shop.effects import CancelOrder, ChangeCart, KeepFavourite, KeepReview, PlaceOrder
from payments.models import Order, Ticket
from payments.shop import again, asking, carts, news, reviews, tickets
from payments.shop.errors import EmptyCart


def change_cart(effect: ChangeCart, at: Occasion) -> None:
    """Change the cart under its lock: the Mini App may be changing it this very moment."""
    place = _place(effect.place)
    if place is not None:
        carts.change(at.session.customer, place, lambda cart: applied(cart, effect.change))


def place_order(effect: PlaceOrder, at: Occasion) -> None:
    """Keep the wish; the answer comes as news of the order."""
    place = _place(effect.place)
    key = f"chat:{at.session.chat.pk}:{effect.key}"
    try:
        if place is None:
            raise EmptyCart
        asking.ask(
            at.session.customer,
            place,
            key=key,
            expected=dict(effect.expected),
            way=effect.way,
            chat=at.session.chat,
            pickup_at=effect.pickup_at,
            use_loyalty=effect.spends,
            now=at.sheet.now,
        )
    except EmptyCart:  # emptied in the Mini App a moment ago: the guest is not left waiting
        news.tell_of_nothing(at.session.chat, key)


def cancel_order(effect: CancelOrder, at: Occasion) -> None:
    """Give the guest's own order up, as long as nobody makes it yet."""
    ticket = _own_ticket(effect.order, at)
    if ticket is not None and not tickets.cancel(ticket, by=Ticket.By.GUEST, now=at.sheet.now):
        news.tell(tickets.of(ticket.order).order, "cancel_late", key=at.key)


def keep_review(effect: KeepReview, at: Occasion) -> None:
    """Keep what the guest says of their own order."""
    ticket = _own_ticket(effect.order, at)
    if ticket is not None:
        reviews.keep(ticket.order, stars=effect.stars, text=effect.text)


def keep_favourite(effect: KeepFavourite, at: Occasion) -> None:
    """Keep a favourite at hand, or no more."""
    keep = again.keep if effect.is_kept else again.drop
    keep(at.session.customer, effect.product, effect.options)


def _own_ticket(order: int, at: Occasion) -> Ticket | None:
    """Return the ticket of this guest's order; a forged number is nobody's."""
    row = Order.objects.filter(pk=order, customer=at.session.customer, ticket__isnull=False).first()
    return tickets.of(row) if row is not None else None


def _place(code: str) -> Place | None:
    return Place.objects.filter(code=code).first()
