"""Residents' marks, digitised: from map files of any usual kind, or a table with coordinates or WKT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from assetmap.crs import LONLAT
from assetmap.errors import CRSError, InputError
from assetmap.files import require_file
from assetmap.schema import ANNOTATIONS, MARK_KINDS, validate_table
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.columns import find_columns, fold_header, read_numbers, take_text
from assetmap.sources.dates import read_dates
from assetmap.sources.positions import POSITION_COLUMNS, Placing, locate_rows
from assetmap.sources.shapes import accept_shapes, project_shapes
from assetmap.sources.tables import file_sha12, is_workbook, read_table
from assetmap.sources.vector import read_vector, sniff_vector
from assetmap.tally import Tally

__all__ = [
    "ANNOTATION_COLUMNS",
    "CONSENT_WORDS",
    "annotation_table",
    "consent_of",
    "join_title_and_words",
    "read_annotations",
    "sentiment_of",
    "shapes_of_wkt",
    "split_kinds",
]

ANNOTATION_COLUMNS: dict[str, tuple[str, ...]] = {
    "text": (
        "text",
        "comment",
        "comments",
        "note",
        "notes",
        "description",
        "desc",
        "what they said",
        "words",
        "remark",
        "remarks",
        "quote",
        "answer",
        "label",
        "title",
        "name",
    ),
    "theme": ("theme", "category", "topic", "type", "subject", "code", "layer name"),
    "sentiment": ("sentiment", "feeling", "mood", "attitude", "like dislike", "valence"),
    "consent": ("consent", "permission", "consent level", "agreed to", "sharing"),
    "contributor": (
        "contributor id",
        "contributor",
        "participant",
        "participant id",
        "pseudonym",
        "respondent",
        "resident",
        "person",
    ),
    "sheet": ("sheet id", "sheet", "map sheet", "map", "sheet number", "sheet no"),
    "n": ("n", "mark", "mark number", "mark no", "number", "no", "annotation number"),
    "session": ("session id", "session", "event", "workshop"),
    "pen": ("pen colour", "pen color", "pen", "colour", "color", "ink"),
    "kind": ("kind", "mark kind", "mark type"),
    "confidence": ("confidence",),
    "crop": ("crop",),
    "reviewed_by": ("reviewed by", "checked by"),
    "date": ("observed on", "date", "day", "when", "time", "timestamp", "created", "created at"),
    "wkt": ("wkt", "geometry", "geom", "the geom", "shape", "geometry wkt", "wkt geom"),
    **{field: names for field, names in POSITION_COLUMNS.items() if field != "postcode"},
}
"""Field -> the folded headers it goes by. Postcodes never place a resident's mark."""

CONSENT_WORDS = {
    "public": {"public", "anyone", "everyone", "all", "open", "publish"},
    "partners": {"partners", "partner", "project partners", "partners only"},
    "research": {"research", "research only", "researchers", "team"},
    "unknown": {"unknown", "not known", "not asked", "not recorded", "?"},
    "none": {"none", "no", "n", "false", "0", "refused", "withdrawn", "not given"},
}
"""Consent -> the words that say so."""
Rows = TypeVar("Rows", bound=pd.DataFrame)
_SENTIMENT = {
    "positive": {"positive", "like", "likes", "love", "good", "happy", "+", "1", "green", "asset", "strength"},
    "negative": {"negative", "dislike", "dislikes", "hate", "bad", "sad", "unhappy", "-", "-1", "red", "problem"},
    "mixed": {"mixed", "both", "neutral", "unsure", "0", "ambivalent", "like and dislike"},
}


