"""uMap's own files: every layer of the map, with the layer's name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.crs import LONLAT
from assetmap.errors import InputError
from assetmap.files import read_text

__all__ = ["is_umap", "read_umap"]

_OPTIONS = ("_umap_options", "_storage_options", "_storage")  # as they were called over the years


def is_umap(path: Path) -> bool:
    """Whether a file is a uMap, by its name or what it begins with."""
    if path.suffix.lower() == ".umap":
        return True
    with path.open("rb") as stream:
        return b'"umap"' in stream.read(200)


def read_umap(path: Path) -> gpd.GeoDataFrame:
    """Read the shapes of all layers of a ``.umap`` file, in longitude and latitude.

    Returns
    -------
    GeoDataFrame
        The features' properties as text, and ``layer_name``.

    Raises
    ------
    InputError
        If it isn't such a file, or holds no shape.
    """
    try:
        content = json.loads(read_text(path, "uMap file"))
        rows = [row for layer in content["layers"] for row in _rows(layer)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, shapely.GEOSException) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is not a whole uMap file ({error}): save the full map from uMap again.") from error
    if not rows:
        raise InputError(f"{path} holds no marks: its layers are empty, or kept elsewhere (remote data).")
    frame = pd.DataFrame(rows)
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=list(frame["geometry"]), crs=LONLAT)


def _rows(layer: Any) -> list[dict[str, Any]]:
    name = next(
        (layer[key]["name"] for key in _OPTIONS if isinstance(layer.get(key), dict) and "name" in layer[key]), None
    )
    rows = []
    for feature in layer.get("features") or []:
        said = {
            str(key): _text(value) for key, value in (feature.get("properties") or {}).items() if key not in _OPTIONS
        }
        drawn = feature.get("geometry")
        shape = shapely.from_geojson(json.dumps(drawn)) if drawn else None
        rows.append({**said, "layer_name": name, "geometry": None if shape is None else shapely.force_2d(shape)})
    return rows


def _text(value: Any) -> str | None:
    return None if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
