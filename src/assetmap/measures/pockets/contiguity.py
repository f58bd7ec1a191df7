"""Which zones are neighbours, and which hang together."""

from __future__ import annotations

from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from assetmap.crs import require_metric
from assetmap.errors import InputError, UsageError

__all__ = ["GAP_M", "connected_sets", "neighbouring_zones"]

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

GAP_M = 1.0
"""Boundaries turned from degrees into metres no longer share every point: zones this near count as meeting."""
OVERLAP_SHARE = 0.01
"""Zones whose common area is more than this share of the smaller one overlap; less is a sliver of digitising."""
OVERLAP_M2 = 1.0
CORNER_GAPS = 10
"""Borders that keep within the gap for fewer gaps than this meet at a corner only."""
INTERIORS_MEET, BORDERS_MEET_IN_A_LINE = "T********", "****1****"
"""Patterns of the DE-9IM matrix."""


def neighbouring_zones(
    zones: gpd.GeoDataFrame, *, rule: Literal["queen", "rook"] = "queen", gap_m: float = GAP_M
) -> tuple[Ints, Ints]:
    """Return the pairs of zones that are neighbours, both ways round, as row numbers.

    Parameters
    ----------
    zones
        Table ``zones`` (polygons), metric CRS.
    rule
        ``queen``: they meet, if only at a corner; ``rook``: they have a length of border in common.
    gap_m
        Zones no farther apart than this count as meeting: boundaries of one publisher, rounded in degrees, miss
        each other by centimetres, and a tenth of the neighbours with it. 0 for boundaries known to fit.

    Raises
    ------
    CRSError
        If the zones aren't in metres.
    InputError
        If two zones overlap by more than a sliver (1 % of the smaller, and 1 m²).
    UsageError
        If the rule is unknown or the gap is negative.

    Examples
    --------
    >>> squares = [shapely.box(x, y, x + 100, y + 100) for x, y in ((0, 0), (100, 0), (200, 100))]
    >>> zones = gpd.GeoDataFrame({"zone_code": ["A", "B", "C"]}, geometry=squares, crs=27700)
    >>> [list(zip(*(row.tolist() for row in neighbouring_zones(zones, rule=rule)))) for rule in ("queen", "rook")]
    [[(0, 1), (1, 0), (1, 2), (2, 1)], [(0, 1), (1, 0)]]
    """
    require_metric(zones, "the zones")
    if rule not in ("queen", "rook") or not gap_m >= 0:
        raise UsageError(f"contiguity {rule!r} with a gap of {gap_m} m: give 'queen' or 'rook', and 0 m or more.")
    shapes = zones.geometry.to_numpy()
    near = {"predicate": "dwithin", "distance": gap_m} if gap_m else {"predicate": "intersects"}
    one, other = shapely.STRtree(shapes).query(shapes, **near)
    once = one < other
    one, other = one[once], other[once]
    shapely.prepare(shapes)
    crossing = shapely.relate_pattern(shapes[one], shapes[other], INTERIORS_MEET)
    _refuse_overlaps(zones, one[crossing], other[crossing])
    if rule == "rook":
        along = shapely.relate_pattern(shapes[one], shapes[other], BORDERS_MEET_IN_A_LINE)
        loose = np.flatnonzero(~along)
        along[loose] = _run_along(shapes[one[loose]], shapes[other[loose]], gap_m)
        one, other = one[along], other[along]
    pairs = np.unique(np.vstack([np.append(one, other), np.append(other, one)]), axis=1)
    return pairs[0], pairs[1]


def _run_along(one: Any, other: Any, gap_m: float) -> Bools:
    """Return which shapes, digitised apart, keep within the gap for longer than round a common corner."""
    if not gap_m:
        return np.zeros(len(one), dtype=bool)
    near = shapely.intersection(shapely.boundary(one), shapely.buffer(other, gap_m, quad_segs=4))
    found: Bools = shapely.length(near) > CORNER_GAPS * gap_m
    return found


def _refuse_overlaps(zones: gpd.GeoDataFrame, one: Ints, other: Ints) -> None:
    shapes = zones.geometry.to_numpy()
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    smaller = np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    bad = np.flatnonzero(common > np.maximum(OVERLAP_SHARE * smaller, OVERLAP_M2))
    if len(bad):
        codes = zones["zone_code"].to_numpy()
        raise InputError(
            f"{len(bad)} pair(s) of zones overlap (first: {codes[one[bad[0]]]} and {codes[other[bad[0]]]}, by "
            f"{common[bad[0]]:,.0f} m²): people there would count twice; give zones that don't overlap."
        )


def connected_sets(pairs: tuple[Ints, Ints], member: Bools) -> Ints:
    """Return the number of the connected set that each zone is in, -1 for zones that aren't members.

    Parameters
    ----------
    pairs
        Neighbours, as `neighbouring_zones` gives them.
    member
        Whether each zone counts.

    Examples
    --------
    >>> pairs = np.array([0, 1, 1, 2]), np.array([1, 0, 2, 1])
    >>> connected_sets(pairs, np.array([True, False, True])).tolist()
    [0, -1, 1]
    """
    numbers = np.flatnonzero(member)
    place = np.full(len(member), -1, dtype=np.int64)
    place[numbers] = np.arange(len(numbers))
    inside = member[pairs[0]] & member[pairs[1]]
    one, other = place[pairs[0][inside]], place[pairs[1][inside]]
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(numbers), len(numbers)))
    found = np.full(len(member), -1, dtype=np.int64)
    found[numbers] = connected_components(graph, directed=False)[1]
    return found
