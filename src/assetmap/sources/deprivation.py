"""The English Indices of Deprivation, 2019 and 2025, from the published tables and repackaged ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from assetmap.errors import InputError
from assetmap.places import LSOA_CODE
from assetmap.sources.boundaries import LAST_LSOA11
from assetmap.sources.columns import first_true, fold_header, read_numbers, take_text
from assetmap.sources.deprivation_headers import DOMAINS, deprivation_columns
from assetmap.sources.tables import read_table
from assetmap.tally import Tally

__all__ = ["EDITIONS", "Deprivation", "Edition", "read_deprivation", "to_lsoa21"]


@dataclass(frozen=True)
class Edition:
    """One edition of the indices."""

    vintage: str
    title: str
    zone_vintage: str
    """The zones it was published for."""
    size: int
    """How many zones England had: the lowest rank."""


EDITIONS = {
    "imd19": Edition("imd19", "English Indices of Deprivation 2019", "lsoa11", 32_844),
    "imd25": Edition("imd25", "English Indices of Deprivation 2025", "lsoa21", 33_755),
}


@dataclass(frozen=True)
class Deprivation:
    """A table of deprivation figures, and what it is of."""

    frame: pd.DataFrame
    """Indexed by ``zone_code``: ``imd_score``, ``imd_rank``, ``imd_decile``, the same of each domain there
    is, and ``population`` and its parts where given. 1 is the most deprived."""
    vintage: str
    """A key of `EDITIONS`."""
    zone_vintage: str
    """``lsoa11`` or ``lsoa21``: the zones that the frame is indexed by."""
    tally: Tally

    @property
    def edition(self) -> Edition:
        """The edition that the figures are of."""
        return EDITIONS[self.vintage]


def read_deprivation(path: Path | str, *, vintage: str | None = None, sheet: str | None = None) -> Deprivation:
    """Read a table of the English Indices of Deprivation of 2019 or 2025.

    Parameters
    ----------
    path
        CSV or XLSX with the published headers, or a variant of them.
    vintage
        The edition, where neither the headers nor the codes tell.
    sheet
        The workbook's sheet.

    Returns
    -------
    Deprivation
        Missing deciles are computed from the rank, ceil(10 r / N), and counted as repaired.

    Raises
    ------
    InputError
        If it isn't such a table, its edition can't be told, a code is there twice, or a figure is impossible.
    """
    path = Path(path)
    tally = Tally(path.name)
    table = read_table(path, sheet=sheet, tally=tally)
    try:
        found = deprivation_columns(list(table.columns))
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from error
    if "zone_code" not in found or not {"imd_rank", "imd_decile"} & found.keys():
        lacks = "LSOA codes" if "zone_code" not in found else "an Index of Multiple Deprivation rank or decile"
        raise InputError(
            f"{path.name} is not a table of the English Indices of Deprivation 2019 or 2025: no column holds "
            f"{lacks}. It has {', '.join(table.columns[:8])}{' …' if table.shape[1] > 8 else ''}."
        )
    codes = take_text(table, found["zone_code"]).str.upper()
    table = tally.drop_where(
        table, ~codes.str.fullmatch(LSOA_CODE).fillna(False).astype(bool), "no LSOA code", _row_name
    )
    codes = codes[table.index]
    _check_codes(codes, path.name)
    frame = pd.DataFrame(
        {name: _figures(table[header], name, path.name) for name, header in found.items() if name != "zone_code"}
    )
    edition = _edition(list(table.columns), found["zone_code"], codes, frame, asked=vintage, what=path.name)
    frame.index = pd.Index(codes, name="zone_code")
    frame = _complete(frame, edition, tally, path.name)
    return Deprivation(frame, edition.vintage, edition.zone_vintage, tally)


def _row_name(label: object) -> str:
    return f"row {label}"


def _check_codes(codes: pd.Series, what: str) -> None:
    if codes.empty:
        raise InputError(f"{what} has no row with an LSOA code (E01…): check which column holds the codes.")
    twice = codes[codes.duplicated()]
    if len(twice):
        raise InputError(
            f"{what}: {len(twice)} LSOA code(s) are there twice (first: {twice.iloc[0]}, row {twice.index[0]}): "
            "keep one row for each zone."
        )


def _figures(values: pd.Series, name: str, what: str) -> pd.Series:
    numbers = read_numbers(values)
    wrong = numbers.isna() & values.notna()
    if name.endswith("_decile"):
        wrong |= numbers.notna() & ~numbers.isin(range(1, 11))
    elif name.startswith("population"):
        wrong |= numbers < 0
    if wrong.any():
        row = first_true(wrong)
        raise InputError(
            f"{what}: {int(wrong.sum())} value(s) of {name} are impossible (first: {values[row]!r}, row {row}): "
            "correct them or get the table again."
        )
    return numbers


def _edition(
    headers: list[str], code_header: str, codes: pd.Series, frame: pd.DataFrame, *, asked: str | None, what: str
) -> Edition:
    """Tell the edition from the headers' years, else from the codes, and check that the ranks fit it."""
    words = [fold_header(header) for header in headers]
    if any(w.startswith("local authority district code 2013") or w.endswith("mid 2012") for w in words):
        raise InputError(f"{what} looks like the Indices of 2015: get the 2019 or 2025 table.")
    by_code = re.search(r"(11|21)", fold_header(code_header).removeprefix("lsoa code 20"))
    later = bool((codes > LAST_LSOA11).any())
    told = {
        "imd25": asked == "imd25"
        or (by_code is not None and by_code[1] == "21")
        or any("2024" in w or "mid 2022" in w or w.startswith("imd25") for w in words),
        "imd19": asked == "imd19"
        or (by_code is not None and by_code[1] == "11")
        or any("code 2019" in w or "mid 2015" in w or w.startswith("imd19") for w in words),
    }
    if not any(told.values()):
        ranks = frame.get("imd_rank", pd.Series(dtype="float64"))
        told["imd25"] = later or bool((ranks > EDITIONS["imd19"].size).any())
        told["imd19"] = not told["imd25"] and len(codes) > 30_000
    if asked is not None and asked not in EDITIONS:
        raise InputError(f"deprivation edition {asked!r} is not known: use imd19 or imd25.")
    if sum(told.values()) != 1:
        raise InputError(
            f'{what} does not tell whether it is the index of 2019 or of 2025: say so (vintage = "imd19" or "imd25").'
        )
    edition = EDITIONS["imd25" if told["imd25"] else "imd19"]
    if edition.vintage == "imd19" and later:
        raise InputError(
            f"{what} calls its {int((codes > LAST_LSOA11).sum())} codes above {LAST_LSOA11} those of 2011, "
            "and they came in 2021: check which edition it is."
        )
    return edition


