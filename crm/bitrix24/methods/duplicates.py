"""Who else in the portal has this number.

https://apidocs.bitrix24.com/api-reference/crm/duplicates/crm-duplicate-find-by-comm.html
"""

from dataclasses import dataclass

from crm.bitrix24.client import Bitrix24
from crm.bitrix24.php import as_list, as_map


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Ids by kind. The portal leaves the other kinds out when one of them has twenty hits or more."""

    leads: tuple[int, ...] = ()
    contacts: tuple[int, ...] = ()
    companies: tuple[int, ...] = ()


def find_duplicates(client: Bitrix24, phone: str) -> Duplicates:
    """Return who has `phone`; an answer without hits is an empty list instead of a map."""
    found = as_map(client.read("crm.duplicate.findbycomm", {"type": "PHONE", "values": [phone]}))
    return Duplicates(*(tuple(int(i) for i in as_list(found.get(kind))) for kind in ("LEAD", "CONTACT", "COMPANY")))
