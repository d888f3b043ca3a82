"""The address of a picture: made of its hash, so that it may be kept for ever."""

SMALL, MEDIUM, LARGE = 96, 320, 800  # pixels wide at most
EXTENSIONS = {SMALL: "webp", MEDIUM: "webp", LARGE: "jpg"}  # JPEG is what every messenger takes by address


def photo_path(sha256: str, width: int = MEDIUM) -> str:
    """Return where the picture is served, below the public address of the house; "" when there is none."""
    return f"/shop/photo/{sha256}.{EXTENSIONS[width]}?w={width}" if sha256 else ""
