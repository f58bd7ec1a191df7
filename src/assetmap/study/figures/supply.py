"""What people have of a supply when everyone in reach shares it: floating catchments of a study, by zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.measures.catchments import (
    E2SFCA_STEPS,
    Decay,
    floating_catchment,
    gravity_decay,
    mean_supply,
    step_decay,
    travel_costs,
)
from assetmap.measures.opening import hours_per_week
from assetmap.measures.sites import merge_sites
from assetmap.network import PROFILES
from assetmap.origins import origins_from_buildings
from assetmap.plurals import counted
from assetmap.study.area import SURROUNDINGS_M
from assetmap.study.figures.routes import routing_to
from assetmap.study.inputs import Inputs
from assetmap.study.pieces import covered_area
from assetmap.taxonomy import taxonomy

if TYPE_CHECKING:
    from assetmap.measures.routing import Routing
    from assetmap.network import WalkNetwork
    from assetmap.study.settings import Settings
    from assetmap.study.settings_tables import CatchmentTable

__all__ = ["CATCHMENT_COLUMNS", "METHODS", "measure_supply", "supply_columns"]

HOURS_YEAR = 2026
"""Hours open a week are the mean over this year, without public holidays: the same answer on any day."""
METHODS = ("2SFCA", "E2SFCA", "gravity")
_RIVER_M = 250.0
"""Gaps between zones up to twice as wide, such as a river, hold nobody: they are no edge of what is known."""
_TOLD_EDGE = 0.05
_SUPPLIES = {
    "area_m2": ("m²", 1.0, "for each person"),
    "hours": ("hours a week", 1000.0, "for 1,000 people"),
    "seats": ("seats", 1000.0, "for 1,000 people"),
    "places": ("places", 1000.0, "for 1,000 people"),
}
_FIGURES = ("people", "supply_reached", "supply_per_person", "people_without", "share_without", "edge_share")
CATCHMENT_COLUMNS = (
    "group", "category", "supply", "method", "mode", "minutes", *_FIGURES,
    "supplies", "supplies_unknown", "refusal", "sentence",
)  # fmt: skip


@dataclass(frozen=True)
class _Sharing:
    """Everyone who shares: the study's origins, those next door, and the area in which everyone is known."""

    everyone: gpd.GeoDataFrame
    """Table ``origins``, indexed by origin_id."""
    own: pd.Series
    """Zone of each of the study's origins, by origin_id."""
    known: shapely.Geometry


