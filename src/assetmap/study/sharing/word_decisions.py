"""The file in which people decide about residents' words: ``out/review.csv``, with what was decided before."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from assetmap.disclosure.word_review import REVIEW_COLUMNS
from assetmap.errors import AssetMapError
from assetmap.sources.tables import read_table
from assetmap.table_files import write_csv

__all__ = ["REVIEW_NAME", "forget_words", "write_review"]

REVIEW_NAME = "review.csv"
_FILLED_IN = ["decision", "edited"]


def write_review(out: Path, waiting: pd.DataFrame, *, decided: Collection[str], given: Path | None) -> int:
    """Write the words that a person has to decide about, and those that have been decided about.

    What somebody has entered into the file that is there already stays in it, as long as its words are still those
    that wait; it holds only once the file is given back.

    Parameters
    ----------
    out
        The study's folder ``out``.
    waiting
        `word_review.REVIEW_COLUMNS`.
    decided
        Checksums of the words about which the file that was given back has decided.
    given
        That file.

    Returns
    -------
    int
        How many decisions stand in the file and haven't been given back.
    """
    path = out / REVIEW_NAME
    answered = _rows(given)
    kept = answered[answered["checksum"].isin(list(decided)) & (answered["decision"].str.strip() != "")]
    table: pd.DataFrame = pd.concat([waiting.astype("str"), kept], ignore_index=True)
    entered = _rows(path if path.exists() else None)
    entered = entered[entered["decision"].str.strip() != ""].drop_duplicates(["item", "checksum"])
    before = entered.set_index(["item", "checksum"])[_FILLED_IN]
    place = pd.MultiIndex.from_frame(table[["item", "checksum"]])
    old = before.reindex(place).fillna("").reset_index(drop=True)
    open_ = (table["decision"] == "") & (old["decision"] != "")
    table.loc[open_, _FILLED_IN] = old.loc[open_, _FILLED_IN]
    if len(table) or path.exists():
        write_csv(path, table.sort_values(["decision", "item"], kind="stable"))
    return int(open_.sum())


def forget_words(out: Path, texts: Collection[str], items: Collection[str]) -> bool:
    """Take rows out of the file that hold any of some words, or are of any of some items; say whether there were."""
    path = out / REVIEW_NAME
    if not path.exists():
        return False
    try:
        table = _rows(path)
    except AssetMapError:  # it can't be read: nobody knows whose words are in it
        write_csv(path, _rows(None))
        return True
    gone = table["original"].isin(list(texts)) | table["item"].isin(list(items))
    if gone.any():
        write_csv(path, table[~gone])
    return bool(gone.any())


def _rows(path: Path | None) -> pd.DataFrame:
    if path is None:
        return pd.DataFrame(columns=list(REVIEW_COLUMNS), dtype="str")
    table = read_table(path).reindex(columns=list(REVIEW_COLUMNS))
    return table.astype(object).where(table.notna(), "").astype("str")
