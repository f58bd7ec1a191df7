"""A change to a study's assets that hasn't happened yet: what is asked for, and the assets as they would be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from assetmap.crs import LONLAT, check_lonlat
from assetmap.errors import UsageError
from assetmap.joining import MAX_GAP_M
from assetmap.measures.opening import hours_per_week
from assetmap.study.figures.supply import HOURS_YEAR
from assetmap.study.inputs import Inputs
from assetmap.taxonomy import taxonomy

__all__ = ["NEW_ID", "Changed", "Scenario", "apply_scenario", "parse_addition"]

NEW_ID = "scenario:new"
_POLYGONS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Scenario:
    """One change: an asset added, or one that is there opened, closed, or extended.

    Parameters
    ----------
    kind
        ``add``, ``open``, ``close`` or ``extend``.
    asset_id
        The asset to open, close or extend; for an addition inside another asset, that one, else empty.
    category
        For an addition, what it is.
    lon, lat
        For an addition that isn't inside another asset, where.
    opening_hours
        For an extension in time, the hours it would be open, in OSM's opening_hours syntax.
    metres
        For an extension in space, by how much its outline would grow on every side.
    """

    kind: Literal["add", "open", "close", "extend"]
    asset_id: str = ""
    category: str = ""
    lon: float = float("nan")
    lat: float = float("nan")
    opening_hours: str = ""
    metres: float = float("nan")

    @property
    def slug(self) -> str:
        """The change as the name of a folder."""
        parts = [self.kind, self.category, self.asset_id, self.opening_hours]
        parts += [] if self.asset_id else [f"{self.lon}", f"{self.lat}"]
        parts += [] if np.isnan(self.metres) else [f"{self.metres:g}m"]
        return re.sub(r"[^A-Za-z0-9._-]+", "_", "_".join(part for part in parts if part))[:120]


class Changed(NamedTuple):
    """The assets as they would be, the category that the change concerns, the change in words, and what it changes.

    `asset_id` is the asset that is opened, closed or extended, empty for an addition.
    """

    assets: gpd.GeoDataFrame
    category: str
    words: str
    asset_id: str = ""

    def elsewhere(self, assets: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
        """Return the assets of a wider area after the same change of place; None if the one changed isn't among them.

        Hours aren't carried over: they bring nobody nearer.
        """
        if self.asset_id and self.asset_id not in set(assets["asset_id"]):
            return None
        new = self.assets[self.assets["asset_id"] == NEW_ID]
        access = assets["asset_id"].map(self.assets.set_index("asset_id")["access"])
        there = assets.assign(access=access.fillna(assets["access"]).astype(assets["access"].dtype))
        return _with_row(there, dict(new.iloc[0])) if len(new) else there


def parse_addition(text: str) -> Scenario:
    """Read ``category@lon,lat``, or ``category@asset_id`` for a place inside another.

    Raises
    ------
    UsageError
        If it isn't of that form, the category isn't known, or the place isn't on the Earth.

    Examples
    --------
    >>> parse_addition("community_centre@-0.031,51.531").category
    'community_centre'
    >>> parse_addition("community_centre@osm:node/3174").asset_id
    'osm:node/3174'
    """
    found = re.fullmatch(r"\s*([a-z_]+)\s*@\s*(?:(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)|([a-z]+:\S+))\s*", text)
    if found is None:
        raise UsageError(
            f"{text!r} is not category@longitude,latitude, such as community_centre@-0.031,51.531, nor "
            "category@asset_id, such as community_centre@osm:way/1234."
        )
    category = found[1]
    if category not in taxonomy().categories:
        raise UsageError(f"there is no category {category!r}: use one of {', '.join(taxonomy().categories)}.")
    if found[4]:
        return Scenario("add", found[4], category)
    lon, lat = float(found[2]), float(found[3])
    check_lonlat((lon, lat, lon, lat), f"the place {lon},{lat}")
    return Scenario("add", "", category, lon, lat)


def apply_scenario(assets: gpd.GeoDataFrame, scenario: Scenario, inputs: Inputs) -> Changed:
    """Return the assets after a change; those given stay as they are.

    Parameters
    ----------
    assets
        Table ``assets``, duplicates marked.
    scenario
        The change.
    inputs
        Of the study.

    Raises
    ------
    UsageError
        If the asset isn't there, the change wouldn't change anything, or the place is outside the study's surroundings.
    """
    if scenario.kind == "add":
        return _added(assets, scenario, inputs)
    asset = _find(assets, scenario.asset_id)
    changes = {"open": _opened, "close": _closed, "extend": _extended}
    changed, words = changes[scenario.kind](assets, asset, scenario)
    return Changed(changed, str(asset["category"]), f"{_title(asset)} {words}", scenario.asset_id)


def _find(assets: gpd.GeoDataFrame, asset_id: str) -> pd.Series:
    rows = assets[assets["asset_id"] == asset_id]
    if rows.empty:
        raise UsageError(f"no asset is called {asset_id}: see the assets in out/assetmap.gpkg.")
    asset: pd.Series = rows.iloc[0]
    if pd.notna(asset["duplicate_of"]):
        raise UsageError(f"{asset_id} is a second record of {asset['duplicate_of']}: use that one.")
    return asset


def _title(asset: pd.Series) -> str:
    """Return what a place is called, with its id."""
    name = asset["name"] if pd.notna(asset["name"]) else taxonomy().label(str(asset["category"]))
    return f"{name} ({asset['asset_id']})"


def _opened(assets: gpd.GeoDataFrame, asset: pd.Series, scenario: Scenario) -> tuple[gpd.GeoDataFrame, str]:
    if asset["access"] != "restricted":
        raise UsageError(
            f"{scenario.asset_id} is open already, or nobody has said that it isn't: there is nothing to open."
        )
    changed = assets.copy()
    changed.loc[changed["asset_id"] == scenario.asset_id, "access"] = "open"
    return changed, "opened to everyone"


def _closed(assets: gpd.GeoDataFrame, asset: pd.Series, scenario: Scenario) -> tuple[gpd.GeoDataFrame, str]:
    _require_open(asset, "close")
    changed = assets.copy()  # the same place under another source's name closes too
    same = (changed["asset_id"] == scenario.asset_id) | (changed["duplicate_of"] == scenario.asset_id)
    changed.loc[same, "access"] = "restricted"
    return changed, "closed"


def _require_open(asset: pd.Series, verb: str) -> None:
    if asset["access"] == "restricted":
        raise UsageError(f"{asset['asset_id']} is not open to everyone: there is nothing to {verb}.")


def _extended(assets: gpd.GeoDataFrame, asset: pd.Series, scenario: Scenario) -> tuple[gpd.GeoDataFrame, str]:
    _require_open(asset, "extend")
    if scenario.opening_hours:
        return _open_longer(assets, asset, scenario.opening_hours)
    return _grown(assets, asset, scenario.metres)


def _open_longer(assets: gpd.GeoDataFrame, asset: pd.Series, text: str) -> tuple[gpd.GeoDataFrame, str]:
    now, then = hours_per_week(pd.Series([asset["opening_hours"], text], dtype=object), year=HOURS_YEAR)
    if np.isnan(then):
        raise UsageError(f"{text!r} are no hours that can be counted: write them as OpenStreetMap does, such as "
                         "'Mo-Fr 09:00-21:00; Sa 10:00-16:00'.")  # fmt: skip
    if np.isnan(now):
        said = asset["opening_hours"]
        why = "nobody has said when it is open" if pd.isna(said) else f"its hours {said!r} can't be counted"
        raise UsageError(
            f"{asset['asset_id']}: {why}, so nobody can say what longer hours would change: correct them in its source."
        )
    if not then > now:
        raise UsageError(
            f"{asset['asset_id']} is open {now:.1f} hours a week ({asset['opening_hours']}); with {text!r} it would be "
            f"{then:.1f}: that extends nothing."
        )
    changed = assets.copy()
    changed.loc[changed["asset_id"] == asset["asset_id"], "opening_hours"] = text
    return changed, f"open {then:.1f} hours a week in place of {now:.1f} ({text})"


def _grown(assets: gpd.GeoDataFrame, asset: pd.Series, metres: float) -> tuple[gpd.GeoDataFrame, str]:
    """Add the larger outline beside the old one, so that the gates of the old one stay and nobody walks farther."""
    if not metres > 0:
        raise UsageError(f"an outline can't grow by {metres:g} m: give more than 0.")
    if asset["geometry"].geom_type not in _POLYGONS:
        raise UsageError(f"{asset['asset_id']} has no outline that could grow: it is known as a point or a line.")
    grown = asset["geometry"].buffer(metres)
    row = {str(name): value for name, value in asset.items()} | {
        "asset_id": NEW_ID,
        "name": f"{_title(asset)}, grown by {metres:g} m",
        "source": "scenario",
        "area_m2": grown.area,
        "geometry": grown,
    }
    words = f"grown by {metres:g} m on every side, from {asset['area_m2'] / 1e4:.2f} to {grown.area / 1e4:.2f} ha"
    return _with_row(assets, row), words


def _added(assets: gpd.GeoDataFrame, scenario: Scenario, inputs: Inputs) -> Changed:
    label = taxonomy().label(scenario.category).lower()
    place: BaseGeometry
    if scenario.asset_id:
        host = _find(assets, scenario.asset_id)
        place, where = host["geometry"], f"inside {_title(host)}"
    else:
        at = gpd.GeoSeries([shapely.Point(scenario.lon, scenario.lat)], crs=LONLAT)
        place, where = at.to_crs(inputs.crs).iloc[0], f"at {scenario.lon:.5f}, {scenario.lat:.5f}"
        if not inputs.area.surroundings.covers(place):
            raise UsageError(f"{scenario.lon},{scenario.lat} is not near the study's area: longitude goes first.")
        _require_way(place, where, inputs)
    row: dict[str, Any] = dict.fromkeys(assets.columns) | {
        "asset_id": NEW_ID,
        "name": f"Proposed {label}",
        "category": scenario.category,
        "source": "scenario",
        "source_ref": "what if",
        "access": "open",
        "area_m2": place.area or np.nan,
        "geometry": place,
    }
    return Changed(_with_row(assets, row), scenario.category, f"a new {label} {where}")


def _require_way(place: BaseGeometry, where: str, inputs: Inputs) -> None:
    """Raise if nobody could walk to a point, because no way is near enough to be joined to it."""
    if inputs.osm is None or not inputs.has_ways:
        return
    gap_m = float(inputs.osm.walk.frame.distance(place).min())
    if gap_m > MAX_GAP_M:
        raise UsageError(
            f"no way leads to the place {where}: the nearest is {gap_m:,.0f} m off, and {MAX_GAP_M:.0f} m is the most "
            "that is joined. Choose a point nearer to a way."
        )


def _with_row(assets: gpd.GeoDataFrame, row: dict[str, Any]) -> gpd.GeoDataFrame:
    new = gpd.GeoDataFrame([row], geometry="geometry", crs=assets.crs)[list(assets.columns)].astype(
        {name: assets[name].dtype for name in assets.columns if name != "geometry"}
    )
    return gpd.GeoDataFrame(pd.concat([assets, new], ignore_index=True), geometry="geometry", crs=assets.crs)
