"""Voices from everywhere: forms, map services and tables, as marks, notes without a place, sessions and people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from assetmap.crs import LONLAT
from assetmap.errors import InputError, UsageError
from assetmap.files import require_file
from assetmap.schema import CONSENT_VALUES, SESSION_KINDS, validate_table
from assetmap.sources.annotations import (
    CONSENT_WORDS,
    annotation_table,
    join_title_and_words,
    shapes_of_wkt,
    split_kinds,
)
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.columns import fold_header, take_text
from assetmap.sources.form_repeats import is_zipped_form, read_form
from assetmap.sources.forms import pair_of_degrees, points_as_shapes, read_shapes, shape_columns
from assetmap.sources.positions import Placing, locate_rows
from assetmap.sources.shapes import accept_shapes, project_shapes
from assetmap.sources.tables import is_workbook
from assetmap.sources.umap import is_umap, read_umap
from assetmap.sources.vector import read_vector, sniff_vector
from assetmap.sources.voice_columns import find_voice_columns
from assetmap.sources.voice_tables import OWN_COLUMNS, name_rows, people_of, pseudonyms, sessions_of
from assetmap.tally import Tally

__all__ = ["Reading", "Voices", "read_voices"]

_PLACES = {"lon", "lat", "easting", "northing", "x", "y", "grid_ref"}
_KNOWN_CONSENT = {word for words in CONSENT_WORDS.values() for word in words}


@dataclass(frozen=True)
class Reading:
    """How one file of voices is read."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Field of `VOICE_COLUMNS` -> header, where the headers aren't the usual ones."""
    session: str | None = None
    """The session of rows that name none."""
    session_kind: str | None = None
    consent: str | None = None
    """The consent of rows that say nothing of it."""
    means: Mapping[str, str] = field(default_factory=dict)
    """Word in the column of consent -> what it means."""

    def __post_init__(self) -> None:
        for consent in (*self.means.values(), *([] if self.consent is None else [self.consent])):
            if consent not in CONSENT_VALUES:
                raise UsageError(f"{consent!r} is no consent: use one of {', '.join(CONSENT_VALUES)}.")
        if self.session_kind not in (None, *SESSION_KINDS):
            raise UsageError(f"{self.session_kind!r} is no kind of session: use one of {', '.join(SESSION_KINDS)}.")


@dataclass(frozen=True)
class Voices:
    """What one file holds."""

    marks: gpd.GeoDataFrame
    """Table ``annotations``."""
    unplaced: gpd.GeoDataFrame
    """What was said of no place that the file tells: the columns of ``annotations``, without a shape."""
    sessions: pd.DataFrame
    """Table ``sessions``."""
    people: pd.DataFrame
    """``contributor_id``, ``age``, ``sex``, ``ethnicity`` of each submission, in the file's words."""
    tally: Tally
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field -> the header that it was read from."""
    unused: tuple[str, ...] = ()
    """Headers that no field was read from; the file in ``inputs/`` keeps them."""
    unknown_consent: Mapping[str, int] = field(default_factory=dict)
    """Words about consent that aren't known -> how often; they count as no consent."""


def read_voices(
    path: Path | str,
    *,
    crs: CRS,
    secret: bytes,
    reading: Reading = Reading(),
    near: Bounds | None = None,
    postcodes: pd.DataFrame | None = None,
) -> Voices:
    """Read a file of voices.

    Understood are exports of KoboToolbox and ODK Central (CSV, XLSX, zipped CSV), uMap, My Maps (KML, KMZ), Ushahidi,
    Maptionnaire, the Sketch Map Tool and CoMapeo (GeoJSON, CSV), and tables with coordinates, grid references or,
    with a postcode table, postcodes. A row without a place is kept as a note.

    Parameters
    ----------
    path
        The file.
    crs
        The study's metric CRS.
    secret
        The study's secret, which pseudonyms are drawn from.
    reading
        What the user says of the file.
    near
        A lon/lat box that the marks should touch.
    postcodes
        As `sources.postcodes.read_postcodes` gives it.

    Raises
    ------
    InputError
        If the file can't be read, or not one row has a place or words.
    """
    path = require_file(path, "file of voices")
    tally = Tally(path.name)
    placing = Placing(CRS.from_user_input(crs), path.name, None, postcodes, near, tally)
    rows, found = _rows(path, reading, placing)
    columns = {**found, **{f"place {n}": name for n, name in enumerate(_drawn(rows), 1)}}
    unused = tuple(str(column) for column in rows.columns if column not in {*columns.values(), *OWN_COLUMNS})
    rows = _said_by_the_user(rows, found, reading)
    unknown = _unknown_consent(rows, found)
    rows.index = pd.Index(name_rows(rows, found, reading.session), dtype="str")
    read = _voices(rows, found, path.name, secret, tally)
    return replace(read, columns=columns, unused=unused, unknown_consent=unknown)


