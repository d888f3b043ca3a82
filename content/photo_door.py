"""Where pictures are served: the address is made of the hash, so that every cache on the way may keep it for ever."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from content.models import Photo

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def photo_door(request: HttpRequest, sha256: str) -> HttpResponse:
    """Answer with one size of one picture; `w` is the width asked for, the next larger one is given."""
    width = _width(request.GET.get("w", ""))
    etag = f'"{sha256[:16]}-{width}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": FOR_EVER})
    data = Photo.objects.filter(sha256=sha256).values_list(Photo.WIDTHS[width], flat=True).first()
    if data is None:
        raise Http404
    headers = {"ETag": etag, "Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(data), content_type=Photo.TYPES[width], headers=headers)


def _width(asked: str) -> int:
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
    return next((width for width in sorted(Photo.WIDTHS) if width >= wanted), max(Photo.WIDTHS)) if wanted else 320
