"""Photographs of drawn-on maps read into a study: marks, straightened pictures, crops, the page of quality."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from assetmap.errors import InputError, UsageError
from assetmap.files import read_text, sha256_of, write_bytes, write_json, write_text
from assetmap.folders import hold_lock
from assetmap.kiosk.mark_tables import LAYERS, mark_tables
from assetmap.kiosk.photograph import read_photograph
from assetmap.kiosk.printed import Box, PrintedMap, blank_map, printed_map
from assetmap.kiosk.quality.document import describe_photographs, describe_reading, quality_html
from assetmap.kiosk.reading import Reading, Refusal, Source, crop_png, read_photographs, sheets_of
from assetmap.kiosk.register.control_points import ControlPoints, read_control_points
from assetmap.kiosk.spec import SHEETS_FOLDER, Pen
from assetmap.kiosk.straighten import write_geotiff
from assetmap.study.kiosk.marks import MARKS_FILE, join_layers, read_layers
from assetmap.study.kiosk.papers import Paper, also_shown, find_paper
from assetmap.study.kiosk.tally import QUALITY_FILE, TALLY_FILE, read_tally
from assetmap.study.settings import read_settings
from assetmap.study.tombstones import read_tombstones
from assetmap.table_files import write_geopackage

__all__ = ["Foreign", "ReadInto", "read_into_study"]

Say = Callable[[str], None]


@dataclass(frozen=True)
class Foreign:
    """A map that isn't ours.

    Parameters
    ----------
    clean, bounds, crs
        Its clean picture, the ground that this shows, and the reference system of that.
    points
        A file of control points.
    legend
        A JSON file: a list of ``pen``, ``rgb``, ``theme``, ``sentiment``, ``kind``.
    paper
        ``A0`` to ``A4``.
    """

    clean: Path | None = None
    bounds: Box | None = None
    crs: str | None = None
    points: Path | None = None
    legend: Path | None = None
    paper: str = "A4"


@dataclass
class ReadInto:
    """What a call has read.

    Parameters
    ----------
    readings
        As the tally has them.
    refused
        ``name``, ``sha256`` (empty if there is no such file) and ``reason``.
    known
        Photographs that had been read before, and were left as they are.
    forgotten
        Photographs that the study has forgotten, and that weren't looked at.
    """

    readings: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)


def read_into_study(
    folder: Path,
    photos: Sequence[Path],
    *,
    today: str,
    session: str | None = None,
    foreign: Foreign | None = None,
    most_m: float | None = None,
    say: Say = lambda _: None,
) -> ReadInto:
    """Read photographs and add their marks to ``kiosk/`` of a study.

    A photograph that was read before is left as it is. Photographs are never changed.

    Parameters
    ----------
    folder
        The study folder.
    photos
        The photographs.
    today
        ISO date, written into the GeoPackage.
    session
        The session that the sheets were drawn at.
    foreign
        What the photographs show, where it isn't one of the study's own sheets.
    most_m
        The leave-one-out error allowed, metres.
    say
        Called with a line for a person before each step.

    Raises
    ------
    UsageError
        If the study is being written, or options don't go together.
    MissingInputError
        If the folder is no study.
    InputError
        If there is nothing to recognise.
    """
    read_settings(folder)
    with hold_lock(folder):
        tally = read_tally(folder)
        done = ReadInto()
        fresh, copies = _sorted_out(folder, photos, tally, done, say)
        told = len(done.known)
        if fresh:
            given = list(fresh.values())
            found = read_photographs(given, _source(folder, given, foreign), most_m=most_m, say=say)
            _add(folder, _and_copies(found, fresh, copies), tally, session, done, today)
        for name in done.known[told:]:
            say(f"{name} shows what was read before from another photograph: nothing was added")
        refused = {one["sha256"] for one in done.refused}
        for path, sha in copies:
            if sha not in refused:
                done.known.append(path.name)
                say(f"{path.name} has been read already: nothing was added")
        return done


def _sorted_out(
    folder: Path, photos: Iterable[Path], tally: Mapping[str, Any], done: ReadInto, say: Say
) -> tuple[dict[str, Path], list[tuple[Path, str]]]:
    """Return what is to be read, by checksum, and further files with the same bytes; say what was forgotten or read."""
    tombstones = read_tombstones(folder)
    known = {photo["sha256"] for reading in tally["readings"] for photo in reading["photographs"]}
    fresh: dict[str, Path] = {}
    copies: list[tuple[Path, str]] = []
    for path in photos:
        sha = _content_of(path)
        if tombstones is not None and tombstones.holds_photograph(sha):
            done.forgotten.append(path.name)
            say(f"{path.name} was forgotten: it isn't read any more")
        elif sha in known:
            done.known.append(path.name)
            say(f"{path.name} has been read already: nothing was added")
        elif sha not in fresh:
            fresh[sha] = path
        elif path.is_file():
            copies.append((path, sha))
    return fresh, copies


def _content_of(path: Path) -> str:
    """Return the checksum of a photograph, by which copies are known; of what is no file, its name."""
    return sha256_of(path) if path.is_file() else str(path)


def _and_copies(
    found: Iterable[Reading | Refusal], fresh: Mapping[str, Path], copies: Sequence[tuple[Path, str]]
) -> Iterator[Reading | Refusal]:
    """Refuse after each photograph that wasn't read what has the same bytes."""
    for one in found:
        yield one
        if isinstance(one, Refusal):
            for path, sha in copies:
                if fresh[sha] == one.path and path != one.path:
                    yield Refusal(path, f"{path.name} is a copy of {one.name}, which wasn't read: {one.reason}")


