"""Fetched files: kept whole with their record, found again, set aside when torn; and the list of them."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlencode

from assetmap.errors import AssetMapError, InputError, MissingInputError
from assetmap.files import SHAPEFILE_PARTS, sha256_of, sweep_aside, write_bytes
from assetmap.provenance import Provenance, provenance_path, read_provenance, record_provenance
from assetmap.sources.remote.addresses import Address
from assetmap.sources.remote.patience import RemoteSettings

__all__ = ["Item", "SourceFile", "describe_ask", "fetch_item", "is_kept", "list_sources"]

_LONGEST_ASK = 2000


@dataclass(frozen=True)
class Item:
    """One file to have: where it goes, whose it is, and exactly what was asked for."""

    path: Path
    address: Address
    asked: str
    """Address with its question; a file kept for another question is no answer to this one."""
    title: str


@dataclass(frozen=True)
class SourceFile:
    """One file of a study's data folder and what is known of it."""

    path: Path
    record: Provenance | None
    age_days: int | None
    state: str
    """``whole``; ``changed`` since it was recorded; ``missing`` beside its record; ``unrecorded``; or
    ``unreadable record``."""


def describe_ask(url: str, question: dict[str, str]) -> str:
    """Return an address with its question, for the record; a long question by its checksum.

    Examples
    --------
    >>> describe_ask("https://example.org/q", {"where": "A IN ('1')"})
    'https://example.org/q?where=A+IN+%28%271%27%29'
    """
    import hashlib

    query = urlencode(question)
    if len(query) > _LONGEST_ASK:
        query = f"sha256={hashlib.sha256(query.encode()).hexdigest()}"
    return f"{url}?{query}" if query else url


def is_kept(item: Item) -> bool:
    """Whether the file is there, whole by its checksum, and answers the item's question."""
    try:
        record = read_provenance(item.path)
    except AssetMapError:
        return False
    return record is not None and record.made_by == item.asked


def fetch_item(
    item: Item, download: Callable[[], tuple[bytes, str]], *, settings: RemoteSettings, refresh: bool = False
) -> Path:
    """Return the path of a file, fetching it only if it isn't there whole.

    The record goes before the file changes and comes back after it, so that a process killed at any
    moment leaves the old file or the new one, and never a record of something else.

    Parameters
    ----------
    item
        The file to have.
    download
        Returns the bytes, already found to be whole and right, and a note for the record.
    settings
        Who asks, and who is told.
    refresh
        Fetch in any case; if that fails the old file stays.
    """
    path = item.path
    if not refresh and is_kept(item):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep_aside(path.parent)
    if _is_torn(path):
        _set_aside(path, "torn", settings)
    data, note = download()
    record = provenance_path(path)
    if path.is_file() and not record.exists() and path.read_bytes() != data:
        _set_aside(path, "replaced", settings)
    record.unlink(missing_ok=True)
    write_bytes(path, data)
    address = item.address
    record_provenance(
        path,
        title=item.title,
        publisher=address.publisher,
        licence=address.licence,
        attribution=address.attribution,
        date=settings.today().isoformat(),
        made_by=item.asked,
        note="; ".join(part for part in (note, address.note) if part),
    )
    settings.tell(f"{path.name}: {item.title}, {len(data):,} bytes")
    return path


def _is_torn(path: Path) -> bool:
    try:
        read_provenance(path)
    except MissingInputError:
        return False
    except InputError:
        return path.is_file()
    return False


def _set_aside(path: Path, why: str, settings: RemoteSettings) -> None:
    aside = path.with_name(f"{path.name}.{why}")
    path.replace(aside)
    settings.tell(f"{path.name} was {why}: set aside as {aside.name}")


def list_sources(folder: Path, *, today: date | None = None) -> list[SourceFile]:
    """List the data files under a folder, with their records, ages and whether the checksums still hold.

    Hidden files, and those that `fetch_item` has set aside, are left out. A shapefile is one, by its .shp.

    Parameters
    ----------
    folder
        A study's ``data/``, or any folder.
    today
        The day to count ages from; by default today in UTC.

    Returns
    -------
    list of SourceFile
        In order of path.

    Raises
    ------
    MissingInputError
        If the folder isn't there.
    """
    if not folder.is_dir():
        raise MissingInputError(f"{folder} is not a folder: give the folder of a study.")
    today = today or datetime.now(UTC).date()
    ending = provenance_path(Path("x")).name[1:]
    seen = {
        path.with_name(path.name.removesuffix(ending))
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".") and path.suffix not in (".torn", ".replaced")
    }
    return [_describe(path, today) for path in sorted(seen) if not _is_part(path, seen)]


def _is_part(path: Path, seen: Container[Path]) -> bool:
    """Whether a file is a part of a shapefile that is there, without a record of its own."""
    if path.suffix.lower() not in SHAPEFILE_PARTS or provenance_path(path).exists():
        return False
    return any(path.with_suffix(suffix) in seen for suffix in (".shp", ".SHP"))


def _describe(path: Path, today: date) -> SourceFile:
    try:
        record = read_provenance(path, verify=False)
    except AssetMapError:
        return SourceFile(path, None, None, "unreadable record")
    if record is None:
        return SourceFile(path, None, None, "unrecorded")
    state = "missing"
    if path.is_file():
        state = "whole" if sha256_of(path) == record.sha256 else "changed"
    try:
        age = (today - date.fromisoformat(record.date)).days
    except (ValueError, TypeError):
        age = None
    return SourceFile(path, record, age, state)
