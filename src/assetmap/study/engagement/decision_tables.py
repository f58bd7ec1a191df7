"""What a study has decided about voices, themes and actions: small CSV tables in its folder ``engagement/``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pandas as pd

from assetmap.encode import csv_cell
from assetmap.errors import InputError, UsageError
from assetmap.files import sha256_of, sweep_aside, write_text
from assetmap.folders import hold_lock
from assetmap.sources.tables import read_table
from assetmap.study.create import copy_in
from assetmap.study.settings import read_settings

__all__ = ["FOLDER", "WAIT_S", "add_rows", "keep_input", "read_rows", "study_lock", "write_rows"]

FOLDER = "engagement"
WAIT_S = 120.0
"""How long an import waits for another one that writes the same study."""

_GUARDED = re.compile(r"^'(?=[=+\-@\t\r\n])")


@contextmanager
def study_lock(folder: Path) -> Iterator[None]:
    """Hold a study's lock for an import, waiting for others that write it.

    Raises
    ------
    MissingInputError
        If the folder holds no study.
    UsageError
        If another assetmap writes it for longer than `WAIT_S` seconds.
    """
    read_settings(folder)
    with hold_lock(folder, WAIT_S):
        sweep_aside(folder / FOLDER)
        yield


def read_rows(folder: Path, name: str, columns: Sequence[str], *, optional: Collection[str] = ()) -> pd.DataFrame:
    """Return the rows of a table of ``engagement/``, all cells as text; none where there is no such file.

    Parameters
    ----------
    folder
        The study folder.
    name
        The table's file.
    columns
        Its columns.
    optional
        Those that the file may lack, such as one that somebody wrote by hand: their cells are missing then.

    Raises
    ------
    InputError
        If the file can't be read, or lacks another column: someone has changed it by hand.
    """
    path = folder / FOLDER / name
    if not path.exists():
        return pd.DataFrame({column: pd.Series([], dtype="str") for column in columns})
    table = read_table(path)
    missing = [column for column in columns if column not in table.columns]
    lost = [column for column in missing if column not in optional]
    if lost:
        raise InputError(
            f"{path} has no column {', '.join(lost)}: put the file back, or move it away and import what it held again."
        )
    table = table.assign(**dict.fromkeys(missing))
    return pd.DataFrame(
        {name: table[name].astype("str").str.replace(_GUARDED, "", regex=True).to_numpy() for name in columns},
        dtype="str",
    )


def write_rows(folder: Path, name: str, rows: pd.DataFrame) -> None:
    """Write a table of ``engagement/``, whole or not at all; call it under `study_lock`."""
    cells = rows.astype(object).map(csv_cell, na_action="ignore")
    write_text(folder / FOLDER / name, cells.to_csv(index=False, lineterminator="\n"))


def add_rows(
    folder: Path, name: str, rows: pd.DataFrame, key: Sequence[str], *, optional: Collection[str] = ()
) -> tuple[int, int]:
    """Add rows to a table of ``engagement/``; a row of a key that is there already takes its place.

    A file that lacks some of `optional` (as in `read_rows`) gets them.

    Returns
    -------
    tuple of int
        How many rows are new, and how many were there in these very words.
    """
    known = read_rows(folder, name, list(rows.columns), optional=optional)
    both = pd.concat([known, rows.astype("str")], ignore_index=True)
    again = int(both.duplicated().sum())
    joined = both.drop_duplicates(list(key), keep="last", ignore_index=True)
    if not joined.equals(known):
        write_rows(folder, name, joined)
    return len(joined) - len(known), again


def keep_input(folder: Path, path: Path, *, instead_of: str | None = None, beside: bool = False) -> str:
    """Copy a user's file unchanged into ``inputs/`` and return its name in the study; the same file twice is one.

    Parameters
    ----------
    folder
        The study folder.
    path
        The user's file.
    instead_of
        The name in the study of an older version, whose place the file takes where it has the same name.
    beside
        Keep it as ``name-2.csv``, ``name-3.csv`` … beside another file of its name, as another version of it.

    Raises
    ------
    UsageError
        If another file of that name is there and it isn't to lie beside it, or the name can't be held on every system.
    """
    if "\\" in path.name or not path.name.isprintable():
        raise UsageError(f"{str(path)!a}: a study can't hold a file of that name: rename it and import it again.")
    for number in count(1):
        target = f"inputs/{path.name}" if number == 1 else f"inputs/{path.stem}-{number}{path.suffix}"
        there = folder / target
        if not there.exists() or target == instead_of:
            copy_in(path, there)
            return target
        if sha256_of(there) == sha256_of(path):
            return target
        if not beside:
            break
    raise UsageError(f"the study has another file {target} already: rename {path.name} and import it again.")
