"""Pictures of products: checked, turned upright, made small, and freed of what a camera wrote about its owner."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from content.models import Photo

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000  # a small file can unpack into gigabytes
LEAST_SIDE = 200
PAPER = (255, 255, 255)  # under a picture that is partly transparent


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture that may be kept."""

    sha256: str
    width: int
    height: int
    sizes: Mapping[str, bytes]  # by column


def prepare_photo(data: bytes) -> Prepared:
    """Check a file and make its sizes; nothing is written. Raises `ValidationError`."""
    picture = _upright(data)
    sizes = {column: _encoded(picture, width) for width, column in Photo.WIDTHS.items()}
    return Prepared(sha256(data).hexdigest(), *picture.size, sizes)


def keep_prepared(photo: Prepared) -> Photo:
    """Return the row of a picture; the same file is the same row."""
    values = {"width": photo.width, "height": photo.height, **photo.sizes}
    # Two people may upload the same file at once: the second finds the row of the first.
    row, _made = Photo.objects.light().get_or_create(sha256=photo.sha256, defaults=values)
    return row


def keep_photo(data: bytes) -> Photo:
    """Return the row of a file's picture. Raises `ValidationError`."""
    known = Photo.objects.light().filter(sha256=sha256(data).hexdigest()).first()
    return known or keep_prepared(prepare_photo(data))


def _upright(data: bytes) -> Image.Image:
    """Return the picture as people see it, with nothing but its pixels."""
    if len(data) > MOST_BYTES:
        raise ValidationError(_("The photo is larger than %(most)s MB."), params={"most": MOST_BYTES // 2**20})
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as source:
            _check_size(source.size)
            turned = ImageOps.exif_transpose(source)
            turned.load()
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise ValidationError(_("This is no photo that can be read. JPEG, PNG and WebP can.")) from None
    except (OSError, SyntaxError, ValueError):
        raise ValidationError(_("The photo is damaged: only a part of the file has come.")) from None
    return _opaque(turned)


def _check_size(size: tuple[int, int]) -> None:
    if min(size) < LEAST_SIDE:
        words = {"least": LEAST_SIDE, "width": size[0], "height": size[1]}
        raise ValidationError(
            _("The photo is too small: %(width)s×%(height)s. Each side must have %(least)s pixels or more."),
            params=words,
        )
    if size[0] * size[1] > MOST_PIXELS:
        raise ValidationError(
            _("The photo has more than %(most)s million pixels."), params={"most": MOST_PIXELS // 10**6}
        )


def _opaque(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    paper = Image.new("RGB", clear.size, PAPER)
    paper.paste(clear, mask=clear)
    return paper


def _encoded(picture: Image.Image, width: int) -> bytes:
    """Return the picture at most so wide and high; it is never made larger."""
    small = picture.copy()
    small.thumbnail((width, width), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if Photo.TYPES[width] == "image/jpeg":
        small.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    else:
        small.save(out, "WEBP", quality=80, method=6)
    return out.getvalue()