def _source(folder: Path, photos: Sequence[Path], foreign: Foreign | None) -> Source:
    if foreign is None:
        sheets = folder / SHEETS_FOLDER
        return Source(sheets_of(sheets), sheets)
    points = read_control_points(foreign.points) if foreign.points else None
    if points is not None and len(photos) > 1:
        raise UsageError("--points are those of one photograph: read the others by themselves.")
    crs = foreign.crs or (points.crs if points else None)
    if crs is None:
        raise UsageError("say which reference system the coordinates are in: --crs EPSG:27700.")
    legend = _read_legend(foreign.legend) if foreign.legend else ()
    return Source(map=_foreign_map(foreign, photos[0], points, crs, legend), points=points)


def _foreign_map(
    foreign: Foreign, photo: Path, points: ControlPoints | None, crs: str, legend: tuple[Pen, ...]
) -> PrintedMap:
    if foreign.clean is not None:
        if foreign.bounds is None:
            raise UsageError("--clean goes with --bounds W,S,E,N: the ground that the clean picture shows.")
        return printed_map(foreign.clean, foreign.bounds, crs, paper=foreign.paper, legend=legend)
    if points is None:
        raise UsageError("--bounds goes with --clean IMAGE: the map as it was before anyone drew on it.")
    picture = read_photograph(photo)
    seen = picture.from_file(points.pixels, as_stored=points.as_stored)
    size = picture.pixels.shape[1], picture.pixels.shape[0]
    return replace(blank_map(photo.stem, seen, points.ground, crs, size, paper=foreign.paper), legend=legend)


def _read_legend(path: Path) -> tuple[Pen, ...]:
    from pydantic import TypeAdapter, ValidationError

    text = read_text(path, "legend")
    try:
        return TypeAdapter(tuple[Pen, ...]).validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(
            f"{path} is not a legend ({where}: {first['msg']}): give a JSON list of pen, rgb and theme."
        ) from error


