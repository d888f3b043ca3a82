"""Draw every picture with Chromium on one sheet, cut the sheet, keep each as a small WebP file beside the preset."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from content.drawings.drinks import drinks
from content.drawings.food import food
from content.drawings.shapes import SIDE, picture, table

FOLDER = Path(__file__).resolve().parents[2] / "dialogs" / "presets" / "photos"
IN_A_ROW = 6
GROUNDS = (
    ("#f3d9b8", "#f9e8d2"),
    ("#cfe3df", "#e3f0ed"),
    ("#f6cfc4", "#fbe3dc"),
    ("#d9d3ec", "#e9e5f5"),
    ("#dfe6bf", "#edf1d8"),
)


def pictures() -> dict[str, str]:
    """Return every picture by the code of its product; neighbours stand on different grounds."""
    bodies = {**drinks(), **food()}
    grounds = {code: GROUNDS[number % len(GROUNDS)] for number, code in enumerate(bodies)}
    return {code: picture(table(*grounds[code]) + body) for code, body in bodies.items()}


def draw(chromium: str) -> None:
    """Draw them all."""
    drawn = pictures()
    rows = -(-len(drawn) // IN_A_ROW)
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder) / "sheet.html", Path(folder) / "sheet.png"
        style = f"body{{margin:0;display:grid;grid-template-columns:repeat({IN_A_ROW},{SIDE}px)}}svg{{display:block}}"
        # Each picture is a document of its own: names inside it are then not those of its neighbour.
        frames = "".join(f'<img src="{_file(folder, code, body)}" width="{SIDE}">' for code, body in drawn.items())
        page.write_text(f"<!doctype html><style>{style}</style>{frames}", encoding="utf-8")
        size = f"--window-size={SIDE * IN_A_ROW},{SIDE * rows}"
        options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size, f"--screenshot={shot}")
        subprocess.run([chromium, *options, page.as_uri()], check=True, capture_output=True)  # noqa: S603
        _cut(Image.open(shot).convert("RGB"), list(drawn))


def _file(folder: str, code: str, body: str) -> str:
    path = Path(folder) / f"{code}.svg"
    path.write_text(body, encoding="utf-8")
    return path.name


def _cut(sheet: Image.Image, codes: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for number, code in enumerate(codes):
        x, y = number % IN_A_ROW * SIDE, number // IN_A_ROW * SIDE
        sheet.crop((x, y, x + SIDE, y + SIDE)).save(FOLDER / f"{code}.webp", "WEBP", quality=78, method=6)


if __name__ == "__main__":
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        sys.exit("No Chromium found, and it draws the pictures: apt-get install chromium")
    draw(found)
