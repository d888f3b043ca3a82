"""Buttons above a form: each posts to its own address and calls one service."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_stubs_ext import StrOrPromise

from bot.errors import Refused


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to press. `verb` is the admin's method `press_<verb>(request, row) -> words` and the address's last part.

    A method may return a file instead of words.
    """

    verb: str
    label: StrOrPromise
    icon: str  # a Material symbol
    permission: str  # "app.codename"
    variant: str = "default"  # default, primary, danger
    confirm: StrOrPromise = ""  # asked before the press counts


class ButtonsMixin:
    """Adds `buttons` to an admin's change page."""

    buttons: tuple[Button, ...] = ()
    change_form_outer_before_template = "admin/office/buttons.html"

    def buttons_for(self, request: HttpRequest, row: Any) -> Iterable[Button]:
        """Return what this user may press on this row; narrow it by the row's state in a subclass."""
        return [button for button in self.buttons if request.user.has_perm(button.permission)]

    def get_urls(self) -> list[URLPattern]:
        me: Any = self
        route = path(
            "<path:object_id>/do/<slug:verb>/",
            me.admin_site.admin_view(self.press),
            name=f"{me.opts.app_label}_{me.opts.model_name}_do",
        )
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [route, *urls]

    def press(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Do what the button says and come back to the page with its word."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        me: Any = self
        row = me.get_object(request, object_id)
        if row is None:
            raise Http404
        if not me.has_view_permission(request, row) or verb not in {b.verb for b in self.buttons_for(request, row)}:
            raise PermissionDenied
        file = self._tell(request, row, verb)
        return file or HttpResponseRedirect(self.return_to(request, row))

    def _tell(self, request: HttpRequest, row: Any, verb: str) -> HttpResponse | None:
        try:
            words = getattr(self, f"press_{verb.replace('-', '_')}")(request, row)
        except Refused as error:
            messages.error(request, str(error))
        else:
            if isinstance(words, HttpResponse):
                return words
            if words:
                messages.success(request, words)
        return None

    def return_to(self, request: HttpRequest, row: Any) -> str:
        """Return where the user goes after the press: the page that asked to be returned to, else the row's."""
        asked = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
            return asked
        opts = self.opts  # type: ignore[attr-defined]
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj") or context.get("original")
        if row is not None and row.pk:
            context["office_buttons"] = list(self.buttons_for(request, row))
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
