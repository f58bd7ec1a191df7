"""What a study's map shows: which layers, which ways to colour the zones, and their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.maps import MapContent, SourceNote, ZoneView
from assetmap.measures.marks import count_marks
from assetmap.network import PROFILES
from assetmap.places import place
from assetmap.provenance import read_provenance
from assetmap.study.inputs import Inputs
from assetmap.study.manifest import input_files
from assetmap.study.settings import SETTINGS_NAME, Settings

if TYPE_CHECKING:
    from assetmap.study.measuring import Results

__all__ = ["base_content", "map_content"]

OSM_NOTE = SourceNote("OpenStreetMap", "© OpenStreetMap contributors", "ODbL 1.0", "")


def map_content(folder: Path, settings: Settings, inputs: Inputs, results: Results, *, today: str) -> MapContent:
    """Return the team's map of a study: residents' marks only as counts per cell."""
    return base_content(
        folder,
        settings,
        inputs,
        assets=results.assets,
        zones=results.zones,
        zone_views=_zone_views(settings, inputs, results),
        today=today,
    )


def base_content(
    folder: Path,
    settings: Settings,
    inputs: Inputs,
    *,
    assets: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    zone_views: Sequence[ZoneView],
    today: str,
    notice: str = "",
) -> MapContent:
    """Return a map of the study's ground with given assets and zones on it; `notice` stands before the study's own."""
    site_note = place(settings.place.site).note if settings.place.site else ""
    return MapContent(
        title=settings.study.name,
        subtitle=_subtitle(settings, inputs),
        notice=" ".join(filter(None, [notice, settings.study.notice, site_note])),
        audience="team",
        resident_rows=len(inputs.annotations),
        assets=assets[assets.intersects(inputs.area.surroundings)],
        zones=zones,
        zone_views=zone_views,
        boundary=gpd.GeoDataFrame(geometry=[inputs.area.outline], crs=inputs.crs),
        base=_base(inputs),
        mark_cells=count_marks(inputs.annotations) if len(inputs.annotations) else None,
        sources=_sources(folder, settings),
        made_on=today,
        made_by="assetmap",
        contact=settings.study.contact,
    )


def _subtitle(settings: Settings, inputs: Inputs) -> str:
    where = place(settings.place.site).name if settings.place.site else ""
    people = inputs.zones["population"]
    zones = f"{len(inputs.zones)} zone{'s' if len(inputs.zones) > 1 else ''}"
    count = f", {people.sum():,.0f} people" if people.notna().all() else ""
    return ", ".join(filter(None, [where, f"{zones}{count}"]))


def _base(inputs: Inputs) -> gpd.GeoDataFrame:
    """Return what the base map draws, cut to the surroundings."""
    if inputs.osm is None:
        empty = pd.DataFrame({"kind": pd.Series([], dtype="str"), "name": pd.Series([], dtype="str")})
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=inputs.crs), crs=inputs.crs)
    area = inputs.area.surroundings
    shapely.prepare(area)
    return inputs.osm.base[inputs.osm.base.intersects(area)].reset_index(drop=True)


def _zone_views(settings: Settings, inputs: Inputs, results: Results) -> list[ZoneView]:
    zones, views = results.zones, []
    mode = "walk" if results.network_facts.get("mode") == "walk" else "in a straight line"
    profile = PROFILES[settings.access.profile]
    if "imd_decile" in zones and inputs.deprivation is not None:
        views.append(
            ZoneView(
                "imd_decile",
                f"Deprivation ({inputs.deprivation.edition.title})",
                "Darker zones are among the more deprived areas of England.",
                "decile",
            )
        )
    for category, what in (("green_space", "a green space"), ("community_space", "a community space")):
        column = f"{category}_median_m"
        whole = results.neighbourhood.set_index("category")
        if column in zones and zones[column].notna().any():
            half = float(whole["median_m"].loc[category])
            sentence = f"Half of the people here are {half:,.0f} m or less {mode} from {what}"
            if mode == "walk":
                sentence = (
                    f"Half of the people here reach {what} in a walk of {profile.minutes(half):.0f} minutes "
                    f"({half:,.0f} m) or less"
                )
            label = "Walk to" if mode == "walk" else "Straight line to"
            views.append(ZoneView(column, f"{label} {what}", f"{sentence}.", "distance_m"))
    column = "green_near_m2_per_person"
    if zones[column].notna().any():
        views.append(
            ZoneView(
                column,
                "Green space per person within 800 m",
                "Square metres of green space within 800 m (straight line) of people's homes, for each person.",
                "number",
                breaks=(10.0, 20.0, 30.0, 50.0),
                unit="m²",
            )
        )
    return views


def _sources(folder: Path, settings: Settings) -> list[SourceNote]:
    notes = []
    for name, path in input_files(folder, settings).items():
        record = read_provenance(path, verify=False)
        if record is not None:
            notes.append(SourceNote(record.title, record.attribution, record.licence, record.date))
        elif name == settings.osm.file:
            notes.append(OSM_NOTE)
        elif name != SETTINGS_NAME:
            notes.append(SourceNote(path.name, "a file of the study", "as its publisher says", ""))
    # The corner of the map names the first source: the one that the base map is drawn from.
    return sorted(dict.fromkeys(notes), key=lambda note: "OpenStreetMap" not in note.attribution)
