"""What a table is, by its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from assetmap.errors import InputError
from assetmap.plurals import counted
from assetmap.sources.annotations import ANNOTATION_COLUMNS
from assetmap.sources.area_lookups import lookup_rows
from assetmap.sources.boundaries import LOOKUP_COLUMNS, read_lookup
from assetmap.sources.columns import find_columns
from assetmap.sources.deprivation import read_deprivation
from assetmap.sources.deprivation_headers import deprivation_columns
from assetmap.sources.lists import LIST_COLUMNS
from assetmap.sources.population import population_columns, read_population
from assetmap.sources.positions import POSITION_COLUMNS
from assetmap.sources.recognised import Recognised, category_of_file_name
from assetmap.sources.tables import is_workbook, read_table, sheet_names
from assetmap.sources.vector import sniff_vector
from assetmap.tally import Tally

__all__ = [
    "describe_annotations",
    "describe_list",
    "has_postcodes_alone",
    "recognise_sheet",
    "recognise_table",
    "says_and_sorts",
]

_PAIRS = (("easting", "northing"), ("lon", "lat"), ("x", "y"))
_WORDS_AND_THEMES = {
    "text": tuple(word for word in ANNOTATION_COLUMNS["text"] if word not in LIST_COLUMNS["name"]),
    "theme": ("theme", "topic", "subject"),  # lists of places have a type, a category or a code as well
}
_OF_PLACES = {
    field: LIST_COLUMNS[field]
    for field in ("name", "category", "postcode", "owner", "opening_hours", "cost", "step_free", "seats", "access")
}
_OF_RESIDENTS = ("sentiment", "consent", "contributor", "sheet")


def recognise_table(path: Path) -> Recognised:
    """Tell what a CSV file or workbook is.

    Raises
    ------
    InputError
        If it isn't a table, or none that assetmap knows.
    """
    tally = Tally(path.name)
    table = read_table(path, tally=tally)
    found = (
        _lookup(path, table)
        or _deprivation(path, table)
        or _population(path, table)
        or _areas(path, table)
        or _annotations(path, table)
        or _postcodes(path, table)
        or _list(path, table)
    )
    if found is None:
        raise InputError(
            f"{path} is a table that assetmap doesn't know (rows: {len(table):,}). It looked for coordinates or "
            "postcodes with names (a list), residents' words with coordinates (annotations), LSOA codes with ranks "
            "(deprivation) or people (population), and the ONS lookup. Its columns are "
            f"{', '.join(table.columns[:20])}{' …' if table.shape[1] > 20 else ''}."
        )
    return replace(found, problems=(*found.problems, *tally.notes))


def recognise_sheet(path: Path, sheet: str) -> Recognised:
    """Take one sheet of a workbook for a list of places.

    Raises
    ------
    InputError
        If it isn't a workbook with such a sheet, or the sheet is no list of places.
    """
    table = read_table(path, sheet=sheet)
    found = _list(path, table)
    if found is None:
        raise InputError(
            f"{path}: its sheet {sheet!r} is no list of places (names, with coordinates or postcodes): its columns are "
            f"{', '.join(table.columns[:20])}. Save what else it is as a file of its own and add that."
        )
    title = next(title for title in sheet_names(path) if title.casefold() == sheet.casefold())
    return replace(found, suggested={**found.suggested, "sheet": title})


def has_postcodes_alone(path: Path, *, sheet: str | None = None, columns: Mapping[str, str] | None = None) -> bool:
    """Whether a list of places has postcodes and no coordinates; a map file has its shapes.

    Parameters
    ----------
    path, sheet
        The list.
    columns
        Field -> header, where the headers aren't the usual ones.

    Raises
    ------
    AssetMapError
        If it can't be read.
    """
    if sniff_vector(path) is not None and not is_workbook(path):
        return False
    found = find_columns(read_table(path, sheet=sheet).columns, LIST_COLUMNS, mapping=columns, what=path.name)
    return "postcode" in found and placed_by(found) is None


def placed_by(found: dict[str, str]) -> str | None:
    """Return in words how rows are placed, or None."""
    for pair in _PAIRS:
        if set(pair) <= found.keys():
            return f"{found[pair[0]]} and {found[pair[1]]}"
    return found.get("grid_ref")


def _lookup(path: Path, table: pd.DataFrame) -> Recognised | None:
    found = find_columns(table.columns, LOOKUP_COLUMNS, what=path.name)
    if len(found) < len(LOOKUP_COLUMNS):
        return None
    lookup = read_lookup(path)
    summary = f"the ONS lookup from LSOA 2011 to 2021, {counted(len(lookup), 'row')}"
    return Recognised("lookup", summary, found, published="lookup")


def _deprivation(path: Path, table: pd.DataFrame) -> Recognised | None:
    try:
        found = deprivation_columns(list(table.columns))
    except InputError:
        return None
    if "zone_code" not in found or not {"imd_rank", "imd_decile"} & found.keys():
        return None
    index = read_deprivation(path)
    domains = sum(name.endswith("_rank") for name in index.frame.columns.astype(str)) - 1
    zones = f"{counted(len(index.frame), 'zone')} ({index.zone_vintage})"
    summary = f"{index.edition.title}, {zones}, {domains} domains and indices"
    problems = [] if index.frame["imd_score"].notna().any() else ["it has no overall score: only ranks and deciles"]
    if index.zone_vintage == "lsoa11":
        problems.append("on zones of 2021 it needs the ONS lookup of 2011 to 2021")
    published = {"imd19": "iod2019", "imd25": "iod2025"}[index.vintage]
    return Recognised("deprivation", summary, found, (*problems, *_told(index.tally)), published=published)


def _population(path: Path, table: pd.DataFrame) -> Recognised | None:
    found = population_columns(list(table.columns), path.name)
    long = {"zone_code", "observation"} <= found.keys()
    if not long and not {"zone_code", "population"} <= found.keys():
        return None
    people, tally = read_population(path)
    ages = [name for name in people.columns if name != "population"]
    summary = (
        f"the population of {counted(len(people), 'zone')}, {counted(people['population'].sum(), 'person', 'people')}"
    )
    return Recognised("population", summary + (f", with {' and '.join(ages)}" if ages else ""), found, _told(tally))


def _areas(path: Path, table: pd.DataFrame) -> Recognised | None:
    try:
        rows, vintage = lookup_rows(table, path.name)
    except InputError:
        return None
    levels = ", ".join(str(level).replace("_", " ") for level in rows["level"].unique())
    problems = ["on zones of 2021 it needs the ONS lookup of 2011 to 2021"] if vintage == "lsoa11" else []
    summary = f"a lookup of {counted(rows['zone_code'].nunique(), 'zone')} ({vintage}) to {levels}"
    return Recognised("areas", summary, problems=tuple(problems))


def _annotations(path: Path, table: pd.DataFrame) -> Recognised | None:
    found = find_columns(table.columns, ANNOTATION_COLUMNS, what=path.name)
    resident = any(field in found for field in _OF_RESIDENTS) or {"wkt", "text"} <= found.keys()
    resident |= says_and_sorts(table.columns, path.name)
    words_alone = not resident and _says_alone(table.columns, path.name)
    if not (resident or words_alone) or ("wkt" not in found and placed_by(found) is None):
        return None
    return describe_annotations(found, len(table), doubtful=words_alone)


def says_and_sorts(columns: Iterable[str], what: str) -> bool:
    """Whether columns hold what people said and a theme of it, and no name: residents' marks, and no list of places."""
    headers = list(columns)
    found = find_columns(headers, _WORDS_AND_THEMES, what=what)
    named = find_columns(headers, {"name": LIST_COLUMNS["name"]}, what=what)
    return len(found) == len(_WORDS_AND_THEMES) and not named


