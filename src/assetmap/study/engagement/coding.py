"""Coders' work in a study: sheets of codes and a codebook, kept in ``engagement/``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from assetmap.blank_forms import write_blank_form
from assetmap.engagement.chain import ChainPart
from assetmap.engagement.marks import words_of
from assetmap.engagement.references import slug_of
from assetmap.engagement.themes import CodersCompared, codes_part, compare_coders, count_themes
from assetmap.errors import InputError, UsageError
from assetmap.files import read_toml
from assetmap.sources.columns import find_columns, take_text
from assetmap.sources.tables import read_table
from assetmap.study.engagement.decision_tables import FOLDER, keep_input, read_rows, study_lock, write_rows
from assetmap.study.engagement.voices import read_study_voices
from assetmap.study.inputs import read_area_and_box
from assetmap.study.resident_marks import read_resident_marks
from assetmap.study.settings import read_settings
from assetmap.tally import Tally

__all__ = [
    "CODES",
    "Coded",
    "chain_part",
    "compare_study",
    "forget_codes",
    "import_codes",
    "read_codebook",
    "read_codes",
    "read_notes",
    "theme_table",
    "write_code_sheet",
]

CODES, CODEBOOK = "codes.csv", "codebook.csv"
_CODE_COLUMNS = ("mark", "theme", "name", "coder", "source")
_BOOK_COLUMNS = ("theme", "name", "definition")
_SHEET: Mapping[str, tuple[str, ...]] = {
    "mark": ("annotation id", "mark", "note", "id", "ref", "note id", "mark id", "reference"),
    "theme": ("themes", "theme", "codes", "code"),
}
_BOOK: Mapping[str, tuple[str, ...]] = {
    "name": ("theme", "name", "code", "label"),
    "definition": ("definition", "description", "means", "meaning", "when to use it"),
}


@dataclass(frozen=True)
class Coded:
    """What a sheet of codes has brought."""

    tally: Tally
    themes: int
    outside: tuple[str, ...]
    """Themes that aren't in the codebook; they are kept."""


def read_codes(folder: Path) -> pd.DataFrame:
    """Return all codes: ``mark``, ``theme``, ``name``, ``coder``, ``source``."""
    return read_rows(folder, CODES, _CODE_COLUMNS)


def read_codebook(folder: Path) -> pd.DataFrame:
    """Return the study's codebook: ``theme``, ``name``, ``definition``; empty where there is none."""
    return read_rows(folder, CODEBOOK, _BOOK_COLUMNS)


def chain_part(folder: Path) -> ChainPart:
    """Return what the codes know of the chain."""
    return codes_part(read_codes(folder), read_codebook(folder), f"{FOLDER}/{CODES}")


def read_notes(folder: Path) -> gpd.GeoDataFrame:
    """Return every mark of the study and every note without a place, with the zone's name as ``place``."""
    settings = read_settings(folder)
    area, near = read_area_and_box(folder, settings)
    voices = read_study_voices(folder, crs=area.crs, near=near)
    placed = read_resident_marks(folder, settings, crs=area.crs, near=near, voices=voices)
    frames = [*(marks for marks, _ in placed.values()), *(read.unplaced for read in voices.values())]
    if not frames:
        raise UsageError(f"{folder} has no marks yet: read the kiosk's sheets, or import voices.")
    notes = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=area.crs)
    inside = gpd.sjoin(_points(notes), area.zones[["zone_code", "name", "geometry"]], predicate="within")
    first = inside[~inside.index.duplicated()]
    return notes.assign(place=first["name"].fillna(first["zone_code"]).reindex(notes.index).astype("str"))


