"""Votes written as a grid: priorities one way, voters, sessions or places the other, and a mark where they meet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assetmap.errors import InputError, UsageError
from assetmap.sources.columns import fold_header, read_numbers, take_text
from assetmap.tally import Tally

__all__ = ["GRID_CELLS", "GRID_COLUMNS", "VoteGrid", "read_vote_grid"]

GRID_CELLS = ("ranks", "votes", "ticks")
GRID_COLUMNS = ("sessions", "places", "voters")
_TICKS = {"x", "✓", "✔", "☑", "✗", "✘", "yes", "y", "true", "tick", "ticked", "•", "●"}
_NOT = {"no", "n", "false", "-", "–", "—", "☐"}
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th)(?: (?:choice|preference|priority))?")
_NUMBERED = re.compile(r"(?:choice|preference|priority|rank) (\d{1,3})")
_FIRST = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SESSION = re.compile(r"\b(?:tables?|sessions?|groups?|workshops?|caf[eé]s?|events?|meetings?|stalls?)\b")
_VOTER = re.compile(r"\b(?:voter|ballot|person|participant|resident|respondent) ?\w+")
_TOTAL = {"total", "totals", "sum", "all", "sum of votes", "total votes", "all votes"}
_OF_THE_VOTER = re.compile(
    r"timestamp|date|time|day|start|end|comments?|notes?|e ?mail( address)?|(tele)?phone( number)?|age( group| band)?"
    r"|sex|gender|ethnicity|ethnic group|post ?code|consent|description|id|number|no|facilitator"
)
_SHARE_OF_VOTES = 0.5
_FIELDS = ("priority", "theme", "ballot", "rank", "votes", "session", "place")


@dataclass(frozen=True)
class VoteGrid:
    """Votes out of a grid."""

    words: pd.DataFrame
    """A row for each vote, as text: ``priority``, ``theme``, ``ballot``, ``rank``, ``votes``, ``session``, ``place``.
    Labels name the cell that it stands in."""
    told: str
    """How the grid was understood, for a person."""


@dataclass(frozen=True)
class _Layout:
    """Where the priorities, and who votes, stand."""

    table: pd.DataFrame
    columns: list[str]
    below: bool
    """Whether the priorities are the rows."""
    key: str
    """The column that names the rows."""
    left_out: list[str]


def read_vote_grid(
    table: pd.DataFrame,
    found: Mapping[str, str],
    *,
    what: str,
    tally: Tally,
    cells: str | None = None,
    columns: str | None = None,
) -> VoteGrid | None:
    """Return the votes of a grid, or None where the table isn't one.

    A grid has either a column of priorities and one for each voter, session or place, or a column of voters, sessions
    or places and one for each priority, or for each choice (``1st choice``), whose cells name the priorities. A cell is
    a tick (``x``, ``yes``), a rank (``2nd``) or a number. A number above 1 is a rank or a number of votes: it is taken
    for votes where one is greater than there are priorities, and else has to be told. A priority that nobody has voted
    for stays, with no votes. Columns and rows of totals are held against what they sum, and left out.

    Parameters
    ----------
    table
        As `read_table` returns it.
    found
        Field -> header of ``priority``, ``theme``, ``ballot``, ``rank``, ``votes``, ``session``, ``place``.
    what
        What was read, for messages.
    tally
        Its ``read`` is set to the number of votes; cells that are none are counted.
    cells
        What the cells are, one of `GRID_CELLS`, where the user says so.
    columns
        What the columns beside the priorities are, one of `GRID_COLUMNS`, where the user says so.

    Raises
    ------
    UsageError
        If `cells` or `columns` is another word.
    InputError
        If it is a grid that can be understood in more than one way, or a total in it is wrong.

    Examples
    --------
    >>> table = pd.DataFrame({"priority": ["Benches", "Trees"], "Table 1": ["7", "2"], "Table 2": ["", "4"]})
    >>> grid = read_vote_grid(table, {"priority": "priority"}, what="votes.csv", tally=Tally("votes.csv"))
    >>> grid.words[["priority", "session", "votes"]].values.tolist()
    [['Benches', 'Table 1', '7'], ['Trees', 'Table 1', '2'], ['Trees', 'Table 2', '4']]
    """
    for word, known in ((cells, GRID_CELLS), (columns, GRID_COLUMNS)):
        if word not in (None, *known):
            raise UsageError(f"{word!r} is none of {', '.join(known)}.")
    if "priority" in found and {"ballot", "rank", "votes"} & found.keys():
        return None
    ordered = _in_order(table, found, what, tally)
    if ordered is not None:
        return ordered
    laid = _layout(table, found)
    if laid is None:
        return None
    marks = _marks(laid)
    kind = cells or _kind_of(marks, len(_listed(laid)), what)
    crossed = bool((marks["as"] == "tick").any())
    who = _voters_of(laid, found, kind == "ranks" or crossed, columns, what)
    if kind == "ticks" and not (cells or crossed or who == "voters"):
        kind = "votes"
    _check_totals(laid, marks, kind, what)
    wrong = (marks["as"] == "wrong") | ((kind == "ranks") & (marks["as"] == "tick"))
    wrong |= (kind == "votes") & ~marks["as"].isin(["number", "no"])
    given = (marks["as"] != "no") & ~((marks["number"] == 0) & ~wrong)
    tally.read = int(given.sum())
    marks = tally.drop_where(marks[given], wrong[given], "a cell that is no vote", str)
    if not laid.below:
        marks = _of_last_rows(marks, laid.table, found, tally)
    words = _words(laid, marks, kind, who, found)
    return VoteGrid(words, _told(laid, kind, who))


def _in_order(table: pd.DataFrame, found: Mapping[str, str], what: str, tally: Tally) -> VoteGrid | None:
    """Return the votes of a table with a column for each choice, the first, the second and so on."""
    choices = {str(header): rank for header in table.columns if (rank := _rank_in(fold_header(header)))}
    key = next((found[field] for field in ("ballot", "session") if field in found), None)
    if len(choices) < 2 or "priority" in found or key is None:
        return None
    if len(set(choices.values())) < len(choices):
        raise InputError(f"{what} has two columns for one choice ({', '.join(choices)}): rename one of them.")
    rows = _each_cell(table, list(choices))
    tally.read = len(rows)
    rows = _of_last_rows(rows, table, found, tally)
    words = pd.DataFrame(index=rows.index, columns=list(_FIELDS), dtype="str")
    words["priority"], words["rank"] = rows["cell"], rows["head"].map(choices)
    for field, header in (
        {"ballot": key} | {name: found[name] for name in ("session", "place") if name in found}
    ).items():
        words[field] = take_text(table, header).reindex(rows["row"]).set_axis(rows.index)
    told = f"a row for each of {table[key].nunique()} ballots, a column for each choice ({', '.join(choices)})"
    return VoteGrid(words, told)


def _rank_in(fold: str) -> str | None:
    """Return the rank that a folded header or cell names."""
    named = _ORDINAL.fullmatch(fold) or _NUMBERED.fullmatch(fold)
    if named:
        return str(int(named[1]))
    word, _, rest = fold.partition(" ")
    return str(_FIRST.index(word) + 1) if word in _FIRST and rest in ("", "choice", "preference", "priority") else None


def _layout(table: pd.DataFrame, found: Mapping[str, str]) -> _Layout | None:
    key = next((found[field] for field in ("priority", "ballot", "session", "place") if field in found), None)
    heads = [str(header) for header in table.columns if header not in found.values()]
    if key is None and len(heads) > 1:
        key, *heads = heads
        unnamed = True
    else:
        unnamed = False
    below = "priority" in found or _all(heads, _SESSION) or _all(heads, _VOTER)
    if key is None or (unnamed and not below):
        return None
    left = [head for head in heads if fold_header(head) in _TOTAL or _OF_THE_VOTER.fullmatch(fold_header(head))]
    left += [head for head in heads if head not in left and not _votes_in(take_text(table, head))]
    columns = [head for head in heads if head not in left]
    return _Layout(table.assign(**{key: take_text(table, key)}), columns, below, key, left) if columns else None


def _all(heads: list[str], pattern: re.Pattern[str]) -> bool:
    heads = [head for head in heads if fold_header(head) not in _TOTAL]
    return bool(heads) and all(pattern.search(fold_header(head)) for head in heads)


def _votes_in(cells: pd.Series) -> bool:
    said = _read_cells(cells.dropna())
    return said.empty or bool((said["as"] != "wrong").mean() > _SHARE_OF_VOTES)


def _read_cells(cells: pd.Series) -> pd.DataFrame:
    """Return what each cell is: ``tick``, ``no``, ``ordinal``, ``number`` or ``wrong``, and its number."""
    fold = cells.str.strip().str.casefold()
    ordinals = fold.map(lambda words: _rank_in(fold_header(words)))
    numbers = read_numbers(cells).fillna(ordinals.astype("float64"))
    sure = np.isfinite(numbers) & (numbers >= 0)
    kinds = np.select(
        [fold.isin(_TICKS), fold.isin(_NOT), ordinals.notna(), sure], ["tick", "no", "ordinal", "number"], "wrong"
    )
    return pd.DataFrame({"as": kinds, "number": numbers}, index=cells.index)


def _each_cell(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return a row for each filled cell: ``row``, ``head``, ``cell``; labelled as a person would name the cell."""
    cells = pd.DataFrame({name: take_text(table, name) for name in columns}).rename_axis("row").reset_index()
    each = cells.melt(id_vars="row", var_name="head", value_name="cell").dropna(subset="cell")
    return each.set_axis([f"row {row}, {head}" for row, head in zip(each["row"], each["head"], strict=True)])


