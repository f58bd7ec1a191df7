"""How the share of people within each distance goes with deprivation: concentration indices of a figure with bounds."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from assetmap.measures.equity.concentration import concentration_index
from assetmap.measures.equity.figures import Quantity, tabulate_figures
from assetmap.study.figures.frame_access import FrameAccess
from assetmap.taxonomy import taxonomy

__all__ = ["SHARE_EQUITY_COLUMNS", "equity_of_shares"]

SHARE_EQUITY_COLUMNS = (
    "frame", "category", "mode", "within_m", "zones", "measure", "value", "areas", "people", "refusal", "notes",
    "sentence",
)  # fmt: skip


def equity_of_shares(zones: gpd.GeoDataFrame, by_zone: pd.DataFrame, frame: FrameAccess | None = None) -> pd.DataFrame:
    """Return the concentration indices of the share of people within each threshold, over the zones and the frame's.

    A share has bounds, a distance has none: here the forms of Erreygers and of Wagstaff stand beside the plain one.

    Parameters
    ----------
    zones
        The study's zones with people and deprivation.
    by_zone
        Access by zone (`summarise_access`), with ``share_<T>m``.
    frame
        Access over the wider area, if there is one.

    Returns
    -------
    DataFrame
        `SHARE_EQUITY_COLUMNS`: three rows for each group of assets, mode and threshold; ``value`` is without unit, and
        empty with a ``refusal`` where it would rest on too little.
    """
    tables = []
    if "imd_rank" in zones:
        tables += _over(zones, by_zone.rename(columns={"group": "zone_code"}), name="neighbourhood")
    if frame is not None and "imd_rank" in frame.zones:
        tables += _over(frame.zones, frame.access, name=frame.name, where=f" (in {frame.name})")
    if not tables:
        return pd.DataFrame({column: [] for column in SHARE_EQUITY_COLUMNS})
    return pd.concat(tables, ignore_index=True)[list(SHARE_EQUITY_COLUMNS)]


def _over(zones: pd.DataFrame, access: pd.DataFrame, *, name: str, where: str = "") -> list[pd.DataFrame]:
    facts = zones.set_index("zone_code")[["population", "imd_rank"]]
    shares = [str(column) for column in access.columns if str(column).startswith("share_")]
    tables = []
    of_groups = access[access["category"].isin(taxonomy().groups)]
    for key, rows in of_groups.groupby(["category", "mode"], sort=False):
        code, mode = map(str, key)
        how = "on foot" if mode == "walk" else "in a straight line"
        for column in shares:
            metres = int(column.removeprefix("share_").removesuffix("m"))
            label = f"Share of people within {metres:,} m {how}: {taxonomy().label(code).lower()}{where}"
            share = rows.set_index("zone_code")[column].reindex(facts.index).clip(0, 1)  # sums may round beyond
            quantity = Quantity(label, more="higher", less="lower")
            table = tabulate_figures(concentration_index(facts.assign(value=share), bounds=(0, 1), quantity=quantity))
            tables.append(table.assign(frame=name, category=code, mode=mode, within_m=metres, zones=len(facts)))
    return tables
