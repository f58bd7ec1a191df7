"""Equity of one figure across a frame: every index with its n, interval or refusal, and sentence, in one call."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assetmap.errors import InputError
from assetmap.measures.equity.concentration import concentration_index, gini_index, share_curve
from assetmap.measures.equity.figures import Quantity, tabulate_figures
from assetmap.measures.equity.inequality_slope import slope_between_zones
from assetmap.measures.equity.slope_line import SlopeSettings
from assetmap.measures.equity.social_rank import deprivation_groups, social_position

__all__ = ["Equity", "measure_equity"]


@dataclass(frozen=True)
class Equity:
    """Equity of one figure.

    Parameters
    ----------
    figures
        Table of `tabulate_figures`: SII, RII, concentration index (for bounded figures also Erreygers and
        Wagstaff) and Gini.
    zones
        ``population``, ``value``, the ranking column and ``group`` (1 = most deprived): what its curves and groups
        are drawn of; without rows where there are no figures.
    by
        The ranking column.
    """

    figures: pd.DataFrame
    zones: pd.DataFrame
    by: str

    @property
    def groups(self) -> pd.DataFrame:
        """The points through which the slope goes.

        ``group`` (1 = most deprived), ``areas``, ``people``, ``value`` (mean over people), ``position`` (0 to 1).
        """
        used = self.zones[(self.zones["population"] > 0) & self.zones[["value", "group"]].notna().all(axis=1)]
        sums = used.assign(amount=used["population"] * used["value"]).groupby("group")
        found = pd.DataFrame({"areas": sums.size(), "people": sums["population"].sum()})
        found["value"] = sums["amount"].sum() / found["people"]
        found["position"] = social_position(found.index.to_series(), found["people"])
        return found.rename_axis("group").reset_index().astype({"group": "int64"})

    @property
    def lorenz(self) -> pd.DataFrame:
        """Points of the Lorenz curve, as `share_curve` gives them."""
        return self._curve("value")

    @property
    def concentration(self) -> pd.DataFrame:
        """Points of the concentration curve, as `share_curve` gives them."""
        return self._curve(self.by)

    def _curve(self, by: str) -> pd.DataFrame:
        if self.zones.empty:
            return pd.DataFrame({"people_share": [], "value_share": []}, dtype=float)
        return share_curve(self.zones, by=by)


def measure_equity(
    zones: pd.DataFrame,
    *,
    quantity: Quantity,
    by: str = "imd_rank",
    groups: int = 10,
    bounds: tuple[float, float] | None = None,
    settings: SlopeSettings | None = None,
) -> Equity:
    """Measure how a figure of zones goes with deprivation, and how unevenly it is spread.

    The frame is the zones given: a neighbourhood is set in its borough or region by giving all of
    that. Groups are made of all ranked zones, also of those without the figure.

    Parameters
    ----------
    zones
        ``population``, ``value`` (0 or above) and the ranking column; other columns are passed over.
    quantity
        What the sentences call the figure.
    by
        Ranking column, 1 = the most deprived.
    groups
        Tenths (10) or fifths (5) of the people, for SII and RII.
    bounds
        Least and greatest possible value of a bounded figure: (0, 1) for a share.
    settings
        Of the slope.

    Raises
    ------
    InputError
        If a column is missing, or a population or value is negative or beyond the bounds.

    References
    ----------
    Those of `slope_between_zones`, `concentration_index` and `gini_index`.

    Examples
    --------
    >>> zones = pd.DataFrame({"population": [1500.0] * 20, "imd_rank": range(100, 2100, 100),
    ...     "value": range(600, 200, -20)})
    >>> found = measure_equity(zones, quantity=Quantity("Walk to a park", "m", "farther", "nearer"), groups=5)
    >>> found.figures.set_index("measure")["value"].round(3).to_dict()
    {'SII': -400.0, 'RII': 0.344, 'concentration index': -0.162, 'Gini': 0.162}
    """
    missing = [name for name in ("population", "value", by) if name not in zones.columns]
    if missing:
        raise InputError(f"the zones have no column {', '.join(missing)}: add it to measure equity.")
    table = zones[["population", "value", by]].astype(float)
    known = table["population"].notna().all()
    table["group"] = deprivation_groups(table, groups=groups, by=by).astype(float) if known else float("nan")
    slope = slope_between_zones(table, settings=settings, quantity=quantity)
    figures = tabulate_figures(
        (
            slope.sii,
            slope.rii,
            *concentration_index(table, by=by, bounds=bounds, quantity=quantity),
            gini_index(table, quantity=quantity),
        )
    )
    enough = figures.loc[figures["measure"] == "concentration index", "refusal"].eq("").all()
    return Equity(figures, table if enough else table.iloc[:0], by)
