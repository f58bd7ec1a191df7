"""A diagram as SVG: words wrapped, signs told by form as well as colour, and readable to those who can't see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from assetmap.diagrams.boxes import INK, LINE, SIZE, Arrow, Box, Diagram
from assetmap.encode import html_text

__all__ = ["diagram_svg"]

_FONT = f'font-family="Noto Sans, DejaVu Sans, Arial, sans-serif" font-size="{SIZE}"'
Numbers = NDArray[np.float64]
_Taken = dict[tuple[int, int], list[tuple[float, float]]]
"""Where signs stand, by squares of `_APART`."""
_MARGIN = 24.0
_HEAD = 9.0
_BADGE = 8.5
_APART = 2.2 * _BADGE
_BENDS = (0.0, 0.16, -0.16, 0.3, -0.3)
_PAIRED_BENDS = (0.11, 0.24, 0.38)
_MOST_AVOIDED = 150
_TRIES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.28, 0.72)
_KEY_HEIGHT = 30.0
_MOST_DESCRIBED = 200
_LOOKS = {
    "positive": ("#00548f", "", "+", "more leads to more"),
    "negative": ("#a03b00", "7 5", "−", "more leads to less"),
    "unknown": ("#5d5d5d", "1.5 4", "", "sign not known"),
}
"""Sign -> colour, dashes, what stands on the arrow, and what it means."""
_PLAIN = ("#3d3d3d", "", "", "")


@dataclass(frozen=True)
class _Curve:
    """A quadratic curve from the edge of one box to the edge of another."""

    start: tuple[float, float]
    bend: tuple[float, float]
    end: tuple[float, float]

    def at(self, share: float) -> tuple[float, float]:
        """Return the point at a share of the way."""
        a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
        x, y = (a * s + b * m + c * e for s, m, e in zip(self.start, self.bend, self.end, strict=True))
        return x, y


def diagram_svg(diagram: Diagram, *, identity: str = "diagram") -> Markup:
    """Return a diagram as an SVG element with a title and a description that says every arrow in words.

    Parameters
    ----------
    diagram
        What to draw.
    identity
        Put before the identifiers in it, so that several can stand in one page.
    """
    boxes = {box.name: box for box in diagram.boxes}
    left, top, right, bottom = _extent(diagram.boxes)
    key = _KEY_HEIGHT if diagram.signed else 0.0
    width, height = max(right - left, 470 if key else 0) + 2 * _MARGIN, bottom - top + 2 * _MARGIN + key
    view = f"{left - _MARGIN:.0f} {top - _MARGIN:.0f} {width:.0f} {height:.0f}"
    size = f'width="{width:.0f}" height="{height:.0f}"'
    place = {name: number for number, name in enumerate(boxes)}
    identity = html_text(identity)  # a map's is made of its file's name, which anybody may have given it
    svg = "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" {size} {_FONT}',
            f'role="img" aria-labelledby="{identity}-title {identity}-desc">',
            f'<title id="{identity}-title">{html_text(diagram.title)}</title>',
            f'<desc id="{identity}-desc">{html_text(_described(diagram, boxes))}</desc>',
            f'<rect x="{left - _MARGIN:.0f}" y="{top - _MARGIN:.0f}" {size} fill="#ffffff"/>',
            *_arrows(diagram, place),
            *(_box(box, place[box.name]) for box in diagram.boxes),
            *(_key(left, bottom + _MARGIN + 4) if diagram.signed else ()),
            "</svg>",
        ]
    )
    return Markup(svg)  # noqa: S704 - every text of the diagram has passed html_text above; the rest is numbers


def _extent(boxes: tuple[Box, ...]) -> tuple[float, float, float, float]:
    return (
        min(box.x - box.width / 2 for box in boxes),
        min(box.y - box.height / 2 for box in boxes),
        max(box.x + box.width / 2 for box in boxes),
        max(box.y + box.height / 2 for box in boxes),
    )


def _described(diagram: Diagram, boxes: dict[str, Box]) -> str:
    means = {"positive": " (more leads to more)", "negative": " (more leads to less)", "unknown": ""}
    if len(diagram.arrows) > _MOST_DESCRIBED:
        return f"{len(diagram.boxes)} boxes and {len(diagram.arrows)} arrows, which are listed beside the drawing."
    words = [
        f"{boxes[a.start].label} {'→' if a.direction == 'one_way' else '↔'} {boxes[a.end].label}"
        f"{means[a.sign] if diagram.signed else ''}"
        for a in diagram.arrows
    ]
    return f"{len(diagram.boxes)} boxes and {len(diagram.arrows)} arrows. " + "; ".join(words)


def _box(box: Box, number: int) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    first = top + (box.height - LINE * len(box.lines) - (LINE - 2) * len(box.facts)) / 2 + SIZE
    spans = [
        f'<tspan x="{box.x:.1f}" y="{first + LINE * row:.1f}">{html_text(line)}</tspan>'
        for row, line in enumerate(box.lines)
    ]
    under = first + LINE * len(box.lines) + 2
    spans += [
        f'<tspan x="{box.x:.1f}" y="{under + (LINE - 2) * row:.1f}" font-size="{SIZE - 2}" font-weight="bold">'
        f"{html_text(line)}</tspan>"
        for row, line in enumerate(box.facts)
    ]
    return (
        f'<g class="box" data-box="{number}"><title>{html_text(box.label)}</title>'
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="7" '
        f'fill="{html_text(box.fill)}" stroke="#222222"/>'
        f'<text text-anchor="middle" fill="{INK}">{"".join(spans)}</text></g>'
    )


def _arrows(diagram: Diagram, place: dict[str, int]) -> list[str]:
    """Return the arrows, and above all of them their signs."""
    ways = {(arrow.start, arrow.end) for arrow in diagram.arrows}
    taken: _Taken = {}
    sides = np.array([(b.x, b.y, b.width / 2, b.height / 2) for b in diagram.boxes])
    lines, signs = [], []
    for arrow in diagram.arrows:
        ends = place[arrow.start], place[arrow.end]
        start, end = (diagram.boxes[number] for number in ends)
        others = np.delete(sides, ends, axis=0) if len(sides) <= _MOST_AVOIDED else sides[:0]
        curve = _best_curve(start, end, others, paired=(arrow.end, arrow.start) in ways)
        look = _LOOKS[arrow.sign] if diagram.signed else _PLAIN
        group = f'<g class="arrow" data-from="{ends[0]}" data-to="{ends[1]}" stroke="{look[0]}" fill="{look[0]}">'
        lines.append(f"{group}{_arrow(arrow, curve, look[1])}</g>")
        if look[2]:
            signs.append(f"{group}{_sign(_badge_spot(curve, sides, taken), look[0], look[2])}</g>")
    return lines + signs


def _curve(start: Box, end: Box, bend: float) -> _Curve:
    """Return the way from one box to the other, bent aside by a share of its length."""
    if start.name == end.name:
        x, top = start.x + start.width / 4, start.y - start.height / 2
        return _Curve((x, top), (x + 60, top - 50), (start.x + start.width / 2, start.y - start.height / 4))
    along = np.array([end.x - start.x, end.y - start.y])
    middle = np.array([start.x, start.y]) + along / 2 + np.array([-along[1], along[0]]) * bend
    return _Curve(_edge(start, middle), (float(middle[0]), float(middle[1])), _edge(end, middle))


def _best_curve(start: Box, end: Box, others: Numbers, *, paired: bool) -> _Curve:
    """Return the way that runs under the fewest other boxes; one of a pair keeps to its own side."""
    bends = _PAIRED_BENDS if paired else _BENDS
    if start.name == end.name or not len(others):
        return _curve(start, end, bends[0])
    curves = [_curve(start, end, bend) for bend in bends]
    return min(curves, key=lambda curve: int(_is_under(curve, others).sum()))


def _is_under(curve: _Curve, boxes: Numbers) -> NDArray[np.bool_]:
    """Return under which boxes a curve runs."""
    spots = np.array([curve.at(share) for share in np.linspace(0.04, 0.96, 24)])
    away = np.abs(spots[:, None, :] - boxes[None, :, :2])
    return np.asarray((away < boxes[None, :, 2:] + 3).all(axis=2).any(axis=0), dtype=np.bool_)


def _edge(box: Box, toward: Numbers) -> tuple[float, float]:
    """Return where the line from a box's middle leaves it."""
    x, y = float(toward[0]) - box.x, float(toward[1]) - box.y
    shares = [half / abs(step) for half, step in ((box.width / 2, x), (box.height / 2, y)) if step]
    share = min(shares, default=0.0)
    return box.x + x * share, box.y + y * share


