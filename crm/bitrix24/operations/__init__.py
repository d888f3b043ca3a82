"""What can be written to a portal: one small function each, and beside it how to see whether it has been done.

`run` does it and returns what is worth keeping. `was_done` only reads: it is asked when an answer was lost, before anything
is repeated. Manual pages are linked in `crm/bitrix24/methods/`.
"""

from crm.bitrix24.operations.base import NotYet, Operation, Write, never_seen
from crm.bitrix24.operations.chats import finish_chat, transfer_chat, was_finished, was_transferred
from crm.bitrix24.operations.comments import comment, notify, was_commented
from crm.bitrix24.operations.erasing import erase, was_erased
from crm.bitrix24.operations.leads import create_lead, find_line_lead, move, was_created, was_moved
from crm.bitrix24.operations.numbers import add_email, add_phone, has_email, has_number
from crm.models import WriteBack

Names = WriteBack.Operation
OPERATIONS: dict[str, Operation] = {
    Names.CREATE_LEAD: Operation(create_lead, was_created),
    Names.FIND_LINE_LEAD: Operation(find_line_lead, was_created),
    Names.MOVE: Operation(move, was_moved),
    Names.ADD_PHONE: Operation(add_phone, has_number),
    Names.ADD_EMAIL: Operation(add_email, has_email),
    Names.COMMENT: Operation(comment, was_commented),
    Names.ERASE: Operation(erase, was_erased),
    Names.NOTIFY: Operation(notify, never_seen, about_lead=False),
    Names.TRANSFER_CHAT: Operation(transfer_chat, was_transferred, about_lead=False),
    Names.FINISH_CHAT: Operation(finish_chat, was_finished, about_lead=False),
}

__all__ = ["OPERATIONS", "NotYet", "Operation", "Write"]
