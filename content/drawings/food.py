"""Pastry and breakfasts."""

from content.drawings.desserts import CHOCOLATE, desserts
from content.drawings.shapes import (
    around,
    berry,
    box,
    circle,
    leaf,
    line,
    moved,
    oval,
    path,
    shade,
    turned,
)

CRUST, CRUMB, DARK = "#d9923f", "#f2c987", "#b06a25"


def plate(color: str = "#ffffff", inner: str = "#f1ebe2") -> str:
    return shade(410, 424, 300, 300) + circle(400, 400, 292, color) + circle(400, 400, 226, inner)


def croissant() -> str:
    """A crescent of seven folds."""
    folds = (
        "M118 520 C92 470 130 410 190 420 L232 500 C200 540 150 560 118 520 Z",
        "M182 424 C200 350 260 320 310 340 L322 470 C290 500 240 510 214 500 Z",
        "M296 344 C340 280 460 280 504 344 L486 476 C440 500 360 500 314 476 Z",
        "M490 340 C540 320 600 350 618 424 L586 500 C560 510 510 500 478 470 Z",
        "M610 420 C670 410 708 470 682 520 C650 560 600 540 568 500 Z",
    )
    body = "".join(path(d, color) for d, color in zip(folds, (DARK, CRUST, "#e6a551", CRUST, DARK), strict=True))
    lines = (
        "M240 372 C246 420 244 460 236 488",
        "M350 322 C342 380 344 430 350 474",
        "M450 322 C458 380 456 430 450 474",
        "M560 372 C554 420 556 460 564 488",
    )
    return "".join(
        (
            body,
            *(line(d, DARK, 8, opacity=0.6) for d in lines),
            line("M336 316 C372 296 428 296 464 316", "#ffe2ab", 12, opacity=0.8),
        )
    )


def almonds() -> str:
    flakes = (
        (250, 400, 20),
        (320, 350, -30),
        (388, 330, 10),
        (456, 350, 50),
        (520, 390, -10),
        (400, 420, 80),
        (330, 430, 30),
        (476, 440, -50),
    )
    sugar = "".join(
        circle(x, y, 5, "#fff")
        for x, y in ((280, 372), (350, 400), (430, 372), (500, 430), (372, 366), (560, 420), (226, 444))
    )
    return (
        "".join(turned(oval(x, y, 30, 15, "#f8e3b8", stroke="#c98f45", stroke_width=4), a, x, y) for x, y, a in flakes)
        + sugar
    )


def spiral_bun(crumb: str, swirl: str, glaze: str = "") -> str:
    turns = (
        "M400 400 m0 -14 a30 30 0 1 1 -34 34 a62 62 0 1 1 86 56 a104 104 0 1 1 40 -150 "
        "a132 132 0 0 1 -20 206 a168 168 0 0 1 -240 -92"
    )
    body = (
        circle(400, 400, 206, DARK)
        + circle(400, 394, 198, CRUST)
        + circle(400, 394, 178, crumb)
        + line(turns, swirl, 22)
    )
    return shade(408, 420, 214, 208) + body + glaze


def glaze() -> str:
    d = (
        "M250 330 C300 230 470 210 540 310 C580 370 560 410 520 400 C500 470 470 440 452 404 C430 470 "
        "380 476 372 420 C330 470 280 450 288 396 C250 410 236 370 250 330 Z"
    )
    return path(d, "#fffdf8", opacity=0.88)


def chocolate_roll() -> str:
    """Pain au chocolat: a fold with two dark sticks."""
    body = path("M150 330 Q400 270 650 330 Q690 410 650 500 Q400 560 150 500 Q110 410 150 330 Z", CRUST)
    folds = "".join(line(f"M{x} 312 Q{x + 26} 410 {x} 518", DARK, 9, opacity=0.55) for x in (250, 320, 390, 460, 530))
    ends = "".join(circle(x, y, 24, CHOCOLATE) for x, y in ((150, 380), (150, 452), (650, 380), (650, 452)))
    return (
        shade(400, 520, 270, 40) + body + folds + ends + line("M220 326 Q400 288 580 326", "#ffe2ab", 12, opacity=0.7)
    )


def curd_cakes() -> str:
    """Syrniki with sour cream and berries."""
    cakes = "".join(
        shade(x + 8, y + 14, 112, 108)
        + circle(x, y, 112, DARK)
        + circle(x - 2, y - 4, 102, "#e2a552")
        + circle(x - 4, y - 6, 78, "#efbf74")
        for x, y in ((310, 330), (500, 350), (390, 490))
    )
    cream = path(
        "M320 370 C330 310 450 300 470 360 C520 380 480 460 430 450 C400 490 330 470 340 430 C290 420 290 380 320 370 Z",
        "#fffdf7",
    )
    berries = (
        berry(390, 372, 26)
        + berry(436, 396, 22, "#3f4f9a")
        + berry(386, 420, 20, "#3f4f9a")
        + leaf(420, 352, -30, size=0.7)
    )
    return plate() + cakes + cream + berries


