"""Standards for green space: whether one that is large enough lies near enough to where people live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.crs import require_metric
from assetmap.errors import UsageError
from assetmap.measures.access import room_to_edge
from assetmap.measures.routing import Routing, Walks
from assetmap.network import PROFILES, Profile
from assetmap.straight import nearest_of_each

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "ACCESSIBLE_GREENSPACE",
    "GREEN_WITHIN_300M",
    "LONDON_PLAN",
    "Criterion",
    "green_per_thousand",
    "measure_standards",
    "summarise_standards",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]

_ROUNDING = 1e-9
"""What sums of coordinates lose: a park cut in two is as large as before, to this share."""


@dataclass(frozen=True)
class Criterion:
    """One criterion: a green space of at least `min_ha` within `within_m`. A larger one serves as well."""

    code: str
    label: str
    min_ha: float
    within_m: float


ACCESSIBLE_GREENSPACE = (
    Criterion("ags_doorstep", "Doorstep green space", 0.5, 200),
    Criterion("ags_local", "Local green space", 2, 300),
    Criterion("ags_neighbourhood", "Neighbourhood green space", 10, 1_000),
    Criterion("ags_wider_neighbourhood", "Wider neighbourhood green space", 20, 2_000),
    Criterion("ags_district", "District green space", 100, 5_000),
    Criterion("ags_sub_regional", "Sub-regional green space", 500, 10_000),
)
"""Natural England (2023). Green Infrastructure Framework: Accessible Greenspace Standards."""

LONDON_PLAN = (
    Criterion("london_small_or_pocket", "Small open space or pocket park", 0, 400),
    Criterion("london_local", "Local park", 2, 400),
    Criterion("london_district", "District park", 20, 1_200),
    Criterion("london_metropolitan", "Metropolitan park", 60, 3_200),
    Criterion("london_regional", "Regional park", 400, 3_200),
)
"""Greater London Authority (2021). The London Plan, policy G4: public open space categorisation."""

GREEN_WITHIN_300M = (
    Criterion("green300_1ha", "Green space of 1 ha", 1, 300),
    Criterion("green300_half_ha", "Green space of half a hectare", 0.5, 300),
)
"""Konijnendijk (2021). The 3-30-300 rule for urban forestry and greener cities: its 300 m."""

_EITHER = {"ags_doorstep_or_local": ("ags_doorstep", "ags_local")}
"""Natural England asks for one of the two."""


def measure_standards(
    origins: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    *,
    criteria: Sequence[Criterion] = ACCESSIBLE_GREENSPACE,
    routing: Routing | None = None,
    profile: Profile = PROFILES["standard"],
    coverage: BaseGeometry | None = None,
) -> pd.DataFrame:
    r"""Say of every origin which criteria it meets: straight to the boundary, and on foot to an entrance.

    With :math:`c_{ij}` the distance from origin i to site j and :math:`a_j` its area, origin i meets a
    criterion if :math:`\min_{j: a_j \ge a} c_{ij} \le d`. Natural England measures a straight line to the
    boundary, Defra the network to an entrance: here they stand side by side.

    Parameters
    ----------
    origins
        Table ``origins``, metric CRS.
    sites
        Green spaces open to the public, merged (`merge_sites`), same CRS. A site that the edge of the data
        cuts counts with what is left of it.
    criteria
        `ACCESSIBLE_GREENSPACE`, `LONDON_PLAN`, `GREEN_WITHIN_300M` or any of one's own, added up.
    routing
        The walking network, and the entrances that `find_entrances` gives for `sites`; without it there
        are no columns of walks.
    profile
        The way of walking.
    coverage
        The area that the data covers, same CRS. Where a criterion isn't met, but reaches beyond the edge,
        the answer is null: a site out there might meet it. Without it no answer is held back.

    Returns
    -------
    DataFrame
        On the index of `origins`, for each criterion ``<code>_euclid_m`` and ``<code>_walk_m``, metres to the
        nearest site of that size (NaN if there is none), ``<code>_euclid_met`` and ``<code>_walk_met`` (true,
        false or null). Null on foot too for an origin that isn't on the network. Where both are asked
        for, ``ags_doorstep_or_local_euclid_met`` and ``..._walk_met``.

    Raises
    ------
    CRSError
        If a frame isn't in metres.
    UsageError
        If there is no criterion, or two of one code.

    References
    ----------
    Natural England (2023). Green Infrastructure Framework: Accessible Greenspace Standards.
    Defra (2026). Access to green space in England.
    Greater London Authority (2021). The London Plan, table 8.1.
    Konijnendijk, C. (2023). Evidence-based guidelines for greener, healthier, more resilient neighbourhoods:
    introducing the 3-30-300 rule. Journal of Forestry Research 34.

    Examples
    --------
    >>> import shapely
    >>> home = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0], [0]), crs=27700)
    >>> park = gpd.GeoDataFrame({"area_m2": [3e4]}, geometry=[shapely.box(250, 0, 450, 150)], crs=27700)
    >>> found = measure_standards(home, park).iloc[0]
    >>> bool(found["ags_doorstep_euclid_met"]), bool(found["ags_local_euclid_met"]), float(found["ags_local_euclid_m"])
    (False, True, 250.0)
    """
    require_metric(origins, "the origins")
    require_metric(sites, "the sites")
    codes = [criterion.code for criterion in criteria]
    if not codes or len(set(codes)) < len(codes):
        raise UsageError(f"the criteria {codes} can't be measured: give one or more, each with its own code.")
    area = sites["area_m2"].to_numpy(dtype=float)
    walks = None if routing is None else Walks(origins, routing, profile=profile)
    room_m = room_to_edge(origins, coverage)
    columns: dict[str, Any] = {}
    by_size = {c.min_ha: area >= c.min_ha * 10_000 * (1 - _ROUNDING) for c in criteria}
    straight, _ = nearest_of_each(origins.geometry.to_numpy(), sites.geometry.to_numpy(), list(by_size.values()))
    distances = {
        min_ha: _distances(straight_m, large, walks)
        for (min_ha, large), straight_m in zip(by_size.items(), straight, strict=True)
    }
    for criterion in criteria:
        for mode, (distance_m, judged) in distances[criterion.min_ha].items():
            columns[f"{criterion.code}_{mode}_m"] = distance_m
            columns[f"{criterion.code}_{mode}_met"] = _met(distance_m, judged, room_m, within_m=criterion.within_m)
    for code, alternatives in _EITHER.items():
        if set(alternatives) <= set(codes):
            for mode in distances[criteria[0].min_ha]:
                one, other = (columns[f"{alternative}_{mode}_met"] for alternative in alternatives)
                columns[f"{code}_{mode}_met"] = one | other
    return pd.DataFrame(columns).set_axis(origins.index)


def _distances(straight_m: Floats, large: Any, walks: Walks | None) -> dict[str, tuple[Floats, Any]]:
    """Return for each mode the distance to the nearest large site, and which origins can be judged by it."""
    distances: dict[str, tuple[Floats, Any]] = {"euclid": (straight_m, np.ones(len(straight_m), dtype=bool))}
    if walks is not None:
        distances["walk"] = walks.nearest(large)["walk_m"].to_numpy(), walks.start >= 0
    return distances


def _met(distance_m: Floats, judged: Any, room_m: Floats, *, within_m: float) -> Any:
    """Return whether a criterion is met, null where it isn't and what lies beyond the data might meet it."""
    met = distance_m <= within_m * (1 + _ROUNDING)
    known = met | (judged & (room_m >= within_m))
    return pd.arrays.BooleanArray(met, ~known)