def _complete(frame: pd.DataFrame, edition: Edition, tally: Tally, what: str) -> pd.DataFrame:
    """Check ranks against the edition's size and fill deciles that are missing."""
    for domain in DOMAINS:
        rank, decile = f"{domain}_rank", f"{domain}_decile"
        if rank not in frame:
            continue
        ranks = frame[rank]
        beyond = ranks.notna() & ((ranks < 1) | (ranks > edition.size) | (ranks % 1 != 0))
        if beyond.any():
            raise InputError(
                f"{what}: {int(beyond.sum())} value(s) of {rank} are not ranks from 1 to {edition.size:,} (first: "
                f"{ranks[beyond].iloc[0]:g} of {first_true(beyond)}): check which edition it is."
            )
        computed = np.ceil(10 * ranks / edition.size)
        given = frame.get(decile, pd.Series(np.nan, index=frame.index))
        differ = ((given - computed).abs() > 1) & given.notna()
        if differ.sum() > 0.01 * len(frame):
            raise InputError(
                f"{what}: {int(differ.sum())} deciles of {domain} don't fit their ranks (first: rank "
                f"{ranks[differ].iloc[0]:g}, decile {given[differ].iloc[0]:g}): 1 must be the most deprived."
            )
        tally.repair(f"{decile} computed from the rank", int((given.isna() & computed.notna()).sum()))
        frame[decile] = given.fillna(computed)
    for column in ("imd_score", "imd_rank", "imd_decile"):
        if column not in frame:
            frame[column] = np.nan
    order = [f"{d}_{m}" for d in ("imd", *DOMAINS) for m in ("score", "rank", "decile")]
    order = list(dict.fromkeys(c for c in order if c in frame))
    return frame[[*order, *(column for column in frame if column not in order)]]


