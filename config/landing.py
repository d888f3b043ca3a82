"""Where somebody comes to after the login."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from config.navigation import doors_of


def home(request: HttpRequest) -> HttpResponse:
    """Open the home page; whoever has one door only, as a barista has the order board, goes through it at once."""
    if request.user.is_active and request.user.is_staff:
        doors = doors_of(request)
        if len(doors) == 1:
            return HttpResponseRedirect(str(doors[0]["link"]))
    return admin.site.admin_view(admin.site.index)(request)