def _marks(laid: _Layout) -> pd.DataFrame:
    """Return each filled cell with what it is; rows of totals are left out."""
    each = _each_cell(laid.table[~_total_rows(laid)], laid.columns)
    return each.join(_read_cells(each["cell"]))


def _total_rows(laid: _Layout) -> pd.Series:
    return laid.table[laid.key].fillna("").map(fold_header).isin(_TOTAL)


def _listed(laid: _Layout) -> pd.Series:
    """Return the priorities in the grid's order."""
    rows: pd.Series = laid.table.loc[~_total_rows(laid), laid.key].dropna()
    return rows if laid.below else pd.Series(laid.columns, dtype="str").map(_option)


def _of_last_rows(marks: pd.DataFrame, table: pd.DataFrame, found: Mapping[str, str], tally: Tally) -> pd.DataFrame:
    """Leave out what stands in a row that names no voter, or one that a later row names as well."""
    fields = [name for name in ("ballot", "session", "place") if name in found]
    told = pd.DataFrame({name: take_text(table, found[name]) for name in fields})
    bare = told.index[told[fields[0]].isna()]
    marks = tally.drop_where(marks, marks["row"].isin(bare), "no voter named", str)
    earlier = told.index[told.duplicated(keep="last")]
    kept: pd.DataFrame = tally.drop_where(marks, marks["row"].isin(earlier), "the same voter in a later row", str)
    return kept


