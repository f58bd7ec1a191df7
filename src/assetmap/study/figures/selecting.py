"""Where to work: neighbourhoods of a frame, ranked by deprivation, health and few assets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.errors import InputError, UsageError
from assetmap.measures.access import usable_assets
from assetmap.measures.deprivation import summarise_deprivation
from assetmap.measures.site_selection import check_weights, grow_neighbourhoods, keep_apart, rank_sites
from assetmap.plurals import counted
from assetmap.sources.boundaries import read_zones
from assetmap.study.adding import add_files
from assetmap.study.areas import zones_within
from assetmap.study.create import create_study
from assetmap.study.figures.measuring import combine_inputs
from assetmap.study.inputs import Inputs, read_inputs
from assetmap.study.settings import SETTINGS_NAME, read_settings
from assetmap.study.settings_tables import PlaceTable, ZonesTable
from assetmap.table_files import check_target, write_table
from assetmap.taxonomy import taxonomy

__all__ = ["Selection", "select_sites"]

NEAR_M = 400.0
"""Assets this near to a neighbourhood's outline count as its own: a walk of six minutes."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Selection:
    """Ranked neighbourhoods, and what to know of them.

    Parameters
    ----------
    sites
        One row each, best first, with geometry.
    overlapping
        Sets of zones left out because they share a zone with a better one.
    without
        Zones of the frame that have no people or no rank, and can't be part of any.
    notes
        Of reading.
    """

    sites: gpd.GeoDataFrame
    frame: str
    zones: int
    overlapping: int
    without: int
    notes: tuple[str, ...]

    def sentence(self) -> str:
        """Return what was found in plain words."""
        first = self.sites.iloc[0]
        return (
            f"{self.frame}: {counted(len(self.sites), 'neighbourhood')} that share no zone, of "
            f"{counted(self.zones, 'zone')}; first is "
            f"{first['name']}, {counted(first['people'], 'person', 'people')}, "
            f"{first['share_of_people_deciles_1_2']:.0%} of them in "
            f"the most deprived fifth of England, with {counted(first['assets_near'], 'asset')} in it or "
            f"within {NEAR_M:.0f} m."
        )


def select_sites(
    sources: Sequence[Path],
    *,
    out: Path,
    frame: str = "",
    people: tuple[float, float] = (1000.0, 5000.0),
    weights: Mapping[str, float] | None = None,
    category: str | None = None,
    today: str,
    overwrite: bool = False,
    say: Say = lambda _: None,
) -> Selection:
    """Rank the neighbourhoods of a frame, and write them as a table.

    Parameters
    ----------
    sources
        A study's folder; or files, which are recognised as `add_files` does: zones, an index of deprivation, lists of
        places and whatever else there is.
    out
        The table: CSV, GeoPackage, GeoJSON or Parquet.
    frame
        Code or name of an area of the zones, or a map file of those of the zones to choose from (of all of them, where
        the sources have none); by default the study's frame, else all zones.
    people, weights
        As for `grow_neighbourhoods` and `rank_sites`.
    category
        What the places of lists are, where neither a column nor the file's name says so.
    today
        ISO date, for records.
    overwrite
        Replace a table that is there.
    say
        Called with a line for a person at each step.

    Raises
    ------
    UsageError
        If there is a table already, no index of deprivation, or a source is neither.
    InputError
        If no set of zones has that many people.
    AssetMapError
        If a source can't be read.
    """
    check_weights(weights)
    check_target(out, spatial=True, overwrite=overwrite)
    outline = Path(frame) if Path(frame).is_file() else None
    named = "" if outline else frame
    if len(sources) == 1 and sources[0].is_dir():
        inputs, wanted = _read(sources[0], named, say)
    else:
        with TemporaryDirectory() as aside:
            folder = Path(aside) / "select"
            create_study(folder, name="Select")
            add_files(folder, list(sources), today=today, category=category)
            if outline and read_settings(folder).zones is None:
                add_files(folder, [outline], today=today)
            inputs, wanted = _read(folder, named, say)
    if inputs.deprivation is None:
        raise UsageError("without an index of deprivation nothing can be ranked: give one of 2019 or 2025.")
    zones, name = (inputs.zones, "all zones")
    if outline:
        zones, name = _zones_of(outline, inputs.zones), outline.name
    elif wanted:
        zones, name = zones_within(inputs.zones, inputs.areas, wanted)
    say(f"growing neighbourhoods of {people[0]:,.0f} to {counted(people[1], 'person', 'people')}")
    sets = grow_neighbourhoods(zones, people=people)
    unusable = int((~(zones["population"] > 0) | zones["imd_rank"].isna()).sum())
    if not sets:
        raise InputError(
            f"{name}: none of its {counted(len(zones), 'zone')} makes a neighbourhood of {people[0]:,.0f} to "
            f"{people[1]:,.0f} "
            f"people ({unusable:,} of them have no people or no rank): give other numbers with --people."
        )
    usable = usable_assets(combine_inputs(inputs).assets)
    table = _criteria(zones, sets, usable, size=inputs.deprivation.edition.size)
    ranked = rank_sites(table, weights)
    apart = keep_apart(ranked, pd.Series(dict(enumerate(sets)), dtype=object))
    sites = gpd.GeoDataFrame(ranked[apart], geometry="geometry", crs=zones.crs).reset_index(drop=True)
    sites["rank"] = np.arange(1, len(sites) + 1)
    write_table(out, sites, layer="sites", made_on=today, overwrite=overwrite)
    return Selection(sites, name, len(zones), int((~apart).sum()), unusable, tuple(inputs.notes))


