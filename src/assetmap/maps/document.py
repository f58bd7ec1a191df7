"""The map as one self-contained page, and as a folium map in a notebook."""

from __future__ import annotations

import hashlib
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import Figure
from pyproj import CRS

from assetmap.cartography.picture import NumberedPlace, render_picture
from assetmap.encode import packed_payload, plain_text
from assetmap.maps.content import MapContent
from assetmap.maps.layers import focus_bounds, layer_payload, map_bounds
from assetmap.maps.placelist import list_places, sort_places
from assetmap.maps.shapes import grid_of
from assetmap.maps.sheet import make_sheet
from assetmap.maps.templates import leaflet_files, page_files, template
from assetmap.maps.voices import ordered_stops
from assetmap.maps.zone_views import class_zones
from assetmap.pages.seal import content_policy, require_self_contained
from assetmap.words import Words, words_for

__all__ = ["AssetMap", "Page", "map_html", "render_map"]

NOTEBOOK_HEIGHT = "760px"


class Page(Figure):
    """The document around a folium map: heading, controls, list of places, tables, sources."""

    def __init__(self, sheet: dict[str, Any], words: Words) -> None:
        super().__init__(width="100%", height=NOTEBOOK_HEIGHT)
        self.sheet = sheet
        self.words = words
        self.header._children.clear()  # noqa: SLF001 - branca has no other way to leave its meta tag out, and ours has one

    def render(self, **kwargs: Any) -> str:
        """Return the whole page.

        Raises
        ------
        UsageError
            If a layer that was added to the map would load something from elsewhere.
        """
        for child in self._children.values():
            child.render(**kwargs)
        leaflet_style, leaflet_script = leaflet_files()
        page_style, page_scripts = page_files()
        style = leaflet_style + page_style
        first, unpack, *rest = page_scripts
        code = (first, unpack, leaflet_script, *rest)
        script = self.script.render(**kwargs)
        sheet = {**self.sheet, "style": style, "code": code, "policy": content_policy((*code, script), (style,))}
        page = template("document.jinja").render(
            sheet=sheet,
            words=self.words.texts,
            header=self.header.render(**kwargs),
            body=self.html.render(**kwargs),
            script=script,
        )
        return require_self_contained(page)


class AssetMap(folium.Map):
    """A folium map without tiles, whose layers are drawn from data inside the page.

    It shows inline in a notebook. Layers of folium that load nothing can be added to it.
    """

    def __init__(self, location: tuple[float, float], *, label: str, identity: str) -> None:
        super().__init__(
            location=location, tiles=None, prefer_canvas=True, zoom_start=15, max_zoom=20, attribution_control=False
        )
        self.default_js, self.default_css = [], []  # Leaflet stands in the page, and nothing of folium's is loaded
        self._template = template("map.jinja")
        self._id = identity
        self.label = label

    def render(self, **kwargs: Any) -> str:
        """Put the map's element and script into the page; nothing is left to return."""
        # Past folium.Map.render, which adds styles and a script for a map that fills the window.
        super(folium.Map, self).render(**kwargs)  # type: ignore[no-untyped-call] # it has no types in folium 0.20
        return ""


def render_map(content: MapContent) -> AssetMap:
    """Make the map as a folium map.

    Its ``get_root().render()`` is the whole page; a notebook shows it inline.

    Parameters
    ----------
    content
        What the map shows.
    """
    words = words_for(content.language)
    assets = sort_places(content.assets)
    places = list_places(assets, content.zones, words)
    views = (
        ()
        if content.zones is None
        else tuple(class_zones(view, content.zones[view.column], words) for view in content.zone_views)
    )
    grid = grid_of(CRS.from_user_input(content.assets.crs), map_bounds(content))
    payload = packed_payload(layer_payload(content, assets, grid=grid, places=places, views=views, words=words))
    picture = render_picture(
        content.base,
        content.boundary,
        names=content.names,
        places=_numbered(assets, places, content.featured),
        bounds=focus_bounds(content),
        label=words.phrase("picture_name"),
        words=words,
        stops=_stops_of(content),
    )
    west, south, east, north = focus_bounds(content)
    lon, lat = grid.lonlat(((west + east) / 2, (south + north) / 2))
    made = AssetMap(
        (lat, lon),
        label=words.phrase("map_name", title=plain_text(content.title)),
        identity=hashlib.sha256(payload.encode("ascii")).hexdigest()[:12],
    )
    sheet = make_sheet(content, places=places, views=views, picture=picture, words=words)
    Page(sheet | {"payload": payload}, words).add_child(made)
    return made


def map_html(content: MapContent) -> str:
    """Return the map as one self-contained page; equal content gives equal bytes.

    Raises
    ------
    UsageError
        If the page would load anything from elsewhere.
    """
    return str(render_map(content).get_root().render())


def _stops_of(content: MapContent) -> list[tuple[float, float]]:
    if content.stops is None or content.stops.empty:
        return []
    points = shapely.get_coordinates(shapely.point_on_surface(np.asarray(ordered_stops(content.stops).geometry)))
    return [(float(x), float(y)) for x, y in points]


def _numbered(assets: Any, places: Any, featured: str) -> list[NumberedPlace]:
    """Return the places for the picture; what the map is about comes first, so that there is room for it."""
    points = shapely.get_coordinates(shapely.point_on_surface(np.asarray(assets.geometry)))
    numbered = [
        NumberedPlace(place.number, float(x), float(y), place.group, place.anchor, ringed=identity == featured)
        for place, (x, y), identity in zip(places, points, assets["asset_id"], strict=True)
    ]
    return sorted(numbered, key=lambda place: not place.ringed)
