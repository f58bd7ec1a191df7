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
_MOST_TURN = 32.0
_BENT_TIP = 0.5  # of the width
_HIDDEN_SHARE = 0.55
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


def strokes_of(parts: list[Part]) -> list[Trail]:
    """Return each stroke as a trail."""
    return [
        Trail((part.number,), (part.piece,), part.stroke.path, part.stroke.width, part.stroke.closed)
        for part in parts
        if part.stroke is not None
    ]


def join_hidden(parts: list[Part], hidden: Mask, *, px_per_mm: float) -> list[Trail]:
    """Return the trails of one pen's strokes, joined where they go on behind something.

    Parameters
    ----------
    parts
        Strokes of one pen.
    hidden
        (H, W) bool, where a stroke of this pen couldn't be seen: other pens' ink, dark print.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    trails = strokes_of(parts)
    links = []
    for one, other, gap in _near_ends(trails, _HIDDEN_MM * px_per_mm):
        turn = _turn(trails, one, other, gap, px_per_mm)
        start, end = _tip(trails, one), _tip(trails, other)
        share = _hidden_share(hidden, start, end)
        tiny = gap < _BREAK_MM * px_per_mm and turn < 1.6 * _MOST_TURN
        short = min(trails[one[0]].length, trails[other[0]].length) < _LONG_MM * px_per_mm
        lifted = gap < _LIFT_MM * px_per_mm and turn < (1.1 if gap < 0.6 * _LIFT_MM * px_per_mm else 0.6) * _MOST_TURN
        lifted = lifted and not short
        sure = _HIDDEN_SHARE if gap < 0.5 * _HIDDEN_MM * px_per_mm else 0.75
        if tiny or lifted or (turn < _MOST_TURN and share > sure):
            links.append(_Link(gap / px_per_mm * (1 + turn / 20) * (1.5 - share), one, other))
    return _join(trails, links)


def chain_dashes(trails: list[Trail], *, px_per_mm: float) -> tuple[list[Trail], list[Trail]]:
    """Return the dashed lines among trails, and the strokes side by side that print breaks, each as one trail."""
    longest = _LONGEST_DASH_MM * px_per_mm
    short = [trail for trail in trails if not trail.closed and trail.length <= longest and _straight(trail)]
    links = []
    for one, other, gap in _near_ends(short, _LONGEST_GAP_MM * px_per_mm):
        first, second = short[one[0]], short[other[0]]
        alike = min(first.length, second.length) > 0.3 * max(first.length, second.length)
        turn = _turn(short, one, other, gap, px_per_mm)
        reach = 1.4 * max(first.length, second.length) + first.width
        if alike and turn < 38 and gap < reach:
            links.append(_Link(gap * (1 + turn / 15), one, other))
    chains = [chain for chain in _join(short, links) if len(chain.parts) >= 2]
    links = []
    for one, other, gap in _near_ends(chains, _LONGEST_DROPOUT_MM * px_per_mm):
        turn = _turn(chains, one, other, gap, px_per_mm)
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
    return replace(chain, parts=chain.parts + tuple(number for trail in bits for number in trail.parts))


def _straight(trail: Trail) -> bool:
    return float(np.hypot(*(trail.path[-1] - trail.path[0]))) > 0.85 * trail.length


def _tip(trails: list[Trail], end: tuple[int, int]) -> Path:
    return np.asarray(trails[end[0]].path[0 if end[1] == 0 else -1])


def _outward(trails: list[Trail], end: tuple[int, int], px_per_mm: float) -> Path:
    """Return the way that a trail leaves at its end; the very tip, which another pen's rim bends, is left out."""
    trail = trails[end[0]]
    reach = 5.0 if trail.length > _LONG_MM * px_per_mm else 3.0
    path = trail.path if end[1] == 0 else trail.path[::-1]
    return -heading(path, reach * px_per_mm, max(0.3 * px_per_mm, _BENT_TIP * trail.width))


def _near_ends(trails: list[Trail], reach: float) -> list[tuple[tuple[int, int], tuple[int, int], float]]:
    from scipy.spatial import cKDTree

    ends = [(place, end) for place, trail in enumerate(trails) if not trail.closed for end in (0, 1)]
    if len(ends) < 2:
        return []
    tips = np.array([_tip(trails, end) for end in ends])
    found = []
    for first, second in sorted(cKDTree(tips).query_pairs(reach)):
        if ends[first][0] != ends[second][0]:
            found.append((ends[first], ends[second], float(np.hypot(*(tips[first] - tips[second])))))
    return found


def _turn(trails: list[Trail], one: tuple[int, int], other: tuple[int, int], gap: float, px_per_mm: float) -> float:
    """Return the largest of the turns in degrees that a pen would make over a gap."""
    leaving, arriving = _outward(trails, one, px_per_mm), -_outward(trails, other, px_per_mm)
    across = _tip(trails, other) - _tip(trails, one)
    cosines = [float(leaving @ arriving)]
    if gap > 1.0 * px_per_mm:
        cosines += [float(leaving @ across) / gap, float(arriving @ across) / gap]
    return float(np.degrees(np.arccos(np.clip(min(cosines), -1, 1))))


def _hidden_share(hidden: Mask, start: Path, end: Path) -> float:
    steps = max(2, round(float(np.hypot(*(end - start)))))
    points = np.rint(start + (end - start) * np.linspace(0, 1, steps)[:, None]).astype(int)
    rows, columns = points[:, 1].clip(0, hidden.shape[0] - 1), points[:, 0].clip(0, hidden.shape[1] - 1)
    return float(hidden[rows, columns].mean())


def _join(trails: list[Trail], links: list[_Link]) -> list[Trail]:
    """Join trails end to end along the links that cost least, each end once."""
    partner: dict[tuple[int, int], tuple[int, int]] = {}
    for link in sorted(links):
        if link.one not in partner and link.other not in partner:
            partner[link.one], partner[link.other] = link.other, link.one
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
