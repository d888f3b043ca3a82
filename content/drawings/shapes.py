"""Plain SVG: a picture is a string of shapes on a square of 800."""

import math
from collections.abc import Iterable

SIDE = 800
INK = "#3b2a20"


def shape(name: str, **attributes: object) -> str:
    """Return one element; `stroke_width` is written stroke-width."""
    words = " ".join(f'{key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f"<{name} {words}/>"


def path(d: str, fill: str = "none", **more: object) -> str:
    return shape("path", d=d, fill=fill, **more)


def circle(x: float, y: float, r: float, fill: str, **more: object) -> str:
    return shape("circle", cx=x, cy=y, r=r, fill=fill, **more)


def oval(x: float, y: float, rx: float, ry: float, fill: str, **more: object) -> str:
    return shape("ellipse", cx=x, cy=y, rx=rx, ry=ry, fill=fill, **more)


def box(x: float, y: float, w: float, h: float, fill: str, r: float = 0, **more: object) -> str:
    return shape("rect", x=x, y=y, width=w, height=h, fill=fill, rx=r, **more)


def line(d: str, color: str, width: float, **more: object) -> str:
    return shape(
        "path",
        d=d,
        fill="none",
        stroke=color,
        stroke_width=width,
        stroke_linecap="round",
        stroke_linejoin="round",
        **more,
    )


def turned(body: str, angle: float, x: float = 400, y: float = 400) -> str:
    return f'<g transform="rotate({angle} {x} {y})">{body}</g>'


def moved(body: str, x: float, y: float, scale: float = 1) -> str:
    return f'<g transform="translate({x} {y}) scale({scale})">{body}</g>'


def clipped(name: str, outline: str, body: str) -> str:
    """Return the part of `body` inside an outline; the name is unique in its picture."""
    return f'<clipPath id="{name}">{path(outline)}</clipPath><g clip-path="url(#{name})">{body}</g>'


def around(
    count: int, radius: float, x: float = 400, y: float = 400, start: float = 0
) -> Iterable[tuple[float, float]]:
    """Yield points on a circle."""
    for number in range(count):
        angle = math.radians(start + number * 360 / count)
        yield x + radius * math.cos(angle), y + radius * math.sin(angle)


def table(color: str, light: str) -> str:
    """The ground: one colour with a lighter disc, the same in every picture of a shelf."""
    return box(0, 0, SIDE, SIDE, color) + circle(400, 400, 330, light)


def shade(x: float, y: float, rx: float, ry: float) -> str:
    return oval(x, y, rx, ry, INK, opacity=0.16)


def steam() -> str:
    """Three wisps over something hot."""
    wisps = (f"M{x} 190 c-26 -34 26 -58 0 -96" for x in (340, 400, 460))
    return "".join(line(wisp, "#fff", 12, opacity=0.75) for wisp in wisps)


def bean(x: float, y: float, size: float = 1, color: str = "#6b4226") -> str:
    body = oval(0, 0, 20, 28, color) + line("M2 -24 C-12 -8 12 8 -2 24", "#e9d3b4", 4)
    return moved(turned(body, 28, 0, 0), x, y, size)


def leaf(x: float, y: float, angle: float = 0, color: str = "#5f9a54", size: float = 1) -> str:
    body = path("M0 0 C14 -34 62 -40 84 -8 C56 18 20 16 0 0 Z", color) + line(
        "M4 -1 C30 -12 56 -14 76 -9", "#fff", 3, opacity=0.5
    )
    return moved(turned(body, angle, 0, 0), x, y, size)


def berry(x: float, y: float, r: float = 20, color: str = "#c8324a") -> str:
    return circle(x, y, r, color) + circle(x - r * 0.32, y - r * 0.34, r * 0.26, "#fff", opacity=0.55)


def picture(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">{body}</svg>'
