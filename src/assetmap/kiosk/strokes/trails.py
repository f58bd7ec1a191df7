"""Strokes joined where another pen, dark print or a lifted hand hides a little of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.kiosk.strokes.parts import Part
from assetmap.kiosk.strokes.skeleton import path_length
from assetmap.kiosk.strokes.tracing import heading

__all__ = ["Trail", "chain_dashes", "join_hidden", "strokes_of"]

Path = NDArray[Any]
Mask = NDArray[Any]

_HIDDEN_MM = 12.0
_BREAK_MM = 1.2
_LIFT_MM = 3.5
_LONG_MM = 12.0
_FAR_MM, _UNSEEN, _OWN_SHARE = 40.0, 0.9, 0.2  # over another pen's area: how much of the way says nothing against it
_STRAIGHT_ON = 12.0
_MOST_OPEN, _RING_TURN, _RING_UNSEEN = 0.35, 120.0, 0.7  # of a ring's length, how far it turns there, and how hidden
_MOST_TURN = 32.0
_BENT_TIP, _WEDGE = 0.5, 1.2  # of the width: at a tip of its own, and where other ink may cut it at a slant
_HIDDEN_SHARE = 0.55
_RINGS, _BITS = 500.0, 1000.0  # rings are closed before bits, whose ends say little, are joined to anything
_BIT_MM = 6.0
_LONGEST_DASH_MM = 13.0
_LONGEST_GAP_MM = 9.0
_LONGEST_DROPOUT_MM = 22.0  # where a dash or two can't be seen
_DASHES = 3
_BESIDE_MM, _NEIGHBOURS = 12.0, 2  # how near strokes of broken hatching run, and beside how many others


@dataclass(frozen=True)
class Trail:
    """A path of the pen: one stroke, or several in a row.

    Parameters
    ----------
    parts
        Numbers of its parts.
    pieces
        The connected pieces of ink that they lie in.
    path
        (n, 2) x, y in pixels of the grid.
    width
        Width in pixels.
    closed
        Whether it ends where it began.
    """

    parts: tuple[int, ...]
    pieces: tuple[int, ...]
    path: Path
    width: float
    closed: bool

    @property
    def length(self) -> float:
        """Length in pixels."""
        return path_length(self.path)


class _Link(NamedTuple):
    cost: float
    one: tuple[int, int]
    other: tuple[int, int]
    way: Path | None = None


def strokes_of(parts: list[Part]) -> list[Trail]:
    """Return each stroke as a trail."""
    return [
        Trail((part.number,), (part.piece,), part.stroke.path, part.stroke.width, part.stroke.closed)
        for part in parts
        if part.stroke is not None
    ]


def join_hidden(parts: list[Part], hidden: Mask, inked: Mask, *, px_per_mm: float) -> list[Trail]:
    """Return the trails of one pen's strokes, joined where they go on behind something.

    Parameters
    ----------
    parts
        Strokes of one pen.
    hidden
        (H, W) bool, where a stroke of this pen couldn't be seen: other pens' ink, dark print.
    inked
        (H, W) bool, this pen's ink.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    trails = strokes_of(parts)
    links = _far_links(trails, hidden, inked, px_per_mm)
    for one, other, gap in _near_ends(trails, _HIDDEN_MM * px_per_mm):
        turn = _turn(trails, one, other, px_per_mm, _WEDGE)
        start, end = _tip(trails, one), _tip(trails, other)
        share = _hidden_share(hidden, start, end)
        tiny = gap < _BREAK_MM * px_per_mm and turn < 1.6 * _MOST_TURN
        short = min(trails[one[0]].length, trails[other[0]].length) < _LONG_MM * px_per_mm
        lifted = gap < _LIFT_MM * px_per_mm and turn < (1.1 if gap < 0.6 * _LIFT_MM * px_per_mm else 0.6) * _MOST_TURN
        lifted = lifted and not short
        on_ink = gap < _LIFT_MM * px_per_mm and turn < _MOST_TURN and _hidden_share(inked, start, end) > _UNSEEN
        sure = _HIDDEN_SHARE if gap < 0.5 * _HIDDEN_MM * px_per_mm else 0.75
        if tiny or lifted or on_ink or (turn < _MOST_TURN and share > sure):
            bit = min(trails[one[0]].length, trails[other[0]].length) < _BIT_MM * px_per_mm
            links.append(_Link(bit * _BITS + gap / px_per_mm * (1 + turn / 20) * (1.5 - share), one, other))
    joined = _join(trails, links)
    bits = [trail for trail in joined if trail.length < _LONG_MM * px_per_mm]
    whole = [_with_bits(trail, bits, px_per_mm) if len(trail.parts) > 1 else trail for trail in joined]
    taken = {number for trail in whole if len(trail.parts) > 1 for number in trail.parts}
    return [trail for trail in whole if len(trail.parts) > 1 or taken.isdisjoint(trail.parts)]