def _zones_of(path: Path, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the zones that a map file of zones has as well."""
    wanted = read_zones(path, crs=zones.crs)[0]["zone_code"]
    found = zones[zones["zone_code"].isin(wanted)].reset_index(drop=True)
    if found.empty:
        raise InputError(
            f"{path.name}: none of its {counted(len(wanted), 'zone')} is among the {len(zones):,} to choose from."
        )
    return found


def _read(folder: Path, frame: str, say: Say) -> tuple[Inputs, tuple[str, ...]]:
    """Read a study with all the zones of its file in place of its neighbourhood."""
    settings = read_settings(folder)
    wanted = (frame,) if frame else settings.frame.within if settings.frame else ()
    zones = settings.zones
    if settings.frame and settings.frame.zones:
        zones = ZonesTable(file=settings.frame.zones)
    if zones is None:
        raise UsageError(f"{folder / SETTINGS_NAME} names no zones: give a map file of zones with their codes.")
    nothing = {"place": PlaceTable(), "frame": None, "catchments": (), "annotations": (), "canopy": None}
    whole = settings.model_copy(update={**nothing, "zones": zones})
    return read_inputs(folder, whole, say=say), wanted


def _criteria(
    zones: gpd.GeoDataFrame, sets: Sequence[Sequence[int]], usable: gpd.GeoDataFrame, *, size: int
) -> gpd.GeoDataFrame:
    """Return one row for each neighbourhood, with every figure that it is ranked by."""
    tree = shapely.STRtree(usable.geometry.to_numpy())
    group = usable["category"].map({c: entry.group for c, entry in taxonomy().categories.items()}).to_numpy()
    rows = []
    for members in sets:
        part = zones.iloc[list(members)]
        shape = part.union_all()
        found = summarise_deprivation(part, size=size)
        near = tree.query(shape, predicate="dwithin", distance=NEAR_M)
        worst = part.sort_values("imd_rank").iloc[0]
        people = float(part["population"].sum())
        rows.append(
            {
                "name": worst["name"] if pd.notna(worst["name"]) else worst["zone_code"],
                "zone_codes": ", ".join(part["zone_code"]),
                "zones": len(part),
                "people": people,
                "imd_average_score": found["average_score"],
                "imd_average_rank_reversed": found["average_rank_reversed"],
                "imd_worst_decile": float(part["imd_decile"].min()),
                "share_of_people_deciles_1_2": found["share_of_people_deciles_1_2"],
                "health_average_rank_reversed": _health(part, size),
                "health_worst_decile": float(part["health_decile"].min()) if "health_decile" in part else np.nan,
                "assets_near": len(near),
                "assets_per_1000": 1000 * len(near) / people,
                "community_spaces_near": int((group[near] == "community_space").sum()),
                "green_spaces_near": int((group[near] == "green_space").sum()),
                "geometry": shape,
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=zones.crs)


def _health(part: pd.DataFrame, size: int) -> float:
    """Return the mean over people of the rank in health, reversed: high is worse; NaN where it isn't known."""
    if "health_rank" not in part or part["health_rank"].isna().any():
        return float("nan")
    return float((part["population"] * (size + 1 - part["health_rank"])).sum() / part["population"].sum())
