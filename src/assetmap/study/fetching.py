"""What a study names and doesn't have, brought in: boundaries, people, deprivation, OpenStreetMap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from assetmap.errors import UsageError
from assetmap.folders import hold_lock
from assetmap.sources.remote.addresses import load_addresses
from assetmap.sources.remote.govuk import fetch_deprivation
from assetmap.sources.remote.nomis import fetch_population
from assetmap.sources.remote.ons import fetch_lookup, fetch_zones, fetch_zones_in_box
from assetmap.sources.remote.overpass import fetch_osm
from assetmap.sources.remote.patience import Patience, RemoteSettings
from assetmap.study.area import Area, read_area, to_ask_for, wanted_lsoas
from assetmap.study.pieces import read_boundary
from assetmap.study.settings import Settings, read_settings

__all__ = ["fetch_study"]


def fetch_study(
    folder: Path,
    *,
    today: str,
    refresh: bool = False,
    say: Callable[[str], None] = lambda _: None,
    patience: Patience | None = None,
) -> list[Path]:
    """Fetch what a study names and has no file of its own for.

    Into ``data/boundaries/``: the boundaries of its LSOAs (or those that its outline meets), the
    lookup of 2011 to 2021 codes where the index of 2019 is used, their usual residents, and the Index of
    Deprivation. Into ``data/osm_cache/``: OpenStreetMap data of the neighbourhood and 2 km around.
    A second call fetches nothing.

    Parameters
    ----------
    folder
        The study folder.
    today
        ISO date for the provenance records.
    refresh
        Fetch again also what is there.
    say
        Called with each line of progress.
    patience
        Bounds of each request.

    Returns
    -------
    list of Path
        The files, fetched now or before.

    Raises
    ------
    UsageError
        If the study names no place.
    RemoteError
        If a service gives no whole answer. What came before stays.
    """
    settings = read_settings(folder)
    remote = RemoteSettings(
        addresses=load_addresses(
            {"overpass": settings.osm.endpoint} if settings.osm.endpoint else None, mirror=settings.fetch.mirror
        ),
        contact=settings.study.contact,
        patience=patience or Patience(),
        tell=say,
        today=lambda: date.fromisoformat(today),
    )
    into = folder / "data" / "boundaries"
    with hold_lock(folder):
        paths = _fetch_zones(folder, settings, into, remote, refresh)
        area = read_area(folder, settings)
        if area is None:
            raise UsageError(f"{folder} names no place to fetch for: give [place] a site, LSOA codes or a boundary.")
        paths += _fetch_people(settings, area, into, remote, refresh)
        if not settings.osm.file:
            paths += fetch_osm(to_ask_for(area), folder / "data" / "osm_cache", settings=remote, refresh=refresh)
    return paths


def _fetch_zones(folder: Path, settings: Settings, into: Path, remote: RemoteSettings, refresh: bool) -> list[Path]:
    codes = wanted_lsoas(settings)
    if settings.zones is not None:
        return []
    if codes:
        return [fetch_zones(codes, into, settings=remote, refresh=refresh)]
    if settings.place.boundary:
        west, south, east, north = read_boundary(folder / settings.place.boundary)[0].total_bounds
        return [fetch_zones_in_box((west, south, east, north), into, settings=remote, refresh=refresh)]
    return []


def _fetch_people(settings: Settings, area: Area, into: Path, remote: RemoteSettings, refresh: bool) -> list[Path]:
    """Fetch population and deprivation, where the zones are ones that they are published for."""
    if area.zones["vintage"].iloc[0] != "lsoa21":
        return []
    codes = list(area.zones["zone_code"])
    paths = []
    if settings.population.file is None:
        paths.append(fetch_population(codes, into, settings=remote, refresh=refresh))
    if settings.deprivation.file is None and all(code.startswith("E") for code in codes):
        paths.append(fetch_deprivation(settings.deprivation.edition, into, settings=remote, refresh=refresh))
        if settings.deprivation.edition == 2019 and settings.deprivation.lookup is None:
            # Whole: `to_lsoa21` checks that the lookup knows every zone of the index.
            paths.append(fetch_lookup(None, into, settings=remote, refresh=refresh))
    return paths
