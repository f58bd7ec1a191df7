"""Figures of equity as sentences in plain words."""

from __future__ import annotations

from assetmap.measures.equity.figures import Interval, Quantity, say

__all__ = ["concentration_words", "gini_words", "ratio_words", "slope_words", "who_has_more"]

HARDLY = 0.01
"""A concentration index nearer to 0 than this is called hardly any difference, whichever way it points."""


def slope_words(quantity: Quantity, sii: float, *, turned: bool, interval: tuple[Interval, str] | None) -> str:
    """Return what an SII says; `turned` where its multiplier is negative, `interval` with its kind.

    Examples
    --------
    >>> distance = Quantity("Walk to a park", "m", "farther", "nearer")
    >>> slope_words(distance, -120.0, turned=False, interval=None)
    'Walk to a park: 120 m nearer at the least deprived end of the people here than at the most deprived end.'
    """
    if sii == 0:
        return f"{quantity.name}: the same at the least and the most deprived end of the people here."
    word = quantity.more if (sii > 0) != turned else quantity.less
    return (
        f"{quantity.name}: {say(abs(sii), quantity.unit)} {word} at the least deprived end of the people here than at "
        f"the most deprived end{_slope_limits(interval, quantity.unit)}."
    )


def ratio_words(quantity: Quantity, rii: float, *, turned: bool, interval: tuple[Interval, str] | None) -> str:
    """Return what an RII says; arguments as for `slope_words`.

    Examples
    --------
    >>> ratio_words(Quantity("Walk to a park"), 1.25, turned=False, interval=None)
    'Walk to a park: the least deprived end of the people here has 1.25 times the figure of the most deprived end.'
    """
    one, other = ("most", "least") if turned else ("least", "most")
    return (
        f"{quantity.name}: the {one} deprived end of the people here has {rii:,.2f} times the figure of the {other} "
        f"deprived end{_ratio_limits(interval)}."
    )


def _slope_limits(interval: tuple[Interval, str] | None, unit: str) -> str:
    return _limits(f"SII {say(interval[0].lower)} to {say(interval[0].upper, unit)}", interval, 0) if interval else ""


def _ratio_limits(interval: tuple[Interval, str] | None) -> str:
    return _limits(f"RII {interval[0].lower:,.2f} to {interval[0].upper:,.2f}", interval, 1) if interval else ""


def _limits(ends: str, interval: tuple[Interval, str], level: float) -> str:
    limits, kind = interval
    unsure = "; no difference isn't ruled out" if limits.lower <= level <= limits.upper else ""
    return f" ({ends}, {100 * limits.level:g}%, {kind}{unsure})"


def concentration_words(quantity: Quantity, name: str, value: float) -> str:
    """Return what a concentration index of any form says.

    Examples
    --------
    >>> concentration_words(Quantity("Walk to a park", "m", "farther", "nearer"), "concentration index", 0.08)
    'Walk to a park: concentration index 0.08 (0 = alike at every level of deprivation): farther for the less deprived.'
    """
    who = who_has_more(quantity, value)
    return f"{quantity.name}: {name} {say(value)} (0 = alike at every level of deprivation): {who}."


def who_has_more(quantity: Quantity, value: float) -> str:
    """Return for whom a figure is higher, by a concentration index of any form.

    Examples
    --------
    >>> who_has_more(Quantity("Share of people within 400 m"), -0.2)
    'higher for the more deprived'
    """
    if abs(value) < HARDLY:
        return "hardly any difference by deprivation"
    return f"{quantity.more} for the {'less' if value > 0 else 'more'} deprived"


def gini_words(quantity: Quantity, value: float, mean: float) -> str:
    """Return what a Gini coefficient says: two people picked at random differ by 2 G times the mean, on average.

    Examples
    --------
    >>> gini_words(Quantity("Walk to a park", "m"), 0.2, 400.0)
    'Walk to a park: Gini 0.2 (0 = alike for all): two people here picked at random differ by 160 m on average.'
    """
    return (
        f"{quantity.name}: Gini {say(value)} (0 = alike for all): two people here picked at random differ by "
        f"{say(2 * value * mean, quantity.unit)} on average."
    )