def read_annotations(
    path: Path | str,
    *,
    crs: CRS,
    columns: Mapping[str, str] | None = None,
    near: Bounds | None = None,
    source_crs: CRS | str | int | None = None,
    sheet: str | None = None,
) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read residents' marks into the annotation table.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, shapefile, KML, KMZ (all layers of each), CSV or XLSX with coordinates or WKT.
    crs
        The study's metric CRS.
    columns
        Field (a key of `ANNOTATION_COLUMNS`) -> header, where the headers aren't the usual ones.
    near
        A lon/lat box that the marks should touch, to tell exchanged axes by.
    source_crs
        The reference system of the coordinates, where the file doesn't say or is wrong.
    sheet
        The workbook's sheet.

    Returns
    -------
    GeoDataFrame
        The annotation table. A mark's `annotation_id` is ``<sheet>:<n>`` where the file numbers its marks,
        else ``<first 12 of the file's sha256>:<row>``. Consent in words that aren't known is ``unknown``.
    Tally
        A mark of several kinds of shape counts as one row for each, and is said to have been split.

    Raises
    ------
    InputError
        If nothing says where the marks are, not one could be used, or two bear one number.
    """
    path = require_file(path, "file of annotations")
    crs = CRS.from_user_input(crs)
    if sniff_vector(path) is not None and not is_workbook(path):
        rows, tally = read_vector(path, what="annotations", every_layer=True, source_crs=source_crs, near=near)
        rows = project_shapes(rows, crs, tally=tally, near=near)
        rows = join_title_and_words(rows) if "Name" in rows.columns else rows
        found = find_columns(rows.columns.drop("geometry"), ANNOTATION_COLUMNS, mapping=columns, what=path.name)
    else:
        tally = Tally(path.name)
        table = read_table(path, sheet=sheet, tally=tally)
        found = find_columns(table.columns, ANNOTATION_COLUMNS, mapping=columns, what=path.name)
        rows = _placed(table, found, Placing(crs, path.name, source_crs, None, near, tally))
    rows = split_kinds(rows, tally)
    if rows.empty:
        raise InputError(f"{tally.summary()}: not one mark could be used. Check its coordinates.")
    marks = annotation_table(rows, found, _identifiers(rows, found, path), path.name, tally)
    return validate_table(marks, "annotations", what=path.name), tally


def _placed(table: pd.DataFrame, found: Mapping[str, str], placing: Placing) -> gpd.GeoDataFrame:
    """Give each row of a table its shape, from WKT where there is such a column, else its point."""
    tally = placing.tally
    if "wkt" in found:
        return shapes_of_wkt(table, found["wkt"], placing)
    points, why = locate_rows(table, found, placing)
    for reason, rows in why.dropna().groupby(why.dropna()):
        tally.drop(str(reason), [f"row {row}" for row in rows.index])
    return gpd.GeoDataFrame(table, geometry=points, crs=placing.crs)[why.isna()]


def shapes_of_wkt(table: pd.DataFrame, column: str, placing: Placing) -> gpd.GeoDataFrame:
    """Return the rows of a table whose column of WKT can be read, in the study's CRS; the others are counted."""
    words = take_text(table, column).str.replace(r"^SRID=\d+;", "", regex=True)
    text = words.astype(object).where(words.notna(), None).to_numpy()
    with np.errstate(over="ignore", invalid="ignore"):  # absurd numbers are dropped with their count below
        shapes = shapely.from_wkt(text, on_invalid="ignore")
        torn = shapely.is_missing(shapes) & words.notna().to_numpy()
        shapes[torn] = shapely.from_wkt(text[torn], on_invalid="fix")
    placing.tally.repair("unclosed ring closed", int((torn & ~shapely.is_missing(shapes)).sum()))
    torn &= shapely.is_missing(shapes)
    placing.tally.drop("WKT not understood", [f"row {row}" for row in table.index[torn]])
    table, shapes = table[~torn], shapes[~torn]
    source = LONLAT if placing.source_crs is None else CRS.from_user_input(placing.source_crs)
    coordinates = shapely.get_coordinates(shapes)
    if placing.source_crs is None and len(coordinates) and (np.abs(coordinates) > 180).all():
        raise CRSError(
            f"{placing.what}: the WKT of column {column} is not in degrees: write longitude and latitude, or "
            "save the marks as a GeoPackage, which says its reference system."
        )
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs=source)
    frame = accept_shapes(frame, placing.tally, what=placing.what, near=placing.near)
    return project_shapes(frame, placing.crs, tally=placing.tally, near=placing.near)


def join_title_and_words(rows: Rows, titles: Sequence[str] = ("name",)) -> Rows:
    """Put a mark's name or title before its description, since residents' words are in either."""
    by_fold = {fold_header(column): column for column in rows.columns}
    title_column = next((by_fold[name] for name in titles if name in by_fold), None)
    if title_column is None or "description" not in by_fold:
        return rows
    title, body = take_text(rows, title_column), take_text(rows, by_fold["description"])
    both = (title + ": " + body).where(title.notna() & body.notna(), title.fillna(body))
    joined: Rows = rows.drop(columns=[title_column, by_fold["description"]]).assign(description=both)
    return joined


