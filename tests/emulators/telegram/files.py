"""Files: what people and bots send, kept in memory, given back by getFile and by id."""

import hashlib
from collections.abc import Iterator
from itertools import count

from .world import Json, StoredFile, World

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "audio/ogg": "ogg", "video/mp4": "mp4", "image/webp": "webp"}
FOLDERS = {"video_note": "video_notes", "audio": "music", "voice": "voice", "animation": "animations"}
_numbers: Iterator[int] = count(1)


def store_file(world: World, *, kind: str, data: bytes, name: str = "", mime_type: str = "") -> StoredFile:
    """Keep a file and return its record; the same bytes have the same unique id but a new file id."""
    digest = hashlib.sha256(data + name.encode()).hexdigest()
    number = max(next(_numbers), len(world.files) + 1)
    extension = name.rpartition(".")[2] if "." in name else EXTENSIONS.get(mime_type, "bin")
    path = f"{FOLDERS.get(kind, kind + 's')}/file_{number}.{extension}"
    stored = StoredFile(f"AgAC{digest[:40]}_{number}", f"AQAD{digest[:12]}", path, name, mime_type, data)
    world.files[stored.id] = stored
    return stored


def as_body(kind: str, stored: StoredFile) -> Json:
    """Return the part of a message that shows the file, with what each kind must have."""
    base: Json = {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": len(stored.data)}
    frame = {"width": 640, "height": 480}
    named = {"file_name": stored.name} if stored.name else {}
    typed = {"mime_type": stored.mime_type} if stored.mime_type else {}
    shapes: dict[str, Json] = {
        "document": {**named, **typed},
        "voice": {"duration": 3, "mime_type": "audio/ogg"},
        "audio": {"duration": 30, **named, **typed},
        "video": {**frame, "duration": 5, **named, **typed},
        "animation": {**frame, "duration": 2, **named, **typed},
        "video_note": {"length": 240, "duration": 4},
        "sticker": {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"},
    }
    if kind == "photo":
        small = {**base, "file_id": base["file_id"], "width": 90, "height": 68}
        return {"photo": [small, {**base, **frame}]}
    return {kind: {**base, **shapes[kind]}}
