"""Reads a file as the program does, and tells how that ended."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

from assetmap.crs import BRITISH_GRID
from assetmap.entrances import find_entrances
from assetmap.errors import AssetMapError
from assetmap.measures.access import usable_assets
from assetmap.measures.marks import count_marks
from assetmap.network import build_network
from assetmap.provenance import read_provenance
from assetmap.sources.annotations import read_annotations
from assetmap.sources.boundaries import read_zones
from assetmap.sources.deprivation import read_deprivation
from assetmap.sources.lists import read_list
from assetmap.sources.osm import read_osm
from assetmap.sources.population import read_population
from assetmap.sources.recognise import recognise_file
from assetmap.study.flow import OUTPUTS, build_study
from assetmap.study.pieces import read_boundary
from assetmap.study.settings import read_settings
from tests.hostile.originals import FORMATS

__all__ = ["LONGEST_LINE", "build_case", "read_case"]

LONGEST_LINE = 700


def _read_osm(path: Path) -> None:
    extract = read_osm(path)
    network = build_network(extract.walk)
    find_entrances(usable_assets(extract.assets), extract.entrances, network)


def _read_marks(path: Path) -> None:
    marks, tally = read_annotations(path, crs=BRITISH_GRID)
    assert tally.kept == len(marks)
    count_marks(marks)


def _read_list(path: Path) -> None:
    assets, tally = read_list(path, crs=BRITISH_GRID)
    assert tally.kept == len(assets)


def _read_zones(path: Path) -> None:
    zones, tally = read_zones(path)
    assert tally.kept == len(zones)
    read_boundary(path)


_READERS: dict[str, Callable[[Path], object]] = {
    **dict.fromkeys(("osm", "pbf", "reply"), _read_osm),
    **dict.fromkeys(("geojson", "gpkg", "kml", "kmz", "shapefile"), _read_marks),
    **dict.fromkeys(("list", "workbook"), _read_list),
    "zones": _read_zones,
    "index": read_deprivation,
    "people": read_population,
    "settings": lambda path: read_settings(path.parent),
    "record": lambda path: read_provenance(path.with_name("case"), verify=False),
}


def read_case(kind: str, path: Path, *, recognise: bool) -> dict[str, str]:
    """Read a spoilt file and return how that ended: ``read``, ``refused`` in one line, or ``bug`` with its trace.

    With `recognise` it is looked at as `assetmap add` does, and not read in earnest.
    """
    if recognise and kind not in ("settings", "record"):
        return _ending(lambda: recognise_file(path))
    return _ending(lambda: _READERS[kind](path))


def build_case(study: Path) -> dict[str, str]:
    """Build a study of which one file is spoilt; what was built is whole, what was refused has left nothing."""
    found = _ending(lambda: build_study(study, today="2026-05-04"))
    there = {path.name for path in (study / "out").glob("*")}
    if any(".partial" in path.name for path in study.rglob("*")):
        return {"end": "bug", "words": f"a partial file is left after: {found}"}
    if found["end"] == "read" and there != {*OUTPUTS, "manifest.json"}:
        return {"end": "bug", "words": f"a build of which only {sorted(there)} is there"}
    if found["end"] == "refused" and there - {".unfinished"}:
        return {"end": "bug", "words": f"refused ({found['words']}) and yet there are {sorted(there)}"}
    return found


def _ending(work: Callable[[], object]) -> dict[str, str]:
    try:
        work()
    except AssetMapError as error:
        line = str(error)
        if "\n" in line or not line or len(line) > LONGEST_LINE or "Traceback" in line:
            return {"end": "bug", "words": f"not one clear line: {line[:2000]}"}
        if not line.isprintable():
            return {"end": "bug", "words": f"a line that acts on a terminal: {line!a:.2000}"}
        return {"end": "refused", "words": line}
    except MemoryError:
        return {"end": "bug", "words": "there was not enough memory"}
    except Exception:
        return {"end": "bug", "words": traceback.format_exc()[-3000:]}
    return {"end": "read", "words": ""}


assert set(_READERS) == set(FORMATS)
