"""The back office's look: Unfold's settings. The sidebar is filled by `config.navigation`."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext as _

# Teal, in Tailwind's steps; calm beside the reds and ambers that mean something.
TEAL = {
    "50": "oklch(98.4% .014 180.72)",
    "100": "oklch(95.3% .051 180.801)",
    "200": "oklch(91% .096 180.426)",
    "300": "oklch(85.5% .138 181.071)",
    "400": "oklch(77.7% .152 181.912)",
    "500": "oklch(70.4% .14 182.503)",
    "600": "oklch(60% .118 184.704)",
    "700": "oklch(51.1% .096 186.391)",
    "800": "oklch(43.7% .078 188.216)",
    "900": "oklch(38.6% .063 188.416)",
    "950": "oklch(27.7% .046 192.524)",
}


def environment(request: HttpRequest) -> list[str] | None:
    """Return the label beside the user's name where this is not the real thing."""
    host = request.get_host().split(":")[0]
    return [_("this machine"), "warning"] if host in ("localhost", "127.0.0.1", "[::1]") else None


def icon(request: HttpRequest) -> str:
    """Return the address of the site's icon."""
    return static("office/icon.svg")


def _styles(request: HttpRequest) -> str:
    return static("office/office.css")


def _scripts(request: HttpRequest) -> str:
    return static("office/office.js")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Отклик",
    "SITE_HEADER": "Отклик",
    "SITE_ICON": icon,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": icon}],
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "ENVIRONMENT": "config.unfold.environment",
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "STYLES": [_styles],
    "SCRIPTS": [_scripts],
    "COLORS": {"primary": TEAL},
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": "config.navigation.sidebar"},
}
