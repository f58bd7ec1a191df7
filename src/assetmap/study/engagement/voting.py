"""Votes on priorities in a study, kept in ``engagement/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from assetmap.engagement.chain import ChainPart
from assetmap.engagement.marks import words_of
from assetmap.engagement.priorities import Ranking, rank_priorities, votes_part
from assetmap.engagement.references import slug_of
from assetmap.errors import InputError, UsageError
from assetmap.sources.columns import find_columns, read_numbers, take_text
from assetmap.sources.tables import read_table
from assetmap.sources.voice_tables import pseudonym
from assetmap.sources.vote_grids import read_vote_grid
from assetmap.study.engagement.decision_tables import FOLDER, add_rows, keep_input, read_rows, study_lock, write_rows
from assetmap.study.secret import study_secret
from assetmap.study.settings import read_settings
from assetmap.study.tombstones import read_tombstones
from assetmap.tally import Tally

__all__ = [
    "VOTES",
    "ReadVotes",
    "chain_part",
    "forget_ballots",
    "has_ballots",
    "import_votes",
    "rank_study",
    "read_votes",
    "votes_of",
]

VOTES, ORDER = "votes.csv", "order.csv"
_KEY = ("ballot", "session", "place", "priority")
_COLUMNS = (*_KEY, "name", "theme", "rank", "votes", "source")
_SHEET: Mapping[str, tuple[str, ...]] = {
    "priority": ("priority", "option", "choice", "what", "theme"),
    "theme": ("theme",),
    "ballot": ("voter", "ballot", "person", "participant", "participant id", "contributor", "name"),
    "rank": ("rank", "place in order", "order", "preference"),
    "votes": ("votes", "dots", "points", "count", "number of votes"),
    "session": ("session", "session id", "event"),
    "place": ("place", "neighbourhood", "area"),
}


def read_votes(folder: Path) -> pd.DataFrame:
    """Return all votes of a study, with numbers as numbers and what isn't known missing."""
    votes = read_rows(folder, VOTES, _COLUMNS)
    return votes.assign(rank=read_numbers(votes["rank"]), votes=read_numbers(votes["votes"]))


@dataclass(frozen=True)
class ReadVotes:
    """What a file of votes holds."""

    votes: pd.DataFrame
    """As `VOTES` holds them, without their source."""
    tally: Tally
    understood: str | None
    """How a grid was understood; None where the file isn't one."""


def import_votes(
    folder: Path, path: Path, *, session: str | None = None, cells: str | None = None, columns: str | None = None
) -> tuple[ReadVotes, int]:
    """Take a file of votes into the study; a ballot, or a session's sum, that comes again takes its own place.

    Parameters
    ----------
    folder
        The study folder.
    path
        CSV or XLSX with a row for each priority on a ballot (``voter``, ``priority``, ``rank`` or ``votes``), or for
        each priority's sum of votes (``priority``, ``votes``); or a grid, see `read_vote_grid`.
    session
        The session of rows that name none.
    cells, columns
        What the cells and columns of a grid are, where it can't be told.

    Returns
    -------
    read : ReadVotes
        What was read.
    known : int
        How many of the rows the study had already, word for word.

    Raises
    ------
    InputError, MissingInputError
        If the file can't be read, or holds no vote.
    """
    read_settings(folder)
    read = votes_of(path, session=session, cells=cells, columns=columns, secret=study_secret(folder))
    votes, tally = read.votes, read.tally
    with study_lock(folder):
        forgotten = read_tombstones(folder)
        if forgotten is not None:
            gone = votes["ballot"].map({who: forgotten.holds("contributor", who) for who in votes["ballot"].dropna()})
            gone = gone.eq(True)
            votes = tally.drop_where(votes, gone, "forgotten", lambda _: "a forgotten ballot")
        before = read_rows(folder, VOTES, _COLUMNS).drop(columns="source")
        had = set(before.fillna("").itertuples(index=False, name=None))
        known = sum(row in had for row in votes.fillna("").itertuples(index=False, name=None))
        add_rows(folder, VOTES, votes.assign(source=keep_input(folder, path))[list(_COLUMNS)], _KEY)
    return read, known


