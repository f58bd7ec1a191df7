"""Workbooks of map surveys: a sheet for each question that was answered on the map, and one of the respondents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from assetmap.sources.columns import fold_header, take_text
from assetmap.sources.voice_columns import find_voice_columns

__all__ = ["gather_map_questions"]

_RESPONDENT, _SHAPE = "respondent id", "wkt"
_NAME = "answer id"
_QUESTION = "layer name"


def gather_map_questions(sheets: Mapping[str, pd.DataFrame], shared: Sequence[str]) -> pd.DataFrame | None:
    """Return the answers of all sheets of a map survey's workbook, or None where it isn't one.

    Maptionnaire writes a sheet for each question that is answered on the map, named by the question's first 31
    letters, with the respondent's ``Respondent ID`` and each place as ``WKT``; what a respondent has answered elsewhere
    stands on a sheet without, and holds for all of their answers. Nothing that its maker has published says so: it is
    what programs that read such exports look for (jtk-utile/Maptionnaire-R3, ``preprocess.py``; Geoc0der/maptionnaire).

    Parameters
    ----------
    sheets
        Name -> table, as `read_table` returns it.
    shared
        Fields that a respondent says once for all answers.

    Returns
    -------
    DataFrame or None
        A row for each answer: those of the sheet without places first, with ``answer id``, ``layer name`` (the
        question) and ``_of_repeat``, whether its respondent has a row on the sheet without places.
    """
    found = {name: _by_fold(table) for name, table in sheets.items()}
    asked = {name: sheets[name] for name, heads in found.items() if {_RESPONDENT, _SHAPE} <= heads.keys()}
    others = {name: sheets[name] for name, heads in found.items() if _RESPONDENT in heads and _SHAPE not in heads}
    if not asked or len(asked) + len(others) < 2:
        return None
    parts: list[pd.DataFrame] = []
    known: set[str] = set()
    for name, table in others.items():
        who = take_text(table, found[name][_RESPONDENT])
        parts.append(table.assign(**{_NAME: who if len(others) == 1 else who + f"/{name}"}).assign(_of_repeat=False))
        known |= set(who.dropna())
    for name, table in asked.items():
        who = take_text(table, found[name][_RESPONDENT])
        number = (who.groupby(who).cumcount() + 1).astype("str")
        named = (who + f"/{name}[" + number + "]").astype("str")
        parts.append(table.assign(**{_NAME: named}, **{_QUESTION: name}).assign(_of_repeat=who.isin(known)))
    joined = pd.concat(parts, ignore_index=True)
    for name, table in others.items():
        joined = _shared_out(joined, table, found[name][_RESPONDENT], shared)
    return joined.set_axis(pd.RangeIndex(2, len(joined) + 2, name="row"))


def _shared_out(joined: pd.DataFrame, table: pd.DataFrame, respondent: str, shared: Sequence[str]) -> pd.DataFrame:
    """Fill in what a respondent has said for all answers, where an answer doesn't say it itself."""
    fields = find_voice_columns(table.columns, {}, what="respondents")
    who = take_text(joined, respondent)
    for header in (fields[field] for field in shared if fields.get(field) not in (None, respondent)):
        told = pd.Series(take_text(table, header).to_numpy(), index=take_text(table, respondent), dtype="str").dropna()
        joined[header] = take_text(joined, header).fillna(who.map(told[~told.index.duplicated(keep="last")]))
    return joined


def _by_fold(table: pd.DataFrame) -> dict[str, str]:
    return {fold_header(header): str(header) for header in table.columns}
