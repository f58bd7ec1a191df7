"""Which column of a file is which: by the user's mapping, else by the names that publishers use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import pandas as pd

from assetmap.errors import InputError, SettingsError

__all__ = ["find_columns", "first_true", "fold_header", "read_numbers", "take_text"]


def fold_header(header: object) -> str:
    """Return a header's words in small letters, without punctuation.

    Examples
    --------
    >>> fold_header("LSOA code (2021)"), fold_header("OS_Grid-Ref ")
    ('lsoa code 2021', 'os grid ref')
    """
    return " ".join(re.findall(r"[^\W_]+", str(header).casefold()))


def find_columns(
    headers: Iterable[str],
    synonyms: Mapping[str, Sequence[str]],
    *,
    mapping: Mapping[str, str] | None = None,
    what: str,
) -> dict[str, str]:
    """Return which header holds which field.

    Parameters
    ----------
    headers
        The file's column names.
    synonyms
        Field -> folded names (`fold_header`) it goes by, the best first.
    mapping
        Field -> header, as the user says; goes before the synonyms.
    what
        What was read, for messages.

    Returns
    -------
    dict
        Field -> header; fields that weren't found are absent, and no header serves two fields.

    Raises
    ------
    SettingsError
        If the mapping names an unknown field.
    InputError
        If the mapping names a column that the file doesn't have.
    """
    headers = [str(header) for header in headers]
    by_fold: dict[str, str] = {}
    for header in headers:
        by_fold.setdefault(fold_header(header), header)
    found = _mapped(mapping or {}, headers, by_fold, set(synonyms), what)
    for field, names in synonyms.items():
        if field in found:
            continue
        taken = set(found.values())
        free = [by_fold[name] for name in names if name in by_fold and by_fold[name] not in taken]
        if free:
            found[field] = free[0]
    return found


def _mapped(
    mapping: Mapping[str, str], headers: list[str], by_fold: dict[str, str], fields: set[str], what: str
) -> dict[str, str]:
    found = {}
    for field, header in mapping.items():
        if field not in fields:
            near = get_close_matches(field, fields, 1)
            raise SettingsError(
                f"{what}: columns: {field!r} is not a field"
                + (f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(sorted(fields))}.")
            )
        exact = header if header in headers else by_fold.get(fold_header(header))
        if exact is None:
            near = get_close_matches(header, headers, 1, 0.5)
            raise InputError(
                f"{what} has no column {header!r} (wanted for {field}): "
                + (f"did you mean {near[0]!r}? " if near else "")
                + f"It has {', '.join(headers[:20])}{' …' if len(headers) > 20 else ''}."
            )
        found[field] = exact
    return found


def take_text(frame: pd.DataFrame, column: str | None) -> pd.Series:
    """Return a column as stripped text, missing where there is none."""
    if column is None:
        return pd.Series(pd.NA, index=frame.index, dtype="str")
    raw = frame[column]
    if pd.api.types.is_float_dtype(raw) and (raw.dropna() % 1 == 0).all():
        raw = raw.astype("Int64")  # whole numbers that a gap in the column made floats
    values = raw.astype("str").str.strip()
    return values.mask((values == "") | frame[column].isna())


def first_true(mask: pd.Series) -> Any:
    """Return the label of the first row where a mask holds, for messages."""
    return mask.index[int(mask.to_numpy(dtype=bool).argmax())]


def read_numbers(values: pd.Series, *, decimal_comma: bool = False) -> pd.Series:
    """Return text as numbers, NaN where it isn't one.

    Parameters
    ----------
    values
        Text, or numbers already.
    decimal_comma
        Whether a lone comma is a decimal one; else full groups of three digits may be set apart by commas.

    Examples
    --------
    >>> read_numbers(pd.Series(["1,234.5", " 7 ", "12 a", None])).tolist()
    [1234.5, 7.0, nan, nan]
    >>> read_numbers(pd.Series(["-0,033"]), decimal_comma=True).tolist()
    [-0.033]
    """
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float64")
    text = values.astype("str").str.strip()
    pattern, mark = (r"[+-]?\d+,\d+", ".") if decimal_comma else (r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", "")
    commas = text.str.fullmatch(pattern).fillna(False).astype(bool)
    text = text.mask(commas, text.str.replace(",", mark))
    return pd.to_numeric(text, errors="coerce").astype("float64")
