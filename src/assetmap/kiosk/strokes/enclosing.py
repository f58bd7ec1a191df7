"""Areas with an outline whose stroke can't be followed all round, since other strokes run into it."""

from __future__ import annotations

import shapely

from assetmap.kiosk.strokes.parts import Part, Piece

__all__ = ["enclosed_areas"]

_LEAST_MM2 = 60.0
_MOST_INK = 0.75  # of the area: with more it is filled in
_LEAST_ROUNDNESS = 0.35
_LEAST_BULGE = 0.82  # of its hull: what a hand draws round a place bulges, letters that run together have bays


def enclosed_areas(
    parts: list[Part], pieces: list[Piece], *, px_per_mm: float
) -> list[tuple[shapely.Polygon, tuple[int, ...], float]]:
    """Return the areas that connected pieces of ink close off, with the numbers of their parts.

    Parameters
    ----------
    parts
        Parts of one pen that are in no area yet.
    pieces
        All pieces of ink, in the order of their numbers.
    px_per_mm
        Pixels of the grid in a millimetre of paper.

    Returns
    -------
    list of (area, parts, share)
        The outline runs along the middle of its stroke. `share` is how much of the inside, away from the outline, is
        ink.
    """
    by_piece: dict[int, list[Part]] = {}
    for part in parts:
        by_piece.setdefault(part.piece, []).append(part)
    found = []
    for number, members in by_piece.items():
        piece = pieces[number - 1]
        area = _opened(piece, px_per_mm)
        if area is None:
            continue
        ink = sum(part.pixels for part in members)
        roundness = 4 * 3.1416 * area.area / area.length**2
        bulge = area.area / area.convex_hull.area
        if ink > _MOST_INK * piece.outline.area or roundness < _LEAST_ROUNDNESS or bulge < _LEAST_BULGE:
            continue
        wide = area.buffer(piece.width)
        inside = [part for part in members if part.stroke is None or _within(part, wide)]
        if sum(part.pixels for part in inside) < 0.6 * ink:
            continue
        rim = piece.width * area.length
        share = max(0.0, sum(part.pixels for part in inside) - rim) / area.area
        found.append((area, tuple(part.number for part in inside), share))
    return found


def _opened(piece: Piece, px_per_mm: float) -> shapely.Polygon | None:
    """Return what a piece closes off, out to the middle of its stroke, without the strokes that lead away."""
    if piece.outline.area < _LEAST_MM2 * px_per_mm**2:
        return None
    reach = 0.8 * piece.width + 0.3 * px_per_mm
    opened = piece.outline.buffer(-reach).buffer(reach - piece.width / 2)
    whole = [part for part in shapely.get_parts(opened) if part.geom_type == "Polygon" and not part.is_empty]
    if not whole:
        return None
    largest = max(whole, key=lambda part: part.area)
    return shapely.Polygon(largest.exterior) if largest.area > _LEAST_MM2 * px_per_mm**2 else None


def _within(part: Part, wide: shapely.Polygon) -> bool:
    if part.stroke is None:
        return True
    line = shapely.LineString(part.stroke.path)
    return bool(line.intersection(wide).length > 0.8 * line.length)
