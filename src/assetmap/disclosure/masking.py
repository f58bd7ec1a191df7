"""Residents' points moved away from where they were drawn, by chance but for good: donut masking."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from assetmap.crs import require_metric
from assetmap.errors import DisclosureError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["MaskedPoints", "Ring", "ledger_names", "mark_key", "mask_points", "people_around", "ring_of"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

_STREETS = 50
"""Density is that of the circle with this many times k people: of a few streets, not of one block of flats."""
_VARIES = 2.0
_DIRECTIONS = 8
_DRAWS = 500
_HOMES_AT_ONCE = 64
_SAME_PLACE_M = 1.0
_TELLING = 20  # characters: shorter words a voice may well say twice
_ABOUT_THERE_M = 50.0
"""Within so much a mark's draw stays the same: a sheet that is read again may place a mark a little differently."""

NO_PLACE = "no place within its ring is on land inside the study with enough people nearer"
MOVED_SINCE = "it has moved since an earlier release showed it elsewhere"
NOT_A_POINT = "lines and areas are counted in squares, not moved"


@dataclass(frozen=True)
class Ring:
    """Between which distances a point is moved."""

    inner_m: float
    outer_m: float
    uneven: bool
    """Whether density around it varies by more than 2, so that areas were tripled."""


@dataclass(frozen=True)
class MaskedPoints:
    """Points as they may be shown, and those that may not."""

    points: gpd.GeoDataFrame
    """The rows given, with their masked geometry. Never an input to a measure."""
    displacement_m: pd.Series[float]
    """How far each was moved, by ``annotation_id``. For the team: not to be published point by point."""
    people_nearer: pd.Series[float]
    """How many people live nearer to the true point than the masked one, by ``annotation_id``. For the team."""
    names: Mapping[str, tuple[str, ...]]
    """By what the ledger knows each, by ``annotation_id``: by voice and place, and by voice and words. They can't be
    led back without the study's secret."""
    withheld: pd.DataFrame
    """``annotation_id`` and ``reason`` of those that could not be masked."""

    def quantiles(self) -> dict[str, float]:
        """Return how far points were moved: least, tenth, half, nine tenths and most, in whole metres."""
        if self.displacement_m.empty:
            return {}
        found = self.displacement_m.quantile([0, 0.1, 0.5, 0.9, 1]).round(0)
        return dict(zip(("min", "p10", "median", "p90", "max"), found.tolist(), strict=True))