def summarise_standards(
    standards: pd.DataFrame, origins: gpd.GeoDataFrame, *, by: pd.Series | None = None
) -> pd.DataFrame:
    """Return the share of people who meet each criterion, per zone or any other grouping of origins.

    Parameters
    ----------
    standards
        As `measure_standards` gives it.
    origins
        Table ``origins``, on the same index. Where ``people`` is missing for any origin of a group, the
        group's figures are NaN: no weight is made up.
    by
        Group of each origin, indexed like `origins`; by default its ``zone_code``.

    Returns
    -------
    DataFrame
        One row for each group, criterion and mode: ``group``, ``criterion``, ``mode`` (euclid or walk), ``people``,
        ``people_met``, ``people_not_known``, ``share_at_least`` (those who meet it), ``share_at_most``
        (with those of whom it isn't known; the two are equal where all is known), ``origins``,
        ``origins_not_known``.

    Examples
    --------
    >>> met = pd.DataFrame({"ags_local_walk_met": pd.array([True, False, None], dtype="boolean")})
    >>> homes = gpd.GeoDataFrame({"zone_code": "Z1", "people": [20.0, 50.0, 30.0]},
    ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=27700)
    >>> summarise_standards(met, homes)[["share_at_least", "share_at_most"]].iloc[0].tolist()
    [0.2, 0.5]
    """
    group = (origins["zone_code"] if by is None else by).rename("group")
    people = origins["people"].astype(float)
    judged = standards[[column for column in standards.columns if column.endswith("_met")]]
    weight, unknown = people.to_numpy()[:, None], judged.isna().to_numpy()
    met = judged.fillna(False).to_numpy(dtype=bool)

    def total_of(values: Any) -> Any:
        """Sum the values of each group, all criteria at once; one row for each criterion and group."""
        return pd.DataFrame(values, index=origins.index, columns=judged.columns).groupby(group).sum().unstack()

    table = pd.DataFrame(
        {
            "people_met": total_of(np.where(met, weight, 0.0)),
            "people_not_known": total_of(np.where(unknown, weight, 0.0)),
            "origins_not_known": total_of(unknown),
        }
    ).rename_axis(["column", "group"])
    grouped = people.groupby(group)
    each = pd.DataFrame({"people": grouped.sum(), "origins": grouped.size()})
    table = table.join(each, on="group").reset_index()
    figures = ["people", "people_met", "people_not_known"]
    table[figures] = table[figures].where(table["group"].map(people.notna().groupby(group).all()))
    table[["criterion", "mode"]] = table["column"].str.removesuffix("_met").str.rsplit("_", n=1, expand=True).to_numpy()
    total = table["people"].where(table["people"] > 0)
    table["share_at_least"] = table["people_met"] / total
    table["share_at_most"] = (table["people_met"] + table["people_not_known"]) / total
    order = ["group", "criterion", "mode", "people", "people_met", "people_not_known"]
    return table[[*order, "share_at_least", "share_at_most", "origins", "origins_not_known"]]


def green_per_thousand(green_m2: pd.Series, people: pd.Series) -> pd.Series:
    r"""Return hectares of green space per 1,000 people; Natural England asks for at least 3.

    :math:`(A / 10^4) / (P / 10^3)`

    Parameters
    ----------
    green_m2
        Accessible green space in each area, m² (`green_area`).
    people
        People of each area, on the same index.

    Returns
    -------
    Series
        Hectares per 1,000 people; NaN where people are unknown or none.

    References
    ----------
    Natural England (2023). Green Infrastructure Framework: Accessible Greenspace Standards, capacity.

    Examples
    --------
    >>> green_per_thousand(pd.Series([45_000.0, 45_000.0]), pd.Series([1_500.0, 0.0])).tolist()
    [3.0, nan]
    """
    return (green_m2 / 10_000 / (people.where(people > 0) / 1_000)).rename("green_ha_per_1000")