def to_lsoa21(deprivation: Deprivation, lookup: pd.DataFrame) -> Deprivation:
    """Put the index of 2019 on the zones of 2021, by the ONS lookup and never by equal codes.

    Unchanged zones keep their figures; the parts of a split zone take over the whole's, whose ranks and
    deciles stand among the 32,844 zones of 2011; a zone merged of several takes their scores weighted by people
    (where their populations are known) and a rank or decile only if all agree, since ranks aren't
    averaged; complex changes get no figure.

    Parameters
    ----------
    deprivation
        Figures on LSOA 2011.
    lookup
        Columns lsoa11cd, lsoa21cd, chgind (U, S, M, X); see `boundaries.read_lookup`.

    Returns
    -------
    Deprivation
        Indexed by LSOA 2021, with a column ``change``; its tally counts the zones without a figure. A
        split zone's population isn't known and is NaN.

    Raises
    ------
    InputError
        If the figures aren't on LSOA 2011, or hold zones that the lookup doesn't know.
    """
    if deprivation.zone_vintage != "lsoa11":
        raise InputError(f"{deprivation.tally.source} is on {deprivation.zone_vintage} already: use it as it is.")
    old = deprivation.frame
    unknown = old.index.difference(pd.Index(lookup["lsoa11cd"]))
    if len(unknown):
        raise InputError(
            f"the lookup doesn't know {len(unknown)} of the zones of {deprivation.tally.source} (first: "
            f"{unknown[0]}): get the ONS lookup of 2011 to 2021 for all of England."
        )
    links = lookup[lookup["lsoa11cd"].isin(old.index)]
    tally = Tally(f"{deprivation.tally.source} on LSOA 2021", read=links["lsoa21cd"].nunique())
    one = links[links["chgind"].isin(["U", "S"])]
    kept = old.loc[one["lsoa11cd"]].set_axis(pd.Index(one["lsoa21cd"], name="zone_code"))
    people = [column for column in old.columns.astype(str) if column.startswith("population")]
    kept.loc[(one["chgind"] == "S").to_numpy(), people] = np.nan
    merged = _merge(old, lookup[lookup["lsoa21cd"].isin(links.loc[links["chgind"] == "M", "lsoa21cd"])], tally)
    tangled = links.loc[links["chgind"] == "X", "lsoa21cd"].unique()
    tally.drop("complex change of boundary, no figure", tangled)
    none = pd.DataFrame(np.nan, index=pd.Index(tangled, name="zone_code"), columns=old.columns)
    frame = pd.concat([part for part in (kept, merged, none) if len(part)])
    frame["change"] = links.drop_duplicates("lsoa21cd").set_index("lsoa21cd")["chgind"].reindex(frame.index)
    return replace(deprivation, frame=frame.sort_index(), zone_vintage="lsoa21", tally=tally)


def _merge(old: pd.DataFrame, links: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """Return the figures of zones that were merged of several, in `old`'s columns."""
    scores = [column for column in old.columns.astype(str) if column.endswith("_score")]
    people = [column for column in old.columns.astype(str) if column.startswith("population")]
    rows: dict[str, pd.Series] = {}
    for code, parents in links.groupby("lsoa21cd")["lsoa11cd"]:
        parts = old.reindex(parents)
        lowest = parts.min(skipna=False)
        figures = lowest.where(lowest == parts.max(skipna=False))
        weights = parts["population"] if "population" in parts else pd.Series(np.nan, index=parts.index)
        if weights.notna().all() and weights.sum() > 0:
            figures.loc[scores] = parts[scores].mul(weights, axis=0).sum(skipna=False) / weights.sum()
        figures.loc[people] = parts[people].sum(skipna=False)
        if figures[["imd_score", "imd_rank"]].isna().all():
            tally.drop("merged of several, no figure without their scores and populations", [str(code)])
        rows[str(code)] = figures
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="zone_code"), columns=old.columns)
