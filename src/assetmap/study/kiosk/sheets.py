"""A study's printed sheets: drawn from its own ground, kept in its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import shapely

from assetmap.errors import UsageError
from assetmap.files import sweep_aside
from assetmap.folders import hold_lock
from assetmap.kiosk.extra import require_extra
from assetmap.kiosk.pens import PEN_COLOURS, USUAL_PENS
from assetmap.kiosk.sheet import SheetSet, describe_sheets, write_sheet
from assetmap.kiosk.sheet_map import Landmark, SheetGround
from assetmap.kiosk.sheet_places import write_places
from assetmap.kiosk.spec import SHEETS_FOLDER, PaperSize, Pen, SheetSpec
from assetmap.kiosk.tiling import Tiling, tile
from assetmap.study.figures.measuring import combine_inputs
from assetmap.study.inputs import Inputs, read_inputs
from assetmap.study.settings import Settings, read_settings
from assetmap.study.showing import OSM_NOTE
from assetmap.taxonomy import taxonomy
from assetmap.words import Words, words_for

__all__ = ["PrintedSheets", "print_sheets"]

_HELPFUL = ("community_space", "learning", "faith", "health", "arts_and_culture", "play_and_sport", "food_and_drink")
"""Groups whose places people find their way by, the most helpful first. Green space is named by the ground itself."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class PrintedSheets:
    """What was written."""

    folder: Path
    sheets: tuple[SheetSpec, ...]
    tiling: Tiling
    unwritten: int
    """Names on the maps that no font of ours can write."""


def print_sheets(
    folder: Path,
    *,
    size: PaperSize,
    scale: float = 2500,
    sheets: int = 1,
    language: str | None = None,
    numbered: bool = False,
    osm: Path | None = None,
    say: Say = lambda _: None,
) -> PrintedSheets:
    """Write a study's sheets into ``kiosk/sheets``: PDF, description, clean raster and a pack of A4 pages of each.

    Parameters
    ----------
    folder
        The study folder.
    size
        ``A0`` to ``A4``.
    scale
        2500 for 1:2,500.
    sheets
        How many sheets to spread the neighbourhood over.
    language
        Of the words; by default the study's first.
    numbered
        Show the study's places by number, with a list of them in a file of its own, in place of landmarks by name.
    osm
        An OSM file to use in place of the study's.
    say
        Called with a line for a person at each step.

    Raises
    ------
    UsageError
        If the neighbourhood doesn't fit at this scale, the words don't fit, or the extra ``[kiosk]`` isn't installed.
    InputError
        If an input can't be read, or no font has a character of the sheet's words.
    """
    require_extra()
    settings = read_settings(folder)
    words = words_for(language or settings.study.languages[0])
    with hold_lock(folder):
        sweep_aside(folder / SHEETS_FOLDER)
        inputs = read_inputs(folder, settings, osm=osm, say=say)
        west, south, east, north = inputs.area.outline.bounds
        tiling = tile((west, south, east, north), size=size, scale=scale, sheets=sheets)
        drawn = SheetSet(
            study=settings.study.name,
            contact=settings.study.contact,
            credits=words.say(OSM_NOTE.attribution),
            crs=inputs.crs.to_string(),
            ground=_ground(inputs, tiling, words, numbered=numbered),
            tiling=tiling,
            pens=_pens(settings),
            words=words,
        )
        specs = describe_sheets(drawn)
        unwritten = 0
        for spec in specs:
            say(f"drawing sheet {spec.sheet_id}")
            unwritten += write_sheet(folder / SHEETS_FOLDER, drawn, spec)
        if numbered:
            key = specs[0].sheet_id.rpartition("-")[0]
            path = folder / SHEETS_FOLDER / f"{key}-places.pdf"
            write_places(path, drawn.ground.landmarks, study=settings.study.name, sheets=key, words=words)
    return PrintedSheets(folder / SHEETS_FOLDER, specs, tiling, unwritten)


def _ground(inputs: Inputs, tiling: Tiling, words: Words, *, numbered: bool) -> SheetGround:
    if inputs.osm is None:
        raise UsageError(
            "the study has no OpenStreetMap data to draw sheets from: add a file, or run `assetmap fetch`."
        )
    shown = shapely.union_all(shapely.box(*zip(*tiling.bounds, strict=True)))
    base = inputs.osm.base[inputs.osm.base.intersects(shown)].reset_index(drop=True)
    boundary = gpd.GeoDataFrame(geometry=[inputs.area.outline], crs=inputs.crs)
    return SheetGround(base, boundary, _landmarks(inputs, shown, words, numbered=numbered), numbered)


def _landmarks(inputs: Inputs, shown: shapely.Geometry, words: Words, *, numbered: bool) -> tuple[Landmark, ...]:
    """Return the named places of the study that a sheet shows, or all of them where they go by number."""
    assets = combine_inputs(inputs).assets
    assets = assets[(assets["duplicate_of"].isna() | (assets["duplicate_of"] == "")) & assets.intersects(shown)]
    known = taxonomy()
    order = [group for group in known.groups if numbered or group in _HELPFUL]
    if not numbered:
        order = list(_HELPFUL)
    rows = []
    for asset_id, name, category, point in zip(
        assets["asset_id"], assets["name"].fillna(""), assets["category"], assets.representative_point(), strict=True
    ):
        entry = known.categories.get(category)
        group = entry.group if entry else "other"
        if (numbered or str(name).strip()) and (numbered or group in order):
            label = words.phrase(f"category_{category}") if entry else str(category).replace("_", " ").capitalize()
            place = order.index(group) if group in order else len(order)
            rows.append((place, str(name).strip().casefold(), str(asset_id), str(name).strip(), label, group, point))
    return tuple(
        Landmark(number, name, label, group, point.x, point.y)
        for number, (_, _, _, name, label, group, point) in enumerate(sorted(rows, key=lambda row: row[:3]), start=1)
    )


def _pens(settings: Settings) -> tuple[Pen, ...]:
    """Return the study's own pens, or the usual ones."""
    own = settings.kiosk.pens
    return (
        tuple(Pen(each.pen, PEN_COLOURS[each.pen], each.theme, each.sentiment, each.kind) for each in own) or USUAL_PENS
    )