def _rows(path: Path, reading: Reading, placing: Placing) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Return the file's rows with shapes in the study's CRS, and which column is which."""
    tally = placing.tally
    if is_umap(path) or (sniff_vector(path) is not None and not is_workbook(path) and not is_zipped_form(path)):
        if is_umap(path):
            rows = read_umap(path)
            tally.read = len(rows)
            rows = accept_shapes(rows, tally, what=path.name, near=placing.near)
        else:
            rows, read = read_vector(path, what="voices", every_layer=True, near=placing.near)
            tally.read, tally.dropped, tally.repaired, tally.rows = read.read, read.dropped, read.repaired, read.rows
        rows = project_shapes(rows, placing.crs, tally=tally, near=placing.near)
        rows = join_title_and_words(_with_tags(_of_observations(rows)), ("name", "title"))
        found = find_voice_columns(rows.columns.drop("geometry"), _of_map(rows, reading), what=path.name)
        return _once(rows, found, tally).assign(_part=1, _of_repeat=False), found
    table = join_title_and_words(read_form(path, tally), ("title",))
    if table.empty:
        raise InputError(f"{path} has headers and no rows: export the form again once there are answers.")
    found = find_voice_columns(table.columns.drop("_of_repeat"), reading.columns, what=path.name)
    table = _once(table, found, tally)
    return _placed(table, found, placing), found


def _of_observations(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put what CoMapeo calls differently in observations and in tracks into one column: ``$id`` and ``docId``."""
    for header, other in (("$id", "docId"), ("$createdAt", "createdAt")):
        if header in rows:
            said = take_text(rows, header).fillna(take_text(rows, other if other in rows else None))
            rows = rows.drop(columns=[header]).assign(**{other: said})
    return rows


