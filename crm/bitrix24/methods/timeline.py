"""Comments in the timeline of a lead or deal."""

from crm.bitrix24.client import Bitrix24
from crm.bitrix24.methods.items import EntityType
from crm.bitrix24.php import as_list


def add_comment(client: Bitrix24, kind: EntityType, item_id: int, text: str) -> int:
    """Add a comment and return its id; the key `fields` must be lower-case.

    https://apidocs.bitrix24.com/api-reference/crm/timeline/comments/crm-timeline-comment-add.html
    """
    fields = {"ENTITY_ID": item_id, "ENTITY_TYPE": kind.name.lower(), "COMMENT": text}
    return int(client.write("crm.timeline.comment.add", {"fields": fields}))


def delete_comment(client: Bitrix24, kind: EntityType, item_id: int, comment_id: int) -> None:
    """Delete a comment; raises `NotFound` for one that is gone.

    https://apidocs.bitrix24.com/api-reference/crm/timeline/comments/crm-timeline-comment-delete.html
    """
    owner = {"ownerTypeId": int(kind), "ownerId": item_id}
    client.write("crm.timeline.comment.delete", {"id": comment_id, **owner})


def list_comments(client: Bitrix24, kind: EntityType, item_id: int) -> list[str]:
    """Return the newest comments' texts, fifty at most: how a lost answer to `add_comment` is cleared up.

    https://apidocs.bitrix24.com/api-reference/crm/timeline/comments/crm-timeline-comment-list.html
    """
    params = {
        "filter": {"ENTITY_ID": item_id, "ENTITY_TYPE": kind.name.lower()},
        "order": {"ID": "DESC"},
        "select": ["ID", "COMMENT"],
    }
    return [str(row.get("COMMENT") or "") for row in as_list(client.read("crm.timeline.comment.list", params))]
