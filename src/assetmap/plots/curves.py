"""Curves: how unevenly a figure is spread, by itself and by deprivation; how many people some hubs reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from assetmap.plots.plot import COLOURS, Plot, draw, per_cent

if TYPE_CHECKING:
    from assetmap.measures.equity.together import Equity

__all__ = ["plot_coverage", "plot_equity_curves"]

_CURVES_READING = (
    "How to read this: both lines add up the metres that people go, as a share of all metres. Solid: people in order "
    "from the most to the least deprived; above the grey diagonal the more deprived go farther, below it they go less "
    "far. Dashed: people in order from the shortest way to the longest; the deeper it hangs, the more uneven the ways."
)
_COVERAGE_READING = (
    "How to read this: each step is one more hub, the one that adds most people who aren't near to one yet. Where the "
    "line grows flat, another hub adds few. A choice made this way reaches at least 63 % of the people whom the best "
    "choice of as many hubs could."
)


def plot_equity_curves(found: Mapping[str, Equity], *, where: str = "", name: str = "equity_curves") -> Plot:
    """Plot the concentration curve and the Lorenz curve of distances, a panel for each kind of place.

    Parameters
    ----------
    found
        What each panel is called -> the equity of its distance (`measure_equity`). Those that are refused for too few
        zones have no curve and are left out.
    where
        Added to the title, such as `` (in Tower Hamlets)``.
    name
        Of the files.

    Examples
    --------
    >>> from assetmap.measures.equity.figures import Quantity
    >>> from assetmap.measures.equity.together import measure_equity
    >>> zones = pd.DataFrame({"population": [1500.0] * 20, "imd_rank": range(100, 2100, 100),
    ...     "value": range(600, 200, -20)})
    >>> equity = measure_equity(zones, quantity=Quantity("Walk to a park", "m", "farther", "nearer"), groups=5)
    >>> plot_equity_curves({"Green space": equity}).title
    'How evenly distance is spread, and whether it goes with deprivation'
    """
    drawn = {label: equity for label, equity in found.items() if len(equity.zones)}
    title = f"How evenly distance is spread, and whether it goes with deprivation{where}"
    with draw(name, title=title, reading=_CURVES_READING, panels=max(len(drawn), 1)) as (plot, axes):
        for axis, (label, equity) in zip(axes, drawn.items(), strict=False):
            _curve_panel(axis, label, equity)
    return plot


def _curve_panel(axis: Any, label: str, equity: Equity) -> None:
    axis.plot([0, 1], [0, 1], color=COLOURS["quiet"], linewidth=0.8)
    for curve, colour, dash in (
        (equity.concentration, COLOURS["first"], "-"),
        (equity.lorenz, COLOURS["second"], (0, (4, 2))),
    ):
        axis.plot(curve["people_share"], curve["value_share"], color=colour, linestyle=dash, linewidth=1.8)
    value = equity.figures.set_index("measure")["value"]
    axis.set_title(f"{label}\nconcentration {value['concentration index']:.2f}, Gini {value['Gini']:.2f}", fontsize=9)
    axis.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="share of people", ylabel="share of metres")
    axis.xaxis.set_major_formatter(per_cent())
    axis.yaxis.set_major_formatter(per_cent())


def plot_coverage(curve: pd.DataFrame, *, reach: str, name: str = "hub_coverage") -> Plot:
    """Plot how many of a pocket's people are near to one of some hubs, as there are more of them.

    Parameters
    ----------
    curve
        ``hubs`` from 0, ``people_covered``, ``share_covered``: `HubPlan.curve`.
    reach
        What counts as near, in words.
    name
        Of the files.

    Examples
    --------
    >>> curve = pd.DataFrame({"hubs": [0, 1], "people_covered": [0.0, 90.0], "share_covered": [0.0, 0.9]})
    >>> plot_coverage(curve, reach="10 minutes' walk").title
    "People of the pockets within 10 minutes' walk of a hub"
    """
    title = f"People of the pockets within {reach} of a hub"
    with draw(name, title=title, reading=_COVERAGE_READING) as (plot, (axis,)):
        axis.plot(curve["hubs"], curve["share_covered"], color=COLOURS["first"], marker="o", linewidth=1.8)
        for hubs, people, share in zip(curve["hubs"], curve["people_covered"], curve["share_covered"], strict=True):
            if hubs:
                axis.annotate(f"{people:,.0f}", (hubs, share), (0, -14), textcoords="offset points", ha="center")
        axis.set(xlabel="hubs", ylabel="share of the pockets' people", ylim=(0, 1.05))
        axis.set_xticks(list(curve["hubs"]))
        axis.yaxis.set_major_formatter(per_cent())
    return plot