def bowl_of_porridge() -> str:
    bananas = "".join(
        circle(x, y, 36, "#fff1b8", stroke="#f0cf6a", stroke_width=6) + circle(x, y, 8, "#d9b24e")
        for x, y in ((322, 330), (388, 302), (456, 318))
    )
    fruit = "".join(
        berry(x, y, 22, color)
        for x, y, color in (
            (340, 440, "#c8324a"),
            (390, 466, "#3f4f9a"),
            (446, 450, "#c8324a"),
            (410, 420, "#3f4f9a"),
            (490, 410, "#3f4f9a"),
        )
    )
    oats = "".join(
        turned(oval(x, y, 14, 7, "#d9b98a"), x, x, y)
        for x, y in ((300, 392), (350, 384), (470, 372), (506, 360), (440, 380), (310, 480), (480, 490))
    )
    return (
        shade(410, 424, 262, 262)
        + circle(400, 400, 256, "#7fa7a4")
        + circle(400, 400, 214, "#5f8885")
        + circle(400, 400, 204, "#f3e3c6")
        + oats
        + bananas
        + fruit
    )


def sandwich(filling: tuple[tuple[str, str], ...], bread: str = CRUST, top: str = "") -> str:
    """A sandwich from the side: bread, what is between, bread."""
    lower = box(170, 540, 460, 86, bread, 36) + box(170, 540, 460, 34, CRUMB, 16)
    body, y = "", 540.0
    for kind, color in filling:
        y -= 44
        if kind == "wave":
            d = (
                f"M150 {y + 30} "
                + " ".join(f"q26 {44 if n % 2 == 0 else -10} 52 0" for n in range(10))
                + f" V{y} H150 Z"
            )
            body += path(d, color)
        elif kind == "round":
            body += "".join(box(x, y + 4, 150, 44, color, 20) for x in (174, 328, 480))
        else:
            body += box(164, y, 472, 48, color, 22)
    lid = path(f"M170 {y + 6} C170 {y - 150} 630 {y - 150} 630 {y + 6} Z", bread) + box(176, y - 8, 448, 22, CRUMB, 10)
    seeds = "".join(
        turned(oval(x, y - h, 13, 7, "#fbe8c0"), a, x, y - h)
        for x, h, a in ((300, 62, 20), (370, 88, -16), (440, 76, 30), (510, 56, -24), (410, 48, 0))
    )
    return shade(400, 630, 250, 30) + lower + body + lid + (top or seeds)


def toast() -> str:
    slice_ = (
        "M210 300 C180 220 300 190 340 210 C400 180 520 180 560 220 C620 230 620 300 588 330 V580 Q588 "
        "606 562 606 H238 Q212 606 212 580 Z"
    )
    green = "M250 320 C240 270 340 250 400 260 C480 240 560 270 548 320 V540 Q520 572 400 566 Q280 572 252 540 Z"
    egg = (
        path("M330 400 C330 330 450 320 476 390 C510 440 450 510 390 492 C330 490 310 440 330 400 Z", "#fffdf6")
        + circle(404, 418, 44, "#f9b233")
        + circle(392, 404, 12, "#fff", opacity=0.6)
    )
    tomatoes = "".join(
        circle(x, y, 32, "#e04b3a") + circle(x, y, 20, "#f27a62") for x, y in ((300, 320), (500, 540), (310, 530))
    )
    return (
        plate("#39424b", "#4b555f")
        + path(slice_, DARK)
        + moved(path(slice_, CRUMB), 16, 16, 0.96)
        + path(green, "#9cc069")
        + tomatoes
        + egg
        + leaf(480, 330, -20)
    )


def food() -> dict[str, str]:
    """Return everything to eat of the preset by its code."""
    pearls = "".join(circle(x, y, 9, "#e9c58d") for x, y in around(9, 120, 400, 380))
    salmon = (("wave", "#7fb05a"), ("flat", "#fff4df"), ("wave", "#f58a6a"))
    return {
        "croissant": shade(400, 520, 270, 34) + croissant(),
        "almond-croissant": shade(400, 520, 270, 34) + croissant() + almonds(),
        "cinnamon-bun": spiral_bun(CRUMB, "#8a4a1f", glaze()),
        "cardamom-bun": spiral_bun("#f6dba8", "#8f9a4a", pearls),
        "pain-au-chocolat": chocolate_roll(),
        "syrniki": curd_cakes(),
        "oatmeal": bowl_of_porridge(),
        "egg-bun": sandwich((("flat", "#f3a6a0"), ("wave", "#ffd65c"), ("flat", "#ffe9a6"))),
        "chicken-sandwich": sandwich(
            (("wave", "#7fb05a"), ("flat", "#e7c79b"), ("round", "#e04b3a"), ("flat", "#ffd65c")), "#c98542"
        ),
        "salmon-croissant": sandwich(
            salmon,
            "#d9923f",
            "".join(line(f"M{x} 330 q18 40 0 76", DARK, 8, opacity=0.6) for x in (300, 360, 420, 480)),
        ),
        "avocado-toast": toast(),
        **desserts(),
    }
