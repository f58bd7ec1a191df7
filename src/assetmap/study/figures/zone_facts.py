"""What is known of zones besides their shape: their people, by age where that is counted, and their deprivation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from assetmap.errors import InputError, MissingInputError
from assetmap.plurals import counted
from assetmap.sources.boundaries import check_vintage, read_lookup
from assetmap.sources.deprivation import Deprivation, read_deprivation, to_lsoa21
from assetmap.sources.population import people_to_lsoa21, read_population
from assetmap.study.settings import Settings
from assetmap.tally import Tally

__all__ = ["AGE_WEIGHTS", "DEPRIVATION_FETCHED", "ZoneFacts", "add_zone_facts", "vintage_lookup"]

PEOPLE_FETCHED = "data/boundaries/population_2021.csv"
LOOKUP_FETCHED = "data/boundaries/lookup_lsoa11_lsoa21.csv"
DEPRIVATION_FETCHED = {2019: "data/boundaries/iod2019_file7.csv", 2025: "data/boundaries/iod2025_file7.csv"}

AGE_WEIGHTS = {"children": "population_children", "65plus": "population_65plus"}
"""People of some ages, as the population table names them -> the column of the zones that holds them."""

Say = Callable[[str], None]


@dataclass
class ZoneFacts:
    """Zones with their people and their deprivation, and what to know of where these come from."""

    zones: gpd.GeoDataFrame
    deprivation: Deprivation | None = None
    tallies: list[Tally] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def add_zone_facts(
    zones: gpd.GeoDataFrame,
    folder: Path,
    settings: Settings,
    *,
    what: str = "the study's zones",
    whole: gpd.GeoDataFrame | None = None,
    beyond: bool = False,
    say: Say = lambda _: None,
) -> ZoneFacts:
    """Give zones their people and their deprivation from the files that a study names or has fetched.

    Parameters
    ----------
    zones
        Table ``zones``.
    folder, settings
        The study.
    what
        The zones in words, for messages.
    whole
        Every zone of the file that these are in: a zone that was split since 2011 shares its people with others of it.
    beyond
        The zones lie beyond the study's own: they get their people alone, and a table needn't know any of them.
    say
        Called with a line for a person before each step.

    Raises
    ------
    InputError
        If a file has none of the zones, or is for zones of another census.
    MissingInputError
        If the index of 2019 is to go onto zones of 2021 and there is no lookup.
    """
    facts = ZoneFacts(zones)
    people = _named_or_fetched(folder, settings.population.file, PEOPLE_FETCHED)
    if people is not None:
        say(f"reading population: {people.name}")
        found = _people_of(people, facts, folder, settings, zones if whole is None else whole)
        _join_people(facts, found, None if beyond else what)
    if settings.population.grid is not None and facts.zones["population"].isna().any():
        from assetmap.study.rasters import fill_people

        say(f"reading the population grid: {settings.population.grid}")
        facts.zones, tally, note = fill_people(facts.zones, folder / settings.population.grid)
        facts.tallies.append(tally)
        facts.notes += [note] if note else []
    unknown = int(facts.zones["population"].isna().sum())
    if unknown:
        facts.notes.append(
            f"No population is known for {unknown} of {counted(len(zones), 'zone')}, so their figures about "
            "people are empty."
        )
    nobody = int((facts.zones["population"] == 0).sum())
    if nobody:
        facts.notes.append(
            f"Nobody is counted in {nobody} of {counted(len(zones), 'zone')}: they have no figures about people."
        )
    index = _named_or_fetched(folder, settings.deprivation.file, DEPRIVATION_FETCHED[settings.deprivation.edition])
    if index is not None and not beyond:
        say(f"reading deprivation: {index.name}")
        _join_deprivation(facts, folder, settings, index, what)
    return facts


def vintage_lookup(folder: Path, settings: Settings) -> Path | None:
    """Return the ONS lookup of 2011 to 2021 zones that a study names or has fetched, if any."""
    return _named_or_fetched(folder, settings.deprivation.lookup, LOOKUP_FETCHED)


def _named_or_fetched(folder: Path, named: str | None, fetched: str) -> Path | None:
    if named is not None:
        return folder / named
    return folder / fetched if (folder / fetched).exists() else None


def _people_of(path: Path, facts: ZoneFacts, folder: Path, settings: Settings, whole: gpd.GeoDataFrame) -> pd.DataFrame:
    """Read a population table, and put one of 2011's zones onto those of 2021 where the zones are such."""
    people, tally = read_population(path)
    facts.tallies.append(tally)
    of, vintage = people.attrs["zone_vintage"], whole["vintage"].iloc[0]
    if of == "lsoa21" and vintage == "lsoa11":
        raise InputError(f"{path.name} is on LSOA 2021 and the zones are of 2011: take zones of 2021.")
    if of != "lsoa11" or vintage != "lsoa21":
        return people
    lookup = vintage_lookup(folder, settings)
    if lookup is None:
        raise MissingInputError(
            f"{path.name} is on LSOA 2011 and the zones are of 2021: add the ONS lookup of 2011 to 2021 codes "
            "([deprivation] lookup), or run `assetmap fetch`."
        )
    known = whole.set_index("zone_code")["population"]
    weights = known if known.notna().all() else whole.set_index("zone_code").area
    how = "people in the zones file" if known.notna().all() else "ground"
    facts.notes.append(
        f"{path.name} counts people of 2011's zones: where a zone has changed since, they are shared out by {how}."
    )
    return people_to_lsoa21(people, read_lookup(lookup), weights)


