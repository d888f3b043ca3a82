"""The back office's look: Unfold's settings. The sidebar is filled by `config.navigation`."""

UNFOLD = {"SITE_TITLE": "Otklik", "SITE_HEADER": "Отклик"}