def _with_tags(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make columns of the answers that CoMapeo, before it flattened them in 2026, wrote as one object ``tags``."""
    if "tags" not in rows:
        return rows
    answers = [
        {name: "; ".join(map(str, said)) if isinstance(said, list) else said for name, said in _object(tags).items()}
        for tags in rows["tags"]
    ]
    if not any(answers):
        return rows
    told = pd.DataFrame(answers, index=rows.index).astype("str")
    said = {name: take_text(rows, name if name in rows else None).fillna(told[name]) for name in map(str, told.columns)}
    return rows.drop(columns="tags").assign(**said)


def _object(said: Any) -> dict[str, Any]:
    try:
        found = json.loads(said) if isinstance(said, str) else said
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _of_map(rows: gpd.GeoDataFrame, reading: Reading) -> Mapping[str, str]:
    """In a map's file a name is the mark's and not a person's: take it as the words, where there are no others."""
    by_fold = {fold_header(column): str(column) for column in rows.columns}
    said = dict(reading.columns)
    if "sheet" not in said and _is_name_of_a_photograph(rows, by_fold.get("name")):
        said["sheet"] = by_fold["name"]
        return said
    if "text" not in said and "name" in by_fold and not {"description", "notes", "comment", "text"} & by_fold.keys():
        said["text"] = by_fold["name"]
    return said


def _is_name_of_a_photograph(rows: gpd.GeoDataFrame, column: str | None) -> bool:
    """Whether a mark's name is that of the photographed sheet it was found on, as the Sketch Map Tool has it."""
    names = take_text(rows, column).dropna().str.casefold()
    return bool(len(names)) and bool(names.str.endswith((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".pdf")).all())


def _once(rows: Any, found: Mapping[str, str], tally: Tally) -> Any:
    """Keep the last of the rows that are one submission."""
    names = take_text(rows, found.get("submission"))
    again = (names.notna() & names.duplicated(keep="last")).to_numpy()
    return tally.drop_where(rows, again, "the same submission twice", lambda row: f"row {row}")


def _placed(table: pd.DataFrame, found: dict[str, str], placing: Placing) -> gpd.GeoDataFrame:
    """Give each row of a table its shape, or None, from drawn answers, WKT, or a column that says where it is."""
    table = points_as_shapes(table, shape_columns(table))
    drawn = shape_columns(table)
    if drawn:
        rows, torn = read_shapes(table, drawn)
        placing.tally.read += len(rows) - len(table)
        placing.tally.repair("place not understood, left out", len(torn))
        here = rows["geometry"].notna()
        shapes = gpd.GeoDataFrame(rows[here], geometry="geometry", crs=LONLAT)
        shapes = accept_shapes(shapes, placing.tally, what=placing.what, near=placing.near)
        return _with_bare(project_shapes(shapes, placing.crs, tally=placing.tally, near=placing.near), rows[~here])
    table = table.assign(_part=1)
    if "wkt" in found:
        here = take_text(table, found["wkt"]).notna()
        return _with_bare(shapes_of_wkt(table[here], found["wkt"], placing), table[~here])
    pair = None if _PLACES & found.keys() else pair_of_degrees(map(str, table.columns))
    found.update({} if pair is None else dict(zip(("lat", "lon"), pair, strict=True)))
    if not _PLACES & found.keys() and not ("postcode" in found and placing.postcodes is not None):
        return _with_bare(gpd.GeoDataFrame(table.iloc[:0], geometry=[], crs=placing.crs), table)
    points, why = locate_rows(table, found, placing)
    for reason, count in why.dropna().value_counts().items():
        placing.tally.repair(f"kept without a place ({reason})", count)
    located = gpd.GeoDataFrame(table, geometry=points, crs=placing.crs)
    return _with_bare(located[why.isna()], table[why.notna()])


def _with_bare(placed: gpd.GeoDataFrame, bare: pd.DataFrame) -> gpd.GeoDataFrame:
    if bare.empty:
        return placed
    empty = gpd.GeoDataFrame(
        bare.drop(columns="geometry", errors="ignore"), geometry=[None] * len(bare), crs=placed.crs
    )
    return (
        empty
        if placed.empty
        else gpd.GeoDataFrame(pd.concat([placed, empty]).sort_index(kind="stable"), crs=placed.crs)
    )


def _said_by_the_user(rows: gpd.GeoDataFrame, found: dict[str, str], reading: Reading) -> gpd.GeoDataFrame:
    """Fill in the session, its kind and consent where the user says them and the row doesn't."""
    means = {word.casefold(): meaning for word, meaning in reading.means.items()}
    said = {"session": reading.session, "session_kind": reading.session_kind, "consent": reading.consent}
    for name, value in said.items():
        words = take_text(rows, found.get(name))
        if name == "consent":
            words = words.str.casefold().map(means).astype("str").fillna(words)
        if value is not None:
            words = words.fillna(value)
        rows = rows.assign(**{f"_{name}": words})
        if found.get(name) or value is not None:
            found[name] = f"_{name}"
    return rows


def _drawn(rows: gpd.GeoDataFrame) -> list[str]:
    """Return the columns of a form that its places were drawn from."""
    return shape_columns(rows.drop(columns=[name for name in OWN_COLUMNS if name in rows]))


def _unknown_consent(rows: gpd.GeoDataFrame, found: Mapping[str, str]) -> dict[str, int]:
    words = take_text(rows, found.get("consent")).dropna()
    known = words.str.casefold().isin(_KNOWN_CONSENT | set(CONSENT_VALUES))
    return dict(Counter(words[~known]).most_common())


def _voices(
    rows: gpd.GeoDataFrame,
    found: dict[str, str],
    source: str,
    secret: bytes,
    tally: Tally,
) -> Voices:
    placed = split_kinds(rows[rows.geometry.notna()], tally)
    bare = rows[rows.geometry.isna()]
    bare = bare.assign(_row=bare.index.astype("str"))
    silent = take_text(bare, found.get("text")).isna() & take_text(bare, found.get("theme")).isna()
    bare = tally.drop_where(bare, silent, "neither a place nor words", str)
    if placed.empty and bare.empty:
        raise InputError(f"{tally.summary()}: not one row has a place or words. Check which columns hold them.")
    marks, unplaced = (_named(part, found, source, secret, tally) for part in (placed, bare))
    everyone = rows[~rows.index.duplicated() & ~rows["_of_repeat"].astype(bool)]
    return Voices(
        marks=validate_table(marks, "annotations", what=source),
        unplaced=unplaced,
        sessions=sessions_of(rows, found, tally),
        people=people_of(everyone, found, secret),
        tally=tally,
    )


def _named(
    rows: gpd.GeoDataFrame, found: Mapping[str, str], source: str, secret: bytes, tally: Tally
) -> gpd.GeoDataFrame:
    fields = {name: header for name, header in found.items() if name != "kind"}
    table = annotation_table(rows, fields, rows["_row"], source, tally)
    table["contributor_id"] = pseudonyms(table["contributor_id"], secret)
    return table
