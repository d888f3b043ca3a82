"""How the Bot API says no: a code, a description, and sometimes parameters.

The texts are those of the public server (https://github.com/tdlib/telegram-bot-api); they differ between versions, so a
client should decide by the code first.
"""

from typing import Any

PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}


class ApiError(Exception):
    """One refusal; `parameters` may hold `retry_after` or `migrate_to_chat_id`."""

    def __init__(self, code: int, text: str = "", **parameters: int) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """Return the body of the HTTP answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self._description()}
        if self.parameters:
            body["parameters"] = self.parameters
        return body

    def _description(self) -> str:
        if self.code == 429:
            return f"Too Many Requests: retry after {self.parameters['retry_after']}"
        prefix = PREFIXES.get(self.code, "Internal Server Error")
        return f"{prefix}: {lower_first(self.text)}" if self.text else prefix


def lower_first(text: str) -> str:
    """Return the text with a small first letter, as the server does, unless it is a CODE_LIKE_THIS."""
    if text[:2].isupper() and text.split()[0].isupper():
        return text
    return text[:1].lower() + text[1:]


def bad_request(text: str) -> ApiError:
    """Return a 400: the request can never succeed as it is."""
    return ApiError(400, text)


def forbidden(text: str) -> ApiError:
    """Return a 403: this recipient cannot be written to."""
    return ApiError(403, text)


def too_many(retry_after: int) -> ApiError:
    """Return a 429 asking for `retry_after` seconds of silence."""
    return ApiError(429, retry_after=retry_after)


def migrated(new_id: int) -> ApiError:
    """Return the 400 of a group that became a supergroup."""
    return ApiError(400, "group chat was upgraded to a supergroup chat", migrate_to_chat_id=new_id)
