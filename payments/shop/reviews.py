"""A word after the pickup: one for an order, which the guest may change."""

from payments.models import Order, Review
from payments.shop import news


def keep(order: Order, *, stars: int, text: str = "") -> Review:
    """Keep the guest's stars and words; empty words leave the old ones."""
    words = {"text": text.strip()[:2000]} if text.strip() else {}
    review, is_new = Review.objects.update_or_create(order=order, defaults={"stars": min(5, max(1, stars)), **words})
    if is_new:
        news.log(order, "order.reviewed", stars=review.stars)
    return review
