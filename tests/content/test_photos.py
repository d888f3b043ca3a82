"""Pictures of products: what is kept of an upload, what is refused, and how they are served."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override
from PIL import Image

from content.menu.photos import EXTENSIONS, photo_path
from content.models import Photo
from content.photos import LEAST_SIDE, keep_photo

pytestmark = pytest.mark.django_db
TURNED, OWNER = 0x0112, 0x013B  # EXIF: orientation, artist


def file(size: tuple[int, int] = (900, 600), form: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (200, 120, 60, 255)[: len(mode)]).save(out, form, **more)
    return out.getvalue()


def test_a_photo_is_kept_in_three_sizes_and_the_same_file_once() -> None:
    row = keep_photo(file())
    assert keep_photo(file()).pk == row.pk
    row = Photo.objects.get()
    sizes = [Image.open(io.BytesIO(bytes(data))) for data in (row.small, row.medium, row.large)]
    assert [(image.format, image.size) for image in sizes] == [
        ("WEBP", (96, 64)),
        ("WEBP", (320, 213)),
        ("JPEG", (800, 533)),
    ]
    assert (row.width, row.height) == (900, 600)


def test_what_the_camera_wrote_is_dropped_and_the_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[TURNED], exif[OWNER] = 6, "Olga"
    keep_photo(file(exif=exif))
    row = Photo.objects.get()
    assert (row.width, row.height) == (600, 900)
    for data in (row.small, row.medium, row.large):
        assert not Image.open(io.BytesIO(bytes(data))).getexif()
        assert b"Olga" not in bytes(data)


def test_what_is_transparent_lies_on_white() -> None:
    keep_photo(file(form="PNG", mode="RGBA"))
    clear = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(clear, "PNG")
    row = Photo.objects.get(pk=keep_photo(clear.getvalue()).pk)
    assert Image.open(io.BytesIO(bytes(row.large))).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"not a photo", "no photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no photo"),
        (file(form="GIF", mode="L"), "no photo"),
        (file((LEAST_SIDE - 1, 900)), "too small"),
        (file((8000, 5001), "PNG", "L"), "million pixels"),
        (file()[:2000], "damaged"),
        (b"\xff\xd8" + b"x" * (8 * 2**20), "larger than 8 MB"),
    ],
    ids=["text", "svg", "gif", "small", "bomb", "half", "large"],
)
def test_what_cannot_be_a_photo_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        keep_photo(data)
    with override("en"):
        assert words in str(refused.value.messages)
    assert not Photo.objects.exists()


def test_a_photo_is_served_in_each_width_and_kept_by_caches_for_ever(client: Client) -> None:
    row = keep_photo(file())
    for width, extension in EXTENSIONS.items():
        answer = client.get(photo_path(row.sha256, width))
        assert answer.status_code == 200
        assert answer["Content-Type"] == {"webp": "image/webp", "jpg": "image/jpeg"}[extension]
        assert "immutable" in answer["Cache-Control"]
        assert Image.open(io.BytesIO(answer.content)).size[0] == width
    again = client.get(photo_path(row.sha256, 800), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("asked", "given"), [("", 320), ("97", 320), ("9999", 800), ("-1", 320), ("x", 320)])
def test_a_width_that_is_not_kept_gives_the_next_larger(client: Client, asked: str, given: int) -> None:
    row = keep_photo(file())
    answer = client.get(f"/shop/photo/{row.sha256}.webp?w={asked}")
    assert Image.open(io.BytesIO(answer.content)).size[0] == given


def test_an_unknown_photo_is_not_found(client: Client) -> None:
    assert client.get(photo_path("0" * 64)).status_code == 404
