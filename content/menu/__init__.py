"""The menu as values: what stands on it, a guest's cart, and what the cart costs now. Pure: no database, no clock."""
