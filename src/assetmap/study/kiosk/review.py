"""The review of a study's marks: the page for reviewers written, and their files taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import pandas as pd
import rasterio
import shapely

from assetmap.errors import InputError
from assetmap.files import write_text
from assetmap.folders import hold_lock
from assetmap.kiosk.review import (
    Comparison,
    MarkPictures,
    compare_reviews,
    join_reviews,
    read_review,
    review_html,
    set_decisions,
    settle_reviews,
)
from assetmap.kiosk.review.pictures import picture_of_place
from assetmap.plurals import counted
from assetmap.study.kiosk.marks import MARK_LAYERS, MARKS_FILE, read_layers
from assetmap.study.settings import read_settings
from assetmap.table_files import write_geopackage
from assetmap.tally import Tally

__all__ = ["REVIEW_FILE", "TookIn", "apply_reviews", "write_review"]

REVIEW_FILE = "kiosk/review.html"

Say = Callable[[str], None]


@dataclass(frozen=True)
class TookIn:
    """What a call of `apply_reviews` has taken in.

    Parameters
    ----------
    tally
        Decisions read, and those on marks that aren't there.
    counts
        Marks accepted, merged and rejected by these files.
    differ
        Marks on which reviewers differ, and which stay as they were.
    comparisons
        Of each two reviewers.
    open
        Marks of the study that nobody has decided.
    changed
        Whether the marks' file was written.
    """

    tally: Tally
    counts: Mapping[str, int]
    differ: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    open: int
    changed: bool


def write_review(folder: Path, *, today: str, say: Say = lambda _: None) -> tuple[Path, int]:
    """Write the page on which people review a study's marks.

    Returns
    -------
    tuple
        The page, and how many marks are on it.

    Raises
    ------
    SettingsError, InputError
        If the folder is no study, or no mark has been read yet.
    """
    settings = read_settings(folder)
    with hold_lock(folder):
        marks = _all_marks(folder, read_layers(folder))
        page = review_html(
            marks,
            pictures=_pictures(folder, marks, say),
            study=settings.study.name,
            themes=[pen.theme for pen in settings.kiosk.pens],
            made_on=today,
        )
        write_text(folder / REVIEW_FILE, page)
    return folder / REVIEW_FILE, len(marks)


def apply_reviews(folder: Path, files: Sequence[Path], *, today: str, say: Say = lambda _: None) -> TookIn:
    """Take reviewers' files in: what each mark says, what it is about, its consent, and by whom it was reviewed.

    Marks on which two reviewers differ stay as they were. Taken in twice, a file changes nothing; a later file holds
    over an earlier one.

    Parameters
    ----------
    folder
        The study folder.
    files
        ``reviews.json`` or ``.csv``, of one reviewer or several.
    today
        ISO date, written into the GeoPackage.
    say
        Called with a line for a person before each step.

    Raises
    ------
    SettingsError, InputError
        If the folder is no study, no mark has been read yet, or a file isn't a review of it. Nothing is changed then.
    """
    read_settings(folder)
    read = [read_review(path) for path in files]
    reviews = join_reviews(read)
    settled = settle_reviews(reviews)
    tally = Tally(", ".join(path.name for path in files))
    with hold_lock(folder):
        layers = read_layers(folder)
        marks = _all_marks(folder, layers)
        known = set(marks["annotation_id"])
        for path, review in zip(files, read, strict=True):
            if review.decisions and not known & review.decisions.keys():
                raise InputError(f"{path} decides no mark of this study: was it saved from another study's page?")
        decided = set_decisions(marks, settled, tally)
        changed = (
            not decided.drop(columns="geometry")
            .astype(object)
            .fillna("")
            .equals(marks.reindex(columns=decided.columns).drop(columns="geometry").astype(object).fillna(""))
        )
        if changed:
            say(f"writing {MARKS_FILE}")
            write_geopackage(folder / MARKS_FILE, _with(layers, decided), made_on=today)
    made = pd.Series([said.decision for mark, (said, _) in settled.decisions.items() if mark in known], dtype="str")
    comparisons = tuple(compare_reviews(first, second) for first, second in combinations(reviews, 2))
    counts = {str(name): int(count) for name, count in made.value_counts().items()}
    return TookIn(tally, counts, settled.differ, comparisons, int(decided["decision"].isna().sum()), changed)


def _all_marks(folder: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return the marks of all layers, in the order of the sheets and their numbers, with the layer of each."""
    frames = [layers[name].assign(layer=name) for name in MARK_LAYERS if name in layers and not layers[name].empty]
    if not frames:
        raise InputError(f"{folder} has no marks to review: read photographs with `assetmap kiosk read` first.")
    joined = pd.concat([frame.astype(object) for frame in frames], ignore_index=True)
    sheet = joined["annotation_id"].str.rpartition(":")
    order = pd.DataFrame({"sheet": sheet[0], "number": pd.to_numeric(sheet[2], errors="coerce")})
    marks = joined.loc[order.sort_values(["sheet", "number"], kind="stable").index].reset_index(drop=True)
    return gpd.GeoDataFrame(marks, geometry="geometry", crs=frames[0].crs)


def _with(layers: Mapping[str, gpd.GeoDataFrame], marks: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers with the marks as they are decided."""
    written = dict(layers)
    for name, rows in marks.groupby("layer", sort=False):
        written[str(name)] = rows.drop(columns="layer").infer_objects().reset_index(drop=True)
    return written


def _pictures(folder: Path, marks: gpd.GeoDataFrame, say: Say) -> dict[str, MarkPictures]:
    """Return each mark's pictures; a mark with writing has both in view."""
    words = marks[marks["belongs_to"].notna()].groupby("belongs_to").geometry.agg(shapely.union_all)
    shown: dict[str, MarkPictures] = {}
    for reading, rows in marks.groupby("reading"):
        path = folder / "kiosk/straightened" / f"{reading}.tif"
        say(f"cutting out the {counted(len(rows), 'mark')} of {reading}")
        if not path.is_file():
            shown |= {str(row.annotation_id): MarkPictures(crop=_crop(folder, row.crop)) for row in rows.itertuples()}
            continue
        with rasterio.open(path) as straightened:
            for row in rows.to_crs(straightened.crs).itertuples():
                also = words.get(row.annotation_id)
                if also is not None:
                    also = gpd.GeoSeries([also], crs=marks.crs).to_crs(straightened.crs).iloc[0]
                place = picture_of_place(straightened, row.geometry, also)
                shown[str(row.annotation_id)] = MarkPictures(place, _crop(folder, row.crop))
    return shown


def _crop(folder: Path, name: object) -> bytes | None:
    """Return a mark's own picture; a name that leads out of the kiosk's folder is none."""
    if not isinstance(name, str):
        return None
    path = (folder / name).resolve()
    inside = path.is_relative_to((folder / "kiosk").resolve()) and path.suffix == ".png"
    return path.read_bytes() if inside and path.is_file() else None
