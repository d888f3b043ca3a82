"""Notifications to employees inside the portal."""

from crm.bitrix24.client import Bitrix24


def notify(client: Bitrix24, user_id: int, message: str, *, tag: str, client_id: str) -> int:
    """Show an employee a notice and return its id; the same `tag` again replaces the earlier notice.

    That replacement makes repeating harmless. By webhook a tag needs `client_id` (any constant name of ours).
    https://apidocs.bitrix24.com/api-reference/chats/notifications/im-notify-system-add.html
    """
    params = {"USER_ID": user_id, "MESSAGE": message, "TAG": tag, "CLIENT_ID": client_id}
    return int(client.write("im.notify.system.add", params) or 0)
