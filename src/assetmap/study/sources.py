"""Which data a study has, with where each came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assetmap.sources.remote.kept import list_sources

__all__ = ["study_sources"]


def study_sources(folder: Path) -> list[dict[str, Any]]:
    """Return what is in a study's ``inputs/`` and ``data/``: one dict a file, in order of path.

    Keys: ``file``, ``title``, ``publisher``, ``licence``, ``date``, ``age_days`` (None where nobody has recorded
    them), ``state`` (whole, changed, missing, unrecorded, unreadable record).
    """
    rows = []
    for part in ("data", "inputs"):
        for source in list_sources(folder / part) if (folder / part).is_dir() else []:
            record = source.record
            rows.append(
                {
                    "file": source.path.relative_to(folder).as_posix(),
                    "title": record.title if record else None,
                    "publisher": record.publisher if record else None,
                    "licence": record.licence if record else None,
                    "date": record.date if record else None,
                    "age_days": source.age_days,
                    "state": source.state,
                }
            )
    return rows
