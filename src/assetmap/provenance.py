"""Where each file came from: one ``<name>.source.toml`` beside each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

import tomlkit

from assetmap.errors import InputError
from assetmap.files import read_toml, require_file, sha256_of, write_text

__all__ = ["Provenance", "provenance_path", "read_provenance", "record_provenance"]


@dataclass(frozen=True)
class Provenance:
    """Publisher, licence, date and checksum of one file."""

    title: str
    publisher: str
    licence: str
    attribution: str
    date: str
    """ISO date on which it was fetched or made."""
    sha256: str
    made_by: str
    """Address it was fetched from, or the program that made it."""
    note: str = ""


def provenance_path(path: Path) -> Path:
    """Return where the record of a file lives: ``zones.geojson`` -> ``zones.geojson.source.toml``."""
    return path.with_name(f"{path.name}.source.toml")


def record_provenance(
    path: Path,
    *,
    title: str,
    publisher: str,
    licence: str,
    attribution: str,
    date: str,
    made_by: str,
    note: str = "",
) -> Provenance:
    """Write the record of a file that is there, with its checksum, and return it."""
    record = Provenance(title, publisher, licence, attribution, date, sha256_of(path), made_by, note)
    write_text(provenance_path(path), tomlkit.dumps(asdict(record)))
    return record


def read_provenance(path: Path, *, verify: bool = True) -> Provenance | None:
    """Return the record of a file, or None where there is none.

    Raises
    ------
    InputError
        If the record can't be read, or (with `verify`) the file isn't the one recorded.
    """
    beside = provenance_path(path)
    if not beside.exists():
        return None
    content = read_toml(beside, "provenance record")
    wanted = {f.name for f in fields(Provenance)}
    if not wanted - {"note"} <= content.keys() <= wanted or not all(isinstance(v, str) for v in content.values()):
        raise InputError(
            f"{beside} is not a provenance record (it needs {', '.join(sorted(wanted))}, each as text): "
            "delete it and fetch again."
        )
    record = Provenance(**content)
    if verify and sha256_of(require_file(path)) != record.sha256:
        raise InputError(f"{path} has changed since it was recorded: fetch it again with --refresh.")
    return record
