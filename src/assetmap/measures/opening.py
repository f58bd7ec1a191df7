"""Hours open per week, of places and of all that is within reach, from opening hours as OpenStreetMap writes them."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
from opening_hours import (  # type: ignore[attr-defined] # its stubs don't name the errors that it raises
    OpeningHours,
    ParserError,
    State,
    UnknownCountryError,
)

from assetmap.errors import UsageError

__all__ = ["hours_in_reach", "hours_per_week"]

Floats = npt.NDArray[np.float64]

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
    found = {text: _hours(text, year, country) for text in _texts(opening_hours)}
    return opening_hours.map(found).astype(float).rename("hours_per_week")


def hours_in_reach(
    pairs: pd.DataFrame, opening_hours: pd.Series, *, origins: pd.Index, year: int, country: str | None = None
) -> pd.DataFrame:
    r"""Return how many hours a week at least one of the places within reach of each origin is open.

    :math:`h_i = |\bigcup_{j : c_{ij} \le T} O_j| / 52.14`, with :math:`O_j` the times in the year at which place
    j is open. Two places that are open at the same time count once, so a second one with the same hours adds nothing.

    Parameters
    ----------
    pairs
        One row for each pair within reach: ``origin`` and ``supply`` (labels of the origins and of `opening_hours`).
    opening_hours
        Texts in OSM's opening_hours syntax, or null, by place.
    origins
        The origins.
    year, country
        As in `hours_per_week`.

    Returns
    -------
    DataFrame
        Indexed by origin: ``hours_per_week``, 0 where no place is known to be open, and ``hours_unstated``, whether
        a place within reach has hours that nobody has stated.

    Raises
    ------
    UsageError
        If the country isn't known.

    References
    ----------
    Neutens, T., Schwanen, T., Witlox, F. and De Maeyer, P. (2010). Equity of urban service delivery: a comparison of
    different accessibility measures. Environment and Planning A 42(7): opening hours as part of accessibility.

    Examples
    --------
    >>> pairs = pd.DataFrame({"origin": ["a", "b", "b"], "supply": ["x", "x", "y"]})
    >>> texts = pd.Series({"x": "Mo-Fr 09:00-17:00", "y": "Mo-Fr 12:00-20:00"})
    >>> found = hours_in_reach(pairs, texts, origins=pd.Index(["a", "b", "c"]), year=2026)
    >>> found["hours_per_week"].round(1).tolist()
    [40.0, 55.1, 0.0]
    """
    spells = {text: _spells(text, year, country) for text in _texts(opening_hours)}
    known = {text: found for text, found in spells.items() if found is not None}
    open_at, weight = _open_at(list(known.values()))
    place = pairs["supply"].map(opening_hours.map({text: i for i, text in enumerate(known)}))
    stated = place.notna().to_numpy()
    row = origins.get_indexer(pd.Index(pairs["origin"]))
    reach = np.zeros((len(origins), len(known)), dtype=bool)
    reach[row[stated], place[stated].to_numpy(dtype=int)] = True
    kinds, kind = np.unique(reach, axis=0, return_inverse=True)  # homes near one another reach the same places
    hours = ((kinds.astype(np.int32) @ open_at.astype(np.int32)) > 0) @ weight
    unstated = np.bincount(row[~stated], minlength=len(origins)) > 0
    return pd.DataFrame({"hours_per_week": hours[kind.ravel()], "hours_unstated": unstated}, index=origins)


def _texts(opening_hours: pd.Series) -> list[str]:
    return [str(text) for text in opening_hours.dropna().unique()]


def _hours(text: str, year: int, country: str | None) -> float:
    spells = _spells(text, year, country)
    return np.nan if spells is None else 168 * float((spells[:, 1] - spells[:, 0]).sum())


def _open_at(spells: list[Floats]) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Cut the year wherever any place opens or closes.

    Returns
    -------
    open_at : ndarray
        Whether each place is open in each part, shape (places, parts).
    hours : ndarray
        What each part is worth in hours a week.
    """
    cuts = np.unique(np.concatenate([[0.0, 1.0], *(found.ravel() for found in spells)]))
    change = np.zeros((len(spells), len(cuts)), dtype=np.int32)
    for i, found in enumerate(spells):
        np.add.at(change[i], np.searchsorted(cuts, found[:, 0]), 1)
        np.add.at(change[i], np.searchsorted(cuts, found[:, 1]), -1)
    return change.cumsum(axis=1)[:, :-1] > 0, 168 * np.diff(cuts)


def _spells(text: str, year: int, country: str | None) -> Floats | None:
    """Return the times at which a place is open as parts of the year, shape (n, 2); None where nobody has said."""
    if _NO_END.search(text):
        return None
    start, end = datetime(year, 1, 1), datetime(year + 1, 1, 1)  # noqa: DTZ001 - hours on a door have no time zone, and the library takes none
    try:
        intervals = list(OpeningHours(text, country=country).intervals(start, end))
    except ParserError:
        return None
    except UnknownCountryError as error:
        raise UsageError(f"{country!r} is no country whose holidays are known: give an ISO code such as GB.") from error
    whole = end - start
    plain = [
        ((since - start) / whole, (till - start) / whole)
        for since, till, state, said in intervals
        if state == State.OPEN and not said
    ]
    nothing_said = all(state == State.CLOSED for _, _, state, _ in intervals)
    return np.array(plain, dtype=float).reshape(-1, 2) if plain or nothing_said else None