def votes_of(
    path: Path, *, secret: bytes, session: str | None = None, cells: str | None = None, columns: str | None = None
) -> ReadVotes:
    """Read a file of votes into text as `VOTES` holds it, and count what can't be used.

    Raises
    ------
    InputError, MissingInputError
        If the file can't be read, or holds no vote.
    """
    tally = Tally(path.name)
    table = read_table(path, tally=tally)
    found = find_columns(table.columns, _SHEET, what=path.name)
    grid = read_vote_grid(table, found, what=path.name, tally=tally, cells=cells, columns=columns)
    if grid is None and "priority" not in found:
        raise InputError(
            f"{path} has no column priority: it has {', '.join(map(str, table.columns[:20]))}. Call the column of "
            "priorities priority; or, with a column for each priority, the one of those who voted voter."
        )
    if grid is None and (cells or columns):
        raise UsageError(f"{path} has a row for each vote and is no grid: leave out --cells and --columns.")
    if grid is None:
        words = pd.DataFrame({field: take_text(table, found.get(field)) for field in _SHEET})
        words.index = pd.Index([f"row {row}" for row in words.index], dtype="str")
    else:
        words = grid.words
    words["session"] = words["session"].fillna(session or (None if words["ballot"].notna().any() else path.stem))
    numbers = pd.DataFrame({field: read_numbers(words[field]) for field in ("rank", "votes")})
    wrong = (words[["rank", "votes"]].notna() & ~np.isfinite(numbers)).any(axis=1) | (numbers < 0).any(axis=1)
    sums = words["ballot"].isna() & numbers["votes"].isna()
    named = words["priority"].fillna("").str.contains(r"\w", regex=True)
    words = words.assign(rank=numbers["rank"].map(_plain), votes=numbers["votes"].map(_plain), _row=words.index)
    for bad, why in (
        (~named, "no priority named"),
        (wrong, "rank or votes is no number of 0 or more"),
        (sums, "neither a voter nor a number of votes"),
    ):
        words = tally.drop_where(words, bad.reindex(words.index), why, str)
    if words.empty:
        raise InputError(f"{tally.summary()}: it holds no vote. Check its columns.")
    words["name"] = words["priority"].map(words_of)
    words["theme"] = words["theme"].fillna(words["priority"]).map(slug_of)
    words["priority"] = words["priority"].map(slug_of)
    words["ballot"] = [None if pd.isna(who) else pseudonym(secret, who) for who in words["ballot"]]
    again = words.duplicated(list(_KEY), keep="last")
    words = tally.drop_where(words, again, "the same ballot and priority twice", str)
    votes: pd.DataFrame = words[[name for name in _COLUMNS if name != "source"]].astype("str")
    return ReadVotes(votes.reset_index(drop=True), tally, grid.told if grid else None)


def has_ballots(folder: Path, who: str) -> bool:
    """Whether a contributor's ballots are in the study."""
    return who in set(read_rows(folder, VOTES, _COLUMNS)["ballot"])


def forget_ballots(folder: Path, who: str) -> None:
    """Take a contributor's ballots out of the study, under its lock."""
    votes = read_rows(folder, VOTES, _COLUMNS)
    write_rows(folder, VOTES, votes[votes["ballot"].fillna("") != who])


def _plain(number: float) -> str | None:
    return None if pd.isna(number) else f"{number:g}"


def rank_study(folder: Path, rule: str, *, by: str | None = None, decide: bool = False) -> Ranking:
    """Rank the study's priorities; with `decide` the order is kept as the study's, for the chain.

    Raises
    ------
    UsageError
        As `rank_priorities`.
    """
    ranking = rank_priorities(read_votes(folder), rule, by=by)
    if decide:
        whole = ranking.table[ranking.table["part"] == ""]
        places = zip(whole["rank"], whole["tied"], strict=True)
        said = [f"{rank} of {len(whole)} by {rule}{', tied' if tied else ''}" for rank, tied in places]
        with study_lock(folder):
            write_rows(folder, ORDER, pd.DataFrame({"priority": whole["priority"], "said": said}))
    return ranking


def chain_part(folder: Path) -> ChainPart:
    """Return what the votes know of the chain."""
    order = read_rows(folder, ORDER, ("priority", "said"))
    ranks = {priority: f"ranked {said}" for priority, said in zip(order["priority"], order["said"], strict=True)}
    return votes_part(read_votes(folder), ranks, f"{FOLDER}/{VOTES}")
