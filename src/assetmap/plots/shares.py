"""How the share of people within a distance goes with deprivation, as dots about the line of no difference."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from assetmap.plots.plot import COLOURS, Plot, draw

__all__ = ["plot_share_equity"]

_READING = (
    "How to read this: right of the grey line more of the less deprived have one within the distance, left of it more "
    "of the more deprived; on it, no difference. Filled: Erreygers' index. Hollow: Wagstaff's, which says more where "
    "nearly all or nearly none have one. No dot: nobody has one within it. {mode}"
)
_MODES = {"walk": "Ways are walks.", "euclid": "Ways are straight lines."}


def plot_share_equity(
    indices: pd.DataFrame, labels: Mapping[str, str], *, where: str = "", name: str = "equity_of_shares"
) -> Plot:
    """Plot Erreygers' and Wagstaff's index of the share of people within each distance, a panel for each distance.

    Parameters
    ----------
    indices
        ``category``, ``mode`` (one alone), ``within_m``, ``measure``, ``value``: as `equity_of_shares` has them.
    labels
        Category -> what its row is called, in the order of the rows.
    where
        Added to the title, such as `` (in Tower Hamlets)``.
    name
        Of the files.

    Examples
    --------
    >>> table = pd.DataFrame({"category": "park", "mode": "walk", "within_m": 400, "value": [0.2, 0.4],
    ...     "measure": ["Erreygers index", "Wagstaff index"]})
    >>> plot_share_equity(table, {"park": "Park"}).title
    'Who has one within a distance, by deprivation'
    """
    shown = [code for code in labels if (indices["category"] == code).any()]
    rows = {code: place for place, code in enumerate(reversed(shown))}
    distances = sorted(indices["within_m"].unique())
    title = f"Who has one within a distance, by deprivation{where}"
    reading = _READING.format(mode=_MODES[str(indices["mode"].iloc[0])])
    with draw(name, title=title, reading=reading, panels=len(distances)) as (plot, axes):
        for axis, within in zip(axes, distances, strict=True):
            found = indices[indices["within_m"] == within].pivot(index="category", columns="measure", values="value")
            height = found.index.map(rows)
            axis.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
            axis.scatter(  # wider, so that a ring is seen where both are alike
                found["Wagstaff index"], height, s=85, facecolors="white", edgecolors=COLOURS["second"], zorder=3
            )
            axis.scatter(found["Erreygers index"], height, s=42, color=COLOURS["first"], zorder=4)
            axis.set_title(f"within {within:,} m", fontsize=9)
            axis.set(xlim=(-1.05, 1.05), ylim=(-0.6, len(rows) - 0.4))
            axis.set_xticks([-1, -0.5, 0, 0.5, 1])
            axis.tick_params(axis="x", labelsize=8)
            axis.set_yticks(list(rows.values()), [labels[code] for code in rows], fontsize=8.5)
            axis.grid(axis="y", color=COLOURS["pale"], linewidth=0.5)
            axis.label_outer()
            axis.set_xlabel("← more deprived   less deprived →", fontsize=8)
    return plot
