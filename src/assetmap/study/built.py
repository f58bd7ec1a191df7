"""What the last build of a study has left, to be read again and not worked out again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from assetmap.errors import UsageError
from assetmap.study.manifest import Manifest, read_manifest
from assetmap.study.settings import read_settings

__all__ = ["PEOPLE_TABLES", "Built", "BuiltTables", "load_built", "load_tables"]

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
        """The kinds of zones, such as ``lsoa21``."""
        return ", ".join(sorted(set(self.zones["vintage"])))

    @property
    def people_from(self) -> str:
        """Where the people of the zones, which are the weights, come from."""
        known = self.zones["population"].notna()
        kinds = self.zones["population_kind"] if "population_kind" in self.zones else pd.Series("table", known.index)
        count = {kind: int((kinds[known] == kind).sum()) for kind in ("table", "grid")}
        words = {"table": "from a table by zone", "grid": "estimated from a population grid"}
        parts = [f"{words[kind]} ({n} of {len(known)} zones)" for kind, n in count.items() if n]
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
        If it isn't built, its outputs have been changed since, or an earlier assetmap built it.
    """
    read_settings(folder)
    manifest = read_manifest(folder / "out")
    if manifest is None:
        raise UsageError(f"{folder} has not been built yet: run `assetmap build {folder}` first.")
    if not manifest.outputs_whole(folder / "out") or "deprivation_index" not in manifest.figures:
        raise UsageError(
            f"the outputs of {folder} have changed since they were built, or an earlier assetmap built them: "
            f"run `assetmap build --overwrite {folder}`."
        )
    zones, standards = (pd.read_csv(folder / "out" / name) for name in ("zones.csv", "standards.csv"))
    return Built(manifest.study, manifest, zones, standards)
