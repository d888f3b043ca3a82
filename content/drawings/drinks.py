"""Cups and glasses."""

from collections.abc import Sequence

from content.drawings.shapes import (
    INK,
    around,
    bean,
    berry,
    box,
    circle,
    clipped,
    leaf,
    line,
    moved,
    oval,
    path,
    shade,
    steam,
    turned,
)

ESPRESSO, COFFEE, MILKY, FOAM, CREAM = "#3a2116", "#6f4528", "#c69a6d", "#f6e7d0", "#fff6e8"
GLASS = "M262 190 H538 L506 640 Q504 664 480 664 H320 Q296 664 294 640 Z"


def from_above(drink: str, art: str = "", cup: str = "#fffaf2", saucer: str = "#ffffff") -> str:
    """A cup on its saucer, seen from above."""
    plate = shade(412, 424, 292, 292) + circle(400, 400, 284, saucer) + circle(400, 400, 236, "#efe4d5")
    handle = turned(box(560, 366, 130, 68, cup, 34) + box(600, 386, 62, 28, "#efe4d5", 14), -35)
    spoon = turned(oval(150, 400, 30, 44, "#cfd5da") + box(142, 440, 16, 170, "#cfd5da", 8), 24, 150, 400)
    body = circle(400, 400, 206, cup) + circle(400, 400, 178, INK, opacity=0.18) + circle(400, 400, 174, drink)
    return plate + spoon + handle + body + art + line("M262 330 A156 156 0 0 1 322 262", "#fff", 10, opacity=0.35)


def heart(color: str = CREAM) -> str:
    d = "M400 500 C300 430 292 330 352 318 C384 312 400 340 400 352 C400 340 416 312 448 318 C508 330 500 430 400 500 Z"
    return path(d, color)


def rosette(color: str = CREAM) -> str:
    """The fern a barista pours."""
    leaves = ""
    for number in range(5):
        y, w = 300 + number * 40, 46 + number * 17
        leaves += line(f"M{400 - w} {y - 22} Q400 {y + 46} {400 + w} {y - 22}", color, 17)
    return leaves + line("M400 270 V520", color, 9)


def tulip(color: str = CREAM) -> str:
    cups = (
        (
            f"M{400 - w} {y} Q400 {y + 96} {400 + w} {y} Q{400 + w * 0.5} {y + 26} 400 {y + 6} "
            f"Q{400 - w * 0.5} {y + 26} {400 - w} {y} Z"
        )
        for y, w in ((300, 62), (360, 86), (424, 104))
    )
    return "".join(path(d, color) for d in cups) + circle(400, 290, 20, color)


def dots(points: Sequence[tuple[float, float]], color: str, r: float) -> str:
    return "".join(circle(x, y, r, color) for x, y in points)


def crema() -> str:
    ring = circle(400, 400, 150, "none", stroke="#b9793f", stroke_width=26, opacity=0.75)
    return (
        ring + oval(356, 350, 44, 24, "#d79a58", opacity=0.6) + dots([(440, 448), (462, 428), (424, 462)], "#d79a58", 8)
    )


def glass(layers: Sequence[tuple[str, float]], *, ice: int = 0, straw: str = "", top: str = "", front: str = "") -> str:
    """A tall glass; layers from the bottom up, each with its part of the height."""
    fill, y = "", 664.0
    for color, part in layers:
        height = 440 * part
        y -= height
        fill += box(240, y, 320, height + 1, color) + box(240, y, 320, 10, "#fff", opacity=0.12)
    cubes = ""
    for number in range(ice):
        x, place = (330, 400, 356, 424)[number % 4], 262 + number * 52
        cube = box(x, place, 72, 66, "#ffffff", 14, opacity=0.42) + line(
            f"M{x + 14} {place + 16} h22", "#fff", 6, opacity=0.8
        )
        cubes += turned(cube, (-12, 14, 20, -16)[number % 4], x + 36, place + 33)
    tube = turned(box(436, 60, 22, 470, straw, 11), 9, 447, 300) if straw else ""
    shine = box(306, 214, 22, 380, "#fff", 11, opacity=0.4) + box(340, 214, 9, 250, "#fff", 5, opacity=0.3)
    body = shade(400, 672, 170, 26) + path(GLASS, "#ffffff", opacity=0.35)
    rim = path(GLASS, stroke="#ffffff", stroke_width=10, opacity=0.85)
    return body + tube + clipped("glass", GLASS, fill + cubes) + rim + front + turned(shine, 3) + top


