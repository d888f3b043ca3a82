"""The files people send when a test does not care which: a small picture, a sound, a sticker."""

import struct
import zlib


def draw_png(width: int, height: int, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> bytes:
    """Return a PNG that shades from one colour to another from top to bottom."""
    rows = b"".join(b"\0" + bytes(_mix(top, bottom, y / max(height - 1, 1))) * width for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _mix(top: tuple[int, int, int], bottom: tuple[int, int, int], share: float) -> tuple[int, ...]:
    return tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PICTURE = draw_png(320, 240, (255, 190, 120), (90, 120, 190))
STICKER = draw_png(128, 128, (255, 214, 90), (255, 150, 60))
SOUND = b"OggS" + bytes(200)
DOCUMENT = b"%PDF-1.4\n%%EOF\n"
