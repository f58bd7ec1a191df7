"""A study's results for each zone, ward, local authority and health area, and for the neighbourhood: one long table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.measures.deprivation import extent_weight, percentile_of_rank
from assetmap.measures.summaries import summarise_access
from assetmap.plurals import counted
from assetmap.taxonomy import taxonomy

if TYPE_CHECKING:
    from assetmap.study.inputs import Inputs

__all__ = ["AREA_RESULT_COLUMNS", "results_by_area"]

AREA_RESULT_COLUMNS = (
    "level", "code", "name", "zones", "zones_in_area", "figure", "unit", "value", "numerator", "denominator",
)  # fmt: skip
_OF_PEOPLE = ("population_children", "population_65plus")


def results_by_area(
    inputs: Inputs,
    zones: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    access: pd.DataFrame,
    standards: pd.DataFrame,
    *,
    summaries: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return the figures of each area that the study's zones are in.

    An area's figures are over the study's zones in it: ``zones`` of the ``zones_in_area`` that the file of zones has.

    Parameters
    ----------
    inputs
        With the areas of the zones.
    zones, origins, access
        The study's tables.
    standards
        Green space standards by zone (`summarise_standards`).
    summaries
        Level -> access as it has been summarised over its areas already (`summarise_access`).

    Returns
    -------
    DataFrame
        `AREA_RESULT_COLUMNS`, by level, code and figure.
    """
    parts = []
    for level, members in _levels(inputs, zones):
        area = members.set_index("zone_code")["code"]
        by_zone = zones["zone_code"].map(area)
        summary = summaries.get(level)
        if summary is None:
            groups = access[access["category"].isin(taxonomy().groups)]
            summary = summarise_access(groups, origins, by=origins["zone_code"].map(area))
        figures = pd.concat(
            [
                _of_people(zones, by_zone),
                _of_access(summary[summary["category"].isin(taxonomy().groups)]),
                _of_standards(standards, standards["group"].map(area)),
                _of_deprivation(zones, by_zone, inputs),
            ],
            ignore_index=True,
        )
        facts = members.groupby("code").agg(name=("name", "first"), zones_in_area=("zones_in_area", "first"))
        facts["zones"] = by_zone.value_counts()
        table = figures.merge(facts, left_on="code", right_index=True).assign(level=level)
        parts.append(table.sort_values("code", kind="stable"))
    found = pd.concat(parts, ignore_index=True)
    return found.astype({"zones": "Int64", "zones_in_area": "Int64"})[list(AREA_RESULT_COLUMNS)]


def _levels(inputs: Inputs, zones: gpd.GeoDataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give each level with the areas of the study's zones, and how many zones there are in each area in all."""
    own = pd.DataFrame(zones[["zone_code", "name"]]).assign(zones_in_area=np.nan)
    yield "zone", own.assign(code=own["zone_code"])
    rows = inputs.areas.rows.assign(code=inputs.areas.rows["code"].fillna(inputs.areas.rows["name"]))
    rows["zones_in_area"] = rows.groupby(["level", "code"])["zone_code"].transform("size")
    for level, some in rows.groupby("level", sort=False):
        members = some[some["zone_code"].isin(zones["zone_code"])]
        if without := len(zones) - len(members):
            word = str(level).replace("_", " ")
            inputs.notes.append(
                f"No {word} is known for {without} of {counted(len(zones), 'zone')}: its results leave them out."
            )
        yield str(level), members
    yield "neighbourhood", own.assign(code="neighbourhood", name="the neighbourhood")


def _long(figure: str | pd.Index, unit: str, numerator: pd.Series, denominator: pd.Series) -> pd.DataFrame:
    """Return one figure of every area, or the one that each row names; both series are on the areas' codes."""
    over, under = numerator.to_numpy(dtype=float), denominator.to_numpy(dtype=float)
    value = over / np.where(under > 0, under, np.nan)
    facts = {"code": numerator.index, "numerator": over, "denominator": under, "value": value}
    return pd.DataFrame(facts).assign(figure=figure, unit=unit)


def _sums(values: pd.Series, by: pd.Series | list[pd.Series]) -> pd.Series:
    """Return sums, NaN where any part is."""
    sums: pd.Series = values.astype(float).groupby(by, sort=False).sum()
    return sums.where(values.notna().groupby(by, sort=False).all())


def _of_people(zones: gpd.GeoDataFrame, by: pd.Series) -> pd.DataFrame:
    people = _sums(zones["population"], by)
    count = _long("population", "people", people, people.mask(people.notna())).assign(value=people.to_numpy())
    shares = [
        _long(f"share_{column.removeprefix('population_')}", "share", _sums(zones[column], by), people)
        for column in _OF_PEOPLE
        if column in zones
    ]
    green = _long("green_m2_per_person", "m² a person", _sums(zones["green_m2"], by), people)
    return pd.concat([count, *shares, green], ignore_index=True)


def _of_access(summary: pd.DataFrame) -> pd.DataFrame:
    table, category = summary.set_index("group"), pd.Index(summary["category"])
    reached = table["people"] - table["unreached_people"]
    median = _long(category + "_median_m", "m", reached.mask(reached.notna()), reached)
    parts = [
        _long(category + "_mean_m", "m", table["mean_m"] * reached, reached),
        median.assign(value=table["median_m"].to_numpy()),
    ]
    for column in (str(c) for c in table.columns if str(c).startswith("share_")):
        within = table[f"people_{column.removeprefix('share_')}"]
        parts.append(_long(category + f"_{column}", "share", within, table["people"]))
    by_category = np.argsort(np.tile(category.to_numpy(dtype=str), len(parts)), kind="stable")
    return pd.concat(parts, ignore_index=True).take(by_category)


def _of_standards(standards: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    known = standards.assign(code=by)[by.notna()]
    keys = [known["criterion"], known["mode"], known["code"]]
    met, people = (_sums(known[column], keys) for column in ("people_met", "people"))
    criterion, mode, code = (met.index.get_level_values(level) for level in range(3))
    return _long(criterion + "_" + mode + "_share_at_least", "share", met.set_axis(code), people.set_axis(code))


def _of_deprivation(zones: gpd.GeoDataFrame, by: pd.Series, inputs: Inputs) -> pd.DataFrame:
    """Return the figures of `summarise_deprivation` that are means over people, of every area."""
    if inputs.deprivation is None:
        return pd.DataFrame()
    known = zones[zones["imd_rank"].notna()]
    by, people = by[known.index], known["population"]
    percentile = percentile_of_rank(known["imd_rank"], inputs.deprivation.edition.size)
    weights = {
        "average_score": ("score", known["imd_score"]),
        "share_of_people_decile_1": ("share", (known["imd_decile"] == 1).astype(float)),
        "share_of_people_deciles_1_2": ("share", (known["imd_decile"] <= 2).astype(float)),
        "extent": ("share", extent_weight(percentile)),
    }
    parts = [_long(name, unit, _sums(people * each, by), _sums(people, by)) for name, (unit, each) in weights.items()]
    return pd.concat(parts, ignore_index=True)