def _far_links(trails: list[Trail], hidden: Mask, inked: Mask, px_per_mm: float) -> list[_Link]:
    """Return the links between long trails over other pens' areas, on a smooth way that is hidden or has this ink.

    Two trails need some of their ink on the way, unless one goes straight on in the other; the two ends of one
    trail, which make a ring, need none.
    """
    long = [place for place, trail in enumerate(trails) if trail.length > _LONG_MM * px_per_mm and not trail.closed]
    few = [trails[place] for place in long]
    links = []
    for one, other, gap in _near_ends(few, _FAR_MM * px_per_mm, rings=True):
        ring = one[0] == other[0]
        if gap < _BREAK_MM * px_per_mm or (ring and gap > _MOST_OPEN * few[one[0]].length):
            continue
        turn = _turn(few, one, other, px_per_mm, _WEDGE)
        if turn > (_RING_TURN if ring else _MOST_TURN):
            continue
        way = _smooth_way(few, one, other, gap, px_per_mm)
        own, unseen = _share_of(inked, way), _share_of(hidden | inked, way)
        start, end = (long[one[0]], one[1]), (long[other[0]], other[1])
        if ring and unseen > _RING_UNSEEN:
            links.append(_Link(_RINGS + gap / px_per_mm * (1 + turn / 20) * (1.5 - unseen), start, end, way))
        elif not ring and unseen > _UNSEEN and (own > _OWN_SHARE or turn < _STRAIGHT_ON):
            links.append(_Link(-unseen, start, end, way))
    return links


def _smooth_way(
    trails: list[Trail], one: tuple[int, int], other: tuple[int, int], gap: float, px_per_mm: float
) -> Path:
    """Return a way from one end to another that leaves and arrives as the trails do (a cubic Hermite curve)."""
    _, leaving = _outward(trails, one, px_per_mm, _WEDGE)
    _, backward = _outward(trails, other, px_per_mm, _WEDGE)
    step = np.linspace(0, 1, max(3, round(gap)))[:, None]
    start, end = _tip(trails, one), _tip(trails, other)
    return np.asarray(
        (2 * step**3 - 3 * step**2 + 1) * start
        + (step**3 - 2 * step**2 + step) * gap * leaving
        + (3 * step**2 - 2 * step**3) * end
        - (step**3 - step**2) * gap * backward
    )


def chain_dashes(trails: list[Trail], *, px_per_mm: float) -> tuple[list[Trail], list[Trail]]:
    """Return the dashed lines among trails, and the strokes side by side that print breaks, each as one trail."""
    longest = _LONGEST_DASH_MM * px_per_mm
    short = [trail for trail in trails if not trail.closed and trail.length <= longest and _straight(trail)]
    links = []
    for one, other, gap in _near_ends(short, _LONGEST_GAP_MM * px_per_mm):
        first, second = short[one[0]], short[other[0]]
        alike = min(first.length, second.length) > 0.3 * max(first.length, second.length)
        turn = _turn(short, one, other, px_per_mm)
        reach = 1.4 * max(first.length, second.length) + first.width
        if alike and turn < 38 and gap < reach:
            links.append(_Link(gap * (1 + turn / 15), one, other))
    chains = [chain for chain in _join(short, links) if len(chain.parts) >= 2]
    links = []
    for one, other, gap in _near_ends(chains, _LONGEST_DROPOUT_MM * px_per_mm):
        turn = _turn(chains, one, other, px_per_mm)
        if turn < (40 if gap < 0.5 * _LONGEST_DROPOUT_MM * px_per_mm else 22):
            links.append(_Link(gap * (1 + turn / 15), one, other))
    chains = _join(chains, links)
    dashed = [chain for chain in chains if len(chain.parts) >= _DASHES and len(set(chain.pieces)) >= _DASHES]
    broken = [chain for chain in dashed if _has_neighbours(chain, dashed, px_per_mm)]
    dashed = [chain for chain in dashed if all(chain is not other for other in broken)]
    used = {number for chain in [*dashed, *broken] for number in chain.parts}
    rest = [trail for trail in trails if trail.length <= longest and used.isdisjoint(trail.parts)]
    return [_with_bits(chain, rest, px_per_mm) for chain in dashed], broken


def _has_neighbours(chain: Trail, chains: list[Trail], px_per_mm: float) -> bool:
    """Whether two more chains run beside one for most of its way: strokes of a hatched area, broken by the print."""
    line = shapely.LineString(chain.path)
    beside = [
        line.intersection(shapely.LineString(other.path).buffer(_BESIDE_MM * px_per_mm)).length
        for other in chains
        if other is not chain
    ]
    return len([length for length in beside if length > 0.5 * line.length]) >= _NEIGHBOURS


def _with_bits(chain: Trail, trails: list[Trail], px_per_mm: float) -> Trail:
    """Give a dashed line the short strokes on its way that are no straight dashes."""
    way = shapely.LineString(chain.path).buffer(0.5 * chain.width + 0.6 * px_per_mm)
    bits = [trail for trail in trails if way.contains(shapely.LineString(trail.path))]
    return replace(
        chain,
        parts=chain.parts + tuple(number for trail in bits for number in trail.parts),
        pieces=chain.pieces + tuple(number for trail in bits for number in trail.pieces),
    )


