"""The back office of the library."""

from content.admin import faq, profile, snippets

__all__ = ["faq", "profile", "snippets"]