def split_kinds(rows: gpd.GeoDataFrame, tally: Tally) -> gpd.GeoDataFrame:
    """Make one row of each kind of shape of a mixed collection; the parts' rows are ``7``, ``7.2``, ``7.3``."""
    rows = rows.assign(_row=[str(row) for row in rows.index])
    mixed = (rows.geom_type == "GeometryCollection").to_numpy()
    if not mixed.any():
        return rows
    parts = rows[mixed].explode(ignore_index=True)
    parts = parts[~parts.geometry.is_empty]
    parts["_dimension"] = shapely.get_dimensions(parts.geometry.to_numpy())
    merged = parts.dissolve(["_row", "_dimension"], as_index=False).drop(columns="_dimension")
    place = merged.groupby("_row").cumcount()
    merged["_row"] = merged["_row"].where(place == 0, merged["_row"] + "." + (place + 1).astype(str))
    tally.repair("mark of several kinds of shape split", int(mixed.sum()))
    tally.read += len(merged) - int(mixed.sum())
    return gpd.GeoDataFrame(pd.concat([rows[~mixed], merged], ignore_index=True), crs=rows.crs)


def annotation_table(
    rows: gpd.GeoDataFrame, found: Mapping[str, str], names: pd.Series, source: str, tally: Tally
) -> gpd.GeoDataFrame:
    """Return rows as the annotation table, not yet checked.

    Parameters
    ----------
    rows
        Rows with shapes in the study's CRS; a row without one is a ``writing``.
    found
        Field of `ANNOTATION_COLUMNS` -> header.
    names
        The `annotation_id` of each row.
    source
        What the table says that the rows come from.
    tally
        Is told of words that weren't understood.
    """
    text = {field: take_text(rows, found.get(field)) for field in ANNOTATION_COLUMNS}
    dates = read_dates(text["date"])
    tally.repair("date not understood, left empty", int((text["date"].notna() & dates.isna()).sum()))
    confidence = read_numbers(text["confidence"])
    values = {
        "annotation_id": names,
        "contributor_id": text["contributor"],
        "consent": consent_of(text["consent"], tally),
        "text": text["text"],
        "theme": text["theme"],
        "sentiment": sentiment_of(text["sentiment"], tally),
        "kind": _kinds(rows, text["kind"]),
        "session_id": text["session"],
        "sheet_id": text["sheet"],
        "pen_colour": text["pen"],
        "confidence": confidence.where(confidence.between(0, 1)),
        "crop": text["crop"],
        "reviewed_by": text["reviewed_by"],
        "observed_on": dates,
        "source": pd.Series(source, index=rows.index),
    }
    frame = pd.DataFrame({name: pd.Series(values[name], dtype=column.dtype) for name, column in ANNOTATIONS.items()})
    return gpd.GeoDataFrame(frame.reset_index(drop=True), geometry=rows.geometry.to_numpy(), crs=rows.crs)


def _identifiers(rows: gpd.GeoDataFrame, found: Mapping[str, str], path: Path) -> pd.Series:
    """Return identifiers that stay the same when the file is read again."""
    text = {field: take_text(rows, found.get(field)) for field in ("sheet", "n")}
    sha = file_sha12(path)
    by_row = pd.Series([f"{sha}:{row}" for row in rows["_row"]], index=rows.index, dtype="str")
    part = rows["_row"].str.partition(".")[2]
    numbered = text["n"].notna() & text["sheet"].notna()
    by_number = text["sheet"] + ":" + text["n"] + part.where(part == "", "." + part)
    names = by_row.mask(numbered, by_number)
    twice = names[names.duplicated(keep=False)]
    if len(twice):
        raise InputError(
            f"{path.name}: {len(twice)} marks share a sheet and number (first: {twice.iloc[0]}): number the marks "
            "of each sheet once."
        )
    return names


def _kinds(rows: gpd.GeoDataFrame, said: pd.Series) -> pd.Series:
    """Return the shape's kind; ``writing`` where the file says so."""
    shape = pd.Series(np.array(MARK_KINDS)[shapely.get_dimensions(rows.geometry.to_numpy())], index=rows.index)
    return shape.mask((said.str.casefold() == "writing").fillna(False).astype(bool), "writing")


def consent_of(words: pd.Series, tally: Tally) -> pd.Series:
    """Return what was agreed to, one of `CONSENT_VALUES`; ``unknown`` where nothing or nothing known is said."""
    consent = _by_words(words, CONSENT_WORDS)
    tally.repair("consent words not understood, taken as unknown", int((words.notna() & consent.isna()).sum()))
    return consent.fillna("unknown")


def sentiment_of(words: pd.Series, tally: Tally) -> pd.Series:
    """Return how people feel about it, one of `SENTIMENT_VALUES`, or null."""
    sentiment = _by_words(words, _SENTIMENT)
    tally.repair("sentiment not understood, left empty", int((words.notna() & sentiment.isna()).sum()))
    return sentiment


def _by_words(text: pd.Series, meanings: Mapping[str, set[str]]) -> pd.Series:
    read = {word: meaning for meaning, words in meanings.items() for word in words}
    return text.str.casefold().map(read).astype("str")
