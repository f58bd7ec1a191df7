"""The entries of ``assetmap.toml`` that name files: what they must say of each kind of file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from assetmap.errors import AssetMapError, UsageError
from assetmap.sources.recognised import Recognised
from assetmap.taxonomy import taxonomy

__all__ = ["COMPANIONS", "name_file"]

# Kind of file -> the place in the settings that names it. Two brackets: one entry a file.
_ENTRIES = {
    "boundary": ("place", "boundary"),
    "zones": ("zones", "file"),
    "population": ("population", "file"),
    "deprivation": ("deprivation", "file"),
    "lookup": ("deprivation", "lookup"),
}
_RASTERS = {
    "population": ("population", "grid", None),
    "canopy": ("canopy", "file", "share"),
    "canopy_percent": ("canopy", "file", "percent"),
}
_LISTED = {"list": "lists", "green_space": "green_space", "annotations": "annotations", "areas": "lookups"}
# Files that go with another, named in its entry: access points with green space, a postcode table with the lists.
COMPANIONS = {"access_points": ("green_space", "access_points"), "postcodes": ("lists", "postcodes")}


def name_file(
    settings: dict[str, Any],
    path: Path,
    found: Recognised,
    target: str,
    said: dict[str, str | None],
    *,
    where: Callable[[str], Path],
) -> str:
    """Put the entry of a file into settings, and return its place there.

    Parameters
    ----------
    settings
        As ``assetmap.toml`` says them; they are changed.
    path, found, target
        The file, what it is, and where it goes in the study.
    said
        What the user says it holds: ``category`` and ``sheet`` of a list, ``raster``.
    where
        Returns where a file that the settings name lies now.

    Raises
    ------
    UsageError
        If the settings name another already for what there can be only one of, or something must be said of it.
    """
    if said["sheet"] is not None and "sheet" not in found.suggested:
        raise UsageError(f"{path.name} is no workbook ({found.summary}): --sheet goes with those alone.")
    if found.kind == "zones" and "level" in found.suggested and _has_zones(settings, target):
        return _name_another(settings, "lookups", target, {})
    if found.kind == "osm":
        return _name_osm(settings, found, target)
    if found.kind in _ENTRIES:
        return _name_one(settings, _ENTRIES[found.kind], target)
    if found.kind in _LISTED:
        needed = {**_needed(found, said, path), **_postcodes_there(settings, found)}
        return _name_another(settings, _LISTED[found.kind], target, needed)
    if found.kind == "raster":
        return _name_raster(settings, found, said["raster"], target)
    return _name_companion(settings, found.kind, target, where)


def _has_zones(settings: dict[str, Any], target: str) -> bool:
    """Whether the study has other zones, or will have LSOAs: then larger areas are those that these are in."""
    place = settings.get("place", {})
    named = settings.get("zones", {}).get("file", target)
    return named != target or bool(place.get("site") or place.get("lsoa21"))


def _name_osm(settings: dict[str, Any], found: Recognised, target: str) -> str:
    """Name OpenStreetMap data; an Overpass reply goes beside others, which are put together as tiles of an area."""
    there = settings.get("osm", {}).get("file", [])
    listed = [there] if isinstance(there, str) else there
    if not listed or "several" not in found.suggested:
        return _name_one(settings, ("osm", "file"), target)
    if target not in listed:
        settings["osm"]["file"] = [*listed, target]
    return "[osm] file"


def _name_one(settings: dict[str, Any], place: tuple[str, str], target: str) -> str:
    table, key = place
    there = settings.setdefault(table, {}).get(key, target)
    if there not in (target, [target]):
        named = there if isinstance(there, str) else ", ".join(there)
        raise UsageError(
            f"the settings name {named} as [{table}] {key} already, and there can be only one: "
            "take it out first (`assetmap remove`)."
        )
    settings[table][key] = target
    return f"[{table}] {key}"


def _name_raster(settings: dict[str, Any], found: Recognised, said: str | None, target: str) -> str:
    holds = said or found.suggested.get("raster")
    if holds == "ndvi":
        raise UsageError(
            f"{target}: a vegetation index needs the value from which on a cell counts as covered: copy it there and "
            f'write `[canopy]`, `file = "{target}"`, `values = "ndvi"`, `at_least = 0.5` or another into the settings.'
        )
    if holds not in _RASTERS:
        raise UsageError(f"{target} doesn't say what its cells hold: say --raster {', '.join(_RASTERS)}.")
    table, key, values = _RASTERS[holds]
    entry = _name_one(settings, (table, key), target)
    if values:
        settings[table]["values"] = values
    return entry


def _needed(found: Recognised, said: dict[str, str | None], path: Path) -> dict[str, str]:
    """Return what the entry of a file must say besides its name."""
    if "access_points" in found.suggested:  # sites and access points in one file
        return {"access_points": f"inputs/{path.name}"}
    sheet = {"sheet": found.suggested["sheet"]} if "sheet" in found.suggested else {}
    if found.kind != "list" or "category" in found.columns:
        return sheet
    wanted = said["category"] or found.suggested.get("category")
    if wanted is None:
        raise UsageError(f"{path.name} doesn't say what its places are: say --category, such as community_centre.")
    if wanted not in taxonomy().categories:
        known = ", ".join(taxonomy().categories)
        raise UsageError(f"there is no category {wanted!r}: use one of {known}.")
    return {**sheet, "category": wanted}


def _postcodes_there(settings: dict[str, Any], found: Recognised) -> dict[str, str]:
    """Return the postcode table for a list that needs one, where the study's other lists have one, and only one."""
    tables = {entry["postcodes"] for entry in settings.get("lists", []) if "postcodes" in entry}
    return {"postcodes": tables.pop()} if "postcodes" in found.suggested and len(tables) == 1 else {}