def _badge_spot(curve: _Curve, boxes: Numbers, taken: _Taken) -> tuple[float, float]:
    """Return where a sign stands on its arrow: on no box, and on no other sign, if there is such a place."""
    for share in _TRIES:
        x, y = curve.at(share)
        on_box = (np.abs(boxes[:, :2] - (x, y)) < boxes[:, 2:] + _BADGE).all(axis=1)
        if not on_box.any() and not _is_taken(x, y, taken):
            break
    else:
        x, y = curve.at(0.5)
    taken.setdefault((int(x // _APART), int(y // _APART)), []).append((x, y))
    return x, y


def _is_taken(x: float, y: float, taken: _Taken) -> bool:
    """Whether a sign stands there; those that could lie in the square of the spot or in one of the eight beside it."""
    column, row = int(x // _APART), int(y // _APART)
    near = (taken.get((column + i, row + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
    return any(abs(x - a) + abs(y - b) <= _APART for spots in near for a, b in spots)


def _arrow(arrow: Arrow, curve: _Curve, dashes: str) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    (x0, y0), (bx, by), (x1, y1) = curve.start, curve.bend, curve.end
    line = f"M{x0:.1f} {y0:.1f}Q{bx:.1f} {by:.1f} {x1:.1f} {y1:.1f}"
    to = "" if arrow.direction == "undirected" else _head(curve.bend, curve.end)
    back = _head(curve.bend, curve.start) if arrow.direction == "both_ways" else ""
    return f'<path d="{line}" fill="none" stroke-width="1.8"{dashed}/>{to}{back}'


def _head(come_from: tuple[float, float], tip: tuple[float, float]) -> str:
    way = np.array(tip) - np.array(come_from)
    way = way / (float(np.hypot(*way)) or 1.0)
    side = np.array([-way[1], way[0]])
    back = np.array(tip) - way * _HEAD
    (ax, ay), (bx, by) = back + side * _HEAD * 0.45, back - side * _HEAD * 0.45
    return f'<path d="M{tip[0]:.1f} {tip[1]:.1f}L{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}Z" stroke="none"/>'


def _sign(spot: tuple[float, float], colour: str, sign: str) -> str:
    """Return a sign in a circle, drawn by lines, so that no font is needed."""
    x, y = spot
    bar = _BADGE * 0.55
    strokes = f"M{x - bar:.1f} {y:.1f}H{x + bar:.1f}" + (f"M{x:.1f} {y - bar:.1f}V{y + bar:.1f}" if sign == "+" else "")
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_BADGE}" fill="#ffffff" stroke-width="1.4"/>'
        f'<path d="{strokes}" stroke-width="2.2" stroke="{colour}" fill="none"/>'
    )


def _key(left: float, top: float) -> Iterator[str]:
    """Give the key: what each kind of arrow means."""
    x = left
    for sign, (colour, dashes, mark, words) in _LOOKS.items():
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<path class="key" d="M{x:.0f} {top:.0f}h46" stroke="{colour}" stroke-width="1.8"{dashed}/>'
        if mark:
            yield f'<g class="key" stroke="{colour}">{_sign((x + 23, top), colour, mark)}</g>'
        at = f'x="{x + 54:.0f}" y="{top + 5:.0f}"'
        yield f'<text class="key" {at} font-size="{SIZE - 1}" fill="#222222">{words}</text>'
        x += 54 + 8 * len(words) + (0 if sign == "unknown" else 4)
