"""The English Indices of Deprivation, from GOV.UK."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from assetmap.errors import RemoteError, UsageError
from assetmap.sources.remote.addresses import Address
from assetmap.sources.remote.http import fetch_bytes
from assetmap.sources.remote.kept import Item, fetch_item
from assetmap.sources.remote.patience import RemoteSettings

__all__ = ["EDITIONS", "fetch_deprivation"]

EDITIONS = (2025, 2019)
"""Editions that can be fetched: 2025 is on LSOA 2021, 2019 on LSOA 2011."""

_MAX_BYTES = 100 * 1024 * 1024
_RANK = "index of multiple deprivation (imd) rank"


def fetch_deprivation(
    edition: int, into: Path, *, settings: RemoteSettings | None = None, refresh: bool = False
) -> Path:
    """Bring File 7 of an edition of the Indices of Deprivation into a folder, as it was published.

    Parameters
    ----------
    edition
        2025 or 2019.
    into
        The folder; the file is ``iod<edition>_file7.csv``.
    settings
        Addresses, contact, bounds, progress.
    refresh
        Fetch again also what is there.

    Returns
    -------
    Path
        The published CSV, byte for byte: 33,755 (2025) or 32,844 (2019) zones.

    Raises
    ------
    UsageError
        If there is no such edition.
    RemoteError
        If the file isn't whole, or not that edition.
    """
    if edition not in EDITIONS:
        known = " and ".join(str(year) for year in EDITIONS)
        raise UsageError(f"there is no {edition} edition of the Indices of Deprivation here: {known} are known.")
    settings = settings or RemoteSettings()
    address = settings.addresses[f"iod{edition}"]

    def download() -> tuple[bytes, str]:
        data = fetch_bytes(address.url, settings, expects="csv", max_bytes=_MAX_BYTES)
        return data, f"{_check_table(data, address)} zones"

    item = Item(into / f"iod{edition}_file7.csv", address, address.url, address.title)
    return fetch_item(item, download, settings=settings, refresh=refresh)


def _check_table(data: bytes, address: Address) -> int:
    """Return the number of zones of a whole table; header and count must be those published."""
    try:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        header = [" ".join(cell.split()).casefold() for cell in next(rows, [])]
        at = header.index(address.key.casefold()) if address.key.casefold() in header else -1
        if at < 0 or not any(cell.startswith(_RANK) for cell in header):
            raise RemoteError(
                f"{address.host} sent a table without {address.key!r} or the IMD rank ({len(header)} columns): "
                "the file has changed and its address must too."
            )
        codes = [row[at].strip() if at < len(row) else "" for row in rows if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise RemoteError(f"{address.host} sent a table that can't be read ({error}): try again later.") from error
    zones = {code for code in codes if re.fullmatch(r"E01\d{6}", code)}
    if not len(zones) == len(codes) == address.rows:
        raise RemoteError(
            f"{address.host} sent {len(codes):,} rows with {len(zones):,} zones, not {address.rows:,}: "
            "torn, or another edition. Try again later."
        )
    return len(zones)
