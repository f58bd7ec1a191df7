"""Hours open per week, from opening hours as OpenStreetMap writes them."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import pandas as pd
from opening_hours import (  # type: ignore[attr-defined] # its stubs leave out the two errors
    OpeningHours,
    ParserError,
    State,
    UnknownCountryError,
)

from assetmap.errors import UsageError

__all__ = ["hours_per_week"]

_NO_END = re.compile(r"\d\+")  # "18:00+": open from then on, nobody says until when


def hours_per_week(opening_hours: pd.Series, *, year: int, country: str | None = None) -> pd.Series:
    """Return how many hours a week each place is open, over a whole year, so that seasons and holidays count.

    The text is understood by opening-hours-py. Hours under a condition, such as "by appointment", don't
    count as open.

    Parameters
    ----------
    opening_hours
        Texts in OSM's opening_hours syntax, or null.
    year
        The year to look at.
    country
        ISO code of the country whose public holidays count, without it none; GB stands for those that all of
        the United Kingdom shares. Sunrise and sunset are taken as 07:00 and 19:00.

    Returns
    -------
    Series
        Hours, 0 to 168, on the same index; NaN where there is no text, it can't be understood, it has
        hours without an end, or every hour in it is under a condition.

    Raises
    ------
    UsageError
        If the country isn't known.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification

    Examples
    --------
    >>> texts = pd.Series(["Mo-Fr 09:00-17:00", "24/7", "Tu 19:00-01:00", "ask inside", None])
    >>> hours_per_week(texts, year=2026).round(1).tolist()
    [40.0, 168.0, 6.0, nan, nan]
    """
    found = {str(text): _hours(str(text), year, country) for text in opening_hours.dropna().unique()}
    return opening_hours.map(found).astype(float).rename("hours_per_week")


def _hours(text: str, year: int, country: str | None) -> float:
    if _NO_END.search(text):
        return np.nan
    start, end = datetime(year, 1, 1), datetime(year + 1, 1, 1)  # noqa: DTZ001 - clocks on the wall
    try:
        intervals = list(OpeningHours(text, country=country).intervals(start, end))
    except ParserError:
        return np.nan
    except UnknownCountryError as error:
        raise UsageError(f"{country!r} is no country whose holidays are known: give an ISO code such as GB.") from error
    whole = end - start
    plain = sum((till - since) / whole for since, till, state, said in intervals if state == State.OPEN and not said)
    nothing_said = all(state == State.CLOSED for _, _, state, _ in intervals)
    return 168 * plain if plain or nothing_said else np.nan
