"""Themes: what notes are about, as coders say; how far the coders agree; and where and when each theme came up."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assetmap.engagement.chain import ChainPart
from assetmap.engagement.marks import marks_part
from assetmap.errors import UsageError
from assetmap.measures.agreement import Agreement, cohen_kappa

__all__ = ["NO_PLACE", "NO_SESSION", "CodersCompared", "codes_part", "compare_coders", "count_themes"]

NO_PLACE = "no place told"
NO_SESSION = "no session told"


@dataclass(frozen=True)
class CodersCompared:
    """How far two coders agree on the notes that both have coded."""

    first: str
    second: str
    whole: Agreement
    """On all themes of a note at once: the usual kappa where each note has one theme."""
    by_theme: pd.DataFrame
    """For each theme ``kappa``, ``observed``, ``n``, and ``first``, ``second``: how many notes each gave it."""
    differ: tuple[str, ...]
    """The notes on which they differ."""


def compare_coders(codes: pd.DataFrame, first: str, second: str) -> CodersCompared:
    """Compare two coders by Cohen's kappa, on all themes of a note and on each theme for itself.

    Parameters
    ----------
    codes
        ``mark``, ``theme``, ``coder``: a row for each theme that a coder gave a note.
    first, second
        The two coders.

    Raises
    ------
    UsageError
        If one of them has coded nothing, or no note was coded by both.

    Examples
    --------
    >>> codes = pd.DataFrame(
    ...     [("m1", "a", "x"), ("m2", "b", "x"), ("m1", "a", "y"), ("m2", "a", "y")], columns=["mark", "theme", "coder"]
    ... )
    >>> compare_coders(codes, "x", "y").whole.observed
    0.5
    """
    given = {who: _themes_of(codes[codes["coder"] == who]) for who in (first, second)}
    for who, notes in given.items():
        if not notes:
            raise UsageError(f"{who!r} has coded nothing: the coders are {', '.join(sorted(set(codes['coder'])))}.")
    both = sorted(given[first].keys() & given[second].keys())
    if not both:
        raise UsageError(f"{first!r} and {second!r} have coded no note in common: give both the same sheet.")
    pairs = [(given[first][note], given[second][note]) for note in both]
    rows = []
    for theme in sorted(set().union(*(a | b for a, b in pairs))):
        a, b = [theme in one for one, _ in pairs], [theme in other for _, other in pairs]
        rows.append((theme, *cohen_kappa(a, b), sum(a), sum(b)))
    return CodersCompared(
        first,
        second,
        cohen_kappa([a for a, _ in pairs], [b for _, b in pairs]),
        pd.DataFrame(rows, columns=["theme", "kappa", "observed", "n", "first", "second"]),
        tuple(note for note, (a, b) in zip(both, pairs, strict=True) if a != b),
    )


def _themes_of(codes: pd.DataFrame) -> dict[str, frozenset[str]]:
    return {str(mark): frozenset(rows) for mark, rows in codes.groupby("mark")["theme"]}


def codes_part(codes: pd.DataFrame, codebook: pd.DataFrame, source: str) -> ChainPart:
    """Return the chain's part of the coders' work: notes ``coded as`` themes, and the codebook's themes.

    Parameters
    ----------
    codes
        ``mark``, ``theme``, ``name``, ``coder``.
    codebook
        ``theme``, ``name``; may be empty.
    source
        The file of the codes.
    """
    links = [
        (f"mark:{row.mark}", f"theme:{row.theme}", "coded as", f"{source}, coder {row.coder}")
        for row in codes[["mark", "theme", "coder"]].itertuples(index=False)
    ]
    named = [*_themes(codebook, "codebook"), *_themes(codes, source)]
    return ChainPart.of(links, named)


def _themes(frame: pd.DataFrame, source: str) -> list[tuple[str, str, str]]:
    return [(f"theme:{theme}", str(name), source) for theme, name in zip(frame["theme"], frame["name"], strict=True)]


def count_themes(notes: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Count notes by theme, place and session, with the references of the notes behind each count.

    A note is of the themes that any coder gave it and of the one that it bears itself; it counts once for each.

    Parameters
    ----------
    notes
        The columns of ``annotations``, and ``place`` (a zone's name, or null).
    codes
        ``mark``, ``theme``, ``coder``.

    Returns
    -------
    DataFrame
        ``theme``, ``place``, ``session``, ``notes`` (how many), ``agreed`` (how many of them all of two or more coders
        gave the theme), ``refs`` (``mark:`` references with a space between).
    """
    own = marks_part(notes).links.query("relation == 'coded as'")
    given = pd.DataFrame({"ref": own["from_ref"], "theme": own["to_ref"].str.removeprefix("theme:")})
    said = pd.DataFrame({"ref": "mark:" + codes["mark"].astype("str"), "theme": codes["theme"]})
    pairs = pd.concat([given, said], ignore_index=True).drop_duplicates()
    about = notes.assign(ref="mark:" + notes["annotation_id"].astype("str"))[["ref", "place", "session_id"]]
    table = pairs.merge(about, on="ref", how="inner")
    table["session"] = table["session_id"].fillna(NO_SESSION)
    table["place"] = table["place"].fillna(NO_PLACE)
    agreed = _agreed(codes)
    table["agreed"] = [(ref, theme) in agreed for ref, theme in zip(table["ref"], table["theme"], strict=True)]
    grouped = table.sort_values("ref").groupby(["theme", "place", "session"], sort=True)
    return grouped.agg(notes=("ref", "size"), agreed=("agreed", "sum"), refs=("ref", " ".join)).reset_index()


def _agreed(codes: pd.DataFrame) -> set[tuple[str, str]]:
    """Return the notes and themes that all of the note's two or more coders say."""
    coders = codes.groupby("mark")["coder"].nunique()
    gave = codes.groupby(["mark", "theme"])["coder"].nunique().reset_index()
    several = gave["mark"].map(coders)
    alike = gave[(gave["coder"] == several) & (several > 1)]
    return {(f"mark:{mark}", theme) for mark, theme in zip(alike["mark"], alike["theme"], strict=True)}
