"""How many people live in each zone, from the census tables and estimates as they are published."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from assetmap.ages import OPEN, age_band
from assetmap.errors import InputError
from assetmap.schema import ZONE_CODE
from assetmap.sources.boundaries import vintage_of_header
from assetmap.sources.columns import find_columns, first_true, read_numbers, take_text
from assetmap.sources.tables import read_table
from assetmap.tally import Tally

__all__ = ["POPULATION_COLUMNS", "ZONE_CODE_HEADERS", "people_to_lsoa21", "population_columns", "read_population"]

ZONE_CODE_HEADERS = (
    "lsoa21cd",
    "lsoa11cd",
    "oa21cd",
    "oa11cd",
    "msoa21cd",
    "lsoa21 code",
    "lsoa11 code",
    "lsoa code 2021",
    "lsoa code 2011",
    "lsoa 2021 code",
    "lsoa 2011 code",
    "lsoa code",
    "lsoa",
    "lower layer super output areas code",
    "lower tier local authorities code",
    "output areas code",
    "oa code",
    "output area",
    "2021 super output area lower layer",
    "geography code",
    "zone code",
    "area code",
    "mnemonic",
    "gss code",
    "code",
)
"""Folded headers of a column of zone codes, the best first."""
POPULATION_COLUMNS: dict[str, tuple[str, ...]] = {
    "zone_code": ZONE_CODE_HEADERS,
    "population": (
        "population",
        "persons all ages",
        "all ages",
        "total population",
        "total",
        "usual residents",
        "all usual residents",
        "total all usual residents",
        "residents",
        "people",
        "persons",
        "total population mid 2022",
        "pop2021",
        "pop",
    ),
    "observation": ("observation", "obs value", "value", "count"),
    "age": ("age 5 categories", "age 4 categories", "age 6 categories", "age 11 categories", "age", "age group"),
}
"""Field -> the folded headers it goes by."""
_YOUNG_UP_TO = 15
_OLD_FROM = 65


def population_columns(headers: list[str], what: str) -> dict[str, str]:
    """Return which header holds the zones, the people and, in a long table, the ages."""
    found = find_columns(headers, POPULATION_COLUMNS, what=what)
    if "age" not in found:
        ages = [h for h in headers if re.match(r"age\b.*categories\)?$", h.strip(), re.IGNORECASE)]
        found.update({"age": ages[0]} if ages else {})
    return found


def read_population(
    path: Path | str, *, columns: dict[str, str] | None = None, sheet: str | None = None
) -> tuple[pd.DataFrame, Tally]:
    """Read the number of people of each zone, and of the young and the old where ages are given.

    Understood are tables with a row a zone and a column of all people, with or without columns by age; tables
    with a row a zone and age (the census's); and Nomis's ``NM_2021_1`` replies.

    Parameters
    ----------
    path
        CSV or XLSX.
    columns
        Field (``zone_code``, ``population``, ``observation``, ``age``) -> header, where they aren't the usual.
    sheet
        The workbook's sheet.

    Returns
    -------
    DataFrame
        Indexed by ``zone_code``, with the vintage that the column of codes names in ``attrs["zone_vintage"]``:
        ``population``; and ``children`` (under 16) and ``65plus`` where the
        ages' bands add up to them exactly.
    Tally
        Rows without a code are dropped.

    Raises
    ------
    InputError
        If a column is missing, a number is negative or isn't one (its row is named), or a zone is there twice.
    """
    path = Path(path)
    tally = Tally(path.name)
    table = read_table(path, sheet=sheet, tally=tally)
    found = population_columns(list(table.columns), path.name)
    found.update(find_columns(table.columns, POPULATION_COLUMNS, mapping=columns, what=path.name) if columns else {})
    if "zone_code" not in found or not {"population", "observation"} & found.keys():
        lacks = "zone codes" if "zone_code" not in found else "the number of people"
        raise InputError(
            f"{path.name} is not a population table: no column holds {lacks}. It has "
            f"{', '.join(table.columns[:12])}: name the column (columns)."
        )
    codes = take_text(table, found["zone_code"])
    bad = ~codes.str.fullmatch(ZONE_CODE.strip("^$")).fillna(False).astype(bool)
    table = tally.drop_where(table, bad, "no zone code", lambda row: f"row {row}")
    codes = codes[table.index].rename("zone_code")
    long = "population" not in found and "age" in found
    people = (_from_long if long else _from_wide)(table, codes, found, path.name)
    people.attrs["zone_vintage"] = vintage_of_header(found["zone_code"], codes)
    return people, tally


def people_to_lsoa21(people: pd.DataFrame, lookup: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """Put people counted on LSOA 2011 onto LSOA 2021, by the ONS lookup: as many come out as go in.

    A zone that was split, or changed otherwise, shares its people out by the weights of the zones of 2021 that it is
    part of; one that wasn't, or was merged, gives all to one.

    Parameters
    ----------
    people
        Numbers of people, indexed by the code of 2011.
    lookup
        Columns lsoa11cd, lsoa21cd; see `boundaries.read_lookup`.
    weights
        What to share out by, indexed by the code of 2021: people of the census, else ground.

    Returns
    -------
    DataFrame
        The same columns, indexed by the code of 2021. NaN where a part comes from a zone that isn't in the table, or
        the weights of the zones that share aren't known.

    Raises
    ------
    InputError
        If the lookup doesn't know a zone.

    Examples
    --------
    >>> lookup = pd.DataFrame({"lsoa11cd": ["A", "A", "B"], "lsoa21cd": ["A1", "A2", "B"]})
    >>> people = pd.DataFrame({"population": [300.0, 100.0]}, index=["A", "B"])
    >>> people_to_lsoa21(people, lookup, pd.Series({"A1": 50.0, "A2": 100.0}))["population"].to_dict()
    {'A1': 100.0, 'A2': 200.0, 'B': 100.0}
    """
    unknown = people.index.difference(pd.Index(lookup["lsoa11cd"]))
    if len(unknown):
        raise InputError(f"the lookup of 2011 to 2021 doesn't know {len(unknown)} zones (first: {unknown[0]}).")
    pairs = lookup[lookup["lsoa21cd"].isin(lookup.loc[lookup["lsoa11cd"].isin(people.index), "lsoa21cd"])]
    pairs = pairs[["lsoa11cd", "lsoa21cd"]].drop_duplicates()
    weight = pairs["lsoa21cd"].map(weights).astype(float)
    parts = weight.groupby(pairs["lsoa11cd"])
    alone = parts.transform("size") == 1
    known = weight.notna().groupby(pairs["lsoa11cd"]).transform("all") & (parts.transform("sum") > 0)
    share = (weight / parts.transform("sum")).where(known).mask(alone, 1.0)
    moved = people.reindex(pairs["lsoa11cd"]).mul(share.to_numpy(), axis=0)
    return (
        moved.groupby(pairs["lsoa21cd"].to_numpy())
        .sum(min_count=1)
        .where(moved.notna().groupby(pairs["lsoa21cd"].to_numpy()).all())
        .rename_axis("zone_code")
    )


def _people(values: pd.Series, what: str) -> pd.Series:
    numbers = read_numbers(values)
    wrong = (numbers.isna() & values.notna()) | (numbers < 0)
    if wrong.any():
        row = first_true(wrong)
        raise InputError(
            f"{what}: {int(wrong.sum())} number(s) of people are negative or not numbers (first: {values[row]!r} "
            f"in column {values.name!r}, row {row}): correct them."
        )
    return numbers


def _from_wide(table: pd.DataFrame, codes: pd.Series, found: dict[str, str], what: str) -> pd.DataFrame:
    twice = codes[codes.duplicated()]
    if len(twice):
        raise InputError(
            f"{what}: {len(twice)} zone code(s) are there twice (first: {twice.iloc[0]}, row {twice.index[0]}): "
            "keep one row for each zone."
        )
    people = {"population": _people(table[found.get("population", found.get("observation", ""))], what)}
    bands = {h: band for h in table.columns if (band := _wide_band(h)) is not None}
    people.update(_grouped({band: _people(table[h], what) for h, band in bands.items()}))
    return pd.DataFrame(people).set_axis(pd.Index(codes, name="zone_code"))


def _from_long(table: pd.DataFrame, codes: pd.Series, found: dict[str, str], what: str) -> pd.DataFrame:
    ages = take_text(table, found["age"])
    numbers = _people(table[found["observation"]], what)
    total = ages.str.casefold().str.startswith(("total", "all ")).fillna(False).astype(bool)
    wide = pd.DataFrame({"zone_code": codes, "age": ages, "people": numbers})
    twice = wide.duplicated(["zone_code", "age"])
    if twice.any():
        raise InputError(
            f"{what}: {int(twice.sum())} zone(s) have an age there twice (first: {codes[first_true(twice)]}, row "
            f"{first_true(twice)}): keep one row for each zone and age."
        )
    by_age = wide[~total].pivot(index="zone_code", columns="age", values="people")
    bands = {band: by_age[age] for age in by_age.columns if (band := age_band(str(age))) is not None}
    sums = wide[total].set_index("zone_code")["people"] if total.any() else by_age.sum(axis=1, skipna=False)
    grouped = _grouped(bands) if len(bands) == by_age.shape[1] else {}
    return pd.DataFrame({"population": sums, **grouped}).rename_axis("zone_code")


def _wide_band(header: str) -> tuple[int, int] | None:
    """Return the ages of a column of all people of some ages; columns of one sex are passed over."""
    words = header.casefold()
    if re.search(r"\b(males?|females?|men|women|boys|girls)\b", words.replace("_", " ")):
        return None
    return age_band(header)


def _grouped(bands: dict[tuple[int, int], pd.Series]) -> dict[str, pd.Series]:
    """Add up the bands that make the young and the old exactly; leave out what they don't make."""
    groups = {}
    for name, low, high in (("children", 0, _YOUNG_UP_TO), ("65plus", _OLD_FROM, OPEN)):
        inside = sorted(band for band in bands if band[0] >= low and band[1] <= high)
        ends = [band[0] for band in inside[1:]] == [band[1] + 1 for band in inside[:-1]]
        if inside and inside[0][0] == low and inside[-1][1] == high and ends:
            groups[name] = pd.Series(
                np.sum([bands[band].to_numpy() for band in inside], axis=0), bands[inside[0]].index
            )
    return groups
