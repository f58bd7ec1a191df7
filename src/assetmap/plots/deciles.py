"""Figures by national decile of deprivation: as they are, and before and after a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from assetmap.plots.plot import COLOURS, Plot, draw, per_cent

__all__ = ["plot_before_after", "plot_distance_by_decile"]

_DECILE = "national decile (1 = most deprived)"
_DECILES_READING = (
    "How to read this: each dot is the mean way to the nearest of the people here who live in zones of that national "
    "decile; 1 is the most deprived tenth of England. A larger dot stands for more people, and {largest}. No dot: "
    "nobody here lives in such a zone, or nobody there reaches one. All panels have the same scale. {mode}"
)
_MODES = {"walk": "Ways are walks.", "euclid": "Ways are straight lines, since there is no walking network."}
_CHANGE_READING = (
    "How to read this: the hollow dot is how it is now, the filled dot how it would be after the change, for the "
    "people here who live in zones of that national decile; 1 is the most deprived tenth of England. One dot alone: "
    "nothing changes. {what}"
)


def plot_distance_by_decile(
    by_deprivation: pd.DataFrame, labels: Mapping[str, str], *, name: str = "distance_by_decile"
) -> Plot:
    """Plot the mean distance to the nearest by national decile, a panel for each kind of place.

    Parameters
    ----------
    by_deprivation
        ``decile``, ``category``, ``people``, ``mode``, ``mean_m``: as `access_by_deprivation` has them.
    labels
        Category -> what its panel is called, in the order of the panels.
    name
        Of the files.

    Examples
    --------
    >>> table = pd.DataFrame({"decile": [1, 9], "category": "park", "people": [10.0, 20.0], "mode": "walk",
    ...     "mean_m": [300.0, 500.0]})
    >>> plot_distance_by_decile(table, {"park": "Park"}).title
    'Distance to the nearest, by deprivation'
    """
    shown = {c: label for c, label in labels.items() if (by_deprivation["category"] == c).any()}
    most = by_deprivation["people"].max()
    largest = f"the largest for {most:,.0f}" if most > 0 else "none where they aren't known"
    mode = _MODES.get(str(by_deprivation["mode"].iloc[0]) if len(by_deprivation) else "", "")
    reading = _DECILES_READING.format(largest=largest, mode=mode).strip()
    title = "Distance to the nearest, by deprivation"
    with draw(name, title=title, reading=reading, panels=max(len(shown), 1)) as (plot, axes):
        for axis, (category, label) in zip(axes, shown.items(), strict=False):
            rows = by_deprivation[by_deprivation["category"] == category].dropna(subset=["mean_m", "people"])
            size = 20 + 130 * rows["people"] / most
            axis.vlines(rows["decile"], 0, rows["mean_m"], color=COLOURS["pale"], linewidth=1)
            axis.scatter(rows["decile"], rows["mean_m"], s=size, color=COLOURS["first"], zorder=3)
            _decile_axis(axis, label, "metres, mean")
        farthest = max(axis.get_ylim()[1] for axis in axes)
        for axis in axes:
            axis.set_ylim(0, farthest)
    return plot


def _decile_axis(axis: Any, label: str, unit: str) -> None:
    axis.set_title(label, fontsize=9)
    axis.set_xlabel(_DECILE, fontsize=8)
    axis.set_ylabel(unit, fontsize=8.5)
    axis.set_xlim(0.5, 10.5)
    axis.set_xticks(range(1, 11))
    axis.set_ylim(bottom=0)
    axis.margins(y=0.15)


def plot_before_after(by_decile: pd.DataFrame, *, change: str, unit: str, name: str = "before_after") -> Plot:
    """Plot a figure before and after a change, by national decile.

    Parameters
    ----------
    by_decile
        Indexed by decile: ``before``, ``after``.
    change
        The change in words.
    unit
        ``share`` (of people within reach, 0 to 1) or ``hours`` (a week with a place open within reach).
    name
        Of the files.

    Examples
    --------
    >>> table = pd.DataFrame({"before": [0.2, 0.5], "after": [0.6, 0.5]}, index=[1, 4])
    >>> plot_before_after(table, change="a new library", unit="share").title
    'Before and after: a new library'
    """
    what = {"share": "share of people within reach", "hours": "hours a week with one open within reach"}[unit]
    reading = _CHANGE_READING.format(what=f"The figure is the {what}." if unit == "share" else f"The figure is {what}.")
    with draw(name, title=f"Before and after: {change}", reading=reading) as (plot, (axis,)):
        axis.vlines(by_decile.index, by_decile["before"], by_decile["after"], color=COLOURS["second"], linewidth=2)
        axis.scatter(
            by_decile.index, by_decile["before"], s=60, facecolors="white", edgecolors=COLOURS["second"], zorder=3
        )
        moved = by_decile[by_decile["after"] != by_decile["before"]]
        axis.scatter(moved.index, moved["after"], s=60, color=COLOURS["first"], zorder=4)
        _decile_axis(axis, "", what)
        if unit == "share":
            axis.set_ylim(0, 1.05)
            axis.yaxis.set_major_formatter(per_cent())
    return plot
