"""What the last build of a study has left, to be read again and not worked out again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pandas.errors import EmptyDataError

from assetmap.crs import LONLAT
from assetmap.definitions import define_column
from assetmap.errors import UsageError
from assetmap.plurals import counted
from assetmap.study.manifest import SHOWN, Manifest, fingerprint, read_manifest
from assetmap.study.settings import Settings, read_settings

__all__ = [
    "PEOPLE_TABLES",
    "ZONE_KINDS",
    "Built",
    "BuiltTables",
    "last_build",
    "load_built",
    "load_tables",
    "read_output",
    "show_bounds",
    "show_value",
]

ZONE_KINDS = {"lsoa11": "LSOAs of 2011", "lsoa21": "LSOAs of 2021", "oa21": "output areas of 2021"}
"""Vintage -> what its zones are called."""
PEOPLE_TABLES = ("access_by_zone", "access_by_deprivation", "standards", "equity")
"""Tables that count people, besides the zones."""


@dataclass(frozen=True)
class Built:
    """What a study's last build has left."""

    name: str
    manifest: Manifest
    zones: pd.DataFrame
    standards: pd.DataFrame

    @property
    def index(self) -> str:
        """The edition of the index of deprivation, empty where there is none."""
        return str(self.manifest.figures["deprivation_index"] or "")

    @property
    def knows_green_space(self) -> bool:
        """Whether any source of the study holds a green space: without one, a standard's 0 % would say nothing."""
        return "green_space" in self.manifest.figures["access"]

    @property
    def standards_met(self) -> pd.DataFrame:
        """The neighbourhood's green space standards by criterion and mode; none known without any green space."""
        met = self.standards[self.standards["group"] == "neighbourhood"].set_index(["criterion", "mode"])
        if not self.knows_green_space:
            met[["share_at_least", "share_at_most"]] = float("nan")
        return met

    @property
    def mode(self) -> str:
        """How distances are measured, in words."""
        profile = self.manifest.settings["access"]["profile"]
        on_foot = self.manifest.figures["network"].get("mode") == "walk"
        return f"on foot, profile {profile}" if on_foot else "in a straight line"

    @property
    def vintages(self) -> str:
        """The kinds of zones, such as ``LSOAs of 2021``."""
        return ", ".join(ZONE_KINDS.get(kind, kind) for kind in sorted(set(self.zones["vintage"])))

    @property
    def people_from(self) -> str:
        """Where the people of the zones, which are the weights, come from."""
        known = self.zones["population"].notna()
        kinds = self.zones["population_kind"] if "population_kind" in self.zones else pd.Series("table", known.index)
        count = {kind: int((kinds[known] == kind).sum()) for kind in ("table", "grid")}
        words = {"table": "from a table by zone", "grid": "estimated from a population grid"}
        parts = [f"{words[kind]} ({n} of {counted(len(known), 'zone')})" for kind, n in count.items() if n]
        return "; ".join(parts) or "not known"


@dataclass(frozen=True)
class BuiltTables:
    """The tables of a build that a release is made from."""

    assets: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    origins: gpd.GeoDataFrame
    people: dict[str, pd.DataFrame]
    """By name, `PEOPLE_TABLES`."""


def load_tables(out: Path) -> BuiltTables:
    """Read the tables that a build has left under ``out/``."""
    assets, zones, origins = (
        gpd.read_file(out / "assetmap.gpkg", layer=layer) for layer in ("assets", "zones", "origins")
    )
    people = {name: pd.read_csv(out / f"{name}.csv", encoding="utf-8-sig") for name in PEOPLE_TABLES}
    return BuiltTables(assets, zones, origins, {name: frame for name, frame in people.items() if len(frame)})


