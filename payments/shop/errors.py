"""What a verb of the shop says no with."""


class ShopError(Exception):
    """The shop cannot do that."""


class EmptyCart(ShopError):
    """There is nothing to order."""