def _says_alone(columns: Iterable[str], what: str) -> bool:
    """Whether columns hold what people said, and nothing that lists say of places, such as their name or kind."""
    headers = list(columns)
    said = find_columns(headers, {"text": _WORDS_AND_THEMES["text"]}, what=what)
    return bool(said) and not find_columns(headers, _OF_PLACES, what=what)


def describe_annotations(found: dict[str, str], rows: int, *, doubtful: bool = False) -> Recognised:
    """Say what marks of residents were found; `doubtful` where they could be places as well."""
    problems = []
    if "consent" not in found:
        problems.append("no column says what the contributors agreed to: consent is unknown, treated as none")
    if doubtful:  # as residents' marks they are under the rules that keep marks from strangers
        problems.append(
            "taken for residents' marks: if these are places, name the file under [[lists]] with a category"
        )
    return Recognised("annotations", f"{counted(rows, 'mark')} of residents", found, tuple(problems))


def _postcodes(path: Path, table: pd.DataFrame) -> Recognised | None:
    found = find_columns(table.columns, POSITION_COLUMNS, what=path.name)
    named = find_columns(table.columns, {f: LIST_COLUMNS[f] for f in ("name", "category")}, what=path.name)
    if "postcode" not in found or placed_by(found) is None or named:
        return None
    return Recognised("postcodes", f"a table of where {len(table):,} postcodes lie", found)


def _list(path: Path, table: pd.DataFrame) -> Recognised | None:
    found = find_columns(table.columns, LIST_COLUMNS, what=path.name)
    if placed_by(found) is None and not {"postcode", "name"} <= found.keys():
        return None
    return describe_list(path, found, len(table))


def describe_list(path: Path, found: dict[str, str], rows: int, *, drawn: bool = False) -> Recognised:
    """Say what list of places was found; `drawn` where it is a map file with shapes."""
    where = placed_by(found)
    problems = []
    suggested: dict[str, str] = {}
    if where is None and not drawn:
        where = found["postcode"]
        suggested["postcodes"] = ""
        problems.append("its places have postcodes and no coordinates: it needs a postcode table")
    if "category" not in found:
        guess = category_of_file_name(path.stem)
        suggested |= {"category": guess} if guess else {}
        hint = f"; the file's name suggests {guess}, check that" if guess else ""
        problems.append(f"no column says what its places are: their category must be named{hint}")
    placed = "drawn on a map" if drawn else f"placed by {where}"
    return Recognised("list", f"a list of {counted(rows, 'place')}, {placed}", found, tuple(problems), suggested)


def _told(tally: Tally) -> tuple[str, ...]:
    return (replace(tally, notes=[]).summary(),) if tally.dropped or tally.repaired else ()
