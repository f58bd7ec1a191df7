"""Pockets of deprivation: zones among the nation's most deprived that hang together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.errors import InputError, UsageError
from assetmap.measures.pockets.contiguity import GAP_M, connected_sets, neighbouring_zones
from assetmap.plurals import counted

__all__ = ["CORE20_DECILE", "Pockets", "find_pockets"]

CORE20_DECILE = 2
"""National deciles 1 and 2 are the NHS's Core20."""
ALWAYS_SHOWN = (1, 2, 3)


@dataclass(frozen=True)
class Pockets:
    """Pockets of deprivation that reach into an area.

    Parameters
    ----------
    table
        One row for each, most people first: ``pocket`` (1, 2, ...), ``name`` (of its most deprived zone), ``zones``,
        ``people``, ``zones_inside`` and ``people_inside`` (of the area), ``zone_codes``, geometry. People are NaN
        where any zone's number is unknown.
    pocket
        Number of the pocket of each zone, on the zones' index; missing outside pockets.
    sensitivity
        For national decile 1, 2, 3 and the one asked for: ``decile``, ``pockets``, ``zones``, ``people``,
        ``zones_inside``, ``people_inside``, ``share_of_people_inside`` (of the area's people), ``largest_people``.
    nearest
        Where none reaches in, the nearest one of the frame, as one row of `table` with ``distance_m`` from
        edge to edge; without rows otherwise, or where the frame has none.
    without_decile
        How many zones have no decile, and so can't be in a pocket.
    sentence
        What was found, in plain words.
    """

    table: gpd.GeoDataFrame
    pocket: pd.Series
    sensitivity: pd.DataFrame
    nearest: gpd.GeoDataFrame
    without_decile: int
    sentence: str


def find_pockets(
    zones: gpd.GeoDataFrame,
    *,
    decile: int = CORE20_DECILE,
    inside: pd.Series | None = None,
    rule: Literal["queen", "rook"] = "queen",
    gap_m: float = GAP_M,
) -> Pockets:
    """Find connected sets of zones that are in a national decile of deprivation or a worse one.

    Zones in which nobody is counted make no pocket, and no pocket is an answer: then the nearest one of the frame is
    named.

    Parameters
    ----------
    zones
        Table ``zones`` of the whole frame, metric CRS, with ``imd_decile`` (1 = most deprived; national, never
        of the frame). A pocket is followed beyond the area as far as the zones go.
    decile
        The least deprived decile that counts.
    inside
        Whether each zone is of the area asked about, on the zones' index; by default all are.
    rule, gap_m
        Which zones are neighbours, as for `neighbouring_zones`.

    Returns
    -------
    Pockets
        In people and metres.

    Raises
    ------
    CRSError
        If the zones aren't in metres.
    InputError
        If no zone has a decile, a decile isn't 1 to 10, no zone is inside, or zones overlap.
    UsageError
        If the decile asked for isn't 1 to 9.

    References
    ----------
    NHS England. Core20PLUS5: an approach to reducing healthcare inequalities (deciles 1 and 2).

    Examples
    --------
    >>> squares = [shapely.box(100 * x, 0, 100 * x + 100, 100) for x in range(4)]
    >>> zones = gpd.GeoDataFrame({"zone_code": ["A", "B", "C", "D"], "population": [1500.0, 1400.0, 1600.0, 1300.0],
    ...     "imd_decile": [1, 2, 6, 2]}, geometry=squares, crs=27700)
    >>> found = find_pockets(zones)
    >>> found.table[["name", "zones", "people"]].values.tolist()
    [['A', 2, 2900.0], ['D', 1, 1300.0]]
    >>> found.sensitivity[["decile", "pockets", "people"]].values.tolist()
    [[1.0, 1.0, 1500.0], [2.0, 2.0, 4200.0], [3.0, 2.0, 4200.0]]
    """
    if decile not in range(1, 10):
        raise UsageError(f"decile {decile} can't set a pocket apart: give 1 to 9 (2 is the NHS's Core20).")
    place = _read_zones(zones, inside)
    pairs = neighbouring_zones(zones, rule=rule, gap_m=gap_m)
    limits = sorted({*ALWAYS_SHOWN, decile})
    number = {limit: connected_sets(pairs, (place["decile"] <= limit).to_numpy()) for limit in limits}
    tables = {limit: _describe(place, number[limit]) for limit in limits}
    table = tables[decile]
    here = _reaching_in(table)
    order = pd.Series(np.arange(1, len(here) + 1), index=here.index, dtype="Int64")
    nearest = table.head(0).assign(distance_m=0.0)
    if here.empty and len(table):
        nearest = _nearest(zones.geometry, place, table, number[decile])
    return Pockets(
        table=_drawn(here, zones.geometry, number[decile]),
        pocket=pd.Series(number[decile], zones.index).map(order).astype("Int64"),
        sensitivity=pd.DataFrame([_summarise(place, tables[limit], limit) for limit in limits]),
        nearest=_drawn(nearest, zones.geometry, number[decile]),
        without_decile=int(place["decile"].isna().sum()),
        sentence=_sentence(place, here, nearest, decile),
    )


