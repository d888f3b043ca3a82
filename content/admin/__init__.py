"""The back office of the library."""

from content.admin import bonuses, faq, materials, products, profile, snippets

__all__ = ["bonuses", "faq", "materials", "products", "profile", "snippets"]
