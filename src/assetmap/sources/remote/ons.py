"""Zones, and the lookup from 2011 to 2021, from the Open Geography Portal of the Office for National Statistics."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from assetmap.crs import check_lonlat
from assetmap.errors import CRSError, InputError, RemoteError, UsageError
from assetmap.plurals import counted
from assetmap.sources.remote.addresses import Address
from assetmap.sources.remote.arcgis import count_features, query_features, where_in
from assetmap.sources.remote.kept import Item, describe_ask, fetch_item
from assetmap.sources.remote.patience import RemoteSettings
from assetmap.sources.remote.zone_codes import LSOA, checked_codes, name_some, split_codes

__all__ = ["VINTAGES", "fetch_lookup", "fetch_zones", "fetch_zones_in_box"]

VINTAGES = ("lsoa21", "lsoa11")
"""Zones that can be fetched, by census."""

_LOOKUP_COLUMNS = ("LSOA11CD", "LSOA11NM", "LSOA21CD", "LSOA21NM", "CHGIND")
_CHANGES = {"U", "S", "M", "X"}
_SHAPE_ERRORS = (shapely.errors.GEOSException, TypeError, ValueError)

Box = tuple[float, float, float, float]


def fetch_zones(
    codes: Iterable[str],
    into: Path,
    *,
    vintage: str = "lsoa21",
    name: str = "zones",
    settings: RemoteSettings | None = None,
    refresh: bool = False,
) -> Path:
    """Bring the boundaries of named LSOAs into a folder.

    Parameters
    ----------
    codes
        LSOA codes of the vintage.
    into
        The folder; the file is ``<name>_<vintage>.geojson``.
    vintage
        ``lsoa21`` or ``lsoa11``.
    name
        What the zones are for.
    settings
        Addresses, contact, bounds, progress.
    refresh
        Fetch again also what is there.

    Returns
    -------
    Path
        GeoJSON, lon/lat, with the published code and name (``LSOA21CD``, ``LSOA21NM``), in order of code.

    Raises
    ------
    UsageError
        If the vintage isn't known or a code can't be one.
    InputError
        If the service knows no zone of some codes, which are named.
    RemoteError
        If the answer isn't whole, or has zones that weren't asked for.
    """
    settings = settings or RemoteSettings()
    address = _layer(settings, vintage)
    wanted = checked_codes(codes)
    question = _zone_question(address, where_in(address.key, wanted))

    def download() -> tuple[bytes, str]:
        found: list[dict[str, Any]] = []
        for batch in split_codes(wanted):
            found += query_features(address, _zone_question(address, where_in(address.key, batch)), settings)
        zones = _by_code(found, address)
        if missing := sorted(set(wanted) - set(zones)):
            raise InputError(
                f"{len(missing)} of {counted(len(wanted), 'zone')} aren't among {vintage.upper()}: "
                f"{name_some(missing)}. "
                "Codes of 2011 that were split or merged do not exist in 2021, nor the reverse: check the vintage."
            )
        if extra := sorted(set(zones) - set(wanted)):
            raise RemoteError(f"{address.host} sent zones nobody asked for ({name_some(extra)}): check the address.")
        return _geojson(zones), f"{counted(len(zones), 'zone')} by code"

    item = Item(into / f"{name}_{vintage}.geojson", address, describe_ask(address.url, question), address.title)
    return fetch_item(item, download, settings=settings, refresh=refresh)


def fetch_zones_in_box(
    box: Box,
    into: Path,
    *,
    vintage: str = "lsoa21",
    name: str = "zones",
    settings: RemoteSettings | None = None,
    refresh: bool = False,
) -> Path:
    """Bring the boundaries of all LSOAs that meet a box into a folder.

    The service's own count of them must be met.

    Parameters
    ----------
    box
        West, south, east, north in degrees.
    into, vintage, name, settings, refresh
        As for `fetch_zones`.

    Returns
    -------
    Path
        GeoJSON as from `fetch_zones`.

    Raises
    ------
    UsageError, RemoteError
        As `fetch_zones`.
    InputError
        If no zone meets the box: LSOAs are of England and Wales.
    CRSError
        If the box isn't in degrees of longitude and latitude.
    """
    settings = settings or RemoteSettings()
    address = _layer(settings, vintage)
    check_lonlat(box, "the box to fetch zones for")
    question = _zone_question(address, "1=1") | {
        "geometry": ",".join(f"{side:.6f}" for side in box),
        "geometryType": "esriGeometryEnvelope",
        "inSR": "4326",
        "spatialRel": "esriSpatialRelIntersects",
    }

    def download() -> tuple[bytes, str]:
        expected = count_features(address, question, settings)
        if expected == 0:
            raise InputError(
                f"no {vintage.upper()} zone meets the box {question['geometry']}: is it in England or Wales?"
            )
        zones = _by_code(query_features(address, question, settings), address)
        if len(zones) != expected:
            raise RemoteError(f"{address.host} counts {expected} zones and sent {len(zones)}: try again later.")
        return _geojson(zones), f"{counted(len(zones), 'zone')} that meet a box"

    item = Item(into / f"{name}_{vintage}.geojson", address, describe_ask(address.url, question), address.title)
    return fetch_item(item, download, settings=settings, refresh=refresh)


def fetch_lookup(
    codes: Iterable[str] | None,
    into: Path,
    *,
    settings: RemoteSettings | None = None,
    refresh: bool = False,
) -> Path:
    """Bring the lookup from LSOA 2011 to LSOA 2021 into a folder.

    Parameters
    ----------
    codes
        LSOA codes of either year, to have every row that names one of them; None for the whole lookup
        (some 35,800 rows).
    into
        The folder; the file is ``lookup_lsoa11_lsoa21.csv``.
    settings
        Addresses, contact, bounds, progress.
    refresh
        Fetch again also what is there.

    Returns
    -------
    Path
        CSV with LSOA11CD, LSOA11NM, LSOA21CD, LSOA21NM and CHGIND (U, S, M or X).

    Raises
    ------
    UsageError, InputError, RemoteError
        As `fetch_zones`.
    """
    settings = settings or RemoteSettings()
    address = settings.addresses["lookup"]
    wanted = None if codes is None else checked_codes(codes)

    def question(of: Sequence[str] | None) -> dict[str, str]:
        where = "1=1" if of is None else f"{where_in('LSOA21CD', list(of))} OR {where_in('LSOA11CD', list(of))}"
        return {"where": where, "outFields": "*", "orderByFields": "LSOA21CD,LSOA11CD", "f": "json"}

    def download() -> tuple[bytes, str]:
        rows: set[tuple[str, ...]] = set()
        for batch in [None] if wanted is None else split_codes(wanted):
            rows |= {_lookup_row(f, address) for f in query_features(address, question(batch), settings)}
        if wanted is None:
            expected = count_features(address, question(None), settings)
            if len(rows) != expected:
                raise RemoteError(f"{address.host} counts {expected} rows and sent {len(rows)}: try again later.")
        elif missing := sorted(set(wanted) - {row[0] for row in rows} - {row[2] for row in rows}):
            raise InputError(
                f"{len(missing)} of {counted(len(wanted), 'code')} are in no row of the lookup: {name_some(missing)}."
            )
        return _csv(_LOOKUP_COLUMNS, sorted(rows)), f"{counted(len(rows), 'row')}"

    item = Item(into / "lookup_lsoa11_lsoa21.csv", address, describe_ask(address.url, question(wanted)), address.title)
    return fetch_item(item, download, settings=settings, refresh=refresh)


def _layer(settings: RemoteSettings, vintage: str) -> Address:
    if vintage not in VINTAGES:
        raise UsageError(f"zones of vintage {vintage!r} can't be fetched: choose from {', '.join(VINTAGES)}.")
    return settings.addresses[vintage]


def _zone_question(address: Address, where: str) -> dict[str, str]:
    key = address.key
    return {
        "where": where,
        "outFields": f"{key},{key.removesuffix('CD')}NM",
        "orderByFields": key,
        "outSR": "4326",
        "f": "geojson",
    }


def _by_code(features: Iterable[Mapping[str, Any]], address: Address) -> dict[str, dict[str, Any]]:
    """Return features by code, each found to be a zone with a boundary in degrees, none there twice."""
    zones: dict[str, dict[str, Any]] = {}
    for feature in features:
        properties = feature.get("properties")
        code = str(properties.get(address.key, "")) if isinstance(properties, dict) else ""
        if not LSOA.fullmatch(code):
            raise RemoteError(f"{address.host} sent a zone without a {address.key}: the layer has changed.")
        if code in zones:
            raise RemoteError(f"{address.host} sent {code} twice, so its pages overlap: try again later.")
        _check_boundary(feature, code, address)
        zones[code] = {"type": "Feature", "properties": properties, "geometry": feature["geometry"]}
    return dict(sorted(zones.items()))


def _check_boundary(feature: Mapping[str, Any], code: str, address: Address) -> None:
    try:
        shape = shapely.from_geojson(json.dumps(feature.get("geometry")))
        if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
            raise ValueError("no polygon")
        check_lonlat(shape.bounds, code)
    except CRSError as error:
        raise RemoteError(f"{address.host} sent a boundary that isn't in degrees: {error}") from error
    except _SHAPE_ERRORS as error:
        raise RemoteError(f"{address.host} sent {code} without a usable boundary: try again later.") from error


def _geojson(zones: Mapping[str, Mapping[str, Any]]) -> bytes:
    content = {"type": "FeatureCollection", "features": list(zones.values())}
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _lookup_row(feature: Mapping[str, Any], address: Address) -> tuple[str, ...]:
    """Return one row in our order of columns; an older issue of the service calls the first F_LSOA11CD."""
    attributes = feature.get("attributes")
    found = attributes if isinstance(attributes, dict) else {}
    named = {str(key).upper().removeprefix("F_"): str(value or "").strip() for key, value in found.items()}
    row = tuple(named.get(column, "") for column in _LOOKUP_COLUMNS)
    if not (LSOA.fullmatch(row[0]) and LSOA.fullmatch(row[2]) and row[4] in _CHANGES):
        raise RemoteError(
            f"{address.host} sent a lookup row without its codes or kind of change ({', '.join(sorted(named))}): "
            "the service has changed and its address must too."
        )
    return row


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()
