"""What a file is, by what is in it: for ``assetmap add``."""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from pathlib import Path

from assetmap.errors import InputError
from assetmap.files import SHAPEFILE_PARTS, require_file
from assetmap.sources.page_text import page_words
from assetmap.sources.recognised import KINDS, Recognised

__all__ = ["KINDS", "Recognised", "recognise_file"]

_HEAD = 1 << 16
_REPLY = "an Overpass reply"
_PICTURES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"%PDF": "PDF", b"GIF8": "GIF"}
_MAP_PARTS = ((b'"elements"', b'"connections"'), (b'"nodes"', b'"edges"'))
"""What the JSON of Kumu's and of PRSM's system maps has."""
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def recognise_file(path: Path | str, *, sheet: str | None = None) -> Recognised:
    """Tell what a file is from its content.

    Parameters
    ----------
    path
        Any file.
    sheet
        A workbook's sheet that is a list of places.

    Returns
    -------
    Recognised
        Its kind, a sentence, the columns that were taken for what, and what the user should know.

    Raises
    ------
    MissingInputError
        If there is no such file, or it is a folder.
    InputError
        If it is broken, or nothing that assetmap reads; the message says what was looked for.
    """
    path = require_file(path)
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    for magic, name in _PICTURES.items():
        if head.startswith(magic):
            raise InputError(f"{path} is a {name} picture: give the data itself, such as CSV or GeoJSON.")
    if head.startswith(_TIFF):
        return _recognise_raster(path)
    _point_elsewhere(path, head)
    if path.suffix.casefold() in SHAPEFILE_PARTS:
        raise InputError(f"{path} is one part of a shapefile: name its .shp file, and keep the parts beside it.")
    osm = _recognise_osm(head)
    if osm is not None:
        suggested = {"several": ""} if osm == _REPLY else {}
        return Recognised("osm", f"OpenStreetMap data ({osm})", published="overpass", suggested=suggested)
    # Loaded for what is a map or a table alone: with pandas and GDAL, they take a second.
    from assetmap.sources.recognise_shapes import recognise_shapes
    from assetmap.sources.recognise_tables import recognise_sheet, recognise_table
    from assetmap.sources.tables import is_workbook
    from assetmap.sources.vector import sniff_vector

    if sniff_vector(path) is not None and not is_workbook(path):
        return recognise_shapes(path)
    _refuse_page(path, head)
    return recognise_table(path) if sheet is None else recognise_sheet(path, sheet)


def _point_elsewhere(path: Path, head: bytes) -> None:
    """Refuse what another command brings into a study, and say which."""
    start = head[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    drawn = path.suffix.casefold() == ".prsm" or (start.startswith(b"<") and b"<graphml" in start)
    drawn |= start.startswith(b"{") and any(all(part in head for part in parts) for parts in _MAP_PARTS)
    if drawn and b'"Feature' not in start and b'"osm3s"' not in head:
        raise InputError(f"{path} is a system map: bring it in with `assetmap systems import DIR {path.name}`.")
    if start.startswith(b"<") and b"<gpx" in start:
        raise InputError(f"{path} is the track of a walk: bring it in with `assetmap walks import DIR {path.name}`.")


def _refuse_page(path: Path, head: bytes) -> None:
    """Refuse what a server answers in place of a file, whatever the file was to hold."""
    start = head[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<body")) or (
        start.startswith(b"<?") and b"<html" in start
    ):
        words = page_words(head)
        said = f" ({words})" if words else ""
        raise InputError(f"{path} is a web page, not data{said}: download the file itself and try again.")


def _recognise_osm(head: bytes) -> str | None:
    """Return the form of OpenStreetMap data, or None."""
    if b"OSMHeader" in head[:64]:
        return "pbf"
    text = head
    try:
        if head.startswith(b"BZh"):
            text = bz2.BZ2Decompressor().decompress(head, 4096)
        elif head.startswith(b"\x1f\x8b"):
            text = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(head, 4096)
    except (OSError, zlib.error, EOFError, gzip.BadGzipFile):
        return None
    start = text[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<") and b"<osm" in start:
        return "XML"
    if start.startswith(b"{") and b'"elements"' in text and b'"Feature' not in start:
        return _REPLY
    return None


def _recognise_raster(path: Path) -> Recognised:
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(path) as raster:
            where = raster.crs.to_string() if raster.crs else "no reference system"
            size = f"{raster.width} by {raster.height} cells, {raster.count} band(s), {where}"
            problems = () if raster.crs else ("it doesn't say which reference system it is in",)
            words = " ".join([path.stem, *(name for name in raster.descriptions if name)])
    except RasterioError as error:
        raise InputError(f"{path} is a TIFF that can't be read ({error}): get the file again.") from error
    return Recognised("raster", f"a raster of {size}", problems=problems, suggested=_raster_holds(words))


def _raster_holds(words: str) -> dict[str, str]:
    """Return what a raster holds, as far as its name and its band's description tell.

    Examples
    --------
    >>> _raster_holds("gbr_ppp_2020_1km"), _raster_holds("Tree cover percent"), _raster_holds("heights")
    ({'raster': 'population'}, {'raster': 'canopy_percent'}, {})
    """
    found = set(re.split(r"[^a-z%]+", words.casefold()))
    if found & {"population", "worldpop", "ppp", "people"}:
        return {"raster": "population"}
    if "ndvi" in found:
        return {"raster": "ndvi"}
    if found & {"canopy", "tree", "trees"}:
        return {"raster": "canopy_percent" if found & {"percent", "percentage", "pct", "%"} else "canopy"}
    return {}
