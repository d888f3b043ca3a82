"""Why a door of the site chat stays shut, in words for the page's developer; the visitor reads the widget's own words."""

from bot.webchat.origins import cors_headers


class Refused(Exception):
    """The request is answered with `status` and `{"error": {"code", "message"}}`; nothing was stored."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after  # seconds; 0: the same request will never do

    def body(self) -> dict[str, dict[str, str]]:
        """Return what the answer says."""
        return {"error": {"code": self.code, "message": self.message}}


def bad_request(code: str, message: str) -> Refused:
    """The body or the query is not what the widget sends."""
    return Refused(400, code, message)


def refusal_headers(refused: Refused, origin: str) -> dict[str, str]:
    """Return the headers of a refusal. A foreign page may not read why it was refused; an allowed one may."""
    headers = {"Vary": "Origin", "Cache-Control": "no-store"}
    if origin and refused.status not in (403, 404):
        headers |= cors_headers(origin)
    if refused.retry_after:
        headers["Retry-After"] = str(refused.retry_after)
    return headers
