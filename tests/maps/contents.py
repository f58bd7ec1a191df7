"""Maps drawn by hand, whose answers are known on paper: in metres east and north of a corner in Bow, London."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point, Polygon, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from assetmap.crs import BRITISH_GRID
from assetmap.disclosure.stamp import stamp
from assetmap.maps import MapContent, SourceNote, ZoneView
from assetmap.schema import ASSETS, validate_table

EAST, NORTH = 536_000.0, 183_000.0

SOURCES = (
    SourceNote("OpenStreetMap extract", "© OpenStreetMap contributors", "ODbL 1.0", "2025-05-01"),
    SourceNote("Indices of Deprivation 2025", "MHCLG", "Open Government Licence v3.0", "2025-10-30"),
)


def frame(shapes: list[BaseGeometry], **columns: Any) -> gpd.GeoDataFrame:
    """Return a frame of shapes given in metres from the corner."""
    placed = [translate(shape, EAST, NORTH) for shape in shapes]
    table = pd.DataFrame(columns, index=range(len(shapes)))
    return gpd.GeoDataFrame(table, geometry=placed, crs=BRITISH_GRID)


def assets_of(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Return an assets table of rows with at least ``geometry`` and ``category``."""
    usual = {"source": "osm", "access": "open", "area_m2": np.nan}
    given = [
        {**dict.fromkeys(ASSETS), **usual, "asset_id": f"osm:node/{number}", "source_ref": f"node/{number}"} | row
        for number, row in enumerate(rows, start=1)
    ]
    table = pd.DataFrame(given).drop(columns="geometry")
    shapes = frame([row["geometry"] for row in rows])
    return validate_table(gpd.GeoDataFrame(table, geometry=shapes.geometry, crs=BRITISH_GRID), "assets")


def small_assets() -> gpd.GeoDataFrame:
    """Return seven places, two of them at one door, one the duplicate of another."""
    rows = [
        {"name": "Linden Park", "category": "park", "geometry": box(100, 500, 400, 800), "area_m2": 90_000.0},
        {"name": None, "category": "garden", "geometry": box(500, 100, 540, 150), "area_m2": 2_000.0},
        {
            "name": "Bow Library",
            "category": "library",
            "geometry": Point(600, 420),
            "opening_hours": "Mo-Fr 09:00-17:00",
        },
        {"name": "Café Zoë", "category": "cafe", "geometry": Point(800, 600), "access": "unknown", "zone_code": "E2"},
        {"name": "St Anne", "category": "place_of_worship", "geometry": Point(300, 250), "step_free": "limited"},
        {"name": "St Anne’s Food Bank", "category": "food_bank", "geometry": Point(301, 250), "cost": "free"},
        {"name": "Bow Library", "category": "library", "geometry": Point(605, 420), "source": "councils-list"},
    ]
    assets = assets_of(rows)
    return assets.assign(duplicate_of=[None] * 6 + ["osm:node/3"])


def small_base() -> gpd.GeoDataFrame:
    """Return streets, a park with a pond, a canal, buildings, a path with steps and a railway."""
    rows: list[tuple[str, str | None, BaseGeometry]] = [
        ("green", "Linden Park", box(100, 500, 400, 800)),
        ("wood", None, box(120, 700, 200, 780)),
        ("water", "The Pond", box(250, 600, 330, 660)),
        ("waterway", "Bow Cut", LineString([(0, 50), (1000, 90)])),
        ("building", None, box(590, 400, 620, 440)),
        ("building", None, Polygon(box(700, 400, 780, 480).exterior, [box(720, 420, 760, 460).exterior])),
        ("rail", None, LineString([(0, 950), (1000, 900)])),
        ("street_major", "High Street", LineString([(0, 450), (1000, 450)])),
        ("street", "Mill Lane", LineString([(450, 0), (450, 450)])),
        ("street", "Mill Lane", LineString([(450, 450), (450, 1000)])),
        ("path", None, LineString([(100, 600), (400, 700)])),
        ("steps", None, LineString([(450, 300), (480, 300)])),
    ]
    kinds, names, shapes = zip(*rows, strict=True)
    return frame(list(shapes), kind=kinds, name=names)


def small_zones() -> gpd.GeoDataFrame:
    """Return three zones side by side; the last has no figures."""
    return frame(
        [box(0, 0, 450, 1000), box(450, 0, 1000, 500), box(450, 500, 1000, 1000)],
        zone_code=["E1", "E2", "E3"],
        name=["West", "South East", None],
        vintage=["own"] * 3,
        population=[1500.0, 1234.0, np.nan],
        imd25_decile=[1.0, 7.0, np.nan],
        park_walk_m=[120.0, 640.5, np.nan],
    )


VIEWS = (
    ZoneView("imd25_decile", "Deprivation 2025", "Darker areas are among the more deprived.", "decile"),
    ZoneView("park_walk_m", "Walk to a park", "Half of the people walk less than 400 m.", "distance_m"),
)


def small_marks() -> gpd.GeoDataFrame:
    """Return the marks of two themes in squares of 200 m."""
    return frame(
        [box(0, 0, 200, 200), box(200, 0, 400, 200), box(0, 0, 200, 200)],
        theme=["Feels unsafe", "Feels unsafe", "Love this place"],
        count=[3, 1, 12],
        sheets=[2, 1, 4],
    )


def small_content(**changes: Any) -> MapContent:
    """Return a map of all of these, with changes."""
    content = MapContent(
        title="Places in Bow",
        subtitle="A square kilometre",
        assets=small_assets(),
        base=small_base(),
        sources=SOURCES,
        made_on="2026-01-05",
        made_by="the study team",
        contact="team@example.org",
        zones=small_zones(),
        zone_views=VIEWS,
        boundary=frame([box(20, 20, 980, 980)]),
        mark_cells=small_marks(),
        notice="This place is made up.",
        resident_rows=16,
    )
    return replace(content, **changes)


def small_stops() -> gpd.GeoDataFrame:
    """Return the three stops of a walk, not in their order."""
    return frame(
        [Point(620, 120), Point(250, 480), Point(860, 820)],
        number=[2, 1, 7],
        title=["The lock", "Linden gate", "Up the hill"],
        text=["Boats wait here.", "Start where the bus stops.", "You can see the river."],
    )


def small_comments() -> gpd.GeoDataFrame:
    """Return three remarks, two of one theme at one spot, one without a theme."""
    return frame(
        [Point(500, 860), Point(501, 861), Point(700, 250)],
        theme=["Lights", "Lights", None],
        text=["Too dark after five.", "Two lamps are broken.", "The bench is lovely."],
    )


def full_content(**changes: Any) -> MapContent:
    """Return the small map with a walk, remarks, an address and sister pages in two languages."""
    full = {
        "stops": small_stops(),
        "stops_title": "A walk along the Cut",
        "comments": small_comments(),
        "address": "https://example.org/bow/map.html",
        "siblings": (("en", "map.html"), ("bn", "map.bn.html"), ("ur", "map.ur.html")),
    }
    return small_content(**full | changes)


def released(content: MapContent, audience: str, **changes: Any) -> MapContent:
    """Return a map for an audience, all of whose frames carry the gate's stamp."""
    names = ("assets", "base", "zones", "boundary", "mark_cells", "stops", "comments")
    frames = {name: getattr(content, name) for name in names}
    stamped = {name: stamp(table, audience) for name, table in frames.items() if table is not None}
    return replace(content, audience=audience, **stamped | changes)
