"""The back office of the library."""

from content.admin import bonuses, consents, faq, materials, products, profile, snippets

__all__ = ["bonuses", "consents", "faq", "materials", "products", "profile", "snippets"]