def load_built(folder: Path) -> Built:
    """Return the last build of a study.

    Raises
    ------
    MissingInputError
        If the folder is no study.
    UsageError
        If it isn't built, another assetmap built it, or its outputs have been changed since.
    """
    read_settings(folder)
    manifest = read_manifest(folder / "out")
    if manifest is None:
        raise UsageError(f"{folder} has not been built yet by this assetmap: run `assetmap build {folder}` first.")
    if not manifest.outputs_whole(folder / "out"):
        raise UsageError(f"{folder / 'out'} isn't as it was built: run `assetmap build {folder}` first.")
    zones, standards = (pd.read_csv(folder / "out" / name) for name in ("zones.csv", "standards.csv"))
    return Built(manifest.study, manifest, zones, standards)


def last_build(folder: Path, settings: Settings) -> Manifest:
    """Return the manifest of a build whose inputs and outputs are as they were then.

    Raises
    ------
    UsageError
        If the study hasn't been built, another assetmap built it, or its inputs or outputs have changed since.
    """
    manifest = read_manifest(folder / "out")
    if manifest is None:
        raise UsageError(f"{folder} has not been built yet by this assetmap: run `assetmap build {folder}` first.")
    then, now = _inputs_of(manifest.fingerprint), _inputs_of(fingerprint(folder, settings))
    if any(name.startswith("--osm ") for name in then):  # built from another OSM file, which isn't here to be looked at
        then = {name: sha for name, sha in then.items() if not name.startswith("--osm ")}
        now = {name: sha for name, sha in now.items() if name not in settings.osm.file}
    changed = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
    if changed:
        raise UsageError(
            f"{len(changed)} input(s) of {folder} changed since it was built ({', '.join(changed[:3])}): "
            f"run `assetmap build {folder}` first."
        )
    if not manifest.outputs_whole(folder / "out"):
        raise UsageError(f"{folder / 'out'} isn't as it was built: run `assetmap build {folder}` first.")
    return manifest


def _inputs_of(mark: dict[str, str]) -> dict[str, str]:
    return {name: sha for name, sha in mark.items() if not name.startswith(("library ", SHOWN))}


def read_output(path: Path) -> pd.DataFrame:
    """Read a table of the build without its shapes; codes stay text, also those that look like numbers."""
    if path.suffix == ".parquet":
        frame = gpd.read_parquet(path)
        points = frame.geometry.representative_point().to_crs(LONLAT)
        return pd.DataFrame(frame.drop(columns="geometry")).assign(lon=points.x, lat=points.y)
    try:
        columns = pd.read_csv(path, encoding="utf-8-sig", nrows=0).columns
    except EmptyDataError:  # a table of nothing, such as access by deprivation without an index
        return pd.DataFrame()
    said = {column: define_column(path.name, column) for column in columns}
    words = {column: str for column, entry in said.items() if entry is not None and not entry.unit}
    return pd.read_csv(path, encoding="utf-8-sig", dtype=words, keep_default_na=False, na_values=[""])


def show_value(value: Any, unit: str) -> str:
    """Return a figure as a reader sees it.

    Examples
    --------
    >>> show_value(0.3953, "share"), show_value(2997.11, "people"), show_value(39.668, "score")
    ('39.5 %', '2,997', '39.7')
    >>> show_value("2026-11-22", "date")
    '2026-11-22'
    """
    if isinstance(value, str):
        return value
    if unit == "share":
        return f"{value:.1%}".replace("%", " %")
    if unit == "score":
        return f"{value:,.1f}"
    return f"{value:,.0f}{' m' if unit == 'm' else ''}"


def show_bounds(row: pd.Series | None) -> str:
    """Return the share of people who meet a standard, from what to what it can be, or that the data doesn't say."""
    if row is None or pd.isna(row["share_at_least"]):
        return ""
    if (row["share_at_least"], row["share_at_most"]) == (0, 1):
        return "the data doesn't tell"
    least, most = (show_value(row[name], "share") for name in ("share_at_least", "share_at_most"))
    return least if least == most else f"{least} to {most}"
