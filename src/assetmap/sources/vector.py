"""Shapes from files of any of the usual kinds, mended or dropped one by one and never in silence."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from assetmap.archives import unpack_zip
from assetmap.crs import BRITISH_GRID
from assetmap.errors import CRSError, InputError
from assetmap.files import SHAPEFILE_PARTS, require_file
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.shapes import accept_shapes
from assetmap.tally import Tally

__all__ = ["VECTOR_SUFFIXES", "list_vector_layers", "read_vector", "sniff_vector"]

VECTOR_SUFFIXES = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".parquet", ".geoparquet")
_EVERY_LAYER = ("kml",)
_MOST_LAYERS = 100  # GDAL reads the whole file again for each


def sniff_vector(path: Path) -> str | None:
    """Return the kind of vector file by its first bytes, or None.

    ``geojson``, ``gpkg``, ``flatgeobuf``, ``kml``, ``parquet``, ``shapefile`` or ``zip``.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    for magic, kind in (
        (b"SQLite format 3", "gpkg"),
        (b"fgb\x03", "flatgeobuf"),
        (b"PAR1", "parquet"),
        (b"\x00\x00\x27\x0a", "shapefile"),
        (b"PK\x03\x04", "zip"),
    ):
        if head.startswith(magic):
            return kind
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "geojson"
    if b"<kml" in text and text.startswith(b"<"):
        return "kml"
    return None


def read_vector(
    path: Path | str,
    *,
    layer: str | None = None,
    what: str = "map file",
    every_layer: bool = False,
    source_crs: Any = None,
    near: Bounds | None = None,
) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read GeoJSON, GeoPackage, a shapefile (zipped too), KML, KMZ, FlatGeobuf or GeoParquet.

    Invalid shapes are mended and counted; those that are missing, empty, without extent or off the Earth
    are dropped and counted. Heights are left out. Dates come as text.

    Parameters
    ----------
    path
        The file.
    layer
        The layer to read, where there are several. KML and KMZ are read with all of theirs.
    what
        What the file should hold, for messages.
    every_layer
        Whether to read all layers of any file together; the column ``layer_name`` says which each is of.
    source_crs
        The reference system to take the coordinates in, whatever the file says.
    near
        A lon/lat box that the data should touch; see `crs.check_lonlat`.

    Returns
    -------
    GeoDataFrame
        In the file's own CRS, indexed by the shape's number in the file, from 1.
    Tally
        What was read, mended and dropped.

    Raises
    ------
    MissingInputError, InputError, CRSError
        If the file is missing, isn't such a file, is torn, has several layers and none is named, says
        no reference system, or has its axes exchanged.
    """
    path = require_file(path, what)
    frame = _read_any(path, layer=layer, what=what, every_layer=every_layer)
    tally = Tally(path.name, read=len(frame))
    frame = _with_crs(frame, source_crs, path)
    frame = frame.set_axis(pd.RangeIndex(1, len(frame) + 1, name="row"))
    frame = accept_shapes(frame, tally, what=f"{path.name} ({what})", near=near)
    tally.repair("unclosed ring closed", int(frame.pop("_closed").sum()))
    return frame, tally


def list_vector_layers(path: Path) -> list[str]:
    """Return the names of a file's layers that have shapes; none for GeoParquet and archives."""
    if sniff_vector(path) in {"parquet", "zip", None}:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [str(name) for name, shape in pyogrio.list_layers(path) if shape is not None]
    except Exception as error:  # GDAL's drivers raise whatever the broken part makes them stumble on
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    """Return what to say of a file that GDAL stumbles on; of a GeoPackage it repeats SQLite's own words."""
    if sniff_vector(path) == "gpkg":
        return InputError(f"{path} is a GeoPackage that is torn or damaged, or no GeoPackage: get the file again.")
    return InputError(f"{path} can't be read ({_first_words(error)}): get the file again.")


def _read_any(path: Path, *, layer: str | None, what: str, every_layer: bool) -> gpd.GeoDataFrame:
    kind = sniff_vector(path)
    if kind == "zip":
        with tempfile.TemporaryDirectory(prefix="assetmap-") as folder:
            inner = _unpacked(path, Path(folder))
            return _read_any(inner, layer=layer, what=what, every_layer=every_layer)
    if kind is None:
        raise InputError(
            f"{path} ({what}) is no map file that assetmap can read: give GeoJSON, GeoPackage, a shapefile, KML, KMZ, "
            "FlatGeobuf or GeoParquet."
        )
    if kind == "shapefile" and path.suffix.casefold() != ".shp":
        raise InputError(f"{path} is one part of a shapefile: name its .shp file, and keep the parts beside it.")
    if kind == "parquet":
        return _read_parquet(path)
    layers = list_vector_layers(path)
    chosen = _choose_layers(path, layers, layer, every=every_layer or kind in _EVERY_LAYER)
    frames = [_read_layer(path, name) for name in chosen]
    if len(frames) > 1 and len({frame.crs for frame in frames if len(frame)}) > 1:
        raise CRSError(f"{path}: its layers are in different reference systems: read them one by one (layer).")
    if len(frames) > 1:
        frames = [frame.assign(layer_name=name) for frame, name in zip(frames, chosen, strict=True)]
        frames = [frame for frame in frames if len(frame)] or frames[:1]
    joined = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=frames[0].crs)