def _points(notes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    placed = notes[notes.geometry.notna()]
    return gpd.GeoDataFrame(geometry=placed.geometry.representative_point(), crs=notes.crs)


def import_codes(
    folder: Path, path: Path, coder: str, *, codebook: Path | None = None, notes: Collection[str] | None = None
) -> Coded:
    """Take a coder's sheet into the study: a later sheet of the same coder holds for the notes that are on it.

    Parameters
    ----------
    folder
        The study folder.
    path
        CSV or XLSX with a note's identifier and its themes, with semicolons between; or a row for each theme.
    coder
        The coder's name or initials.
    codebook
        CSV, XLSX or TOML (``[[themes]]`` with ``name`` and ``definition``) that takes the place of the study's.
    notes
        Identifiers of the study's notes, where they have been read already (`read_notes`).

    Raises
    ------
    InputError, MissingInputError
        If a file can't be read, or no row names a note of the study and a theme.
    """
    coder = " ".join(coder.split())
    if not coder or not coder.isprintable():
        raise UsageError("a coder needs a name or initials: say --coder NAME.")
    book = _book_of(codebook) if codebook else None
    tally = Tally(path.name)
    codes = _codes_of(path, notes if notes is not None else read_notes(folder)["annotation_id"], tally)
    with study_lock(folder):
        kept = keep_input(folder, path)
        if codebook is not None and book is not None:
            keep_input(folder, codebook)
            write_rows(folder, CODEBOOK, book)
        known = read_codes(folder)
        other = known[~((known["coder"] == coder) & known["mark"].isin(codes["mark"]))]
        rows = codes.assign(coder=coder, source=kept)[list(_CODE_COLUMNS)]
        write_rows(folder, CODES, pd.concat([other, rows], ignore_index=True))
        listed = set(read_codebook(folder)["theme"])
    outside = sorted(set(codes["theme"]) - listed) if listed else []
    return Coded(tally, codes["theme"].nunique(), tuple(outside))


def _codes_of(path: Path, notes: Collection[str], tally: Tally) -> pd.DataFrame:
    """Return ``mark``, ``theme``, ``name`` of a coder's sheet; what can't be used is counted."""
    table = read_table(path, tally=tally)
    found = find_columns(table.columns, _SHEET, what=path.name)
    if set(found) != set(_SHEET):
        raise InputError(
            f"{path} needs a column of notes (annotation_id) and one of themes; it has {', '.join(table.columns[:20])}."
        )
    table = table.assign(
        _mark=take_text(table, found["mark"]).str.removeprefix("mark:"), _themes=take_text(table, found["theme"])
    )
    for wrong, why in (
        (table["_mark"].isna(), "no note named"),
        (table["_themes"].isna(), "not coded"),
        (~table["_mark"].isin(list(notes)), "no note of that name in the study"),
    ):
        table = tally.drop_where(table, wrong.reindex(table.index), why, lambda row: f"row {row}")
    rows = [
        (mark, slug_of(theme), words_of(theme))
        for mark, themes in zip(table["_mark"], table["_themes"], strict=True)
        for theme in re.split(r"[;|]", themes)
        if any(letter.isalnum() for letter in theme)
    ]
    if not rows:
        columns = " and ".join(found.values())
        raise InputError(f"{tally.summary()}: not one note has a theme. Check its columns {columns}.")
    codes = pd.DataFrame(rows, columns=["mark", "theme", "name"], dtype="str")
    return codes.drop_duplicates(["mark", "theme"])


def _book_of(path: Path) -> pd.DataFrame:
    """Read a codebook."""
    entries: list[Any]
    if path.suffix.lower() == ".toml":
        content = read_toml(path, "codebook").get("themes", [])
        entries = [entry for entry in content if isinstance(entry, dict)] if isinstance(content, list) else []
    else:
        table = read_table(path)
        found = find_columns(table.columns, _BOOK, what=path.name)
        columns = {field: take_text(table, found.get(field)).fillna("") for field in _BOOK}
        entries = pd.DataFrame(columns).to_dict("records")
    named = [(str(entry.get("name") or ""), str(entry.get("definition") or "")) for entry in entries]
    rows = [(slug_of(name), words_of(name), " ".join(text.split())) for name, text in named if name.strip()]
    if not rows:
        raise InputError(f"{path} names no theme: give a table with a column theme, or [[themes]] with a name each.")
    return pd.DataFrame(rows, columns=list(_BOOK_COLUMNS), dtype="str").drop_duplicates("theme")


def compare_study(folder: Path, coders: Sequence[str] | None = None) -> CodersCompared:
    """Compare two coders of a study.

    Raises
    ------
    UsageError
        If the study hasn't two coders, or has more and nobody says which.
    MissingInputError
        If the folder is no study.
    """
    read_settings(folder)
    codes = read_codes(folder)
    known = sorted(set(codes["coder"]))
    chosen = [" ".join(name.split()) for name in coders] if coders else known
    if len(chosen) != 2:
        raise UsageError(
            f"agreement is of two coders, and {folder} has {len(known)} ({', '.join(known) or 'none'}): import their "
            "codes with `assetmap themes code`, or name two with --coders."
        )
    return compare_coders(codes, *chosen)


def forget_codes(folder: Path, marks: Iterable[str]) -> bool:
    """Take the codes of forgotten marks out of the study, under its lock; return whether there were any."""
    codes = read_codes(folder)
    left = codes[~codes["mark"].isin(set(marks))]
    if len(left) == len(codes):
        return False
    write_rows(folder, CODES, left)
    return True


def write_code_sheet(folder: Path, path: Path, *, overwrite: bool = False) -> int:
    """Write a workbook of the study's notes with words, to be coded, and return how many there are.

    The order is that of the notes' names and says nothing of who said what when.

    Raises
    ------
    UsageError
        If there are no words to code, or the file can't be written.
    """
    notes = read_notes(folder)
    notes = notes[notes["text"].notna()].sort_values("annotation_id")
    if notes.empty:
        raise UsageError(f"{folder} has marks, but none of them has words to code.")
    cells = notes[["annotation_id", "text", "place", "session_id"]].astype(object)
    rows = cells.where(cells.notna(), None).itertuples(index=False, name=None)
    write_blank_form("codes", path, rows=rows, overwrite=overwrite)
    return len(notes)


def theme_table(folder: Path) -> pd.DataFrame:
    """Count the study's notes by theme, place and session (see `engagement.themes.count_themes`)."""
    return count_themes(read_notes(folder), read_codes(folder))
