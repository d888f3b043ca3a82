"""Cakes."""

from content.drawings.shapes import (
    INK,
    berry,
    box,
    circle,
    clipped,
    leaf,
    line,
    oval,
    path,
    shade,
    turned,
)

CHOCOLATE = "#4b2a1c"


def wedge(layers: tuple[tuple[str, float], ...], top: str, on_top: str = "") -> str:
    """A slice of cake from the side; layers from the bottom up, parts of its height."""
    side = "M150 420 L650 420 V610 Q650 626 634 626 H166 Q150 626 150 610 Z"
    fill, y = "", 630.0
    for color, part in layers:
        y -= 214 * part
        fill += box(140, y, 520, 214 * part + 1, color)
    lid = path("M150 424 L470 292 Q650 300 650 424 Z", top)
    return (
        shade(400, 632, 280, 30)
        + clipped("cake", side, fill + box(140, 410, 70, 230, INK, opacity=0.06))
        + lid
        + on_top
    )


def stripes(dark: str, light: str, count: int) -> tuple[tuple[str, float], ...]:
    return tuple((dark if number % 2 == 0 else light, 1 / count) for number in range(count))


def cookie() -> str:
    chips = "".join(
        turned(box(x - 26, y - 22, 52, 44, CHOCOLATE, 14), a, x, y)
        for x, y, a in (
            (300, 320, 20),
            (420, 290, -14),
            (500, 380, 40),
            (350, 430, 10),
            (450, 480, -30),
            (290, 470, 55),
            (400, 380, 0),
        )
    )
    return shade(410, 420, 216, 216) + circle(400, 400, 210, "#c98a48") + circle(394, 392, 196, "#dba660") + chips


def brownie() -> str:
    front = path("M170 430 L470 500 V640 L170 566 Z", "#3b2014") + path("M470 500 L650 410 V546 L470 640 Z", "#2c170e")
    top = path("M170 430 L352 344 L650 410 L470 500 Z", "#5a3423")
    nuts = "".join(
        turned(oval(x, y, 30, 20, "#d8a765"), a, x, y)
        for x, y, a in ((320, 410, 10), (420, 440, -20), (470, 400, 30), (380, 380, -8), (550, 420, 16))
    )
    return shade(410, 640, 260, 30) + front + top + nuts + line("M200 470 L440 528", "#5a3423", 6, opacity=0.7)


def potato() -> str:
    """The cake «Картошка»: a log in cocoa with two eyes of cream."""
    body = box(190, 320, 420, 200, "#4a2b1c", 100) + box(190, 320, 420, 120, "#5d3826", 90, opacity=0.8)
    cocoa = "".join(
        circle(x, y, 6, "#7c5038")
        for x, y in ((250, 380), (310, 440), (360, 360), (420, 470), (480, 400), (540, 450), (560, 370), (290, 480))
    )
    cream = "".join(
        circle(x, y, 34, "#fff3e3") + circle(x, y - 12, 20, "#fffaf2") + circle(x, y - 24, 8, "#fff")
        for x, y in ((330, 338), (420, 326))
    )
    return shade(400, 524, 226, 32) + body + cocoa + cream


def desserts() -> dict[str, str]:
    """Return every dessert of the preset by its code."""
    cream_swirl = "".join(circle(x, 330 - h, r, "#fffaf1") for x, h, r in ((470, 0, 46), (470, 34, 34), (470, 60, 20)))
    return {
        "cheesecake": wedge(
            (("#b5793d", 0.22), ("#fbe7bd", 0.78)),
            "#f9dda4",
            berry(430, 350, 30) + berry(490, 372, 24) + leaf(452, 330, -40, size=0.8),
        ),
        "medovik": wedge(
            stripes("#b9742f", "#fff0d6", 9),
            "#d69a52",
            "".join(
                circle(x, y, 7, "#9a5a20") for x, y in ((380, 380), (440, 350), (500, 380), (560, 396), (470, 400))
            ),
        ),
        "carrot-cake": wedge(
            (("#b5672c", 0.36), ("#fffaf0", 0.12), ("#b5672c", 0.36), ("#fffaf0", 0.16)),
            "#fffaf0",
            cream_swirl + path("M452 262 L488 262 L470 330 Z", "#f08c2e") + leaf(462, 262, -70, size=0.5),
        ),
        "brownie": brownie(),
        "cookie": cookie(),
        "potato-cake": potato(),
    }
