"""Which assets are records of one place: by distance, overlap, kind and name, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.place_names import name_similarity
from assetmap.taxonomy import taxonomy

__all__ = ["PAIR_COLUMNS", "find_duplicates"]

Array = np.ndarray[Any, np.dtype[Any]]

PAIR_COLUMNS = {
    "asset_id": "str",
    "duplicate_of": "str",
    "distance_m": "float64",
    "name_similarity": "float64",
    "reason": "str",
}
_GROUNDS = {"playground", "pitch", "golf_course"}  # with green space: places that are an outline, not a building
_NAMES_ALIKE_HERE = 0.6  # at the same spot
_NAMES_ALIKE_FAR = 0.85  # at the greatest distance, or of another category
_NAMES_ALIKE_IN_ONE = 0.9  # in one source, which tells its own places apart by small differences
_OVERLAP = 0.5  # of the smaller outline, where kind and name agree
_OVERLAP_OTHER_KIND = 0.5  # of both outlines together, where they don't
_SAME_SOURCE_OVERLAP = 0.9


@dataclass(frozen=True)
class _Pairs:
    """Candidate pairs, as row numbers: `second` may be a duplicate of `first`, which comes first in rank."""

    first: Array
    second: Array
    distance: Array
    overlap: Array
    """Area of the intersection as a share of the smaller outline; 0 unless both are areas."""
    together: Array
    """The same as a share of the two outlines' union."""


def find_duplicates(assets: gpd.GeoDataFrame, *, max_distance_m: float) -> pd.DataFrame:
    """Return the assets that are second records of others.

    Assets of one category are compared, and green spaces of any, since one publisher's park is another's
    recreation ground. Two outlines of green space or grounds are one place by how much they overlap; other
    records by lying close together (or one in the other) with like names, which must be the more alike the
    farther apart they lie; a record without a name is one with the record of its category that contains it.
    Every duplicate points to an asset that is kept.

    Parameters
    ----------
    assets
        The asset table.
    max_distance_m
        How far apart two records of one place may lie.

    Returns
    -------
    DataFrame
        Columns of `PAIR_COLUMNS`, one row a duplicate.
    """
    order = _rank(assets)
    pairs = _candidates(assets, order, max_distance_m)
    facts = _Facts.of(assets)
    matches: dict[int, list[_Match]] = {}
    for place in range(len(pairs.first)):
        found = _reason(facts, pairs, place, max_distance_m)
        if found is not None:
            overlap, nearness = float(pairs.overlap[place]), -float(pairs.distance[place])
            match = _Match(overlap, nearness, int(pairs.first[place]), *found)
            matches.setdefault(int(pairs.second[place]), []).append(match)
    return _settle(assets, facts, order, matches)


class _Match(NamedTuple):
    """A record that another may be a duplicate of; the greatest is the best."""

    overlap: float
    nearness: float
    first: int
    reason: str
    alike: float


@dataclass(frozen=True)
class _Facts:
    """The columns that decide, as plain lists for a quick loop."""

    name: list[str | None]
    category: list[str]
    group: list[str]
    source: list[str]
    area: Array
    ground: Array

    @classmethod
    def of(cls, assets: gpd.GeoDataFrame) -> _Facts:
        names = [None if pd.isna(name) else str(name) for name in assets["name"]]
        categories = [str(category) for category in assets["category"]]
        groups = [taxonomy().categories[category].group for category in categories]
        area = np.asarray(shapely.get_dimensions(assets.geometry.to_numpy()) == 2)
        return cls(names, categories, groups, list(map(str, assets["source"])), area, area & _is_ground(assets))


def _is_ground(assets: gpd.GeoDataFrame) -> Array:
    grounds = {*taxonomy().members("green_space"), *_GROUNDS}
    return np.asarray(assets["category"].isin(grounds))


def _rank(assets: gpd.GeoDataFrame) -> Array:
    """Return row numbers, what is kept first: large grounds, then OSM before lists, outlines before points."""
    shapes = assets.geometry.to_numpy()
    outline = shapely.get_dimensions(shapes) == 2
    ground = outline & _is_ground(assets)
    tables = pd.factorize(assets["source"])[0]
    source = np.where(assets["source"] == "osm", -1, tables)
    area = np.where(outline, -shapely.area(shapes), 0.0)
    identifier = assets["asset_id"].to_numpy(dtype=str)
    return np.lexsort((identifier, area, ~outline, np.where(ground, 0, source), np.where(ground, area, 0.0), ~ground))


