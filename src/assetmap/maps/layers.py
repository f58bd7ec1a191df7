"""A map's layers as plain numbers and words: what the page unpacks and draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from assetmap.cartography.basemap import base_classes, label_classes
from assetmap.cartography.night import night
from assetmap.cartography.palettes import mix_colours, palettes
from assetmap.cartography.symbols import symbol_of
from assetmap.encode import plain_text
from assetmap.maps.contact import contact_link
from assetmap.maps.content import MapContent
from assetmap.maps.placelist import FACTS, Place, group_places
from assetmap.maps.script_words import script_words
from assetmap.maps.shapes import UNITS, Grid, pack_areas, pack_lines, points_of, sort_nearby
from assetmap.maps.voices import comment_layer, mark_layer, stop_layer
from assetmap.maps.zone_views import ClassedView
from assetmap.words import Words

__all__ = ["focus_bounds", "layer_payload", "map_bounds"]

TOLERANCE_M = 1.0
"""How far simplifying may move an edge."""
BUILDING_TOLERANCE_M = 0.4

Bounds = tuple[float, float, float, float]


def map_bounds(content: MapContent) -> Bounds:
    """Return the box around all that the map draws, in the map's CRS."""
    frames = (content.base, content.assets, content.zones, content.boundary)
    boxes = [frame.total_bounds for frame in frames if frame is not None and len(frame)]
    if not boxes:
        return (0.0, 0.0, 1.0, 1.0)
    return _around(boxes)


def focus_bounds(content: MapContent) -> Bounds:
    """Return the box that the map shows at first: the boundary, else the zones, the assets, all.

    What the map is about is always in it.
    """
    for frame in (content.boundary, content.zones, content.assets):
        if frame is not None and len(frame):
            about = content.assets[content.assets["asset_id"] == content.featured]
            return _around([frame.total_bounds, *([about.total_bounds] if len(about) else [])])
    return map_bounds(content)


