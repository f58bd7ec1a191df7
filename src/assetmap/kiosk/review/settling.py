"""Decisions written beside the marks, and the annotations that the marks are by what was decided.

A decision is kept in columns of the mark and changes nothing else of it, so that it can be taken in twice, and be
changed: what a merged or rejected mark was is still there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.errors import InputError
from assetmap.kiosk.review.comparing import Settled
from assetmap.kiosk.review.decisions import FIELDS
from assetmap.tally import Tally

__all__ = ["REVIEW_COLUMNS", "annotations_of", "set_decisions"]

REVIEW_COLUMNS = ("decision", "merged_into")
"""Of a mark, beside those of an annotation: ``accept``, ``merge``, ``reject`` or null; the mark it was merged into."""
_STRICTNESS = ("none", "unknown", "research", "partners", "public")
_UNREVIEWED = "writing that nobody has reviewed: where it stands may not be what it is about"
_WORDLESS = "writing without words"
_JOINED = "writing: its words are with its mark"


def set_decisions(marks: gpd.GeoDataFrame, settled: Settled, tally: Tally) -> gpd.GeoDataFrame:
    """Write decisions beside the marks: words, theme, feeling, consent, and who says so.

    Parameters
    ----------
    marks
        Table ``annotations`` of the kiosk's marks, all kinds, with `REVIEW_COLUMNS` if they have been reviewed before.
    settled
        What was decided. What was decided before of other marks stays.
    tally
        Counts the decisions, and those on marks that aren't there, which do nothing.

    Raises
    ------
    InputError
        If a mark would be merged into one that is itself merged, rejected or not there.
    """
    frame = marks.copy()
    for name in (*FIELDS, "reviewed_by", *REVIEW_COLUMNS):
        frame[name] = frame[name].astype(object) if name in frame.columns else None
    row_of = dict(zip(frame["annotation_id"], frame.index, strict=True))
    tally.read += len(settled.decisions)
    tally.drop("no mark of that id", sorted(settled.decisions.keys() - row_of.keys()))
    for mark, (said, by) in settled.decisions.items():
        if mark not in row_of:
            continue
        values = {name: getattr(said, name) or None for name in FIELDS}
        values |= {"reviewed_by": by, "decision": said.decision, "merged_into": said.into or None}
        for name, value in values.items():
            frame.at[row_of[mark], name] = value
    _check_merges(frame, settled)
    return frame


def _check_merges(frame: gpd.GeoDataFrame, settled: Settled) -> None:
    decided = dict(zip(frame["annotation_id"], frame["decision"], strict=True))
    for mark, into in _merged(frame).items():
        if mark not in settled.decisions and into not in settled.decisions:
            continue
        if into not in decided or into == mark:
            raise InputError(f"{mark} is to be merged into {into}, which is no other mark: choose one.")
        if decided[into] in ("merge", "reject"):
            raise InputError(
                f"{mark} is to be merged into {into}, which is itself to {decided[into]}: accept that one, "
                "or choose another."
            )


def _merged(frame: pd.DataFrame) -> dict[str, str]:
    rows = frame[frame["decision"].eq("merge")]
    return dict(zip(rows["annotation_id"], rows["merged_into"], strict=True))


def annotations_of(marks: gpd.GeoDataFrame, tally: Tally) -> gpd.GeoDataFrame:
    """Return the annotations that the kiosk's marks are.

    Rejected marks are left out; merged ones give their shape and words to another mark. Writing gives its words to the
    mark that it goes with, or is a mark of its own where a person has accepted it and it goes with none. Of a mark
    made of several the strictest consent holds. A mark that nobody has reviewed has the consent ``unknown``, whatever
    its row says.

    Parameters
    ----------
    marks
        Table ``annotations`` of all the kiosk's marks, with ``belongs_to``, and `REVIEW_COLUMNS` if some were reviewed.
    tally
        Counts what was read, and what was left out and why.
    """
    frame = marks.set_index("annotation_id", drop=False)
    for name in REVIEW_COLUMNS:
        if name not in frame.columns:
            frame[name] = None
    tally.read += len(frame)
    frame.loc[frame["reviewed_by"].isna(), "consent"] = "unknown"
    frame = _without(frame, frame["decision"].eq("reject"), "rejected by a reviewer", tally)
    writing = frame["kind"].eq("writing")
    host = frame["merged_into"].where(frame["decision"].eq("merge"), frame["belongs_to"].where(writing))
    host = host.where(host.isin(frame.index))
    merged = frame["decision"].eq("merge") & ~writing
    for mark in frame.index[host.notna() & frame["reviewed_by"].notna()]:
        _give(frame, str(mark), str(host[mark]), shape=bool(merged[mark]))
    frame = _without(frame, merged, "merged into another mark", tally)
    for reason, which in _idle_writing(frame, host).items():
        frame = _without(frame, which.reindex(frame.index), reason, tally)
    return frame.reset_index(drop=True)


def _without(frame: gpd.GeoDataFrame, which: Any, reason: str, tally: Tally) -> gpd.GeoDataFrame:
    tally.drop(reason, [str(name) for name in frame.index[which]])
    return frame[~which]


def _idle_writing(frame: gpd.GeoDataFrame, host: Any) -> Mapping[str, Any]:
    """Return which writing is no mark of its own, by the reason."""
    writing = frame["kind"].eq("writing")
    unreviewed = writing & frame["reviewed_by"].isna()
    joined = writing & ~unreviewed & host.reindex(frame.index).notna()
    wordless = writing & ~unreviewed & ~joined & frame["text"].isna()
    return {_UNREVIEWED: unreviewed, _JOINED: joined, _WORDLESS: wordless}


def _give(frame: gpd.GeoDataFrame, mark: str, host: str, *, shape: bool) -> None:
    """Give one mark's words to another, and its shape if the two are of a kind; the stricter consent holds."""
    if shape:
        shapes = [frame.at[host, "geometry"], frame.at[mark, "geometry"]]
        if len({shapely.get_dimensions(one) for one in shapes}) == 1:
            frame.at[host, "geometry"] = shapely.union_all(shapes)
    words = [str(frame.at[name, "text"]) for name in (host, mark) if pd.notna(frame.at[name, "text"])]
    if shape or pd.notna(frame.at[mark, "text"]):
        consents = (str(frame.at[host, "consent"]), str(frame.at[mark, "consent"]))
        frame.at[host, "consent"] = min(consents, key=_STRICTNESS.index)
    if words:
        frame.at[host, "text"] = " ".join(dict.fromkeys(words))
