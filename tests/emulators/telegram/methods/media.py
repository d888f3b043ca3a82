"""Sending files: by upload, by the id of a file the server knows, or by address; and getFile."""

from collections.abc import Callable
from typing import Any

from ..files import MAX_DOWNLOAD_BYTES, as_body, store_file
from ..refusals import bad_request
from ..world import Json, StoredFile
from .call import Call, method
from .messages import send

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_PHOTO_BYTES = 10 * 1024 * 1024
KINDS = {
    "sendPhoto": "photo", "sendDocument": "document", "sendVoice": "voice", "sendAudio": "audio", "sendVideo": "video",
    "sendAnimation": "animation", "sendVideoNote": "video_note", "sendSticker": "sticker",
}  # fmt: skip
WITHOUT_CAPTION = {"video_note", "sticker"}


def _resolve(call: Call, kind: str, reference: str) -> StoredFile:
    upload = call.params.uploads.get(reference.removeprefix("attach://")) or call.params.uploads.get(kind)
    if upload is not None:
        _check_size(kind, len(upload.data))
        return store_file(call.world, kind=kind, data=upload.data, name=upload.name, mime_type=upload.mime_type)
    if not reference:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if reference in call.world.files:
        return call.world.files[reference]
    if reference.startswith(("http://", "https://")):
        name = reference.rstrip("/").rpartition("/")[2].partition("?")[0]
        return store_file(call.world, kind=kind, data=reference.encode(), name=name)
    raise bad_request("wrong file identifier/HTTP URL specified")


def _check_size(kind: str, size: int) -> None:
    if not size:
        raise bad_request("file must be non-empty")
    if size > (MAX_PHOTO_BYTES if kind == "photo" else MAX_UPLOAD_BYTES):
        raise bad_request(f"too big file for a {kind}" if kind == "photo" else "file is too big")


def _sender(kind: str) -> Callable[[Call], Json]:
    def send_file(call: Call) -> Json:
        chat = call.chat()
        body = as_body(kind, _resolve(call, kind, call.params.text(kind)))
        caption = {} if kind in WITHOUT_CAPTION else call.caption()
        return send(call, chat, {**body, **caption})

    return send_file


for _name, _kind in KINDS.items():
    method(_name)(_sender(_kind))


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#sendmediagroup"""
    chat = call.chat()
    items: Any = call.params.nested("media")
    if not isinstance(items, list) or not 2 <= len(items) <= 10:
        raise bad_request("media group must contain 2-10 items")
    bodies = [_item(call, item) for item in items]
    group = {"media_group_id": str(call.bot.next_message_id)}
    return [send(call, chat, {**body, **group}) for body in bodies]


def _item(call: Call, item: Any) -> Json:
    kind = item.get("type", "") if isinstance(item, dict) else ""
    if kind not in {"photo", "video", "document", "audio"}:
        raise bad_request("can't parse InputMedia: media type is unsupported")
    body = as_body(kind, _resolve(call, kind, str(item.get("media", ""))))
    return {**body, "caption": item["caption"]} if item.get("caption") else body


@method("getFile")
def get_file(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getfile"""
    stored = call.world.files.get(call.params.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.data) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    size = len(stored.data)
    return {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": size, "file_path": stored.path}