def _unpacked(path: Path, folder: Path) -> Path:
    """Unpack an archive and return the one file in it to read."""
    endings = (*VECTOR_SUFFIXES, *SHAPEFILE_PARTS)
    files = unpack_zip(path, folder, wanted=lambda name: name.lower().endswith(endings))
    files = [file for file in files if not file.name.startswith("._")]
    inside = [file for file in files if file.suffix.lower() in VECTOR_SUFFIXES and "__MACOSX" not in file.parts]
    if any(file.suffix.lower() == ".kml" for file in inside):
        roots = [file for file in inside if file.suffix.lower() == ".kml"]
        inside = [next((file for file in roots if file.name.lower() == "doc.kml"), roots[0])]
    if len(inside) != 1:
        names = ", ".join(sorted(file.name for file in inside)) or "none"
        raise InputError(
            f"{path} should hold one map file and holds {len(inside)} ({names}): unpack it and name the one."
        )
    return require_file(inside[0], "map file")


def _choose_layers(path: Path, layers: list[str], layer: str | None, *, every: bool) -> list[str]:
    if layer is not None:
        if layer not in layers:
            raise InputError(f"{path} has no layer {layer!r}; it has {', '.join(map(repr, layers)) or 'none'}.")
        return [layer]
    if not layers:
        raise InputError(f"{path} has no layer with shapes: give a file with points, lines or areas.")
    if len(layers) > 1 and not every:
        raise InputError(f"{path} has {len(layers)} layers ({', '.join(layers[:8])}): say which (layer).")
    if len(layers) > _MOST_LAYERS:
        raise InputError(f"{path} has {len(layers)} layers or folders, more than {_MOST_LAYERS}: put them together.")
    return layers


def _read_layer(path: Path, layer: str) -> gpd.GeoDataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL warns of each odd ring and number; the tally counts them
            frame = pyogrio.read_dataframe(
                path, layer=layer, on_invalid="ignore", datetime_as_string=True, fid_as_index=False
            )
            missing = frame.geometry.isna() if isinstance(frame, gpd.GeoDataFrame) else pd.Series(dtype=bool)
            closed = pd.Series(False, index=frame.index)
            if missing.any():
                mended = pyogrio.read_dataframe(path, layer=layer, on_invalid="fix", columns=[])
                frame.geometry = frame.geometry.where(~missing, mended.geometry)
                closed = missing & frame.geometry.notna()
    except Exception as error:  # GDAL's drivers raise whatever the broken part makes them stumble on
        raise _unreadable(path, error) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(f"{path}: layer {layer!r} has no shapes: give a file with points, lines or areas.")
    return frame.assign(_closed=closed.to_numpy())


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    try:
        frame = gpd.read_parquet(path)
    except Exception as error:  # pyarrow and shapely raise whatever the broken part makes them stumble on
        raise InputError(f"{path} is not a GeoParquet file ({_first_words(error)}).") from error
    if frame.active_geometry_name != "geometry":
        frame = frame.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    return frame.reset_index(drop=True).assign(_closed=False)


def _first_words(error: Exception) -> str:
    return str(error).split("; It might help")[0].strip()[:200] or type(error).__name__


def _with_crs(frame: gpd.GeoDataFrame, source_crs: Any, path: Path) -> gpd.GeoDataFrame:
    if source_crs is not None:
        try:
            return frame.set_crs(CRS.from_user_input(source_crs), allow_override=True)
        except ProjError as error:
            raise CRSError(f"{source_crs!r} is not a reference system: write it like EPSG:27700.") from error
    if frame.crs is None:
        raise CRSError(
            f"{path} does not say which reference system its coordinates are in: write it into the file, in QGIS "
            f"(Set Layer CRS, then Export) or with `ogr2ogr -a_srs EPSG:27700 {path.stem}_crs.gpkg {path.name}` "
            "(EPSG:27700 is the British National Grid, EPSG:4326 longitude and latitude)."
        )
    crs = CRS.from_user_input(frame.crs)
    if crs.to_epsg() is None and crs.to_epsg(min_confidence=20) == 27700:
        # a .prj without a code: the projection is the National Grid's, and its datum is only unnamed
        return frame.set_crs(BRITISH_GRID, allow_override=True)
    return frame