def _read_zones(zones: gpd.GeoDataFrame, inside: pd.Series | None) -> pd.DataFrame:
    decile = zones["imd_decile"].astype(float)
    if decile.isna().all():
        raise InputError(
            f"none of the {counted(len(zones), 'zone')} has an imd_decile: join an index of their own vintage."
        )
    wrong = int((~decile.dropna().isin(range(1, 11))).sum())
    if wrong:
        raise InputError(f"{wrong} zone(s) have an imd_decile that isn't 1 to 10: give the national decile.")
    chosen = pd.Series(True, zones.index) if inside is None else inside.reindex(zones.index).fillna(False).astype(bool)
    if not chosen.any():
        raise InputError("no zone of the frame is inside the area: give zones that hold the area and what is round it.")
    name = zones["name"] if "name" in zones.columns else zones["zone_code"]
    return pd.DataFrame(
        {
            "code": zones["zone_code"],
            "name": name.fillna(zones["zone_code"]),
            "people": zones["population"].astype(float),
            "decile": decile,
            "rank": zones["imd_rank"].astype(float) if "imd_rank" in zones.columns else decile,
            "inside": chosen,
        }
    ).reset_index(drop=True)


def _total(people: pd.Series) -> float:
    return float(people.sum(skipna=False))


def _describe(place: pd.DataFrame, number: Any) -> pd.DataFrame:
    """Return one row for each pocket, indexed by its number, most people first."""
    rows = {}
    for key, members in place[number >= 0].groupby(number[number >= 0]):
        worst = members.sort_values(["rank", "code"]).iloc[0]
        within = members[members["inside"]]
        rows[key] = {
            "name": worst["name"],
            "zones": len(members),
            "people": _total(members["people"]),
            "zones_inside": len(within),
            "people_inside": _total(within["people"]),
            "zone_codes": ", ".join(sorted(members["code"])),
        }
    columns = ["name", "zones", "people", "zones_inside", "people_inside", "zone_codes"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table = table[table["people"] != 0]  # where the number isn't known somebody may live
    return table.sort_values(["people", "zones", "zone_codes"], ascending=[False, False, True])


def _reaching_in(table: pd.DataFrame) -> pd.DataFrame:
    """Return the pockets with zones of the area in which anybody is counted, or it isn't known how many are."""
    return table[(table["zones_inside"] > 0) & (table["people_inside"] != 0)]


def _summarise(place: pd.DataFrame, table: pd.DataFrame, decile: int) -> dict[str, float]:
    here = _reaching_in(table)
    people = _total(place.loc[place["inside"], "people"])
    return {
        "decile": decile,
        "pockets": len(here),
        "zones": int(here["zones"].sum()),
        "people": _total(here["people"]),
        "zones_inside": int(here["zones_inside"].sum()),
        "people_inside": _total(here["people_inside"]),
        "share_of_people_inside": _total(here["people_inside"]) / people if people > 0 else float("nan"),
        "largest_people": float(here["people"].max(skipna=False)) if len(here) else 0.0,
    }


def _nearest(shapes: gpd.GeoSeries, place: pd.DataFrame, table: pd.DataFrame, number: Any) -> pd.DataFrame:
    """Return the row of the pocket whose edge is nearest to the area's."""
    member = np.flatnonzero(number >= 0)
    tree = shapely.STRtree(shapes.to_numpy()[place["inside"].to_numpy()])
    (row, _), distance = tree.query_nearest(shapes.to_numpy()[member], all_matches=False, return_distance=True)
    apart = pd.Series(distance).groupby(number[member[row]]).min()
    found = table.assign(distance_m=apart)
    return found.sort_values(["distance_m", "zone_codes"]).head(1)


def _drawn(table: pd.DataFrame, shapes: gpd.GeoSeries, number: Any) -> gpd.GeoDataFrame:
    """Return pockets as a numbered table with their shapes."""
    merged = [shapely.union_all(shapes.to_numpy()[number == key]) for key in table.index]
    numbered = table.reset_index(drop=True)
    numbered.insert(0, "pocket", np.arange(1, len(table) + 1))
    return gpd.GeoDataFrame(numbered, geometry=gpd.GeoSeries(merged, crs=shapes.crs), crs=shapes.crs)


def _people(number: float) -> str:
    return "an unknown number of people" if np.isnan(number) else counted(number, "person", "people")


def _sentence(place: pd.DataFrame, here: pd.DataFrame, nearest: pd.DataFrame, decile: int) -> str:
    kind = "national decile 1" if decile == 1 else f"national deciles 1 to {decile}"
    blank = int(place["decile"].isna().sum())
    missing = f" Zones without a decile, which can't be counted: {blank}." if blank else ""
    if _total(place.loc[place["inside"], "people"]) == 0:
        return f"Pockets of deprivation ({kind}): none, since nobody is counted in the zones of the area.{missing}"
    if len(here):
        top, inside = here.iloc[0], int(here["zones_inside"].sum())
        number = f"{counted(len(here), 'pocket')} {'reaches' if len(here) == 1 else 'reach'}"
        return (
            f"Pockets of deprivation ({kind}): {number} into the area, with {_people(_total(here['people_inside']))} "
            f"in {inside} of its {counted(int(place['inside'].sum()), 'zone')}; the largest is round "
            f"{top['name']}, with "
            f"{_people(top['people'])} in all.{missing}"
        )
    if len(nearest):
        other = nearest.iloc[0]
        where = f"{other['distance_m']:,.0f} m away" if other["distance_m"] >= 1 else "at its very edge"
        return (
            f"Pockets of deprivation ({kind}): none reaches into the area; the nearest is round {other['name']}, "
            f"{where}, with {_people(other['people'])}.{missing}"
        )
    worst = place.sort_values(["decile", "rank", "code"]).iloc[0]
    return (
        f"Pockets of deprivation ({kind}): none in the {counted(len(place), 'zone')} of the frame; the most "
        "deprived of them is "
        f"{worst['name']}, in decile {worst['decile']:.0f}.{missing}"
    )
