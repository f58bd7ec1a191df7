"""How unevenly a figure falls on people: concentration index, Gini, and their curves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assetmap.errors import InputError, UsageError
from assetmap.measures.equity.figures import Basis, Figure, Quantity, refused, usable_areas, why_too_few
from assetmap.measures.equity.social_rank import social_position
from assetmap.measures.equity.words import concentration_words, gini_words

__all__ = ["concentration_index", "gini_index", "share_curve"]


def concentration_index(
    areas: pd.DataFrame,
    *,
    by: str = "imd_rank",
    bounds: tuple[float, float] | None = None,
    quantity: Quantity | None = None,
) -> tuple[Figure, ...]:
    r"""Measure whether a figure falls more on the more or on the less deprived.

    :math:`C = \frac{2}{\mu} \sum_k a_k (h_k - \mu)(b_k - \frac12)`, with :math:`a_k` the share of people,
    :math:`b_k` the middle of its range from the most deprived, :math:`\mu` the mean over people. Between
    -1 and 1; above 0 where higher figures are found among the less deprived. Of a figure with bounds
    :math:`l, u`, such as a share, C changes if one counts those without instead of those with, so two
    more forms are given: Erreygers :math:`4 \mu C / (u - l)` and Wagstaff
    :math:`\mu C (u - l) / ((u - \mu)(\mu - l))`, which is :math:`C / (1 - \mu)` for a share.

    Parameters
    ----------
    areas
        ``population``, ``value`` (0 or above) and the ranking column.
    by
        Ranking column, 1 = the most deprived; areas that tie stand together.
    bounds
        Least and greatest possible value: (0, 1) for a share. Without them, only C.
    quantity
        What the sentence calls it.

    Returns
    -------
    tuple of Figure
        ``concentration index``, and with bounds ``Erreygers index``, ``Wagstaff index``; without units.
        Refused under 10 areas or 5 different ranks, where a population is unknown or all values are 0.

    Raises
    ------
    InputError
        If a value is negative or beyond the bounds.

    References
    ----------
    Kakwani, N., Wagstaff, A. and van Doorslaer, E. (1997). Socioeconomic inequalities in health. Journal of
    Econometrics 77(1). Erreygers, G. (2009). Correcting the concentration index. Journal of Health
    Economics 28(2). Wagstaff, A. (2005). The bounds of the concentration index when the variable of
    interest is binary. Health Economics 14(4).

    Examples
    --------
    >>> areas = pd.DataFrame({"population": [100.0] * 10, "value": range(1, 11), "imd_rank": range(10)})
    >>> round(concentration_index(areas)[0].value, 6)
    0.3
    """
    quantity = quantity or Quantity("Value")
    names = ["concentration index", *(["Erreygers index", "Wagstaff index"] if bounds else [])]
    low, high = _check_bounds(bounds)
    table, notes, reason = _read_areas(areas, ("value", by), low=low, high=high)
    basis = Basis(table[by].nunique(), len(table), float(table["population"].sum()))
    reason = reason or why_too_few(basis)
    if reason:
        return tuple(refused(name, quantity, basis, reason=reason, notes=notes) for name in names)
    mean = _mean(table)
    plain = _covariance(table, by) * 2 / mean
    values = [plain]
    if bounds:
        span, room = high - low, (high - mean) * (mean - low)
        values += [4 * mean * plain / span, mean * plain * span / room if room > 0 else 0.0]
    return tuple(
        Figure(name, value, concentration_words(quantity, name, value), basis, notes=tuple(notes))
        for name, value in zip(names, values, strict=True)
    )


def gini_index(areas: pd.DataFrame, *, quantity: Quantity | None = None) -> Figure:
    r"""Measure how unevenly a figure is spread over people, whoever they are.

    :math:`G = \frac{2}{\mu} \sum_k a_k (h_k - \mu)(r_k - \frac12)`: as `concentration_index`, people being
    ranked by the figure itself, so :math:`G \ge |C|`. All people of an area count as having its figure:
    what differs within areas isn't seen.

    Parameters
    ----------
    areas
        ``population`` and ``value`` (0 or above).
    quantity
        What the sentence calls it.

    Returns
    -------
    Figure
        0 to 1. Refused under 10 areas, where a population is unknown or all values are 0.

    Raises
    ------
    InputError
        If a value is negative.

    References
    ----------
    Lerman, R. and Yitzhaki, S. (1984). A note on the calculation and interpretation of the Gini index.
    Economics Letters 15(3-4).

    Examples
    --------
    >>> areas = pd.DataFrame({"population": [100.0] * 10, "value": [0.0] * 9 + [5.0]})
    >>> round(gini_index(areas).value, 6)
    0.9
    """
    quantity = quantity or Quantity("Value")
    table, notes, reason = _read_areas(areas, ("value",), low=0.0, high=np.inf)
    basis = Basis(None, len(table), float(table["population"].sum()))
    reason = reason or why_too_few(basis)
    if reason:
        return refused("Gini", quantity, basis, reason=reason, notes=notes)
    mean = _mean(table)
    value = _covariance(table, "value") * 2 / mean
    return Figure("Gini", value, gini_words(quantity, value, mean), basis, notes=tuple(notes))


def share_curve(areas: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Return the points of a Lorenz curve (by ``value``) or a concentration curve (by a rank of deprivation).

    The area between curve and diagonal, doubled, is the Gini or (above the diagonal, negative) the
    concentration index.

    Parameters
    ----------
    areas
        ``population``, ``value`` (0 or above) and the ranking column; ties are one point.
    by
        What people are ranked by, lowest first.

    Returns
    -------
    DataFrame
        ``people_share``, ``value_share``, both from 0 to 1, one row more than there are different ranks.

    Raises
    ------
    InputError
        If a value is negative, a population is unknown, or there is nothing to share.

    References
    ----------
    Kakwani, N. (1977). Applications of Lorenz curves in economic analysis. Econometrica 45(3).

    Examples
    --------
    >>> areas = pd.DataFrame({"population": [300.0, 100.0], "value": [1.0, 5.0]})
    >>> share_curve(areas, by="value").values.tolist()
    [[0.0, 0.0], [0.75, 0.375], [1.0, 1.0]]
    """
    table, _, reason = _read_areas(areas, tuple(dict.fromkeys(("value", by))), low=0.0, high=np.inf)
    if reason:
        raise InputError(f"no curve can be drawn, since {reason}.")
    amounts = pd.DataFrame({"people": table["population"], "value": table["population"] * table["value"]})
    sums = amounts.groupby(table[by]).sum().cumsum()
    shares = (sums / sums.iloc[-1]).to_numpy()
    return pd.DataFrame(np.vstack([[0.0, 0.0], shares]), columns=["people_share", "value_share"])