def _straight(trail: Trail) -> bool:
    return float(np.hypot(*(trail.path[-1] - trail.path[0]))) > 0.85 * trail.length


def _tip(trails: list[Trail], end: tuple[int, int]) -> Path:
    return np.asarray(trails[end[0]].path[0 if end[1] == 0 else -1])


def _outward(trails: list[Trail], end: tuple[int, int], px_per_mm: float, bent: float) -> tuple[Path, Path]:
    """Return where a trail's straight end lies and the way that it leaves there.

    The very tip, `bent` times as long as the stroke is wide, is left out: beside another pen's ink it is a wedge,
    whose middle line turns into its corner.
    """
    trail = trails[end[0]]
    reach = 5.0 if trail.length > _LONG_MM * px_per_mm else 3.0
    path = trail.path if end[1] == 0 else trail.path[::-1]
    skip = max(0.3 * px_per_mm, bent * trail.width)
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(path, axis=0).T))]
    at = path[int(np.searchsorted(along, min(skip, 0.4 * along[-1])))]
    return at, -heading(path, reach * px_per_mm, skip)


def _near_ends(
    trails: list[Trail], reach: float, *, rings: bool = False
) -> list[tuple[tuple[int, int], tuple[int, int], float]]:
    from scipy.spatial import cKDTree

    ends = [(place, end) for place, trail in enumerate(trails) if not trail.closed for end in (0, 1)]
    if len(ends) < 2:
        return []
    tips = np.array([_tip(trails, end) for end in ends])
    found = []
    for first, second in sorted(cKDTree(tips).query_pairs(reach)):
        if rings or ends[first][0] != ends[second][0]:
            found.append((ends[first], ends[second], float(np.hypot(*(tips[first] - tips[second])))))
    return found


def _turn(
    trails: list[Trail], one: tuple[int, int], other: tuple[int, int], px_per_mm: float, bent: float = _BENT_TIP
) -> float:
    """Return the largest of the turns in degrees that a pen would make over a gap."""
    start, leaving = _outward(trails, one, px_per_mm, bent)
    end, backward = _outward(trails, other, px_per_mm, bent)
    across, arriving = end - start, -backward
    gap = float(np.hypot(*across))
    cosines = [float(leaving @ arriving)]
    if gap > 1.0 * px_per_mm:
        cosines += [float(leaving @ across) / gap, float(arriving @ across) / gap]
    return float(np.degrees(np.arccos(np.clip(min(cosines), -1, 1))))


def _hidden_share(hidden: Mask, start: Path, end: Path) -> float:
    steps = max(2, round(float(np.hypot(*(end - start)))))
    return _share_of(hidden, start + (end - start) * np.linspace(0, 1, steps)[:, None])


def _share_of(mask: Mask, way: Path) -> float:
    """Return the share of a way's points at which a mask is true."""
    points = np.rint(way).astype(int)
    rows, columns = points[:, 1].clip(0, mask.shape[0] - 1), points[:, 0].clip(0, mask.shape[1] - 1)
    return float(mask[rows, columns].mean())


def _join(trails: list[Trail], links: list[_Link]) -> list[Trail]:
    """Join trails end to end along the links that cost least, each end once."""
    partner: dict[tuple[int, int], tuple[int, int]] = {}
    ways: dict[tuple[int, int], Path] = {}
    for link in sorted(links, key=lambda link: link[:3]):
        if link.one not in partner and link.other not in partner:
            partner[link.one], partner[link.other] = link.other, link.one
            if link.way is not None:
                ways[link.one], ways[link.other] = link.way, link.way[::-1]
    joined, walked = [], set()
    starts = [(place, end) for place in range(len(trails)) for end in (0, 1) if (place, end) not in partner]
    for place, end in starts + [(place, 0) for place in range(len(trails))]:
        if place in walked:
            continue
        row: list[int] = []
        paths: list[Path] = []
        here, entry = place, end
        closed = trails[place].closed
        while here not in walked:
            walked.add(here)
            row.append(here)
            paths.append(trails[here].path if entry == 0 else trails[here].path[::-1])
            onward = partner.get((here, 1 - entry))
            if onward is None:
                break
            paths += [ways[here, 1 - entry]] if (here, 1 - entry) in ways else []
            here, entry = onward
            closed = closed or (here == place and entry == end)
        members = [trails[index] for index in row]
        path = np.vstack(paths)
        if closed and len(row) > 1:
            path = np.vstack([path, path[:1]])
        joined.append(
            Trail(
                tuple(number for member in members for number in member.parts),
                tuple(piece for member in members for piece in member.pieces),
                path,
                float(np.median([member.width for member in members])),
                closed,
            )
        )
    return joined