def _join_people(facts: ZoneFacts, people: pd.DataFrame, what: str | None) -> None:
    """Join people to zones, of which the table must have some where it is said what they are."""
    zones = facts.zones.copy()
    columns = {"population": "population", **{age: name for age, name in AGE_WEIGHTS.items() if age in people}}
    for column, name in columns.items():
        zones[name] = zones["zone_code"].map(people[column]).to_numpy(dtype=float)
    if what is not None and zones["population"].isna().all():
        source = facts.tallies[-1].source
        check_vintage(people.index, zones["vintage"].iloc[0], what=source)
        raise InputError(f"{source} has none of {what}: is it for the same zones?")
    facts.zones = zones


def _join_deprivation(facts: ZoneFacts, folder: Path, settings: Settings, path: Path, what: str) -> None:
    found = _read_deprivation(folder, settings, facts.zones["vintage"].iloc[0], path)
    facts.deprivation = found
    facts.tallies.append(found.tally)
    columns = [column for column in found.frame.columns if column not in facts.zones.columns]
    figures = found.frame[columns].reindex(facts.zones["zone_code"])
    if figures["imd_decile"].isna().all():
        check_vintage(found.frame.index, facts.zones["vintage"].iloc[0], what=path.name)
        raise InputError(f"{path.name} has none of {what}: is it for the same zones?")
    unknown = facts.zones["zone_code"][figures["imd_decile"].isna().to_numpy()]
    if len(unknown):
        facts.notes.append(
            f"No deprivation is known for {len(unknown)} of {counted(len(figures), 'zone')} (first: "
            f"{unknown.iloc[0]}): the "
            "figures of deprivation are those of the others."
        )
    facts.zones = facts.zones.join(figures.set_axis(facts.zones.index))


def _read_deprivation(folder: Path, settings: Settings, vintage: str, path: Path) -> Deprivation:
    table = read_deprivation(path)
    if table.zone_vintage == "lsoa21" and vintage == "lsoa11":
        raise InputError(
            f"{path.name} is on LSOA 2021 and the zones are of 2011: take zones of 2021, never equal codes of the two."
        )
    if table.zone_vintage == "lsoa21" or vintage != "lsoa21":
        return table
    lookup = vintage_lookup(folder, settings)
    if lookup is None:
        raise MissingInputError(
            f"{path.name} is on LSOA 2011 and the zones are of 2021: add the ONS lookup of 2011 to 2021 codes "
            "([deprivation] lookup), or run `assetmap fetch`."
        )
    return to_lsoa21(table, read_lookup(lookup))
