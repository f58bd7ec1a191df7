"""Which of a study's sheets a photograph shows, by the ids of its markers and by its QR code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assetmap.errors import InputError
from assetmap.kiosk.spec import SheetSpec

__all__ = ["LEAST_MARKERS", "Shown", "identify_sheet"]

LEAST_MARKERS = 3
"""A sheet is known by three of its markers: two sets of sheets may share one or two ids by chance."""
_OUR_CODE = re.compile(r"(?:ASSETMAP:)?[2-9A-HJKMNP-TV-Z]{4}-\d{1,3}")

Corners = NDArray[np.float64]


@dataclass(frozen=True)
class Shown:
    """The sheet that a photograph shows.

    Parameters
    ----------
    sheet_id
        Its id, or None if neither markers nor a code say so.
    markers
        Id -> corners (4 x 2) in the photograph, of that sheet's markers.
    """

    sheet_id: str | None
    markers: dict[int, Corners]


def identify_sheet(
    seen: Mapping[int, Sequence[Corners]], codes: Sequence[str], sheets: Sequence[SheetSpec], photo: str
) -> Shown:
    """Say which sheet a photograph shows.

    Parameters
    ----------
    seen
        Marker id -> corners of each square in the photograph that bears it.
    codes
        What its QR codes say.
    sheets
        The study's.
    photo
        The photograph's name, for messages.

    Raises
    ------
    InputError
        If it shows two sheets, one sheet twice, or only a sheet that isn't the study's.
    """
    named = [sheet.sheet_id for sheet in sheets if sheet.qr_text in codes]
    by_sheet = {sheet.sheet_id: {each.id for each in sheet.markers} & seen.keys() for sheet in sheets}
    known = [name for name, ids in by_sheet.items() if len(ids) >= LEAST_MARKERS]
    shown = sorted({*named, *_without_shared(known, by_sheet)})
    if len(shown) > 1:
        raise InputError(
            f"{photo} shows {len(shown)} sheets ({', '.join(shown[:3])}): photograph each by itself, or cut it out."
        )
    strangers = [code for code in codes if _OUR_CODE.fullmatch(code) and code not in {s.qr_text for s in sheets}]
    if not shown:
        _refuse_strangers(seen, strangers, by_sheet, photo)
        return Shown(None, {})
    if strangers:
        raise InputError(
            f"{photo} shows {shown[0]} and {strangers[0]}, a sheet of another study: photograph each by itself."
        )
    ours = by_sheet[shown[0]]
    twice = [number for number in ours if len(seen[number]) > 1]
    if len(twice) >= LEAST_MARKERS - 1:
        raise InputError(f"{photo} shows the sheet {shown[0]} twice: photograph each copy by itself.")
    return Shown(shown[0], {number: seen[number][0] for number in sorted(ours - set(twice))})


def _without_shared(known: Sequence[str], by_sheet: Mapping[str, set[int]]) -> list[str]:
    """Leave out sheets that are known only by ids which another sheet in the picture has as well, and more of them."""
    return [
        name
        for name in known
        if not any(
            len(by_sheet[name] - by_sheet[other]) < LEAST_MARKERS and len(by_sheet[other]) > len(by_sheet[name])
            for other in known
            if other != name
        )
    ]


def _refuse_strangers(
    seen: Mapping[int, Sequence[Corners]], codes: Sequence[str], by_sheet: Mapping[str, set[int]], photo: str
) -> None:
    others = seen.keys() - set().union(*by_sheet.values())
    if codes:
        raise InputError(f"{photo} shows the sheet {codes[0]}, which this study hasn't printed: is it another's?")
    if len(others) >= LEAST_MARKERS:
        raise InputError(
            f"{photo} shows a sheet with {len(others)} markers that aren't this study's: is it another study's?"
        )
