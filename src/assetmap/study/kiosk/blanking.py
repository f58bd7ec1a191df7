"""The kiosk's files without marks that are forgotten: straightened photographs blanked, crops cut anew, tables written.

The marks' own table is written last: a run that was killed before finds in it what is left to do.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from numpy.typing import NDArray
from PIL import Image
from rasterio.enums import Resampling
from rasterio.features import geometry_mask
from rasterio.io import MemoryFile
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from assetmap.errors import AssetMapError, InputError
from assetmap.files import sweep_aside, write_bytes
from assetmap.kiosk.extra import require_extra
from assetmap.kiosk.identity import printed_name
from assetmap.study.kiosk.marks import MARKS_FILE, read_layers
from assetmap.study.kiosk.tally import QUALITY_FILE, TALLY_FILE, read_tally, write_tally
from assetmap.study.tombstones import COLUMN_OF, Subject
from assetmap.table_files import write_geopackage

__all__ = ["MARGIN_MM", "blank_kiosk", "kiosk_holds", "kiosk_rows", "regions_of", "sweep_unfinished"]

MARGIN_MM = 5.0
"""What goes around a mark, on the paper."""
_STRAIGHTENED, _CROPS = "kiosk/straightened", "kiosk/crops"
_A4_LONG_MM = 297.0
_PICTURE = "data:image/jpeg;base64,"
_WHITE = 255

Say = Callable[[str], None]
Layers = dict[str, gpd.GeoDataFrame]
Regions = dict[str, gpd.GeoSeries | None]


def kiosk_rows(folder: Path, subject: Subject) -> Layers:
    """Return the rows of each layer of the kiosk's marks that are of a subject.

    Writing goes with its mark, and what was merged into a mark with that.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    layers = read_layers(folder)
    column = COLUMN_OF[subject.kind]
    found = {
        name: frame[frame[column].eq(subject.identifier).fillna(False)] if column in frame.columns else frame[:0]
        for name, frame in layers.items()
    }
    marks = {str(name) for frame in found.values() if "annotation_id" in frame for name in frame["annotation_id"]}
    for name, frame in layers.items():
        for column in ("belongs_to", "merged_into"):
            if column in frame.columns:
                tied = frame[frame[column].isin(marks) & ~frame.index.isin(found[name].index)]
                found[name] = pd.concat([found[name], tied])
    return found


def sweep_unfinished(folder: Path) -> tuple[str, ...]:
    """Remove the pictures that a reading which was broken off has left, and return their names.

    No table names them, so nobody could forget what they show; reading the photographs again makes them anew. What
    killed writers have left in the study and its kiosk goes with them.

    Raises
    ------
    InputError
        If the tables can't be read.
    """
    layers = read_layers(folder).values()
    readings = {str(one["reading"]) for one in read_tally(folder)["readings"]}
    readings |= {str(name) for frame in layers if "reading" in frame for name in frame["reading"].dropna()}
    crops = {str(name) for frame in layers if "crop" in frame for name in frame["crop"].dropna()}
    swept = [path for path in sorted((folder / _STRAIGHTENED).glob("*.tif")) if path.stem not in readings]
    swept += [path for path in sorted((folder / _CROPS).glob("*.png")) if f"{_CROPS}/{path.name}" not in crops]
    for path in swept:
        path.unlink()
    for name in ("", "kiosk", _STRAIGHTENED, _CROPS):
        sweep_aside(folder / name)
    return tuple(path.relative_to(folder).as_posix() for path in swept)


def kiosk_holds(folder: Path, subject: Subject) -> bool:
    """Whether the kiosk has read anything of a subject; a sheet also if no mark was found on it."""
    return any(len(frame) for frame in kiosk_rows(folder, subject).values()) or bool(_readings_of(folder, subject))


def _readings_of(folder: Path, subject: Subject) -> list[dict[str, Any]]:
    """Return the readings of a sheet, as the tally has them, that aren't blanked whole yet."""
    if subject.kind != "sheet":
        return []
    readings = read_tally(folder)["readings"]
    return [one for one in readings if one["sheet_id"] == subject.identifier and not one.get("blanked")]