def foam_cap(color: str = CREAM) -> str:
    """Milk foam that stands over the rim."""
    return path(
        "M258 214 C250 150 320 130 350 152 C372 112 440 112 456 150 C500 132 552 156 540 214 Q400 250 258 214 Z", color
    )


def whipped(color: str = "#fffaf1") -> str:
    lobes = ((322, 196, 62), (478, 196, 62), (400, 182, 78), (360, 132, 54), (442, 132, 54), (400, 92, 44))
    return "".join(
        circle(x, y, r, color) + circle(x - r * 0.2, y + r * 0.5, r * 0.5, "#ead9c2", opacity=0.4) for x, y, r in lobes
    )


def paper_cup(sleeve: str, lid: str = "#4a3428", mark: str = "") -> str:
    """The cup to take away, with a bean on its sleeve."""
    body = "M262 232 H538 L502 668 Q500 690 478 690 H322 Q300 690 298 668 Z"
    wrapped = clipped(
        "cup", body, path(body, "#fffaf3") + box(240, 350, 320, 210, sleeve) + box(470, 230, 90, 470, INK, opacity=0.07)
    )
    top = (
        box(240, 196, 320, 46, lid, 16)
        + box(268, 156, 264, 50, lid, 20)
        + box(292, 168, 120, 10, "#fff", 5, opacity=0.25)
    )
    badge = circle(400, 455, 66, "#fffaf3") + (mark or bean(400, 455, 1.5))
    return shade(400, 694, 160, 24) + wrapped + top + badge


def mug(color: str, drink: str, on_top: str = "", face: str = "") -> str:
    """A round mug from the side, its drink seen a little from above."""
    handle = path("M548 330 C690 320 690 540 530 540", stroke=color, stroke_width=44)
    body = path("M222 300 H578 C580 470 560 640 470 660 H330 C240 640 220 470 222 300 Z", color)
    dark = path("M470 300 H578 C580 470 560 640 470 660 H440 C500 600 490 420 470 300 Z", INK, opacity=0.08)
    top = oval(400, 300, 178, 52, color) + oval(400, 300, 158, 40, INK, opacity=0.15) + oval(400, 303, 154, 37, drink)
    return shade(400, 664, 190, 26) + handle + body + dark + top + face + on_top


def tea_glass(tea: str, inside: str, lid: str = "") -> str:
    """A glass teapot of something hot."""
    spout = path("M560 450 C640 430 620 330 690 310 L704 340 C660 370 668 480 566 540 Z", "#ffffff", opacity=0.7)
    handle = path("M230 370 C110 360 110 580 246 566", stroke="#ffffff", stroke_width=30, opacity=0.85)
    pot = "M236 330 H564 C600 420 590 600 500 640 H300 C210 600 200 420 236 330 Z"
    fill = clipped("pot", pot, path(pot, "#ffffff", opacity=0.4) + box(190, 380, 420, 280, tea) + inside)
    cover = box(270, 292, 260, 40, "#e9dfd0", 20) + circle(400, 276, 26, "#c08a4c") + lid
    shine = line("M262 420 C250 470 262 530 290 570", "#fff", 14, opacity=0.55)
    return (
        shade(400, 650, 210, 28)
        + handle
        + spout
        + fill
        + path(pot, stroke="#fff", stroke_width=8, opacity=0.8)
        + cover
        + shine
    )


def slice_of(fruit: str, peel: str, x: float, y: float, r: float = 62) -> str:
    """A round slice of citrus."""
    wedges = "".join(
        line(f"M{x} {y} L{px:.0f} {py:.0f}", "#fff", 5, opacity=0.8) for px, py in around(8, r * 0.78, x, y)
    )
    return circle(x, y, r, peel) + circle(x, y, r * 0.84, "#fff6dc") + circle(x, y, r * 0.76, fruit) + wedges


def marshmallows() -> str:
    lumps = (
        (330, 284, -14, "#fff"),
        (398, 270, 8, "#ffdfe6"),
        (462, 288, 22, "#fff"),
        (372, 310, 30, "#ffdfe6"),
        (430, 316, -8, "#fff"),
    )
    return "".join(turned(box(x - 30, y - 22, 60, 44, color, 16), angle, x, y) for x, y, angle, color in lumps)