def _kind_of(marks: pd.DataFrame, priorities: int, what: str) -> str:
    """Return what the cells of a grid are."""
    numbers = marks.loc[marks["as"] == "number", "number"]
    ticks, ordinals = (bool((marks["as"] == word).any()) for word in ("tick", "ordinal"))
    if ordinals and not ticks:
        return "ranks"
    if not ordinals and not numbers.gt(1).any():
        return "ticks"
    if not ticks and (numbers.gt(priorities) | (numbers % 1 != 0)).any():
        return "votes"
    held = "both crosses and ranks or numbers" if ticks else f"numbers up to {numbers.max():g}"
    raise InputError(
        f"{what} is a grid with {held}, which may be ranks (1 is the best) or votes: "
        "say --cells ranks or --cells votes."
    )


def _voters_of(laid: _Layout, found: Mapping[str, str], ballots: bool, columns: str | None, what: str) -> str:
    """Return what stands across from the priorities, one of `GRID_COLUMNS`; `ballots` is whether each is a ballot."""
    if not laid.below:
        return "voters" if "ballot" in found else "sessions" if laid.key == found.get("session") else "places"
    if columns is not None:
        return columns
    if _all(laid.columns, _SESSION):
        return "sessions"
    if _all(laid.columns, _VOTER) or ballots:
        return "voters"
    raise InputError(
        f"{what} is a grid with a column for each of {', '.join(laid.columns[:5])}{' …' if laid.columns[5:] else ''}: "
        "say --columns voters, --columns sessions or --columns places, whichever they are."
    )


