"""Who is at the keyboard, as a name for a history."""

from typing import Any

from django.http import HttpRequest


def name_of(request: HttpRequest) -> str:
    """Return the name of the person logged in."""
    user: Any = request.user
    return str(user.get_full_name() or user.get_username())