def drinks() -> dict[str, str]:
    """Return every drink of the preset by its code."""
    lavender = "".join(
        line(f"M{x} 300 L{x - 14} 150", "#6f8f4e", 6)
        + dots([(x - 6 - n * 2, 236 - n * 22) for n in range(5)], "#8a6fc0", 13)
        for x in (450, 486)
    )
    buckthorn = "".join(
        berry(x, y, 20, "#f08c1e") for x, y in ((300, 470), (350, 540), (420, 490), (480, 560), (520, 470), (390, 590))
    )
    thyme = "".join(leaf(x, y, a, "#4d7b43", 0.8) for x, y, a in ((310, 560, -20), (420, 500, 15), (350, 470, 40)))
    nuts = "".join(
        moved(turned(path("M0 -16 C14 -6 12 14 0 18 C-12 14 -14 -6 0 -16 Z", "#d9a866"), a, 0, 0), x, y, 1.5)
        for x, y, a in ((330, 340, 20), (470, 352, -30), (424, 300, 70), (362, 452, 120), (452, 460, 10))
    )
    halva = "".join(
        turned(box(x, y, 46, 34, "#c9a26a", 6), a, x, y) for x, y, a in ((344, 96, 14), (404, 62, -16), (442, 112, 24))
    )
    mango = "".join(
        turned(box(x, y, 48, 44, "#ffb733", 10), a, x + 24, y + 22)
        for x, y, a in ((320, 520, 12), (410, 560, -18), (372, 460, 30))
    )
    return {
        "espresso": moved(from_above(ESPRESSO, crema()), 72, 72, 0.82),
        "americano": mug("#e5674b", "#4a2a1a", steam()),
        "cappuccino": from_above("#b98252", heart()),
        "latte": from_above("#c99a68", rosette(), cup="#dce9ea", saucer="#f7fbfb"),
        "flat-white": from_above("#a56e3f", tulip(), cup="#3f4a56", saucer="#59646f"),
        "raf": glass(
            [(MILKY, 0.28), ("#ddbd92", 0.34), ("#efdcbd", 0.3)],
            top=foam_cap() + bean(372, 150, 0.8) + bean(436, 160, 0.8),
        ),
        "filter": paper_cup("#d8b48a"),
        "raf-halva": glass([("#b98a58", 0.3), ("#d9b98d", 0.32), ("#eddcc0", 0.3)], top=whipped() + halva),
        "latte-lavender": glass(
            [("#f4e9f6", 0.42), ("#d8c4e6", 0.16), ("#a9764b", 0.26), (FOAM, 0.14)], top=foam_cap("#fbf5ff") + lavender
        ),
        "cappuccino-cedar": from_above(
            "#b07a4a",
            nuts + circle(400, 400, 60, CREAM) + leaf(372, 420, -18, "#4f7a4a", 0.9),
            cup="#6d8460",
            saucer="#8aa07d",
        ),
        "orange-raf": glass(
            [("#c98b52", 0.24), ("#f0c48c", 0.4), ("#fae3c1", 0.3)],
            top=foam_cap("#fff3df") + turned(slice_of("#ff9f2e", "#f5821f", 480, 150, 70), 12),
        ),
        "tea-buckthorn": tea_glass(
            "#f6a83a", buckthorn + slice_of("#ffb347", "#f5821f", 440, 430, 46), leaf(360, 240, -40)
        ),
        "tea-thyme": tea_glass("#a8541f", thyme),
        "matcha": from_above("#a9c46c", rosette("#f4f8e4"), cup="#f2efe2", saucer="#e3e8cf"),
        "cocoa": mug("#7c4a78", "#5b3420", marshmallows()),
        "iced-latte": glass([("#fff3e0", 0.42), ("#dcb588", 0.2), ("#7a4a2a", 0.26)], ice=3, straw="#2f6f73"),
        "bumble": glass(
            [("#c4471f", 0.14), ("#ff9d2b", 0.5), ("#4a2817", 0.24)],
            ice=3,
            straw="#3b2a20",
            top=slice_of("#ffa63d", "#f5821f", 530, 206, 70),
        ),
        "espresso-tonic": glass(
            [("#e8f3f2", 0.5), ("#b98452", 0.12), ("#3f2416", 0.24)],
            ice=4,
            top=slice_of("#ffe46b", "#f2c230", 276, 210, 64),
            front=dots([(380, 600), (430, 560), (352, 560), (456, 620), (400, 520)], "#ffffff", 7),
        ),
        "lemonade": glass(
            [("#ffcf4d", 0.5), ("#ffb347", 0.2), ("#ff8f5a", 0.18)],
            ice=2,
            straw="#e5674b",
            top=leaf(440, 190, -30) + leaf(470, 196, 10),
            front=mango,
        ),
        "cold-brew": glass([("#2b170e", 0.5), ("#3f2416", 0.38)], ice=4, straw="#d8b48a"),
    }