def _check_totals(laid: _Layout, marks: pd.DataFrame, kind: str, what: str) -> None:
    if kind == "ranks":
        return
    worth = marks["number"].where(marks["as"] == "number").fillna((marks["as"] == "tick").astype("float64"))
    rows = laid.table[~_total_rows(laid)]
    for head in (head for head in laid.left_out if fold_header(head) in _TOTAL):
        _compare(read_numbers(rows[head]), worth.groupby(marks["row"]).sum(), f"column {head!r}", what)
    for row in laid.table.index[_total_rows(laid)]:
        said = read_numbers(laid.table.loc[row, laid.columns].astype("str"))
        _compare(said, worth.groupby(marks["head"]).sum(), f"row {row} of totals", what)


def _compare(said: pd.Series, summed: pd.Series, which: str, what: str) -> None:
    there = summed.reindex(said.index, fill_value=0.0)
    off = said.notna() & ~np.isclose(said, there)
    if off.any():
        first = int(np.argmax(off))
        raise InputError(
            f"{what}: {which} isn't the sum of its votes: {said.iloc[first]:g} where they sum to "
            f"{there.iloc[first]:g} ({int(off.sum())} such): correct the votes, or take the totals out."
        )


def _words(laid: _Layout, marks: pd.DataFrame, kind: str, who: str, found: Mapping[str, str]) -> pd.DataFrame:
    """Return the votes as rows, and a row without votes for each priority that has none."""
    across, down = marks["head"].map(_option), laid.table[laid.key].reindex(marks["row"]).set_axis(marks.index)
    names, voters = (down, marks["head"]) if laid.below else (across, down)
    words = pd.DataFrame(index=marks.index, columns=list(_FIELDS), dtype="str")
    for field in ("theme", "session", "place"):
        if field in found and not (laid.below and found[field] == laid.key):
            words[field] = take_text(laid.table, found[field]).reindex(marks["row"]).set_axis(marks.index)
    words["priority"] = names
    if who != "voters":
        words[who.removesuffix("s")] = voters
    if who == "voters" or kind != "votes":
        words["ballot"] = voters
    if kind != "ticks":
        words["rank" if kind == "ranks" else "votes"] = marks["number"].map(lambda number: f"{number:g}")
    if words.empty:
        return words
    named = _listed(laid).groupby(_listed(laid).map(fold_header)).first()
    bare = named[~named.index.isin({fold_header(name) for name in words["priority"].dropna()} | {""})]
    none = pd.DataFrame({"priority": bare.to_numpy(), "votes": "0"}, index=[f"no vote, {name}" for name in bare])
    none = none.assign(session=words["session"].iloc[0], place=words["place"].iloc[0])
    return pd.concat([words, none.reindex(columns=_FIELDS).astype("str")])


def _option(header: str) -> str:
    """Return a priority out of the header of a form's grid, ``Which matter most? [Benches]``."""
    named = re.fullmatch(r".*\[(.+)\]\s*", header)
    return named[1] if named else header


def _told(laid: _Layout, kind: str, who: str) -> str:
    rows, heads = ("priorities", who) if laid.below else (who, "priorities")
    cells = {"ranks": "ranks, 1 the best", "votes": "numbers of votes", "ticks": "ticks"}[kind]
    left = f"; left out: {', '.join(laid.left_out)}" if laid.left_out else ""
    down, across = laid.table.loc[~_total_rows(laid), laid.key].nunique(), len(laid.columns)
    return f"a row for each of {down} {rows}, a column for each of {across} {heads}; its cells are {cells}{left}"
