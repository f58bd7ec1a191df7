"""What an interrupted build had already measured, so that the next one goes on from there."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from assetmap.files import sha256_of, write_bytes, write_json
from assetmap.table_files import write_parquet

__all__ = ["Unfinished"]

_FOLDER = ".unfinished"


@dataclass(frozen=True)
class Unfinished:
    """The tables of a build that hasn't ended, good only for the same inputs, settings and program.

    Parameters
    ----------
    out
        The study's ``out/``.
    fingerprint
        What the tables are made from.
    """

    out: Path
    fingerprint: dict[str, str]

    @property
    def _record(self) -> Path:
        return self.out / _FOLDER / "record.json"

    def load(self, name: str) -> pd.DataFrame | None:
        """Return a table that an interrupted build has left whole, or None."""
        path = self.out / _FOLDER / f"{name}.parquet"
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            if record["fingerprint"] == self.fingerprint and record["sha256"][name] == sha256_of(path):
                return pd.read_parquet(path)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None  # nothing there, or not to be trusted: measure again
        return None

    def save(self, name: str, table: pd.DataFrame) -> None:
        """Keep a table until the build has ended."""
        path = self.out / _FOLDER / f"{name}.parquet"
        write_parquet(path, table)
        write_json(self._record, {"fingerprint": self.fingerprint, "sha256": {name: sha256_of(path)}})

    def hand_over(self, name: str, path: Path) -> None:
        """Put a kept table in its place as it is: to write it anew takes many times as long."""
        write_bytes(path, (self.out / _FOLDER / f"{name}.parquet").read_bytes())

    def take_back(self, name: str, path: Path) -> None:
        """Keep a table of the last build, which this one would measure the same."""
        write_bytes(self.out / _FOLDER / f"{name}.parquet", path.read_bytes())
        write_json(self._record, {"fingerprint": self.fingerprint, "sha256": {name: sha256_of(path)}})

    def clear(self) -> None:
        """Forget the build, for it has ended."""
        shutil.rmtree(self.out / _FOLDER, ignore_errors=True)
