"""Photographs of drawn-on maps to marks: recognised, registered, straightened, laid together and read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from assetmap.errors import AssetMapError, InputError
from assetmap.kiosk.marks import SheetMarks
from assetmap.kiosk.merge import merge_straightened, same_drawing
from assetmap.kiosk.photograph import Photograph, read_photograph
from assetmap.kiosk.printed import PrintedMap, printed_sheet
from assetmap.kiosk.recognising import read_ink
from assetmap.kiosk.register.control_points import ControlPoints
from assetmap.kiosk.register.identify import identify_sheet
from assetmap.kiosk.register.markers import find_markers, read_codes
from assetmap.kiosk.register.matching import match_features
from assetmap.kiosk.register.quality import Registration, most_error_m
from assetmap.kiosk.register.registering import register_by_points, register_photograph
from assetmap.kiosk.spec import SheetSpec, read_spec
from assetmap.kiosk.straighten import Straightened, straighten_photograph

__all__ = ["PhotoRead", "Reading", "Refusal", "Source", "crop_png", "jpeg", "read_photographs", "sheets_of"]

Say = Callable[[str], None]
_LEAST_COMMON = 16  # matches before a photograph without markers is taken for a sheet


@dataclass(frozen=True)
class Source:
    """What photographs may show.

    Parameters
    ----------
    sheets
        Our own sheets, and the folder they are in.
    folder
        Of the sheets' descriptions and clean rasters.
    map
        A map that isn't ours; then sheets aren't asked.
    points
        Control points by hand, for a single photograph of `map`.
    """

    sheets: tuple[SheetSpec, ...] = ()
    folder: Path = field(default_factory=Path)
    map: PrintedMap | None = None
    points: ControlPoints | None = None


@dataclass(frozen=True)
class PhotoRead:
    """A photograph that was registered."""

    name: str
    sha256: str
    size: tuple[int, int]
    registration: Registration
    outline: NDArray[np.float64]
    """The corners of the sheet (4 x 2) in the photograph, as shares of its width and height."""
    picture: bytes
    """The photograph, small, as a JPEG."""


@dataclass(frozen=True)
class Reading:
    """One sheet of paper, read from one or more photographs."""

    printed: PrintedMap
    photographs: tuple[PhotoRead, ...]
    straightened: Straightened
    marks: SheetMarks


@dataclass(frozen=True)
class Refusal:
    """A photograph that was not read, and why."""

    path: Path
    reason: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


def sheets_of(folder: Path) -> tuple[SheetSpec, ...]:
    """Return the sheets that a folder describes, by name."""
    return tuple(read_spec(path) for path in sorted(folder.glob("*.json")))


def read_photographs(
    paths: Sequence[Path],
    source: Source,
    *,
    most_m: float | None = None,
    least: float | None = None,
    say: Say = lambda _: None,
) -> Iterator[Reading | Refusal]:
    """Read photographs of drawn-on maps.

    Photographs that show one sheet are laid together, unless what is drawn differs: then they show two copies, and
    each is a reading of its own.

    Parameters
    ----------
    paths
        Photographs: JPEG, PNG, TIFF, HEIC or WebP.
    source
        What they may show.
    most_m
        The leave-one-out error allowed, metres; 2 mm of paper by default.
    least
        The least confidence of a mark, see `assetmap.kiosk.recognising.read_ink`.
    say
        Called with a line for a person before each step.

    Yields
    ------
    Reading or Refusal
        A refusal for each photograph that can't be read, a reading for each sheet of paper.

    Raises
    ------
    InputError
        If the source offers nothing to recognise.
    """
    if source.map is None and not source.sheets:
        raise InputError(
            f"{source.folder} holds no printed sheets: print some with `assetmap kiosk sheet`, or give --clean or "
            "--points for a map of another kind."
        )
    groups: dict[str, list[tuple[Path, Mapping[int, NDArray[np.float64]]]]] = {}
    for path in paths:
        say(f"looking at {path.name}")
        try:
            name, markers = _look(path, source)
        except AssetMapError as error:
            yield Refusal(path, str(error))
        else:
            groups.setdefault(name, []).append((path, markers))
    for name, members in groups.items():
        printed = source.map if source.map is not None else printed_sheet(source.folder, name)
        for paper in _papers_of(printed, members, source.points, most_m, say):
            yield paper if isinstance(paper, Refusal) else _read_paper(printed, paper, least, say)


def _look(path: Path, source: Source) -> tuple[str, Mapping[int, NDArray[np.float64]]]:
    """Return which map a photograph shows, and its markers."""
    if source.map is not None:
        return source.map.name, {}
    photo = read_photograph(path)
    grey = _grey(photo)
    shown = identify_sheet(find_markers(grey), read_codes(grey), source.sheets, photo.name)
    if shown.sheet_id is not None:
        return shown.sheet_id, shown.markers
    return _by_likeness(photo, grey, source), {}


def _by_likeness(photo: Photograph, grey: NDArray[np.uint8], source: Source) -> str:
    """Return the sheet whose print is most in a photograph without markers."""
    common = {}
    for sheet in source.sheets:
        clean = cv2.cvtColor(printed_sheet(source.folder, sheet.sheet_id).clean, cv2.COLOR_RGB2GRAY)
        found = match_features(np.asarray(clean, dtype=np.uint8), grey)
        common[sheet.sheet_id] = 0 if found is None else len(found.grid)
    best = max(common, key=lambda name: common[name])
    if common[best] < _LEAST_COMMON:
        raise InputError(
            f"{photo.name} shows none of this study's {len(common)} sheet(s): is it a photograph of something else, "
            "or too blurred or dark to see the markers?"
        )
    return best


def _grey(photo: Photograph) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _papers_of(
    printed: PrintedMap,
    members: Sequence[tuple[Path, Mapping[int, NDArray[np.float64]]]],
    points: ControlPoints | None,
    most_m: float | None,
    say: Say,
) -> Iterator[list[tuple[PhotoRead, Straightened]] | Refusal]:
    """Register the photographs of one printed map; those of each sheet of paper among them together."""
    papers: list[list[tuple[PhotoRead, Straightened]]] = []
    for path, markers in members:
        say(f"registering {path.name} to {printed.name}")
        try:
            photo = read_photograph(path)
            view = _straightened(photo, printed, markers, points, most_error_m(printed, most_m))
        except AssetMapError as error:
            yield Refusal(path, str(error))
            continue
        for paper in papers:
            if all(same_drawing(view[1], other, printed) for _, other in paper):
                paper.append(view)
                break
        else:
            papers.append([view])
    yield from papers


def _read_paper(
    printed: PrintedMap, paper: list[tuple[PhotoRead, Straightened]], least: float | None, say: Say
) -> Reading:
    """Read the photographs of one sheet of paper."""
    say(f"reading the marks on {printed.name} ({', '.join(read.name for read, _ in paper)})")
    laid = merge_straightened([view for _, view in paper], printed)
    marks = read_ink(
        laid.pixels, printed.clean, laid.valid, px_per_mm=printed.px_per_mm, legend=printed.legend, least=least
    )
    return Reading(printed, tuple(read for read, _ in paper), laid, marks)


def _straightened(
    photo: Photograph,
    printed: PrintedMap,
    markers: Mapping[int, NDArray[np.float64]],
    points: ControlPoints | None,
    most_m: float,
) -> tuple[PhotoRead, Straightened]:
    _require_colour(photo, printed)
    if points is not None:
        found = register_by_points(photo, printed, points, most_m=most_m)
    else:
        found = register_photograph(photo, _grey(photo), printed, markers=dict(markers), most_m=most_m)
    width, height = printed.size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype="float64")
    outline = found.bend.at(corners) / photo.pixels.shape[1::-1]
    read = PhotoRead(photo.name, photo.sha256, photo.full_size, found, outline, _small(photo))
    return read, straighten_photograph(photo.pixels, printed, found)


def _require_colour(photo: Photograph, printed: PrintedMap) -> None:
    coloured = [pen.pen for pen in printed.legend if max(pen.rgb) - min(pen.rgb) > _COLOURED]
    if photo.is_grey and coloured:
        raise InputError(
            f"{photo.name} has no colours, so {', '.join(coloured[:3])} pens can't be told apart: "
            "photograph it in colour."
        )


_COLOURED = 30
_SMALL_SIDE = 700


def _small(photo: Photograph) -> bytes:
    reduced = min(1.0, _SMALL_SIDE / max(photo.pixels.shape[:2]))
    small = cv2.resize(photo.pixels, None, fx=reduced, fy=reduced, interpolation=cv2.INTER_AREA)
    return jpeg(np.asarray(small, dtype=np.uint8))


def jpeg(pixels: NDArray[np.uint8], quality: int = 72) -> bytes:
    """Return a picture (H, W, 3; RGB) as a JPEG's bytes."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(data)


def crop_png(reading: Reading, box: tuple[int, int, int, int], *, margin_mm: float = 2.0) -> bytes:
    """Return what the straightened photograph shows in a box of the grid, with a margin, as a PNG's bytes."""
    margin = round(margin_mm * reading.printed.px_per_mm)
    width, height = reading.printed.size
    left, top, right, bottom = box
    window = np.s_[
        max(0, top - margin) : min(height, bottom + margin), max(0, left - margin) : min(width, right + margin)
    ]
    _, data = cv2.imencode(".png", cv2.cvtColor(reading.straightened.pixels[window], cv2.COLOR_RGB2BGR))
    return bytes(data)
