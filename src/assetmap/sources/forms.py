"""Exports of KoboToolbox and ODK Central: which column is a place, and what shape its text draws."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from assetmap.sources.columns import fold_header, take_text

__all__ = ["draw_shape", "last_word_of", "pair_of_degrees", "points_as_shapes", "read_shapes", "shape_columns"]

# "latitude longitude altitude accuracy", and for a trace or an area several of them with semicolons between.
_NUMBER = r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_POINT = rf"{_NUMBER}\s+{_NUMBER}(?:\s+{_NUMBER}){{0,2}}"
_DRAWN = re.compile(rf"\s*{_POINT}\s*(?:;\s*{_POINT}\s*)*;?\s*")
_SHARE_DRAWN = 0.5
_OF_THE_PHONE = re.compile(r"\bstart geopoint\b|\bbackground\b")
_GROUP = re.compile(r"[/]|(?<=\w)-(?=\w)|(?<=\w)\.(?=\w)")
_GROUP_END = re.compile(r"[-_.]?(latitude|lat)$", re.IGNORECASE)
_PAIRS = (("latitude", "longitude"), ("lat", "lon"), ("lat", "lng"), ("lat", "long"))


def last_word_of(header: str) -> str:
    """Return a question's own name without the groups that it stands in.

    Examples
    --------
    >>> last_word_of("about_you/age"), last_word_of("meta-instanceID"), last_word_of("age")
    ('age', 'instanceID', 'age')
    """
    return _GROUP.split(header)[-1]


def shape_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that hold geopoints, geotraces or geoshapes, in the form's order.

    Where the phone was when the form was opened isn't the place that is spoken of, so that column is left out.
    """
    found = []
    for column in table.columns:
        if _OF_THE_PHONE.search(fold_header(column)):
            continue
        words = take_text(table, column).dropna()
        drawn = words[words.str.fullmatch(_DRAWN).astype(bool)]
        if len(drawn) > _SHARE_DRAWN * len(words) and drawn.str.contains(r"\.\d", regex=True).any():
            found.append(str(column))
    return found


def draw_shape(words: str) -> Any:
    """Return the shape of a geopoint, geotrace or geoshape in longitude, latitude; None where it isn't one.

    The text has the latitude first. A trace that ends where it began is taken as an area, as a geoshape is
    written no other way.

    Examples
    --------
    >>> draw_shape("51.5 -0.03 0 4.9").wkt
    'POINT (-0.03 51.5)'
    >>> draw_shape("51.5 -0.03 0 0; 51.6 -0.03 0 0; 51.6 -0.02 0 0; 51.5 -0.03 0 0").geom_type
    'Polygon'
    """
    if not _DRAWN.fullmatch(words):
        return None
    parts = [part.split()[:2] for part in words.split(";") if part.strip()]
    at = np.array([(float(lon), float(lat)) for lat, lon in parts])
    if not np.isfinite(at).all() or (np.abs(at) > (180, 90)).any():
        return None
    distinct = np.unique(at, axis=0)
    if len(distinct) == 1:
        return shapely.Point(at[0])
    closed = len(distinct) > 2 and (at[0] == at[-1]).all()
    return shapely.Polygon(at) if closed else shapely.LineString(at)


def pair_of_degrees(headers: Iterable[str]) -> tuple[str, str] | None:
    """Return the headers of latitude and longitude that a form has made of one question, or None.

    ``_place_latitude`` (KoboToolbox), ``place-Latitude`` (ODK Central), ``Place.lat`` (Ushahidi).

    Examples
    --------
    >>> pair_of_degrees(["name", "spot-Latitude", "spot-Longitude", "spot-Accuracy"])
    ('spot-Latitude', 'spot-Longitude')
    """
    by_fold = {fold_header(header): header for header in headers if not _OF_THE_PHONE.search(fold_header(header))}
    for lat, lon in _PAIRS:
        for fold, header in by_fold.items():
            stem = fold.removesuffix(lat)
            if stem != fold and (stem == "" or stem.endswith(" ")) and stem + lon in by_fold:
                return header, by_fold[stem + lon]
    return None


def points_as_shapes(table: pd.DataFrame, drawn: Sequence[str]) -> pd.DataFrame:
    """Return a table in which points in two columns are also written as geopoints, where there are other places too.

    ODK Central writes a geopoint as columns of its latitude and longitude and a geotrace as text. The one place of a
    table that has no other needs no such column, and a point that KoboToolbox has written both ways needs none.

    Examples
    --------
    >>> table = pd.DataFrame({"a-Latitude": ["51.5"], "a-Longitude": ["0.1"], "way": ["51.5 0.1;51.6 0.1"]})
    >>> points_as_shapes(table, ["way"])["a"].tolist()
    ['51.5 0.1']
    """
    by_fold = {fold_header(name): str(name) for name in table.columns if not _OF_THE_PHONE.search(fold_header(name))}
    written = {fold_header(name) for name in drawn}
    found = [
        (fold.removesuffix(f" {lat}"), by_fold[fold], by_fold[fold.removesuffix(lat) + lon])
        for lat, lon in _PAIRS
        for fold in by_fold
        if fold.endswith(f" {lat}") and fold.removesuffix(lat) + lon in by_fold
    ]
    found = [pair for pair in found if pair[0] not in written]
    if len(found) + len(drawn) < 2:
        return table
    points = {}
    for _, lat, lon in found:
        words = pd.DataFrame({"lat": take_text(table, lat), "lon": take_text(table, lon)})
        points[_GROUP_END.sub("", lat)] = (words["lat"] + " " + words["lon"]).to_numpy()
    return table.assign(**{name: words for name, words in points.items() if name not in table})


def read_shapes(table: pd.DataFrame, columns: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return one row for each place of each submission, and the references of places that can't be drawn.

    A submission without any place keeps one row, whose ``geometry`` is None.

    Returns
    -------
    rows : DataFrame
        The table's columns, ``geometry`` in longitude and latitude, ``_part`` (1 for a submission's first place).
    torn : list of str
        ``row 7, where``.
    """
    frames, torn = [], []
    for column in columns:
        words = take_text(table, column)
        shapes = pd.Series([None if pd.isna(text) else draw_shape(text) for text in words], table.index, dtype=object)
        torn += [f"row {row}, {column}" for row in table.index[words.notna() & shapes.isna()]]
        frames.append(table.assign(geometry=shapes)[shapes.notna()])
    placed = pd.concat(frames) if frames else table.assign(geometry=None).iloc[:0]
    bare = table[~table.index.isin(placed.index)].assign(geometry=None)
    rows = pd.concat([placed, bare]).sort_index(kind="stable") if len(bare) else placed.sort_index(kind="stable")
    return rows.assign(_part=rows.groupby(level=0).cumcount() + 1), torn
