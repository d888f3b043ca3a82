"""Remembering who of ours looked at whose data: one row a page or file, written after it was answered."""

from typing import Any

from bot.personal import Look
from crm.models import Access, CustomerChat

SEE_PERSONAL = "crm.see_personal_data"
LISTED = 100  # ids kept of a longer list; the count is always whole
# Pieces of a page that is open already: opening it was remembered.
POLLED = ("_dialogue", "_transcript")


def look_of(user: Any) -> Look:
    """Return how this member of the staff may look."""
    return Look(may_see=user.has_perm(SEE_PERSONAL))


def remember(look: Look, user: Any, *, page: str, act: Access.Act) -> Access | None:
    """Write down whom somebody has seen; None when they saw nobody."""
    people = people_of(look)
    if not people or page.endswith(POLLED):
        return None
    alone = people[0] if len(people) == 1 else None
    return Access.objects.create(
        user_id=user.pk,
        who=str(user.get_full_name() or user.get_username()),
        page=page[:80],
        act=act,
        customer_id=alone,
        customers=[] if alone else people[:LISTED],
        count=len(people),
    )


def people_of(look: Look) -> list[int]:
    """Return the ids of the customers who were seen, themselves or through their chats."""
    through_chats = CustomerChat.objects.filter(chat__in=look.chats).values_list("customer_id", flat=True)
    people = look.customers | (set(through_chats) if look.chats else set())
    return sorted(people)
