"""Participatory asset mapping: from OpenStreetMap and residents' marks to access, deprivation and a map.

The names here are an analyst's calls. Each is loaded when it is first used, so that ``import assetmap`` is quick.
Readers return a table and the tally of what was read; tables are in metres; measures take tables and
return tables, and touch no file.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assetmap.assets import assign_zones, combine_assets
    from assetmap.crs import to_metric
    from assetmap.entrances import find_entrances
    from assetmap.errors import AssetMapError
    from assetmap.maps.content import MapContent
    from assetmap.maps.document import render_map
    from assetmap.measures.access import measure_access, usable_assets
    from assetmap.measures.deprivation import summarise_deprivation
    from assetmap.measures.green import green_area
    from assetmap.measures.marks import count_marks
    from assetmap.measures.routing import Routing
    from assetmap.measures.summaries import access_by_deprivation, summarise_access
    from assetmap.network import build_network
    from assetmap.origins import origins_from_buildings, origins_from_points
    from assetmap.sources.annotations import read_annotations
    from assetmap.sources.boundaries import read_zones
    from assetmap.sources.deprivation import read_deprivation
    from assetmap.sources.green_space import read_access_points, read_green_space
    from assetmap.sources.lists import read_list
    from assetmap.sources.osm import read_osm
    from assetmap.sources.population import read_population
    from assetmap.study.create import create_demo
    from assetmap.study.flow import build_study
    from assetmap.study.pieces import access_to, read_assets, targets_of
    from assetmap.study.sharing.publishing import publish_study

    __version__: str

__all__ = [
    "AssetMapError",
    "MapContent",
    "Routing",
    "access_by_deprivation",
    "access_to",
    "assign_zones",
    "build_network",
    "build_study",
    "combine_assets",
    "count_marks",
    "create_demo",
    "find_entrances",
    "green_area",
    "measure_access",
    "origins_from_buildings",
    "origins_from_points",
    "publish_study",
    "read_access_points",
    "read_annotations",
    "read_assets",
    "read_deprivation",
    "read_green_space",
    "read_list",
    "read_osm",
    "read_population",
    "read_zones",
    "render_map",
    "summarise_access",
    "summarise_deprivation",
    "targets_of",
    "to_metric",
    "usable_assets",
]

_HOMES = {
    "assign_zones": "assetmap.assets",
    "combine_assets": "assetmap.assets",
    "to_metric": "assetmap.crs",
    "find_entrances": "assetmap.entrances",
    "AssetMapError": "assetmap.errors",
    "MapContent": "assetmap.maps.content",
    "render_map": "assetmap.maps.document",
    "Routing": "assetmap.measures.routing",
    "measure_access": "assetmap.measures.access",
    "usable_assets": "assetmap.measures.access",
    "summarise_deprivation": "assetmap.measures.deprivation",
    "green_area": "assetmap.measures.green",
    "count_marks": "assetmap.measures.marks",
    "access_by_deprivation": "assetmap.measures.summaries",
    "summarise_access": "assetmap.measures.summaries",
    "build_network": "assetmap.network",
    "origins_from_buildings": "assetmap.origins",
    "origins_from_points": "assetmap.origins",
    "read_annotations": "assetmap.sources.annotations",
    "read_zones": "assetmap.sources.boundaries",
    "read_deprivation": "assetmap.sources.deprivation",
    "read_access_points": "assetmap.sources.green_space",
    "read_green_space": "assetmap.sources.green_space",
    "read_list": "assetmap.sources.lists",
    "read_osm": "assetmap.sources.osm",
    "read_population": "assetmap.sources.population",
    "create_demo": "assetmap.study.create",
    "build_study": "assetmap.study.flow",
    "publish_study": "assetmap.study.sharing.publishing",
    "access_to": "assetmap.study.pieces",
    "read_assets": "assetmap.study.pieces",
    "targets_of": "assetmap.study.pieces",
}

if not TYPE_CHECKING:  # a type checker sees the imports above, and knows that there is nothing else

    def __getattr__(name: str) -> object:
        """Load a public name from its module when it is first asked for."""
        if name == "__version__":
            from importlib.metadata import version

            return version("assetmap")
        if name not in _HOMES:
            raise AttributeError(f"module 'assetmap' has no attribute {name!r}")
        found = getattr(importlib.import_module(_HOMES[name]), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    """Return what completion offers: the public names."""
    return [*__all__, "__version__"]