def blank_kiosk(
    folder: Path, subject: Subject, *, today: str, say: Say
) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Take a subject's marks out of everything in ``kiosk/`` but the photographs.

    Returns
    -------
    tuple
        The files that were changed or removed; the photographs that show the marks; how many marks there were.

    Raises
    ------
    InputError
        If a file isn't as it was written.
    """
    if not kiosk_holds(folder, subject):
        return (), (), 0
    require_extra()
    rows, layers = kiosk_rows(folder, subject), read_layers(folder)
    marks = [str(name) for frame in rows.values() if "annotation_id" in frame for name in frame["annotation_id"]]
    gone = set(marks)
    regions = regions_of(folder, subject, rows)
    photographs = {photo["name"] for reading in _readings_of(folder, subject) for photo in reading["photographs"]}
    cells = [cell for frame in rows.values() for cell in frame["source"].dropna()]
    photographs |= {name for cell in cells for name in str(cell).split(", ")}
    changed: list[str] = []
    for reading, region in regions.items():
        raster = _raster(folder, reading)
        if raster.exists():
            say(f"blanking {raster.name}")
            _blank_raster(raster, region)
            changed.append(raster.relative_to(folder).as_posix())
    changed += _cut_crops(folder, layers, regions, gone)
    changed += _describe_again(folder, regions, gone)
    for page in sorted((folder / "kiosk").glob("*.html")):  # a page of review shows the crops: it is made again
        if page.name != Path(QUALITY_FILE).name:
            page.unlink()
            changed.append(page.relative_to(folder).as_posix())
    kept = {name: frame[~frame.index.isin(rows[name].index)] for name, frame in layers.items()}
    if kept:
        write_geopackage(folder / MARKS_FILE, kept, made_on=today)
        changed.append(MARKS_FILE)
    return tuple(changed), tuple(sorted(photographs)), len(marks)


def regions_of(folder: Path, subject: Subject, rows: Mapping[str, gpd.GeoDataFrame]) -> Regions:
    """Return what to blank of each reading; None for all of it.

    A region is the marks' shapes with `MARGIN_MM` on the paper around them; of a sheet it is everything.
    """
    regions: Regions = {str(reading["reading"]): None for reading in _readings_of(folder, subject)}
    for frame in rows.values():
        for reading, of_it in frame.groupby("reading"):
            name = str(reading)
            if subject.kind == "sheet":
                regions[name] = None
                continue
            around = of_it.geometry.buffer(MARGIN_MM * _metres_per_mm(folder, name, of_it))
            before = regions.get(name)
            shapes = around if before is None else pd.concat([before, around])
            regions[name] = gpd.GeoSeries([shapely.union_all(shapes.to_numpy())], crs=of_it.crs)
    return regions


def _raster(folder: Path, reading: str) -> Path:
    return folder / _STRAIGHTENED / f"{reading}.tif"


def _metres_per_mm(folder: Path, reading: str, rows: gpd.GeoDataFrame) -> float:
    """Return the metres of a millimetre of paper: of our own sheet, else as if the map were printed on A4.

    A map of others may be larger than A4: then more is blanked than need be, never less.
    """
    from assetmap.kiosk.spec import SHEETS_FOLDER, read_spec

    spec = folder / SHEETS_FOLDER / f"{printed_name(str(rows['sheet_id'].iloc[0]))}.json"
    if spec.exists():
        return float(read_spec(spec).metres_per_mm)
    raster = _raster(folder, reading)
    if not raster.exists():
        return 0.0
    with rasterio.open(raster) as opened:
        west, south, east, north = _box(opened.bounds, opened.crs, rows.crs).total_bounds
    return float(max(east - west, north - south) / _A4_LONG_MM)


def _box(bounds: Iterable[float], crs: Any, target: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.box(*bounds)], crs=crs).to_crs(target)


def _blank_raster(path: Path, region: gpd.GeoSeries | None) -> None:
    """Make a region of a straightened photograph white, and write the whole file anew."""
    with rasterio.open(path) as opened:
        profile, pixels, valid = opened.profile, opened.read(), opened.dataset_mask() > 0
    inside = np.ones(valid.shape, dtype=bool)
    if region is not None:
        shapes = region.to_crs(profile["crs"])
        inside = geometry_mask(shapes, valid.shape, profile["transform"], all_touched=True, invert=True)
    pixels[:, inside] = _WHITE
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), MemoryFile() as memory:
        with memory.open(**profile) as raster:
            raster.write(pixels)
            raster.write_mask(valid)
        write_bytes(path, bytes(memory.read()))


def _cut_crops(folder: Path, layers: Layers, regions: Regions, gone: set[str]) -> list[str]:
    """Remove the crops of the forgotten marks, and cut those beside them anew from what is blanked by now."""
    changed = []
    for frame in layers.values():
        if "crop" not in frame.columns:
            continue
        rows = frame[frame["reading"].isin(list(regions)) & frame["crop"].notna()]
        for crop, reading, name, shape in zip(
            rows["crop"], rows["reading"], rows["annotation_id"], rows.geometry, strict=True
        ):
            path = _inside(folder, str(crop))
            if not path.is_file():
                continue
            anew = None if str(name) in gone else _crop(_raster(folder, str(reading)), path, shape, frame.crs)
            if anew is None:
                path.unlink()
            else:
                write_bytes(path, anew)
            changed.append(str(crop))
    return changed


def _inside(folder: Path, name: str) -> Path:
    """Return a file of the kiosk; a name that leads out of it is none of ours."""
    path = (folder / name).resolve()
    if not path.is_relative_to((folder / "kiosk").resolve()):
        raise InputError(
            f"{MARKS_FILE} names a picture outside the kiosk's folder ({name!r}): correct the column crop."
        )
    return path


def _crop(raster: Path, old: Path, shape: BaseGeometry, crs: Any) -> bytes | None:
    """Cut a picture of the old one's size around a mark; None where there is nothing to cut it from."""
    if not raster.exists():
        return None
    with rasterio.open(raster) as opened, Image.open(old) as before:
        bounds = _box(shape.bounds, crs, opened.crs).total_bounds
        column, row = ~opened.transform @ ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        wide, tall = before.size
        left, top = max(0, round(column - wide / 2)), max(0, round(row - tall / 2))
        pixels = opened.read(window=Window(left, top, min(wide, opened.width - left), min(tall, opened.height - top)))
    return _encoded(np.moveaxis(pixels, 0, -1), "PNG")


