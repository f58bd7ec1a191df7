"""What was forgotten, kept so that reading a file again doesn't bring it back, and so that nobody can read it there."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from assetmap.errors import AssetMapError, InputError
from assetmap.files import read_text, write_json
from assetmap.study.secret import SECRET_NAME, study_secret
from assetmap.tally import Tally

__all__ = [
    "COLUMN_OF",
    "TOMBSTONES_NAME",
    "Subject",
    "Tombstones",
    "add_tombstones",
    "bury_photograph",
    "leave_out",
    "read_tombstones",
]

TOMBSTONES_NAME = "forgotten.json"
Kind = Literal["contributor", "mark", "sheet"]
COLUMN_OF: dict[Kind, str] = {"contributor": "contributor_id", "mark": "annotation_id", "sheet": "sheet_id"}
"""Kind of what is forgotten -> the column of the annotation table that it is known by."""
_CONTENT, _CHECK, _PHOTOGRAPH = "content", "check", "photograph"


class Subject(NamedTuple):
    """What is to be forgotten: everything of a contributor or of a sheet, or one mark."""

    kind: Kind
    identifier: str


@dataclass(frozen=True)
class Tombstones:
    """Keyed hashes (HMAC-SHA256 with the study's secret) of what was forgotten."""

    secret: bytes
    hashes: frozenset[str]

    def holds(self, kind: str, value: str) -> bool:
        """Whether a value of that kind was forgotten."""
        return _hash(self.secret, kind, value) in self.hashes

    def holds_photograph(self, sha256: str) -> bool:
        """Whether a photograph with that checksum was forgotten."""
        return self.holds(_PHOTOGRAPH, sha256)

    def forgotten(self, marks: gpd.GeoDataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which rows of an annotation table were forgotten: by an identifier, or by what they hold."""
        gone = np.array([self.holds(_CONTENT, content) for content in _contents(marks)], dtype=bool)
        for kind, column in COLUMN_OF.items():
            known = {value: self.holds(kind, str(value)) for value in marks[column].dropna().unique()}
            gone |= marks[column].map(known).eq(True).to_numpy()
        return gone


def read_tombstones(folder: Path) -> Tombstones | None:
    """Return what a study has forgotten; None if nothing.

    Raises
    ------
    InputError
        If the list can't be read, or the secret that it was written with isn't there: to go on would bring
        back what was forgotten.
    """
    path = folder / TOMBSTONES_NAME
    if not path.exists():
        return None
    if not (folder / SECRET_NAME).exists():
        raise InputError(
            f"{folder / SECRET_NAME} is missing, so {path.name} can't be obeyed: put the file back from a copy of "
            "the study."
        )
    secret = study_secret(folder)
    try:
        content = json.loads(read_text(path))
        check, hashes = str(content[_CHECK]), frozenset(map(str, content["forgotten"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, AssetMapError):
            raise
        raise InputError(f"{path} isn't as it was written ({error}): put it back from a copy of the study.") from error
    if check != _hash(secret, _CHECK, ""):
        raise InputError(
            f"{path} was written with another secret than {folder / SECRET_NAME}: put back the two that go together."
        )
    return Tombstones(secret, hashes)


def add_tombstones(folder: Path, subject: Subject | None, marks: Iterable[gpd.GeoDataFrame]) -> None:
    """Write down that a subject and the given marks are forgotten, beside what was forgotten before.

    Parameters
    ----------
    folder
        The study folder.
    subject
        What is known by its identifier from now on; None where the identifier may be given to another mark.
    marks
        Rows that are forgotten whatever they are called: a file that is changed gives its rows new names.
    """
    buried = [(_CONTENT, content) for frame in marks for content in _contents(frame)]
    _bury(folder, [*buried, *([] if subject is None else [(subject.kind, subject.identifier)])])


def bury_photograph(folder: Path, sha256: str) -> None:
    """Write down that the photograph with that checksum is forgotten: it isn't read any more, whatever its name."""
    _bury(folder, [(_PHOTOGRAPH, sha256)])


def _bury(folder: Path, what: Iterable[tuple[str, str]]) -> None:
    known = read_tombstones(folder)
    secret = known.secret if known else study_secret(folder)
    hashes = set(known.hashes if known else ()) | {_hash(secret, kind, value) for kind, value in what}
    write_json(folder / TOMBSTONES_NAME, {"version": 1, _CHECK: _hash(secret, _CHECK, ""), "forgotten": sorted(hashes)})


def leave_out(marks: gpd.GeoDataFrame, tally: Tally, tombstones: Tombstones | None) -> tuple[gpd.GeoDataFrame, Tally]:
    """Leave forgotten rows out of a table that was read, and count them without naming them."""
    if tombstones is None or marks.empty:
        return marks, tally
    gone = tombstones.forgotten(marks)
    tally.drop("forgotten", ["a forgotten mark"] * int(gone.sum()))
    return marks[~gone].reset_index(drop=True), tally


def _contents(marks: gpd.GeoDataFrame) -> list[str]:
    """Return what each mark says and where, to the metre, as one text."""
    shapes = shapely.to_wkt(shapely.normalize(marks.geometry.to_numpy()), rounding_precision=0)
    said = marks[["contributor_id", "text", "kind"]].astype(object)
    rows = said.where(said.notna(), None).itertuples(index=False)
    return [json.dumps([*row, shape]) for row, shape in zip(rows, shapes, strict=True)]


def _hash(secret: bytes, kind: str, value: str) -> str:
    return hmac.new(secret, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
