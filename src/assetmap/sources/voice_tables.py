"""What a file of voices says of itself: its sessions, its people, and a lasting name for each row."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.schema import validate_table
from assetmap.sources.columns import take_text
from assetmap.sources.dates import read_dates
from assetmap.sources.voice_columns import SESSION_KIND_WORDS
from assetmap.tally import Tally

__all__ = ["OWN_COLUMNS", "name_rows", "people_of", "pseudonym", "pseudonyms", "sessions_of"]

OWN_COLUMNS = ("geometry", "_part", "_of_repeat", "_ref", "_session", "_session_kind", "_consent")
"""Columns that reading has added to the file's own."""


def pseudonym(secret: bytes, person: str) -> str:
    """Return what a person is called in the study: the same for the same name, and no way back without the secret."""
    name = " ".join(person.split()).casefold()
    return (
        "p" + hmac.new(secret, f"contributor\0{name}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:12]
    )


def pseudonyms(people: pd.Series, secret: bytes) -> pd.Series:
    """Return the pseudonym of each person of a column, null where none is named."""
    return pd.Series([None if pd.isna(who) else pseudonym(secret, who) for who in people], people.index, dtype="str")


def name_rows(rows: gpd.GeoDataFrame, found: Mapping[str, str], session: str | None) -> list[str]:
    """Return an identifier for each row that is the same in every export that holds it.

    It is the submission's own where the file has one, else a hash of what the row holds.
    """
    own = take_text(rows, found.get("submission")).str.removeprefix("uuid:")
    shapes = shapely.to_wkt(rows.geometry.to_numpy(), rounding_precision=1)
    cells = rows.drop(columns=[name for name in OWN_COLUMNS if name in rows]).astype(object)
    seen: Counter[str] = Counter()
    names = []
    row: Any
    for row in zip(own, shapes, rows["_part"], cells.to_dict("records"), strict=True):
        name, shape, part, said = row
        if pd.isna(name):
            held = sorted(f"{key}={value}" for key, value in said.items() if not pd.isna(value))
            text = "\0".join([*held, str(shape), session or ""])
            name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            seen[name] += 1
            part = seen[name]
        names.append(name if part == 1 else f"{name}.{part}")
    return names


def sessions_of(rows: gpd.GeoDataFrame, found: Mapping[str, str], tally: Tally) -> pd.DataFrame:
    """Return the table ``sessions`` of a file's rows: of each session what its first row that says it says."""
    words = take_text(rows, found.get("session_kind"))
    kinds = words.str.casefold().map(SESSION_KIND_WORDS).astype("str")
    tally.repair("kind of session not understood, left empty", int((words.notna() & kinds.isna()).sum()))
    table = pd.DataFrame(
        {
            "session_id": take_text(rows, found.get("session")).to_numpy(),
            "date": read_dates(take_text(rows, found.get("date"))).to_numpy(),
            "place": take_text(rows, found.get("session_place")).to_numpy(),
            "kind": kinds.to_numpy(),
            "facilitator": take_text(rows, found.get("facilitator")).to_numpy(),
        }
    ).dropna(subset="session_id")
    first = table.groupby("session_id", as_index=False, sort=True).first().astype("str")
    checked: pd.DataFrame = validate_table(first, "sessions")
    return checked


def people_of(rows: gpd.GeoDataFrame, found: Mapping[str, str], secret: bytes) -> pd.DataFrame:
    """Return one row for each person, where the file names them, else for each submission."""
    who = pseudonyms(take_text(rows, found.get("contributor")), secret)
    told = pd.DataFrame(
        {"contributor_id": who, **{name: take_text(rows, found.get(name)) for name in ("age", "sex", "ethnicity")}},
        index=rows.index,
    )
    first = told[rows["_part"].to_numpy() == 1]
    known = first.dropna(subset="contributor_id").groupby("contributor_id", as_index=False).first()
    people: pd.DataFrame = pd.concat([known, first[first["contributor_id"].isna()]], ignore_index=True)
    return people