def _describe_again(folder: Path, regions: Regions, gone: set[str]) -> list[str]:
    """Write the tally and the page of quality with pictures of what is blanked, and without the forgotten marks."""
    path = folder / TALLY_FILE
    if not path.exists():
        return []
    try:
        tally = read_tally(folder)
        for reading in tally["readings"]:
            if reading["reading"] in regions:
                _without(reading, _raster(folder, reading["reading"]), gone, whole=regions[reading["reading"]] is None)
        write_tally(folder, tally)
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, AssetMapError):
            raise
        raise InputError(f"{path} isn't as it was written ({error}): put back the folder's last copy.") from error
    return [TALLY_FILE, QUALITY_FILE]


def _without(reading: dict[str, Any], raster: Path, gone: set[str], *, whole: bool) -> None:
    """Take forgotten marks out of what the tally says of a reading."""
    pixels = np.full((reading["height"], reading["width"], 3), _WHITE, dtype=np.uint8)
    if raster.exists() and not whole:
        with rasterio.open(raster) as opened:
            read = opened.read(out_shape=(3, *pixels.shape[:2]), resampling=Resampling.average)
        pixels = np.moveaxis(read, 0, -1)
    reading["picture"] = _PICTURE + base64.b64encode(_encoded(pixels, "JPEG")).decode("ascii")
    if whole:
        reading |= {"marks": [], "rejects": [], "arrows": [], "blanked": True}
    reading["marks"] = [mark for mark in reading["marks"] if mark["name"].rsplit(": ", 1)[0] not in gone]


def _encoded(pixels: NDArray[np.uint8], kind: str) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels, dtype=np.uint8)).save(encoded, kind)
    return encoded.getvalue()