def mark_key(secret: bytes, name: str, purpose: str) -> bytes:
    """Return 32 bytes that belong to a name, and can't be told from chance without the study's secret."""
    return hmac.new(secret, f"{purpose}\x00{name}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def people_around(origins: gpd.GeoDataFrame) -> tuple[cKDTree, Floats]:
    """Return the homes of an area to search by distance, and the people of each.

    Raises
    ------
    DisclosureError
        If nobody knows how many people live there.
    """
    require_metric(origins, "the origins")
    people = origins["people"].to_numpy(dtype=float)
    if not len(people) or np.isnan(people).any() or not people.sum() > 0:
        raise DisclosureError(
            "residents' marks can't be hidden among k people, since the population is missing for some zones: add it "
            "with `assetmap add`, or publish without residents' marks."
        )
    lived_in = people > 0
    points = shapely.get_coordinates(origins.geometry.to_numpy()[lived_in])
    return cKDTree(points), people[lived_in]


def ring_of(xy: Floats, homes: tuple[cKDTree, Floats], k: int) -> Ring:
    r"""Return between which distances a point at `xy` (metres) is moved.

    :math:`r_{in} = \sqrt{k / \pi\rho}` and :math:`r_{out} = \sqrt{5k / \pi\rho}`, both areas tripled where the
    density :math:`\rho` of people in eight directions on the outer circle varies by more than 2. (Tripling the inner
    one alone would leave a ring with half as many people to be taken for.) The density is that of the circle that
    holds 50 k people, or where people live farther off, as beside a park, the one at which the inner circle
    reaches k of them.

    References
    ----------
    Hampton, K. H. et al. (2010). Mapping health data: improved privacy protection with donut method geomasking.
    American Journal of Epidemiology 172, 1062-1069.
    Allshouse, W. B. et al. (2010). Geomasking sensitive health data and privacy protection: an evaluation using an
    E911 database. Geocarto International 25, 443-452.
    """
    radius, _ = _radius_of(xy, homes, k)
    density = min(_density(xy, homes, _STREETS * k), k / (np.pi * radius**2))
    outer = float(np.sqrt(5 * k / (np.pi * density)))
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    around = [_density(xy + outer * np.array([np.cos(a), np.sin(a)]), homes, 5 * k) for a in angles]
    uneven = max(around) > _VARIES * min(around)
    times = np.sqrt(3) if uneven else 1.0
    return Ring(times * outer / np.sqrt(5), times * outer, uneven)


def _radius_of(xy: Floats, homes: tuple[cKDTree, Floats], wanted: float) -> tuple[float, float]:
    """Return how far from a place so many people are reached, or all, and how many these are."""
    tree, people = homes
    asked = _HOMES_AT_ONCE
    while True:
        distance, home = tree.query(xy, k=np.arange(1, min(asked, tree.n) + 1))
        within = np.cumsum(people[home])
        if within[-1] >= wanted or asked >= tree.n:
            last = min(int(np.searchsorted(within, wanted)), len(within) - 1)
            return max(float(distance[last]), 1.0), float(within[last])
        asked *= 2


def _density(xy: Floats, homes: tuple[cKDTree, Floats], wanted: float) -> float:
    """Return people per m² in the circle around a place that holds so many of them, or all."""
    radius, within = _radius_of(xy, homes, wanted)
    return within / (np.pi * radius**2)


def mask_points(
    marks: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    *,
    land: BaseGeometry,
    secret: bytes,
    k: int = 10,
    earlier: Mapping[str, tuple[float, float]] | None = None,
) -> MaskedPoints:
    """Move residents' points by chance, so that at least k people live nearer to each than its masked place.

    A masked place is uniform by area in the point's ring (`ring_of`), drawn again until it is on land inside the
    study and k people live nearer to the true point. The draw follows from the study's secret, who made the mark and
    where: publishing again shows the same place, so that releases can't be averaged. (Not from the mark's id, which
    is another one as soon as a row is added to its file.) Marks of one contributor, or of one sheet where nobody knows
    whose, that lie in one another's rings share their draw, or their average would tell where they all come from.

    Parameters
    ----------
    marks
        Table ``annotations``. What isn't a point is withheld: it is counted in squares instead.
    origins
        Table ``origins``, same CRS: where people live.
    land
        The study's area without its water, same CRS.
    secret
        The study's secret.
    k
        People to hide among.
    earlier
        Places that earlier releases have shown, by `MaskedPoints.names`: shown there again, or not at all.

    Returns
    -------
    MaskedPoints
        Sorted by ``annotation_id``.

    Raises
    ------
    DisclosureError
        If the population is missing.
    """
    require_metric(marks, "residents' marks")
    homes = people_around(origins)
    shapely.prepare(land)
    ordered = marks.sort_values("annotation_id")
    is_point = (ordered.geometry.geom_type == "Point").to_numpy()
    withheld = [(str(mark), NOT_A_POINT) for mark in ordered["annotation_id"][~is_point]]
    points = ordered[is_point]
    placed: dict[str, tuple[Floats, float, float]] = {}
    names = ledger_names(points, secret)
    shown = earlier or {}
    shared = _Shared({})
    for mark, who, xy in _by_voice(points):
        ring = ring_of(xy, homes, k)
        seed = shared.draw_of(who, xy, ring)
        before = next((shown[name] for name in names[mark] if name in shown), None)
        drawn = np.array([before]) if before else _draws(mark_key(secret, seed, "mask"), xy, ring)
        found = _first_fit(xy, drawn, land, homes, k)
        if found is None:
            withheld.append((mark, MOVED_SINCE if before else NO_PLACE))
        else:
            placed[mark] = found
            names[mark] = tuple(n for n in names[mark] if tuple(shown.get(n, found[0])) == tuple(found[0]))
    kept = points[points["annotation_id"].astype(str).isin(placed)]
    ids = kept["annotation_id"].astype(str).tolist()
    moved = gpd.GeoSeries(
        shapely.points([placed[i][0] for i in ids] or np.empty((0, 2))), index=kept.index, crs=marks.crs
    )
    return MaskedPoints(
        points=kept.set_geometry(moved),
        displacement_m=pd.Series({i: placed[i][1] for i in ids}, dtype=float),
        people_nearer=pd.Series({i: placed[i][2] for i in ids}, dtype=float),
        names={i: names[i] for i in ids},
        withheld=pd.DataFrame(sorted(withheld), columns=["annotation_id", "reason"]),
    )


def _by_voice(points: gpd.GeoDataFrame) -> list[tuple[str, str, Floats]]:
    """Return id, voice and place of each point, in an order that doesn't depend on how rows are numbered."""
    empty = pd.Series(None, index=points.index, dtype="str")
    who = points.get("contributor_id", empty)
    who = who.where(who.notna(), points.get("sheet_id", empty)).astype(object).where(lambda v: v.notna(), "")
    rows = zip(
        points["annotation_id"].astype(str),
        who.astype(str),
        shapely.get_coordinates(points.representative_point().to_numpy()),
        strict=True,
    )
    return sorted(rows, key=lambda row: (row[1], *row[2].tolist(), row[0]))


def ledger_names(points: gpd.GeoDataFrame, secret: bytes) -> dict[str, tuple[str, ...]]:
    """Return by what the ledger knows each mark: names that stay when a file's rows are numbered anew.

    They are of its voice and place, and of its voice and words. A name that two of the marks would have is none.

    Parameters
    ----------
    points
        Marks as they were drawn, with ``annotation_id`` and, where they are known, ``contributor_id``, ``sheet_id`` and
        ``text``. Of a line or an area a point on it is taken.
    secret
        The study's secret.
    """
    voices = _by_voice(points)
    said = dict(zip(points["annotation_id"].astype(str), points.get("text", pd.Series("", points.index)), strict=True))
    found = {mark: [f"place\x00{_name(who, xy, _SAME_PLACE_M)}"] for mark, who, xy in voices}
    for mark, who, _ in voices:
        if who and isinstance(said[mark], str) and len(said[mark]) >= _TELLING:
            found[mark].append(f"words\x00{who}\x00{said[mark]}")
    often = Counter(name for names in found.values() for name in names)
    return {
        mark: tuple(mark_key(secret, name, "ledger").hex() for name in names if often[name] == 1)
        for mark, names in found.items()
    }


def _name(who: str, xy: Floats, cell_m: float) -> str:
    """Return a name for a voice at a place, the same within a square."""
    x, y = np.floor(xy / cell_m).astype(int).tolist()
    return f"{who}\x00{x}\x00{y}"


@dataclass
class _Shared:
    """Which draw the marks of each voice use."""

    seen: dict[str, list[tuple[str, Floats]]]

    def draw_of(self, who: str, xy: Floats, ring: Ring) -> str:
        """Return the name of the draw of the same voice's first mark within the ring, or a new one."""
        known = self.seen.setdefault(who, [])
        for name, at in known if who else ():
            if np.hypot(*(xy - at)) <= ring.outer_m:
                return name
        known.append((_name(who, xy, _ABOUT_THERE_M), xy))
        return known[-1][0]


def _draws(key: bytes, xy: Floats, ring: Ring) -> Floats:
    seed = np.frombuffer(key, dtype=np.uint32)
    chance = np.random.default_rng(seed).random((_DRAWS, 2))
    radius = np.sqrt(ring.inner_m**2 + chance[:, 0] * (ring.outer_m**2 - ring.inner_m**2))
    angle = 2 * np.pi * chance[:, 1]
    drawn: Floats = np.round(xy + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), 1)
    return drawn


def _first_fit(
    xy: Floats, drawn: Floats, land: BaseGeometry, homes: tuple[cKDTree, Floats], k: int
) -> tuple[Floats, float, float] | None:
    """Return the first place that will do, its distance, and the people nearer; None where none will."""
    away = np.hypot(*(drawn - xy).T)
    fits = shapely.contains_xy(land, drawn[:, 0], drawn[:, 1])
    tree, people = homes
    around = np.array(tree.query_ball_point(xy, away.max()), dtype=int)
    order = around[np.argsort(np.hypot(*(tree.data[around] - xy).T), kind="stable")]
    within = np.concatenate([[0.0], np.cumsum(people[order])])
    nearer = within[np.searchsorted(np.hypot(*(tree.data[order] - xy).T), away, side="left")]
    fit = np.flatnonzero(fits & (nearer >= k))
    return (drawn[fit[0]], float(away[fit[0]]), float(nearer[fit[0]])) if len(fit) else None
