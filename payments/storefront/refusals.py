"""What the shop's doors say no with, and how each no becomes HTTP: the one place that knows status codes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from content.menu.cart import CartFull
from payments.shop.errors import EmptyCart


class Refused(Exception):
    """Nothing was done; `message` is for the guest, `code` for the page."""

    status, code = 400, "refused"

    def __init__(self, message: str, *, more: dict[str, Any] | None = None, retry_after: int = 0) -> None:
        super().__init__(message)
        self.message, self.more, self.retry_after = message, more or {}, retry_after


class NotKnown(Refused):
    """The proof of who asks is missing, wrong or too old: open the page anew."""

    status, code = 401, "not_known"


class NotThere(Refused):
    """There is no such thing, or it is somebody else's."""

    status, code = 404, "not_there"


class HasMoved(Refused):
    """Something is not as the guest saw it; `more` tells what and asks anew."""

    status, code = 409, "moved"


class TooLate(Refused):
    """It cannot be done any more."""

    status, code = 422, "too_late"


class TooOften(Refused):
    """Too many requests; `retry_after` seconds."""

    status, code = 429, "too_often"


def install(api: NinjaAPI) -> None:
    """Let every no of the shop be answered as `{"error": {"code", "message"}}`."""

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return _answer(api, request, error)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return _answer(api, request, NotKnown("Откройте меню ещё раз: доступ закончился."))

    @api.exception_handler(CartFull)
    def full(request: HttpRequest, error: CartFull) -> HttpResponse:
        what = "строк в корзине" if error.is_of_lines else "одинаковых позиций"
        return _answer(api, request, Refused(f"Не больше {error.most} {what}."))

    @api.exception_handler(EmptyCart)
    def empty(request: HttpRequest, _error: EmptyCart) -> HttpResponse:
        return _answer(api, request, Refused("Корзина пуста."))

    @api.exception_handler(ValidationError)
    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        wrong = sorted({".".join(str(part) for part in item["loc"][1:]) for item in error.errors})
        return _answer(api, request, Refused("Запрос не понят: " + ", ".join(wrong)))

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        refusal = Refused("Запрос не понят.")
        refusal.status = error.status_code
        return _answer(api, request, refusal)


def _answer(api: NinjaAPI, request: HttpRequest, error: Refused) -> HttpResponse:
    body = {"error": {"code": error.code, "message": error.message}, **error.more}
    response = api.create_response(request, body, status=error.status)
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    return response
