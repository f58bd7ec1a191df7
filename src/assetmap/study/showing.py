"""What a study's map shows: which layers, which ways to colour the zones, and their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.maps import MapContent, SourceNote, ZoneView
from assetmap.maps.content import NOT_KNOWN
from assetmap.measures.marks import count_marks
from assetmap.network import PROFILES
from assetmap.places import place
from assetmap.provenance import read_provenance
from assetmap.study.engagement.gallery import works_at
from assetmap.study.engagement.system_maps import tied_places
from assetmap.study.engagement.walk_stories import told_stops
from assetmap.study.inputs import Inputs
from assetmap.study.manifest import holds_data, input_files
from assetmap.study.settings import Settings
from assetmap.words import Phrase, Text

if TYPE_CHECKING:
    from assetmap.disclosure.gate import Passed, Terms
    from assetmap.study.figures.measuring import Results

__all__ = ["base_content", "ground", "map_content", "shared_content"]

OSM_NOTE = SourceNote("OpenStreetMap", "© OpenStreetMap contributors", "ODbL 1.0", "")


def map_content(folder: Path, settings: Settings, inputs: Inputs, results: Results, *, today: str) -> MapContent:
    """Return the team's map of a study: residents' marks only as counts per cell."""
    return base_content(
        folder,
        settings,
        inputs,
        assets=results.assets,
        zones=results.zones,
        zone_views=_zone_views(
            settings,
            inputs,
            results.zones,
            whole=results.neighbourhood,
            on_foot=results.network_facts.get("mode") == "walk",
        ),
        today=today,
        tied=tied_places(folder),
    )


def shared_content(
    folder: Path,
    settings: Settings,
    inputs: Inputs,
    passed: Passed,
    *,
    terms: Terms,
    on_foot: bool,
) -> MapContent:
    """Return the map of what has passed the gate, in English: nothing else of the study is in it.

    Parameters
    ----------
    folder, settings, inputs
        The study; of its inputs the edition of the index alone is told.
    passed
        What came through the gate.
    terms
        On which terms.
    on_foot
        Whether distances are those of the walking network.
    """
    frames: dict[str, Any] = dict(passed.frames)
    access = frames.get("access_by_zone", pd.DataFrame({"group": [], "category": [], "median_m": []}))
    views = _zone_views(
        settings,
        inputs,
        frames["zones"],
        whole=access[access["group"] == "neighbourhood"],
        on_foot=on_foot,
        missing=Phrase("not_shown"),
    )
    return MapContent(
        title=settings.study.name,
        subtitle=_subtitle(settings, frames["zones"]),
        notice=" ".join(filter(None, [settings.study.notice, _site_note(settings)])),
        audience=terms.audience,
        assets=frames["assets"],
        zones=frames["zones"],
        zone_views=views,
        boundary=frames["boundary"],
        base=frames["base"],
        mark_cells=frames.get("mark_cells"),
        comments=frames.get("comments"),
        stops=frames.get("stops"),
        media=frames.get("media"),
        sources=_sources(folder, settings, for_others=True),
        made_on=terms.on,
        contact=settings.study.contact,
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
    featured: str = "",
    tied: Sequence[str] = (),
) -> MapContent:
    """Return a map of the study's ground with given assets and zones on it.

    `notice` stands before the study's own; `featured` is the asset that the map is about; `tied` are the places on
    the page of system maps, where one is beside it.
    """
    stops = told_stops(folder, inputs.crs, _agreed)
    return MapContent(
        title=settings.study.name,
        subtitle=_subtitle(settings, inputs.zones),
        notice=" ".join(filter(None, [notice, settings.study.notice, _site_note(settings)])),
        audience="team",
        resident_rows=len(inputs.annotations),
        assets=assets[assets.intersects(inputs.area.surroundings)],
        zones=zones,
        zone_views=zone_views,
        boundary=gpd.GeoDataFrame(geometry=[inputs.area.outline], crs=inputs.crs),
        base=ground(inputs),
        mark_cells=count_marks(inputs.annotations) if len(inputs.annotations) else None,
        stops=stops,
        media=works_at(stops, folder, inputs.crs, _agreed),
        sources=_sources(folder, settings),
        made_on=today,
        made_by="assetmap",
        featured=featured,
        tied=tied,
        contact=settings.study.contact,
    )


def _site_note(settings: Settings) -> str:
    return place(settings.place.site).note if settings.place.site else ""


def _agreed(stories: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the stories that the team may look at: their tellers have agreed to something."""
    return stories[~stories["consent"].isin(("none", "unknown"))]


