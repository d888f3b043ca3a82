"""The files people send when a test does not care which: a small picture, a sound, a sticker."""

import math
import struct
import zlib
from collections.abc import Callable

Pixel = tuple[int, int, int, int]


def draw_png(width: int, height: int, paint: Callable[[float, float], Pixel]) -> bytes:
    """Return a PNG; `paint` gives the colour at a place from (0, 0), the upper left, to (1, 1)."""
    rows = (
        b"\0" + b"".join(bytes(paint(x / (width - 1), y / (height - 1))) for x in range(width)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _evening(x: float, y: float) -> Pixel:
    """A sun over hills."""
    if y > 0.7 + 0.08 * math.sin(7 * x):
        return (46, 74, 92, 255)
    if math.hypot(x * 4 / 3 - 0.9, y - 0.55) < 0.14:
        return (255, 240, 200, 255)
    return (round(255 - 90 * y), round(170 - 30 * y), round(120 + 70 * y), 255)


def _smile(x: float, y: float) -> Pixel:
    """A round face."""
    across, down = 2 * x - 1, 2 * y - 1
    if math.hypot(across, down) > 0.96:
        return (0, 0, 0, 0)
    eye = math.hypot(abs(across) - 0.34, (down + 0.25) * 0.7) < 0.1
    mouth = abs(math.hypot(across, down - 0.08) - 0.55) < 0.06 and down > 0.28
    return (74, 50, 20, 255) if eye or mouth else (255, round(214 - 40 * y), round(84 - 30 * y), 255)


PICTURE = draw_png(160, 120, _evening)
STICKER = draw_png(112, 112, _smile)
SOUND = b"OggS" + bytes(200)
DOCUMENT = b"%PDF-1.4\n%%EOF\n"
