"""Shapes from files of any of the usual kinds, mended or dropped one by one and never in silence."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from assetmap.crs import BRITISH_GRID, check_lonlat
from assetmap.errors import CRSError, InputError
from assetmap.files import require_file, unpack_zip
from assetmap.schema import Tally
from assetmap.sources.positions import Bounds, lonlat_bounds, misplaced

__all__ = [
    "accept_shapes",
    "list_vector_layers",
    "mend_shapes",
    "project_shapes",
    "read_vector",
    "sniff_vector",
    "split_collections",
]

_SUFFIXES = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".parquet", ".geoparquet")
_EVERY_LAYER = ("kml",)
_ABSURD = 1e9  # no reference system on Earth has coordinates beyond this


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
        raise InputError(f"{path} can't be read ({_first_words(error)}): get the file again.") from error


def _read_any(path: Path, *, layer: str | None, what: str, every_layer: bool) -> gpd.GeoDataFrame:
    kind = sniff_vector(path)
    if kind == "zip":
        with tempfile.TemporaryDirectory(prefix="assetmap-") as folder:
            inner = _unpacked(path, Path(folder))
            return _read_any(inner, layer=layer, what=what, every_layer=every_layer)
    if kind is None:
        raise InputError(
            f"{path} is not a {what} that assetmap can read: give GeoJSON, GeoPackage, a shapefile, KML, KMZ, "
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
    files = [file for file in unpack_zip(path, folder) if not file.name.startswith("._")]
    inside = [file for file in files if file.suffix.lower() in _SUFFIXES and "__MACOSX" not in file.parts]
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
        raise InputError(f"{path} can't be read ({_first_words(error)}): get the file again.") from error
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
            f"{path} does not say which reference system its coordinates are in: say so (crs = "
            '"EPSG:27700" for the British National Grid, "EPSG:4326" for longitude and latitude).'
        )
    crs = CRS.from_user_input(frame.crs)
    if crs.to_epsg() is None and crs.to_epsg(min_confidence=20) == 27700:
        # a .prj without a code: the projection is the National Grid's, and its datum is only unnamed
        return frame.set_crs(BRITISH_GRID, allow_override=True)
    return frame


def accept_shapes(frame: gpd.GeoDataFrame, tally: Tally, *, what: str, near: Bounds | None = None) -> gpd.GeoDataFrame:
    """Mend or drop (counted) the shapes of a frame that has a CRS, and check its axes.

    Parameters
    ----------
    frame
        Shapes as they were read, indexed by their row in the file.
    tally
        Is told of what was mended and dropped.
    what
        What was read, for messages.
    near
        A lon/lat box that the data should touch.

    Raises
    ------
    CRSError
        If the coordinates aren't what the CRS says, or their axes look exchanged.
    """
    shapes = frame.geometry.to_numpy()
    gone = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    frame = tally.drop_where(frame, gone, "no geometry", _row_name)
    absurd = _has_absurd_coordinates(frame)
    frame = tally.drop_where(frame, absurd, "coordinates are not finite numbers", _row_name)
    frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    if len(frame):
        frame = _check_axes(frame, tally, what, near)
    return mend_shapes(frame, tally)


def _row_name(label: Any) -> str:
    return f"row {label}"


def _has_absurd_coordinates(frame: gpd.GeoDataFrame) -> np.ndarray[Any, Any]:
    coordinates, owner = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(coordinates) < _ABSURD).all(axis=1)
    return np.bincount(owner[wrong], minlength=len(frame)) > 0


def _check_axes(frame: gpd.GeoDataFrame, tally: Tally, what: str, near: Bounds | None) -> gpd.GeoDataFrame:
    """Drop single shapes that are off the Earth; raise if most are, or if the axes look exchanged."""
    bounds = shapely.bounds(frame.geometry.to_numpy())
    off = (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    crs = CRS.from_user_input(frame.crs)
    if not crs.is_geographic:
        if not off.any():
            raise CRSError(
                f"{what}: its coordinates are said to be {crs.name} and look like degrees: say which "
                'reference system they are in (crs = "EPSG:4326" for longitude and latitude).'
            )
        return frame
    if off.mean() <= 0.5:
        frame = tally.drop_where(frame, off, "coordinates are off the Earth", _row_name)
    check_lonlat(tuple(frame.total_bounds), what, near=near)
    return frame


def mend_shapes(frame: gpd.GeoDataFrame, tally: Tally) -> gpd.GeoDataFrame:
    """Mend invalid shapes and drop those that are left without extent, counting both."""
    shapes = frame.geometry.to_numpy().copy()
    wrong = ~shapely.is_valid(shapes)
    if wrong.any():
        shapes[wrong] = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
        frame = frame.set_geometry(shapes, crs=frame.crs)
        flat = shapely.is_empty(shapes) | ~shapely.is_valid(shapes)
        tally.repair("invalid shape mended", int((wrong & ~flat).sum()))
        frame = tally.drop_where(frame, flat, "a shape without extent", _row_name)
    return frame


def project_shapes(frame: gpd.GeoDataFrame, crs: CRS, *, tally: Tally, near: Bounds | None = None) -> gpd.GeoDataFrame:
    """Project what `read_vector` gave, dropping (counted) what has no place in the target system."""
    exchanged, outside = misplaced(lonlat_bounds(frame), crs, near)
    frame = tally.drop_where(frame, exchanged, "longitude and latitude exchanged", _row_name)
    frame = tally.drop_where(frame, outside[~exchanged], f"outside the area of {crs.name}", _row_name)
    if CRS.from_user_input(frame.crs) != crs:
        frame = frame.to_crs(crs)
    return mend_shapes(frame, tally)


def split_collections(frame: gpd.GeoDataFrame, dimension: int) -> gpd.GeoDataFrame:
    """Reduce mixed collections to their parts of one dimension (2 areas, 1 lines, 0 points).

    Shapes of another dimension become empty.
    """
    shapes = frame.geometry.to_numpy().copy()
    mixed = shapely.get_type_id(shapes) == 7  # GEOMETRYCOLLECTION
    for place in np.flatnonzero(mixed):
        parts = shapely.get_parts(_flatten(shapes[place]))
        wanted = parts[shapely.get_dimensions(parts) == dimension]
        shapes[place] = shapely.union_all(wanted) if len(wanted) else shapely.Point()
    shapes[~mixed & (shapely.get_dimensions(shapes) != dimension)] = shapely.Point()
    return frame.set_geometry(shapes, crs=frame.crs)


def _flatten(collection: Any) -> Any:
    """Return a collection whose parts are single points, lines and areas."""
    parts = shapely.get_parts(collection)
    while (shapely.get_type_id(parts) >= 4).any():
        parts = shapely.get_parts(parts)
    return shapely.geometrycollections(parts)