def _name_another(settings: dict[str, Any], table: str, target: str, needed: dict[str, str]) -> str:
    there = settings.setdefault(table, [])
    same = [entry for entry in there if (entry.get("file"), entry.get("sheet")) == (target, needed.get("sheet"))]
    if not same:
        there.append({"file": target, **needed})
    elif "postcodes" in needed:
        same[0].setdefault("postcodes", needed["postcodes"])
    said = "".join(f', {key} = "{value}"' for key, value in needed.items())
    return f"[[{table}]]{said}, file" if said else f"[[{table}]] file"


def _name_companion(settings: dict[str, Any], kind: str, target: str, where: Callable[[str], Path]) -> str:
    """Name a file in the entries that it goes with: of each list without a postcode table that needs one."""
    if kind not in COMPANIONS:
        raise UsageError(f"{target} is a {kind}: no part of a study uses one yet.")
    table, key = COMPANIONS[kind]
    entries = settings.get(table, [])
    waiting = [entry for entry in entries if key not in entry]
    if kind == "access_points":
        waiting = [] if any(entry.get(key) == target for entry in entries) else waiting[:1]
    else:
        waiting = [entry for entry in waiting if _lacks_positions(entry, where)]
    for entry in waiting:
        entry[key] = target
    if not any(entry.get(key) == target for entry in entries):
        goes = "list of places with postcodes and no coordinates" if kind == "postcodes" else f"file of [[{table}]]"
        raise UsageError(f"{target} goes with a {goes} that has none yet: add that first.")
    return f"[[{table}]] {key}"


def _lacks_positions(entry: dict[str, Any], where: Callable[[str], Path]) -> bool:
    """Whether a list in the settings has postcodes alone; of one that can't be read nobody knows, and a build says."""
    from assetmap.sources.recognise_tables import has_postcodes_alone  # loaded already for the table that goes with it

    with suppress(AssetMapError):
        return has_postcodes_alone(where(entry["file"]), sheet=entry.get("sheet"), columns=entry.get("columns"))
    return False