def _around(boxes: Sequence[NDArray[np.float64]]) -> Bounds:
    stack = np.array(boxes)
    west, south = stack[:, :2].min(axis=0)
    east, north = stack[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def layer_payload(
    content: MapContent,
    assets: gpd.GeoDataFrame,
    *,
    grid: Grid,
    places: Sequence[Place],
    views: Sequence[ClassedView],
    words: Words,
) -> dict[str, Any]:
    """Return everything that the page draws, as numbers, words and styles.

    Parameters
    ----------
    content
        The map.
    assets
        Its assets in the list's order (`placelist.sort_places`).
    grid
        The grid to draw on.
    places
        Their descriptions.
    views
        The classed zone views.
    words
        The map's language.
    """
    return {
        "units": UNITS,
        "origin": list(grid.origin),
        "extent": _box(map_bounds(content), grid),
        "focus": _box(focus_bounds(content), grid),
        "grounds": [
            {**palettes().ground, "zoneOpacity": palettes().zone_opacity},
            {**night().ground, "zoneOpacity": night().zone_opacity},
        ],
        "base": _base_layers(content.base, grid),
        "labels": _label_layer(content.names, grid),
        "boundary": _boundary_layer(content.boundary, grid),
        "zones": _zone_layer(content.zones, grid, views=views, words=words),
        "marks": mark_layer(content.mark_cells, grid, words),
        "comments": comment_layer(content.comments, grid, words),
        "stops": stop_layer(content.stops, grid),
        "places": _place_layer(assets, grid, places=places, words=words),
        "featured": next(iter(np.flatnonzero(assets["asset_id"] == content.featured).tolist()), -1),
        "tied": _tied(assets, places, content.tied),
        "address": content.address,
        "contact": contact_link(content.contact),
        "title": plain_text(content.title),
        "words": script_words(words),
    }


def _box(bounds: Bounds, grid: Grid) -> list[int]:
    west, south, east, north = bounds
    corners = grid.place(np.array([[west, south], [west, north], [east, south], [east, north]]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    return [int(low[0]), int(low[1]), int(high[0]), int(high[1])]


def _geometries(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    return np.asarray(frame.geometry.to_numpy(), dtype=object)


def _base_layers(base: gpd.GeoDataFrame, grid: Grid) -> list[dict[str, Any]]:
    near = sort_nearby(base)
    layers = []
    for look in base_classes():
        shapes = _geometries(near[near["kind"] == look.kind])
        pack = pack_areas if look.shape == "area" else pack_lines
        tolerance = BUILDING_TOLERANCE_M if look.kind == "building" else TOLERANCE_M
        packed = pack(shapes, grid=grid, tolerance_m=tolerance)
        if len(packed.points):
            fill, edge = night().base[look.kind]
            style = {
                "kind": look.kind,
                "shape": look.shape,
                "fill": [look.fill, fill],
                "edge": [look.edge, edge] if look.edge else None,
                "width": look.width_m,
                "thinnest": look.thinnest,
                "dash": list(look.dash),
                "fromZoom": look.from_zoom,
                "aboveZones": look.above_zones,
            }
            layers.append({"style": style, **packed.payload()})
    return layers


def _label_layer(found: pd.DataFrame, grid: Grid) -> dict[str, Any]:
    """Return the names, each once, and the places for them with indices of name and kind."""
    kinds, texts = list(label_classes()), sorted(set(found["name"]))
    at = {text: index for index, text in enumerate(texts)}
    placed = grid.place(found[["x", "y"]].to_numpy(dtype="float64")) if len(found) else np.zeros((0, 2))
    return {
        "styles": {
            kind: {"colour": [look.colour, night().labels[kind]], "size": look.size, "fromZoom": look.from_zoom}
            for kind, look in label_classes().items()
        },
        "kinds": kinds,
        "texts": texts,
        "kind": [kinds.index(kind) for kind in found["kind"]],
        "text": [at[name] for name in found["name"]],
        "x": placed[:, 0].astype(int).tolist(),
        "y": placed[:, 1].astype(int).tolist(),
        "angle": found["angle"].round().astype(int).tolist(),
        "room": found["room"].round().astype(int).tolist(),
    }


def _boundary_layer(boundary: gpd.GeoDataFrame | None, grid: Grid) -> dict[str, Any] | None:
    if boundary is None or boundary.empty:
        return None
    whole = np.array([boundary.union_all()], dtype=object)
    return pack_areas(whole, grid=grid, tolerance_m=TOLERANCE_M).payload()


def _zone_layer(
    zones: gpd.GeoDataFrame | None, grid: Grid, *, views: Sequence[ClassedView], words: Words
) -> dict[str, Any] | None:
    if zones is None or zones.empty:
        return None
    shapes = _geometries(zones)
    if shapely.coverage_is_valid(shapes):
        shapes = shapely.coverage_simplify(shapes, TOLERANCE_M)
    x, y = points_of(zones, grid)
    return {
        **pack_areas(shapes, grid=grid, tolerance_m=0.0).owned_payload(len(zones)),
        "x": x,
        "y": y,
        "name": zone_names(zones),
        "population": population_words(zones, words),
        "views": [
            {
                "title": plain_text(words.say(classed.view.title)),
                "colours": list(classed.colours),
                "classes": list(classed.classes),
                "told": [plain_text(words) for words in classed.words],
            }
            for classed in views
        ],
    }


def zone_names(zones: gpd.GeoDataFrame) -> list[str]:
    """Return what each zone is called: its name, or its code where it has none."""
    named = zones["name"].where(zones["name"].notna() & (zones["name"] != ""), zones["zone_code"])
    return [plain_text(name) for name in named]


def population_words(zones: gpd.GeoDataFrame, words: Words) -> list[str]:
    """Return how many people live in each zone, in words."""
    unknown = words.phrase("not_known")
    return [words.number(number) if number == number else unknown for number in zones["population"]]


def _tied(assets: gpd.GeoDataFrame, places: Sequence[Place], ids: Sequence[str]) -> list[str]:
    """Return the anchors of the places that stand on the page of system maps."""
    return [place.anchor for place, there in zip(places, assets["asset_id"].isin(ids), strict=True) if there]


def _place_layer(assets: gpd.GeoDataFrame, grid: Grid, *, places: Sequence[Place], words: Words) -> dict[str, Any]:
    shapes = _geometries(assets)
    x, y = points_of(assets, grid)
    groups = group_places(tuple(places), words)
    codes = [group.code for group in groups]
    symbols = [symbol_of(code) for code in codes]
    return {
        "areas": pack_areas(shapes, grid=grid, tolerance_m=BUILDING_TOLERANCE_M).owned_payload(len(shapes)),
        "lines": pack_lines(shapes, grid=grid, tolerance_m=TOLERANCE_M).owned_payload(len(shapes)),
        "size": np.sqrt(shapely.area(shapes)).round().astype(int).tolist(),
        "x": x,
        "y": y,
        "anchor": [place.anchor for place in places],
        "name": [place.name for place in places],
        "named": [int(place.named) for place in places],
        "category": [place.category for place in places],
        "group": [codes.index(place.group) for place in places],
        "facts": {fact: [place.facts.get(fact, "") for place in places] for fact in FACTS},
        "groups": [
            {
                "label": group.label,
                "colour": look.colour,
                "ink": [look.colour, mix_colours("#ffffff", look.colour, opacity=0.65)],
                "shape": look.shape,
                "glyph": look.glyph,
            }
            for group, look in zip(groups, symbols, strict=True)
        ],
    }
