"""Usual residents by the census of 2021, from Nomis."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from assetmap.errors import InputError, RemoteError
from assetmap.plurals import counted
from assetmap.sources.remote.addresses import Address
from assetmap.sources.remote.http import fetch_bytes
from assetmap.sources.remote.kept import Item, describe_ask, fetch_item
from assetmap.sources.remote.patience import RemoteSettings
from assetmap.sources.remote.zone_codes import checked_codes, name_some, split_codes

__all__ = ["fetch_population"]

_BATCH = 200  # by the length of the address; far below the 25,000 rows a call may have
_GSS = re.compile(r"[EW]\d{8}")
_COLUMNS = ("GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "OBS_VALUE")


def fetch_population(
    codes: Iterable[str],
    into: Path,
    *,
    name: str = "population",
    settings: RemoteSettings | None = None,
    refresh: bool = False,
) -> Path:
    """Bring the usual residents (TS001) of named zones into a folder.

    Parameters
    ----------
    codes
        GSS codes of 2021: LSOAs, output areas, wards, districts.
    into
        The folder; the file is ``<name>_2021.csv``.
    name
        What the zones are for.
    settings
        Addresses, contact, bounds, progress.
    refresh
        Fetch again also what is there.

    Returns
    -------
    Path
        CSV with ``zone_code``, ``name`` and ``population``, in order of code.

    Raises
    ------
    UsageError
        If a code can't be one.
    InputError
        If the census has no figure for some codes, which are named.
    RemoteError
        If the answer isn't whole, or isn't a table of residents.
    """
    settings = settings or RemoteSettings()
    address = settings.addresses["population"]
    wanted = checked_codes(codes, _GSS)

    def download() -> tuple[bytes, str]:
        people: dict[str, tuple[str, int]] = {}
        for batch in split_codes(wanted, _BATCH):
            data = fetch_bytes(address.url, settings, expects="csv", params=_question(batch))
            people |= _read_people(data, address)
            settings.tell(f"{address.title}: {len(people):,} of {counted(len(wanted), 'zone')}")
        if missing := sorted(set(wanted) - set(people)):
            raise InputError(
                f"the census of 2021 has no residents for {len(missing)} of {counted(len(wanted), 'zone')}: "
                f"{name_some(missing)}. Are they codes of 2021?"
            )
        return _write_people(wanted, people), f"{counted(len(wanted), 'zone')}"

    asked = describe_ask(address.url, _question(wanted))
    item = Item(into / f"{name}_2021.csv", address, asked, address.title)
    return fetch_item(item, download, settings=settings, refresh=refresh)


def _question(codes: Sequence[str]) -> dict[str, str]:
    return {"date": "latest", "geography": ",".join(codes), "c2021_restype_3": "0", "measures": "20100"}


def _read_people(data: bytes, address: Address) -> dict[str, tuple[str, int]]:
    """Return code -> name and residents."""
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        rows.fieldnames = [str(field).strip().upper() for field in rows.fieldnames or ()]
        lacking = [column for column in _COLUMNS if column not in rows.fieldnames]
        if lacking:
            raise RemoteError(
                f"{address.host} sent a table without {', '.join(lacking)}: the data set has changed and its "
                "address must too."
            )
        read = [(row[_COLUMNS[0]], (row[_COLUMNS[1]] or "", _whole_number(row[_COLUMNS[2]]))) for row in rows]
    except (UnicodeDecodeError, csv.Error, ValueError, TypeError) as error:
        raise RemoteError(f"{address.host} sent a table that can't be read ({error}): try again later.") from error
    people = dict(read)
    if len(people) != len(read):
        raise RemoteError(f"{address.host} sent several figures for one zone: the data set has changed.")
    return people


def _whole_number(text: str) -> int:
    number = float(text)
    if number < 0 or not number.is_integer():
        raise ValueError(f"{text!r} is no number of people")
    return int(number)


def _write_people(codes: Sequence[str], people: dict[str, tuple[str, int]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("zone_code", "name", "population"))
    writer.writerows((code, *people[code]) for code in codes)
    return out.getvalue().encode()
