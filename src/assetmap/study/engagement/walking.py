"""Walks brought into a study: the track and the recordings copied as they are, and what was made out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from assetmap.crs import LONLAT
from assetmap.engagement.references import slug_of
from assetmap.errors import InputError
from assetmap.files import require_file, sha256_of, write_json
from assetmap.folders import write_folder
from assetmap.sources.gpx import read_gpx
from assetmap.sources.media import TRANSCRIPTS, media_table, read_media
from assetmap.sources.story_sheets import read_story_sheet
from assetmap.study.area import read_area
from assetmap.study.create import copy_in
from assetmap.study.engagement.decision_tables import study_lock
from assetmap.study.engagement.walk_stories import STORIES_FILE, WALK_FILE, WALKS_FOLDER
from assetmap.study.settings import read_settings
from assetmap.table_files import write_geopackage
from assetmap.tally import Tally
from assetmap.walks.clock import ClockOffset, estimate_offset, given_offset
from assetmap.walks.placing import own_places, place_media
from assetmap.walks.stories import stories_of
from assetmap.walks.track import clean_track, find_stops, track_line

__all__ = ["ImportedWalk", "copy_recordings", "import_walk"]

Say = Callable[[str], None]


@dataclass
class ImportedWalk:
    """What an import has read and made."""

    walk_id: str
    stories: int
    stops: int
    length_m: float
    clocks: dict[str, dict[str, float | int]]
    """Device -> what was added to its clock, and from how many photographs that is known."""
    tallies: list[Tally] = field(default_factory=list)


def import_walk(
    folder: Path,
    gpx: Path,
    *,
    today: str,
    media: Path | None = None,
    sheet: Path | None = None,
    offset_s: float | None = None,
    name: str | None = None,
    say: Say = lambda _: None,
) -> ImportedWalk:
    """Bring a walk into ``walks/<name>/`` of a study. The same walk again takes the place of the one that was there.

    Parameters
    ----------
    folder
        The study folder.
    gpx
        The track.
    today
        ISO date, written into the GeoPackage.
    media
        A folder of photographs, sound and film, with transcripts of the same name beside them. They are copied
        unchanged.
    sheet
        A table of what was agreed to and written down.
    offset_s
        Seconds to add to the clock of every camera; by default it is found from photographs that know their place.
    name
        What the walk is called; by default the name of its track's file.
    say
        Called with a line for a person at each step.

    Raises
    ------
    AssetMapError
        If the folder is no study, or a file can't be read. What was there stays.
    """
    settings = read_settings(folder)
    walk_id = slug_of(name or gpx.stem)
    area = read_area(folder, settings)
    near = _near(area)
    say(f"reading the track {gpx.name}")
    fixes, track_tally = read_gpx(gpx, crs=area.crs if area else None, near=near)
    crs = CRS.from_user_input(fixes.crs)
    track = clean_track(fixes, track_tally)
    if len(track) < 2:
        raise InputError(
            f"{track_tally.summary()}: no walk is left of it. Record the walk with a better view of the sky."
        )
    way = track_line(track)
    if area is not None and not area.surroundings.intersects(way):
        say(f"this walk comes nowhere near the neighbourhood: is {gpx.name} the right file?")
    done = ImportedWalk(walk_id, 0, 0, float(way.length), {}, [track_tally])
    found, placed = _recordings(media, track, offset_s, done, say)
    said = None
    if sheet is not None:
        said, sheet_tally = read_story_sheet(sheet, crs=crs, near=near)
        done.tallies.append(sheet_tally)
    stories = stories_of(placed, said, track, walk_id=walk_id, tally=done.tallies[-1])
    stops = find_stops(track)
    done.stories, done.stops = len(stories), len(stops)
    with study_lock(folder), write_folder(folder / WALKS_FOLDER / walk_id) as target:
        copy_in(require_file(gpx, "GPX file"), target / "track.gpx")
        if sheet is not None:
            copy_in(sheet, target / f"stories{sheet.suffix.lower()}")
        if media is not None:
            copy_recordings(media, found["file"], target / "media")
        line = gpd.GeoDataFrame({"walk_id": [walk_id]}, geometry=[way], crs=crs)
        write_geopackage(target / STORIES_FILE, {"way": line, "stops": stops, "stories": stories}, made_on=today)
        write_json(target / WALK_FILE, _described(done, gpx, track, found))
    return done


def _near(area: Any) -> tuple[float, float, float, float] | None:
    if area is None:
        return None
    west, south, east, north = gpd.GeoSeries([area.surroundings], crs=area.crs).to_crs(LONLAT).total_bounds
    return float(west), float(south), float(east), float(north)


def _recordings(
    media: Path | None, track: gpd.GeoDataFrame, offset_s: float | None, done: ImportedWalk, say: Say
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return what was recorded, and where each file belongs."""
    if media is None:
        found, tally = media_table(), Tally("no recordings")
    else:
        say(f"reading the recordings in {media}")
        found, tally = read_media(media)
    done.tallies.append(tally)
    offsets = _clocks(found, track, offset_s, say)
    done.clocks = {
        device: {"add_s": round(one.seconds, 1), "photographs": one.photographs} for device, one in offsets.items()
    }
    return found, place_media(found, track, offsets, tally)


def _clocks(
    media: pd.DataFrame, track: gpd.GeoDataFrame, offset_s: float | None, say: Say
) -> Mapping[str, ClockOffset]:
    """Return the offset of each device's clock that is given or can be found."""
    devices = media["device"].fillna("").unique()
    if offset_s is not None:
        return {str(device): given_offset(offset_s) for device in devices}
    offsets = {}
    for device in devices if track["at"].notna().all() else ():
        rows = media[media["device"].fillna("") == device]
        try:
            offsets[str(device)] = estimate_offset(rows["clock"], own_places(rows, track.crs), track)
        except InputError as error:
            if rows["clock"].notna().any() and rows["utc_offset_s"].isna().any():
                say(f"the clock of {device or 'a device without a name'} is taken as British time: {error}")
    return offsets


def copy_recordings(media: Path, files: Iterable[str], target: Path) -> None:
    """Copy recordings as they are, with their transcripts, out of the folder `media` into another."""
    for name in files:
        beside = (Path(name).with_suffix(suffix).as_posix() for suffix in TRANSCRIPTS)
        for file in (name, *beside):
            if (media / file).is_file():
                copy_in(media / file, target / file)


def _described(done: ImportedWalk, gpx: Path, track: gpd.GeoDataFrame, media: pd.DataFrame) -> dict[str, Any]:
    begins = track["at"].min()
    return {
        "walk_id": done.walk_id,
        "track": {"file": gpx.name, "sha256": sha256_of(gpx)},
        "begins": None if pd.isna(begins) else begins.isoformat(),
        "length_m": round(done.length_m, 1),
        "clocks": done.clocks,
        "media": dict(zip(media["file"], media["sha256"], strict=True)),
        "tallies": [tally.as_dict() for tally in done.tallies],
    }