def _add(
    folder: Path,
    found: Iterable[Reading | Refusal],
    tally: dict[str, Any],
    session: str | None,
    done: ReadInto,
    today: str,
) -> None:
    """Write each reading's files as it is read, then what is said of all of them."""
    layers = _stored(folder, {reading["reading"] for reading in tally["readings"]})
    for one in found:
        if isinstance(one, Refusal):
            sha = sha256_of(one.path) if one.path.is_file() else ""
            done.refused.append({"name": one.name, "sha256": sha, "reason": one.reason})
            continue
        readings = [*tally["readings"], *done.readings]
        paper = find_paper(folder, one, readings)
        if paper.readings:
            also_shown(layers, paper, [photo.name for photo in one.photographs])
        if one.marks.marks and len(paper.repeated) == len(one.marks.marks):
            done.known += [photo.name for photo in one.photographs]
            earlier = next(old for old in readings if old["reading"] in paper.readings)
            earlier["photographs"] += describe_photographs(one)
            continue
        described, marks, rejects = _keep(folder, one, paper, layers, session)
        done.readings.append(described)
        for layer, kind in LAYERS.items():
            layers[layer] = join_layers(layers.get(layer), marks[marks["kind"] == kind])
        layers["rejects"] = join_layers(layers.get("rejects"), rejects)
    _write(folder, layers, tally, done, today)


def _write(
    folder: Path, layers: dict[str, gpd.GeoDataFrame], before: dict[str, Any], done: ReadInto, today: str
) -> None:
    """Write the marks of all readings, the page, and last the tally, which says that it is done."""
    readings = [*before["readings"], *done.readings]
    looked_at = {photo["sha256"] for reading in readings for photo in reading["photographs"]}
    looked_at |= {one["sha256"] for one in done.refused}
    kept = [one for one in before["refused"] if one["sha256"] not in looked_at]
    there = [one for one in done.refused if one["sha256"]]
    tally = {"readings": readings, "refused": [*kept, *there]}
    page = quality_html(tally["readings"], tally["refused"])
    if layers:
        write_geopackage(folder / MARKS_FILE, layers, made_on=today)
    write_text(folder / QUALITY_FILE, page)
    write_json(folder / TALLY_FILE, tally)


def _stored(folder: Path, whole: set[str]) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of the marks so far, without what a reading that was broken off has left."""
    return {
        name: frame[frame["reading"].isin(whole) | frame["reading"].isna()] if "reading" in frame.columns else frame
        for name, frame in read_layers(folder).items()
    }


def _keep(
    folder: Path, reading: Reading, paper: Paper, layers: dict[str, gpd.GeoDataFrame], session: str | None
) -> tuple[dict[str, Any], gpd.GeoDataFrame, gpd.GeoDataFrame]:
    names = "".join(sorted(photo.sha256 for photo in reading.photographs))
    reading_id = f"{paper.sheet_id}-{hashlib.sha256(names.encode('ascii')).hexdigest()[:10]}"
    tables = mark_tables(
        reading,
        reading_id=reading_id,
        sheet_id=paper.sheet_id,
        session=session,
        first=_next(layers, paper.sheet_id),
        repeated=paper.repeated,
    )
    write_geotiff(folder / "kiosk/straightened" / f"{reading_id}.tif", reading.straightened, reading.printed)
    boxes = {mark.number: mark.box for mark in reading.marks.marks}
    crops = []
    for name, number in zip(tables.marks["annotation_id"], tables.marks["mark"], strict=True):
        crop = f"kiosk/crops/{str(name).replace(':', '-')}.png"
        write_bytes(folder / crop, crop_png(reading, boxes[int(number)]))
        crops.append(crop)
    marks = tables.marks.assign(crop=pd.Series(crops, index=tables.marks.index, dtype="str"))
    described = describe_reading(reading, tables, sheet_id=paper.sheet_id, session=session)
    described |= {"reading": reading_id, "printed": reading.printed.name}
    return described, marks, tables.rejects


def _next(layers: dict[str, gpd.GeoDataFrame], sheet: str) -> int:
    """Return the first number of a sheet that no mark has."""
    used = [
        int(name.rsplit(":", 1)[1])
        for layer in LAYERS
        if layer in layers
        for name in layers[layer]["annotation_id"]
        if str(name).rsplit(":", 1)[0] == sheet
    ]
    return max(used, default=0) + 1
