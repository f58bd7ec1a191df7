"""The plots of a study's last build, of its pockets and of what has been tried on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from assetmap.measures.equity.figures import Quantity
from assetmap.measures.equity.together import measure_equity
from assetmap.plots.curves import plot_coverage, plot_equity_curves
from assetmap.plots.deciles import plot_before_after, plot_distance_by_decile
from assetmap.plots.plot import Plot
from assetmap.plots.shares import plot_share_equity
from assetmap.study.figures.indicators import groups_of
from assetmap.taxonomy import taxonomy

__all__ = ["plots_of_build", "plots_of_pockets", "plots_of_scenarios"]


def plots_of_build(tables: Mapping[str, pd.DataFrame]) -> Iterator[Plot]:
    """Draw distance by decile, the curves and the indices of equity; without an index of deprivation there is neither.

    Parameters
    ----------
    tables
        ``zones.csv``, ``access_by_zone.csv``, ``access_by_deprivation.csv``, ``equity.csv``,
        ``equity_of_shares.csv`` and ``frame.csv``, by name.
    """
    by_deprivation = tables["access_by_deprivation.csv"]
    if by_deprivation.empty:
        return
    yield plot_distance_by_decile(by_deprivation, taxonomy().groups)
    zones, by_zone = tables["zones.csv"].set_index("zone_code"), tables["access_by_zone.csv"]
    own = {str(code): rows.set_index("group")["mean_m"] for code, rows in by_zone.groupby("category")}
    yield from _curves(zones, own, name="equity_curves")
    frame = tables["frame.csv"].set_index("zone_code")
    if "imd_rank" in frame:
        wide = {code: frame[name] for code in taxonomy().groups for name in _mean_columns(code) if name in frame}
        name = tables["equity.csv"]["frame"].iloc[-1]
        yield from _curves(frame, wide, name="equity_curves_frame", where=f" (in {name})")
    yield from _shares(tables["equity_of_shares.csv"])


def _shares(table: pd.DataFrame) -> Iterator[Plot]:
    """Draw the indices of shares over the neighbourhood and over the frame, walks where there are any."""
    for over, rows in table.dropna(subset="value").groupby("frame", sort=False):
        of_mode = rows[rows["mode"] == ("walk" if (rows["mode"] == "walk").any() else "euclid")]
        own = over == "neighbourhood"
        yield plot_share_equity(
            of_mode,
            taxonomy().groups,
            where="" if own else f" (in {over})",
            name="equity_of_shares" if own else "equity_of_shares_frame",
        )


def _mean_columns(code: str) -> tuple[str, str]:
    """Return the columns of ``frame.csv`` with the means of a group: of two modes the walk is drawn, the last."""
    return f"{code}_euclid_mean_m", f"{code}_walk_mean_m"


def _curves(zones: pd.DataFrame, means: Mapping[str, pd.Series], *, name: str, where: str = "") -> Iterator[Plot]:
    facts = zones[["population", "imd_rank"]]
    equity = {
        label: measure_equity(
            facts.assign(value=means[code]),
            quantity=Quantity(label, "m", "farther", "nearer"),
            groups=groups_of(zones),
        )
        for code, label in taxonomy().groups.items()
        if code in means
    }
    if any(len(found.zones) for found in equity.values()):
        yield plot_equity_curves(equity, where=where, name=name)


def plots_of_pockets(pockets: Mapping[str, Any]) -> Iterator[Plot]:
    """Draw the coverage curve of the hubs, if there are any.

    Parameters
    ----------
    pockets
        Summary of `find_study_pockets`.
    """
    if pockets["coverage"]:
        yield plot_coverage(pd.DataFrame(pockets["coverage"]), reach=pockets["reach"])


def plots_of_scenarios(scenarios: Mapping[str, Mapping[str, Any]]) -> Iterator[Plot]:
    """Draw each scenario's before and after by decile.

    Parameters
    ----------
    scenarios
        Name of each folder under ``out/whatif/`` -> its summary.
    """
    for name, found in scenarios.items():
        rows = pd.DataFrame(found["by_decile"])
        if rows.empty or found["people"] is None:
            continue
        rows = rows.set_index("decile")
        if "mean_hours_before" in rows:
            table, unit = rows[["mean_hours_before", "mean_hours_after"]], "hours"
        else:
            table, unit = rows[["within_before", "within_after"]].div(rows["people"], axis="index"), "share"
        yield plot_before_after(
            table.set_axis(["before", "after"], axis="columns"), change=found["change"], unit=unit, name=name
        )
