"""Finding people by what a colleague reads out: last digits, user name, e-mail, id, a word of the name. Each way has an index."""

import re
from collections.abc import Iterator

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet
from django.db.models.functions import Collate, Reverse

from bot.personal import may_see
from crm.models import Customer, CustomerChat, Lead, Portal, RemoteLead

LIMIT = 500  # people one search may find; more is not an answer anybody reads
MIN_DIGITS = 4
_NOT_DIGIT = re.compile(r"\D")
_WORD = re.compile(r"\w+")


def customers_matching(text: str) -> set[int]:
    """Return the ids of up to `LIMIT` customers that `text` may mean."""
    found: set[int] = set()
    for ids in _ways(text.strip()):
        found.update(ids[: LIMIT - len(found)])
        if len(found) >= LIMIT:
            break
    return found


def _ways(text: str) -> Iterator[QuerySet[Customer, int]]:
    people = Customer.objects.order_by()
    if not may_see():  # a search by a phone would tell whose it is: only ids are searched
        if text.isdigit() and len(text) < 19:
            yield people.filter(pk=int(text)).values_list("pk", flat=True)
        return
    if tail := phone_tail(text):
        numbers = people.annotate(tail=Collate(Reverse("phone"), "C"))
        # ":" is the character after "9": all reversed phones that begin with these digits.
        yield numbers.filter(tail__gte=tail[::-1], tail__lt=tail[::-1] + ":").values_list("pk", flat=True)
    if text.isdigit() and len(text) < 19:
        yield people.filter(pk=int(text)).values_list("pk", flat=True)
    if "@" in text[1:]:
        yield people.filter(email__in={text, text.lower()}).values_list("pk", flat=True)
    name = text.removeprefix("@")
    yield CustomerChat.objects.filter(chat__username=name).values_list("customer_id", flat=True)  # type: ignore[misc]
    if words := [word for word in _WORD.findall(name) if not word.isdigit()]:
        query = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
        named = people.annotate(words=SearchVector("name", config="simple")).filter(words=query)
        yield named.values_list("pk", flat=True)


def phone_tail(text: str) -> str:
    """Return the digits to look for at the end of a phone, or "" when the text is no number.

    Eleven digits with a leading 7 or 8 are one Russian number in two spellings: the last ten tell it.
    """
    if re.search(r"[^\d\s()+\-–.]", text):
        return ""
    digits = _NOT_DIGIT.sub("", text)
    if len(digits) == 11 and digits[0] in "78":
        return digits[1:]
    return digits if len(digits) >= MIN_DIGITS else ""


def leads_matching(leads: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """Narrow `leads` to those of the people that `text` may mean, and to lead or Bitrix24 ids."""
    wanted = Q(customer_id__in=customers_matching(text))
    number = text.strip().removeprefix("№").removeprefix("#").strip()
    if number.isdigit() and len(number) < 19:
        wanted |= Q(pk=int(number)) | Q(pk__in=_by_remote_id(int(number)))
    return leads.filter(wanted)


def _by_remote_id(number: int) -> list[int | None]:
    """Look an id up in every portal: the index begins with the portal and the entity, and there are few of both."""
    rows = RemoteLead.objects.filter(
        portal__in=list(Portal.objects.values_list("pk", flat=True)), entity__in=Portal.Entity.values, remote_id=number
    )
    return list(rows.filter(lead__isnull=False).values_list("lead_id", flat=True))