def _subtitle(settings: Settings, zones: gpd.GeoDataFrame) -> Text:
    people = zones["population"]
    told: Text = Phrase("zones_count", count=len(zones))
    if people.notna().all():
        told = Phrase("and_then", {"first": told, "second": Phrase("people_count", count=round(people.sum()))})
    site = place(settings.place.site).name if settings.place.site else settings.study.name
    return told if site == settings.study.name else Phrase("and_then", {"first": site, "second": told})


def ground(inputs: Inputs) -> gpd.GeoDataFrame:
    """Return what the base map draws, cut to the surroundings."""
    if inputs.osm is None:
        empty = pd.DataFrame({"kind": pd.Series([], dtype="str"), "name": pd.Series([], dtype="str")})
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=inputs.crs), crs=inputs.crs)
    area = inputs.area.surroundings
    shapely.prepare(area)
    return inputs.osm.base[inputs.osm.base.intersects(area)].reset_index(drop=True)


def _zone_views(
    settings: Settings,
    inputs: Inputs,
    zones: gpd.GeoDataFrame,
    *,
    whole: pd.DataFrame,
    on_foot: bool,
    missing: Text = NOT_KNOWN,
) -> list[ZoneView]:
    """Return the ways to colour zones; `whole` holds the neighbourhood's own access by category."""
    views = []
    mode = "walk" if on_foot else "straight"
    profile = PROFILES[settings.access.profile]
    if "imd_decile" in zones and inputs.deprivation is not None:
        views.append(
            ZoneView(
                "imd_decile",
                Phrase("view_deprivation", {"index": inputs.deprivation.edition.title}),
                Phrase("view_deprivation_says"),
                "decile",
                missing=missing,
            )
        )
    for category in ("green_space", "community_space"):
        column = f"{category}_median_m"
        medians = whole.set_index("category")["median_m"]
        if column in zones and pd.notna(medians.get(category)):
            half = float(medians.loc[category])
            parts = {
                "metres": Phrase("unit_m", {"n": half}),
                "minutes": Phrase("unit_minutes", count=round(profile.minutes(half))),
            }
            name = f"view_{mode}_{category}"
            views.append(ZoneView(column, Phrase(name), Phrase(f"{name}_says", parts), "distance_m", missing=missing))
    column = "green_near_m2_per_person"
    if zones[column].notna().any():
        views.append(
            ZoneView(
                column,
                Phrase("view_green_near"),
                Phrase("view_green_near_says"),
                "number",
                breaks=(10.0, 20.0, 30.0, 50.0),
                unit=Phrase("unit_m2"),
                missing=missing,
            )
        )
    return views


def _sources(folder: Path, settings: Settings, *, for_others: bool = False) -> list[SourceNote]:
    """Return what the data come from. Others aren't told what the team's own files are called."""
    notes = []
    for name, path in input_files(folder, settings).items():
        record = read_provenance(path, verify=False)
        if record is not None:
            notes.append(SourceNote(record.title, record.attribution, record.licence, record.date))
        elif name in settings.osm.file:
            notes.append(OSM_NOTE)
        elif holds_data(name):
            title = Phrase("study_file") if for_others else Phrase("study_file_named", {"file": path.name})
            notes.append(SourceNote(title, "", "", ""))
    # The base map covers most of the page: whoever drew it is named first.
    return sorted(dict.fromkeys(notes), key=lambda note: "OpenStreetMap" not in str(note.attribution))