def measure_supply(
    inputs: Inputs,
    settings: Settings,
    usable: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    network: WalkNetwork | None,
    *,
    green_sites: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Return what the people of each zone have of each supply that the settings name, by three methods.

    Without the people next door there would seem to be more for each person than there is: where they aren't known
    the figure is refused. `green_sites` are the sites of all usable green space, where they are merged already.

    Returns
    -------
    DataFrame
        `CATCHMENT_COLUMNS`, one row for each group, supply and method.
    """
    rows: list[pd.DataFrame] = []
    sharing = _sharing(inputs, origins) if settings.catchments else None
    for table in settings.catchments:
        wanted = usable[usable["category"].isin(taxonomy().members(table.of))]
        places, amount = _supplies(wanted, table, green_sites if table.of == "green_space" else None)
        refusal = _refusal(inputs, settings, table, amount)
        if refusal or sharing is None:
            rows.append(_refused(inputs, table, refusal, amount))
            continue
        known = amount.dropna()
        places = places.loc[known.index]
        doors = routing_to(inputs, places, network)
        rows.append(_measure_one(sharing, places, known, doors, table, settings, unknown=int(amount.isna().sum())))
    empty = pd.DataFrame({column: [] for column in CATCHMENT_COLUMNS})
    return pd.concat(rows, ignore_index=True)[list(CATCHMENT_COLUMNS)] if rows else empty


def supply_columns(catchments: pd.DataFrame, zones: pd.Series) -> pd.DataFrame:
    """Return the E2SFCA figures as columns, on the index of the zones' codes: ``<category>_e2sfca_<supply>``."""
    enhanced = catchments[(catchments["method"] == "E2SFCA") & (catchments["group"] != "neighbourhood")]
    found = {
        f"{category}_e2sfca_{supply}": rows.set_index("group")["supply_per_person"].reindex(zones).to_numpy(dtype=float)
        for (category, supply), rows in enhanced.groupby(["category", "supply"], sort=False)
    }
    return pd.DataFrame(found, index=zones.index)


def _sharing(inputs: Inputs, origins: gpd.GeoDataFrame) -> _Sharing | None:
    """Return everyone who may share a supply, or None where nobody next door is known."""
    if inputs.next_door is None:
        return None
    counted = inputs.next_door[inputs.next_door["population"].notna()]
    if counted.empty:
        return None
    others = origins_from_buildings(counted, inputs.osm.buildings if inputs.osm else None)
    everyone = pd.concat([origins, others[~others["origin_id"].isin(origins["origin_id"])]], ignore_index=True)
    everyone = everyone[everyone["people"] > 0].set_index("origin_id", drop=False)
    ground = shapely.union_all([*counted.geometry, *inputs.zones.geometry])
    known = shapely.buffer(shapely.buffer(ground, _RIVER_M), -_RIVER_M)
    if inputs.osm is not None:
        known = shapely.intersection(known, covered_area(inputs.osm))
    return _Sharing(everyone, origins.set_index("origin_id")["zone_code"], known)


def _supplies(
    wanted: gpd.GeoDataFrame, table: CatchmentTable, sites: gpd.GeoDataFrame | None
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Return the places and what there is of each: NaN where nobody has said."""
    if table.supply == "area_m2":
        sites = merge_sites(wanted) if sites is None else sites
        return sites, sites["area_m2"].astype(float)
    if table.supply == "hours":
        return wanted, hours_per_week(wanted["opening_hours"], year=HOURS_YEAR)
    if table.supply == "seats":
        return wanted, wanted["seats"] if "seats" in wanted else pd.Series(np.nan, index=wanted.index)
    return wanted, pd.Series(1.0, index=wanted.index)


def _refusal(inputs: Inputs, settings: Settings, table: CatchmentTable, amount: pd.Series) -> str:
    """Return why there can be no figure, or nothing."""
    limit_m = table.minutes / PROFILES[settings.access.profile].minutes(1.0)
    if not amount.notna().any():
        what = {"hours": "opening hours that can be read", "seats": "a number of seats", "area_m2": "an area"}
        lacks = f" with {what[table.supply]}" if table.supply in what else ""
        return f"no place of this kind{lacks} is known"
    if inputs.zones["population"].isna().any():
        return f"the population is unknown in {int(inputs.zones['population'].isna().sum())} of the zones"
    if inputs.next_door is None or not (inputs.next_door["population"] > 0).any():
        return (
            "the people next door, who share it, aren't known (name a [frame], or a file of zones that reaches beyond "
            "the neighbourhood, and their people)"
        )
    if limit_m > SURROUNDINGS_M:
        return f"{table.minutes:g} minutes are {limit_m:,.0f} m, and places are kept to {SURROUNDINGS_M:,.0f} m"
    return ""


def _refused(inputs: Inputs, table: CatchmentTable, refusal: str, amount: pd.Series) -> pd.DataFrame:
    rows = pd.DataFrame({"group": "neighbourhood", "method": METHODS})
    rows[[*_FIGURES]] = np.nan
    return rows.assign(
        category=table.of,
        supply=table.supply,
        mode="walk" if inputs.osm is not None else "euclid",
        minutes=table.minutes,
        supplies=int(amount.notna().sum()),
        supplies_unknown=int(amount.isna().sum()),
        refusal=refusal,
        sentence=f"{taxonomy().label(table.of)}: no figure of what each person has, since {refusal}.",
    )


def _decays(minutes: float) -> dict[str, Decay]:
    """Return how each method weighs the way, up to a limit in minutes; rings of thirds as Luo and Qi have them."""
    longest = max(E2SFCA_STEPS)
    return {
        "2SFCA": step_decay({minutes: 1.0}),
        "E2SFCA": step_decay({end * minutes / longest: weight for end, weight in E2SFCA_STEPS.items()}),
        "gravity": gravity_decay(1.0, least=1.0, limit=minutes),
    }


def _measure_one(
    sharing: _Sharing,
    places: gpd.GeoDataFrame,
    amount: pd.Series,
    routing: Routing | None,
    table: CatchmentTable,
    settings: Settings,
    *,
    unknown: int,
) -> pd.DataFrame:
    profile = PROFILES[settings.access.profile]
    places, amount = places.reset_index(drop=True), amount.reset_index(drop=True)
    costs = travel_costs(sharing.everyone, places, limit_minutes=table.minutes, routing=routing, profile=profile)
    people = sharing.everyone["people"].astype(float)
    limit_m = table.minutes / profile.minutes(1.0)
    near_edge = ~_wholly_known(places, sharing.known, limit_m)
    tables = []
    for method, decay in _decays(table.minutes).items():
        shared = floating_catchment(costs, people, supply=amount, decay=decay)
        weight = decay(costs["minutes"].to_numpy(dtype=float))
        given = shared.supplies["ratio"].reindex(costs["supply"]).fillna(0.0).to_numpy() * weight
        at_edge = np.where(near_edge[costs["supply"].to_numpy(dtype=int)], given, 0.0)
        edge = pd.Series(at_edge).groupby(costs["origin"].to_numpy()).sum().reindex(people.index).fillna(0.0)
        tables.append(_by_group(sharing, shared.access, edge, people).assign(method=method))
    found = pd.concat(tables, ignore_index=True).assign(
        category=table.of,
        supply=table.supply,
        mode="walk" if routing is not None else "euclid",
        minutes=table.minutes,
        supplies=len(places),
        supplies_unknown=unknown,
        refusal="",
    )
    found["sentence"] = [_sentence(row) for row in found.to_dict("records")]
    return found


def _wholly_known(places: gpd.GeoDataFrame, known: shapely.Geometry, limit_m: float) -> np.ndarray[Any, Any]:
    """Return of which places everyone who could reach them is known."""
    shapes = places.geometry.to_numpy()
    inside = shapely.covers(known, shapely.point_on_surface(shapes))
    return np.asarray(inside & (shapely.distance(shapes, shapely.boundary(known)) >= limit_m))


def _by_group(sharing: _Sharing, access: pd.Series, edge: pd.Series, people: pd.Series) -> pd.DataFrame:
    """Return the figures of each of the study's zones, and of all of them."""
    own = access.index.isin(sharing.own.index)
    zone = pd.Series(access.index[own], index=access.index[own]).map(sharing.own)
    parts = []
    for by in (pd.Series("neighbourhood", index=zone.index), zone):
        sums = mean_supply(access[own], people[own], by=by)
        sums["edge_share"] = (edge[own] * people[own]).groupby(by).sum() / sums["supply"].where(sums["supply"] > 0)
        parts.append(sums.rename_axis("group").reset_index())
    table = pd.concat(parts, ignore_index=True).rename(columns={"supply": "supply_reached"})
    table["edge_share"] = table["edge_share"].fillna(0.0)
    table["share_without"] = table["people_without"] / table["people"]
    return table


def _sentence(row: dict[Any, Any]) -> str:
    unit, scale, whom = _SUPPLIES[str(row["supply"])]
    how = "on foot" if row["mode"] == "walk" else "in a straight line"
    known = row["edge_share"] <= _TOLD_EDGE
    amount = f"{row['supply_per_person'] * scale:,.3g}"
    text = (
        f"{taxonomy().label(str(row['category']))} ({row['method']}, {row['minutes']:g} minutes {how}): "
        f"{'' if known else 'at most '}{amount} {unit} {whom}, shared with everyone in reach; "
        f"{row['share_without']:.0%} of the {counted(row['people'], 'person', 'people')} reach none."
    )
    if row["supplies_unknown"]:
        text += f" It isn't known of {row['supplies_unknown']} more places."
    if not known:
        text += f" {row['edge_share']:.0%} of it is near the edge of where people are known, so more may share it."
    return text