def _candidates(assets: gpd.GeoDataFrame, order: Array, max_distance_m: float) -> _Pairs:
    """Return the pairs that may be one place, by distance, group and having names, with what they share of area."""
    shapes = assets.geometry.to_numpy()
    group = pd.factorize(assets["category"].map({c.code: c.group for c in taxonomy().categories.values()}))[0]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    # Boxes first: a distance is measured once a pair, and not between kinds that are never compared.
    margin_m = np.array([-1, -1, 1, 1]) * max_distance_m
    boxes = shapely.box(*(shapely.bounds(shapes) + margin_m).T)
    left, right = shapely.STRtree(shapes).query(boxes)
    keep = (place[left] < place[right]) & (group[left] == group[right])
    first, second = left[keep], right[keep]
    distance = shapely.distance(shapes[first], shapes[second])
    named = (assets["name"].notna() & (assets["name"] != "")).to_numpy()
    # apart from each other, records are one place only by their names: a city has thousands of nameless gardens
    near = (distance == 0) | (distance <= max_distance_m) & named[first] & named[second]
    first, second, distance = first[near], second[near], distance[near]
    outline = shapely.get_dimensions(shapes) == 2
    overlap, together = np.zeros(len(first)), np.zeros(len(first))
    both = np.flatnonzero(outline[first] & outline[second] & (distance == 0))
    shared = shapely.area(shapely.intersection(shapes[first[both]], shapes[second[both]]))
    mine, theirs = shapely.area(shapes[first[both]]), shapely.area(shapes[second[both]])
    overlap[both] = shared / np.minimum(mine, theirs)
    together[both] = shared / (mine + theirs - shared)
    return _Pairs(first, second, distance, overlap, together)


def _reason(facts: _Facts, pairs: _Pairs, place: int, max_distance_m: float) -> tuple[str, float] | None:
    """Return why a pair is one place and how alike the names are, or None where it is two."""
    a, b = int(pairs.first[place]), int(pairs.second[place])
    same_kind = facts.category[a] == facts.category[b]
    if not same_kind and facts.group[a] != "green_space":
        return None  # a library in a community centre is a library too: each counts for its own category
    mine, theirs = facts.name[a], facts.name[b]
    alike = name_similarity(mine, theirs, facts.category[a]) if mine and theirs else float("nan")
    if facts.area[a] and facts.area[b]:
        reason = _reason_of_outlines(facts, pairs, place, alike, max_distance_m)
    elif np.isnan(alike):
        inside = pairs.distance[place] == 0 and same_kind and (facts.area[a] or facts.area[b])
        reason = "same kind, one lies in the other and has no name of its own" if inside else None
    else:
        reason = _reason_of_names(facts, pairs, place, alike, max_distance_m)
    return None if reason is None else (reason, alike)


def _reason_of_outlines(facts: _Facts, pairs: _Pairs, place: int, alike: float, max_distance_m: float) -> str | None:
    a, b = int(pairs.first[place]), int(pairs.second[place])
    overlap, together = float(pairs.overlap[place]), float(pairs.together[place])
    same_kind = facts.category[a] == facts.category[b]
    agree = np.isnan(alike) or alike >= _NAMES_ALIKE_HERE
    if facts.source[a] == facts.source[b]:
        # one source draws a place twice (a way and a relation), or a part of it: only the former is a duplicate
        twice = same_kind and together >= _SAME_SOURCE_OVERLAP
        return f"drawn twice, outlines overlap by {together:.0%}" if twice and agree else None
    if facts.ground[a] and facts.ground[b]:
        if same_kind and agree and overlap >= _OVERLAP:
            return f"same kind, {overlap:.0%} of the smaller outline lies in the larger"
        if together >= _OVERLAP_OTHER_KIND:
            return f"outlines overlap by {together:.0%}"
        return None
    return None if np.isnan(alike) else _reason_of_names(facts, pairs, place, alike, max_distance_m)


def _reason_of_names(facts: _Facts, pairs: _Pairs, place: int, alike: float, max_distance_m: float) -> str | None:
    a, b = int(pairs.first[place]), int(pairs.second[place])
    distance = float(pairs.distance[place])
    near = distance / max_distance_m if max_distance_m else 0.0
    wanted = _NAMES_ALIKE_HERE + (_NAMES_ALIKE_FAR - _NAMES_ALIKE_HERE) * near
    same_kind = facts.category[a] == facts.category[b]
    if not same_kind:
        wanted = _NAMES_ALIKE_FAR
    if facts.source[a] == facts.source[b]:
        wanted = _NAMES_ALIKE_IN_ONE
    if alike < wanted:
        return None
    kind = "same kind" if same_kind else "green space both"
    inside = "one lies in the other" if facts.area[a] or facts.area[b] else "at one point"
    where = inside if distance == 0 else f"{distance:.0f} m apart"
    return f"{kind}, names {alike:.0%} alike, {where}"


def _settle(assets: gpd.GeoDataFrame, facts: _Facts, order: Array, matches: dict[int, list[_Match]]) -> pd.DataFrame:
    """Give each duplicate the best match that is itself kept."""
    identifier = assets["asset_id"].to_numpy(dtype=object)
    dropped: set[int] = set()
    adopted: dict[int, str] = {}
    rows = []
    for row in order.tolist():
        name = facts.name[row]
        kept = [
            match
            for match in matches.get(row, [])
            if match.first not in dropped and _fits(adopted.get(match.first), name, facts.category[row])
        ]
        if kept:
            best = max(kept)
            dropped.add(row)
            if name and not facts.name[best.first]:
                adopted.setdefault(best.first, name)
            rows.append((identifier[row], identifier[best.first], -best.nearness, best.alike, best.reason))
    frame = pd.DataFrame(rows, columns=list(PAIR_COLUMNS))
    return frame.astype(PAIR_COLUMNS).sort_values("asset_id", ignore_index=True)


def _fits(adopted: str | None, name: str | None, category: str) -> bool:
    """Whether a record may join a nameless one that another named record has joined: two schools on one site."""
    return not (adopted and name) or name_similarity(adopted, name, category) >= _NAMES_ALIKE_HERE