def _check_bounds(bounds: tuple[float, float] | None) -> tuple[float, float]:
    if bounds is None:
        return 0.0, np.inf
    low, high = bounds
    if not (0 <= low < high < np.inf):
        raise UsageError(f"bounds {low:g} and {high:g} hold nothing: give the least (0 or above) and greatest value.")
    return float(low), float(high)


def _read_areas(
    areas: pd.DataFrame, needs: Sequence[str], *, low: float, high: float
) -> tuple[pd.DataFrame, list[str], str]:
    table, notes, reason = usable_areas(areas, needs=needs)
    beyond = int(((table["value"] < low) | (table["value"] > high)).sum())
    if beyond:
        raise InputError(f"{beyond} area(s) have a value outside {low:g} to {high:g}: correct them, or the bounds.")
    if not reason and not (table["value"] > 0).any():
        reason = "every area has 0, so there is nothing to share"
    return table, notes, reason


def _mean(table: pd.DataFrame) -> float:
    return float((table["population"] * table["value"]).sum() / table["population"].sum())


def _covariance(table: pd.DataFrame, by: str) -> float:
    """Return sum a (h - mu)(b - 1/2); since the mean of b is 1/2, any constant may stand for mu."""
    share = table["population"] / table["population"].sum()
    lever = share * (social_position(table[by], table["population"]) - 0.5)
    return float((lever * (table["value"] - table["value"].min())).sum())
