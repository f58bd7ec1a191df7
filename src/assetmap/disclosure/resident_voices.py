"""Residents' marks through the gate: counted in safe squares, and single remarks near where they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from assetmap.disclosure.cells import HELD_BACK, CountedMarks, count_safely
from assetmap.disclosure.consent import contradictions, may_leave, require_consent, strictest_consent
from assetmap.disclosure.gate import ASK, NO_CONSENT, Passed, Terms, Withheld, join, pass_words, plain_words
from assetmap.disclosure.ledger import earlier_places, earlier_squares, shown_places
from assetmap.disclosure.masking import MaskedPoints, mask_points, people_around
from assetmap.disclosure.stamp import stamp
from assetmap.disclosure.word_review import words_mark
from assetmap.errors import DisclosureError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["pass_marks"]

CONTRADICTION = "the same mark or its contributor says two things: the stricter holds"
WHICH_HOLDS = "ask the contributor which holds, and correct the column consent"
MORE_VOICES = "wait for more marks, or put themes together"
_FEWEST_TOLD = 10
"""Masked points needed to tell how far they were moved: of a few, the distances would say too much."""


def pass_marks(marks: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, land: BaseGeometry, terms: Terms) -> Passed:
    """Let residents' marks through as their contributors have agreed.

    Marks that may leave are counted in squares (`cells.count_safely`). Those with words in which nothing personal
    was found, or that a person has let pass, are also shown one by one, without a name or a number, at a masked place
    (`masking.mask_points`); of a line or an area a point on it is masked.

    Parameters
    ----------
    marks
        Table ``annotations``. Metric CRS.
    origins
        Table ``origins``: where people live.
    land
        The study's area without its water.
    terms
        Of the release.

    Returns
    -------
    Passed
        With the frames ``mark_cells`` and ``comments`` where there are any; with refusals where nobody was asked, or
        nobody knows how many people live there.
    """
    if marks.empty:
        return Passed()
    refusals = [error for error in (_refusal(marks), _nobody_known(origins)) if error]
    if refusals:
        return Passed(refusals=tuple(refusals))
    allowed = may_leave(marks, terms.audience)
    leaving = marks[allowed]
    themes = _screened_themes(leaving, terms)
    leaving = leaving.assign(theme=themes.frames["words"]["words"])
    squares = count_safely(leaving, origins, k=terms.k, earlier=earlier_squares(terms.ledger))
    said = pass_words(leaving["text"], leaving["annotation_id"].astype(str), terms, what="words of marks")
    may_say = said.frames["words"]["words"].dropna()
    spoken = leaving.loc[may_say.index]
    masked = mask_points(
        spoken.set_geometry(spoken.representative_point()),
        origins,
        land=land,
        secret=terms.secret,
        k=terms.k,
        earlier=earlier_places(terms.ledger),
    )
    return join(
        [
            _consented(marks, allowed),
            Passed(withheld=themes.withheld, waiting=themes.waiting, decided=themes.decided),
            Passed(withheld=said.withheld, waiting=said.waiting, decided=said.decided),
            _counted(squares, terms),
            _placed(masked, may_say, terms),
            Passed(facts={"marks": _figures(marks, leaving, squares, masked)}),
        ]
    )


def _refusal(marks: gpd.GeoDataFrame) -> str:
    try:
        require_consent(marks)
    except DisclosureError as error:
        return str(error)
    return ""


def _nobody_known(origins: gpd.GeoDataFrame) -> str:
    try:
        people_around(origins)
    except DisclosureError as error:
        return str(error)
    return ""


def _consented(marks: gpd.GeoDataFrame, allowed: pd.Series[bool]) -> Passed:
    """Return the record of what consent keeps back, and of where it is told twice."""
    holds = strictest_consent(marks)
    kept = [
        Withheld("marks", str(mark), NO_CONSENT, ASK, f"consent: {said}")
        for mark, said in zip(marks.loc[~allowed, "annotation_id"], holds[~allowed], strict=True)
    ]
    twice = [Withheld("consent", mark, CONTRADICTION, WHICH_HOLDS, why) for mark, why in contradictions(marks)]
    return Passed(withheld=(*kept, *twice))


def _screened_themes(leaving: gpd.GeoDataFrame, terms: Terms) -> Passed:
    """Screen each theme once: it is free text where a file had a column of it."""
    themes = leaving["theme"].dropna().drop_duplicates()
    items = "theme " + themes.map(words_mark)
    screened = pass_words(themes, items, terms, what="themes")
    may = dict(zip(themes, screened.frames["words"]["words"], strict=True))
    shown = leaving["theme"].map(may).astype("str")
    shown = shown.where(shown.notna(), None)
    return Passed(
        frames={"words": pd.DataFrame({"words": shown})},
        withheld=screened.withheld,
        waiting=screened.waiting,
        decided=screened.decided,
    )


def _counted(squares: CountedMarks, terms: Terms) -> Passed:
    lost = zip(squares.withheld["annotation_id"], squares.withheld["reason"], strict=True)
    withheld = tuple(
        Withheld("marks in squares", mark, why, "" if why == HELD_BACK else MORE_VOICES) for mark, why in lost
    )
    frames = {} if squares.squares.empty else {"mark_cells": stamp(plain_words(squares.squares), terms.audience)}
    return Passed(frames=frames, withheld=withheld, squares=squares.shown)


def _placed(masked: MaskedPoints, may_say: pd.Series[str], terms: Terms) -> Passed:
    """Stamp the remarks, in an order that says nothing of who made them or in which order."""
    remarks = masked.points.assign(text=may_say.reindex(masked.points.index))
    remarks = remarks[["theme", "text", remarks.geometry.name]]
    remarks = remarks.sort_values(["theme", "text"], na_position="last").reset_index(drop=True)
    lost = zip(masked.withheld["annotation_id"], masked.withheld["reason"], strict=True)
    return Passed(
        frames={"comments": stamp(plain_words(remarks), terms.audience)} if len(remarks) else {},
        withheld=tuple(Withheld("remarks", mark, why, "") for mark, why in lost),
        points=shown_places(masked),
    )


def _figures(
    marks: gpd.GeoDataFrame, leaving: gpd.GeoDataFrame, squares: CountedMarks, masked: MaskedPoints
) -> dict[str, object]:
    moved = masked.quantiles() if len(masked.points) >= _FEWEST_TOLD else {}
    return {
        "read": len(marks),
        "may_leave": len(leaving),
        "in_squares": len(leaving) - len(squares.withheld),
        "squares": len(squares.squares),
        "remarks_shown": len(masked.points),
        "remarks_moved_m": {name: moved[name] for name in ("p10", "median", "p90") if name in moved},
    }
