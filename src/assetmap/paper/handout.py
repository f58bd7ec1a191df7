"""The map as a handout: a page with the map and its legend, pages with the numbered places, sources, whom to tell."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import shapely

from assetmap.cartography.basemap import base_classes
from assetmap.cartography.frame import Frame
from assetmap.cartography.ground import pieces_of
from assetmap.cartography.labels import label_candidates
from assetmap.cartography.lettering import NumberedPlace, place_names, place_numbers
from assetmap.cartography.palettes import palettes
from assetmap.cartography.room import Room
from assetmap.cartography.symbols import symbol_of
from assetmap.paper.column import LEADING, Column, draw_items
from assetmap.paper.furniture import draw_north_arrow, draw_qr, draw_scale_bar
from assetmap.paper.ground import draw_boundary, draw_ground, frame_on_paper, on_paper, write_names
from assetmap.paper.handout_list import columns_at, list_heading_mm, list_pages
from assetmap.paper.handout_plan import GAP_MM, MARGIN_MM, PLANS, Handout, HandoutZones, Plan
from assetmap.paper.numbers import draw_numbers
from assetmap.paper.page import LANDSCAPE_MM, MM_PER_PT, Ink, Paper, open_paper

__all__ = ["Handout", "HandoutZones", "write_handout"]

_MOST_NAMES = 150
_SPARE = 0.04
"""How much more than the neighbourhood the map shows, as a share."""


def write_handout(path: Path, handout: Handout, *, size: Literal["A3", "A4"] = "A4") -> None:
    """Write a handout as a vector PDF. The paper is turned so that the map is as large as it can be.

    Parameters
    ----------
    path
        Where it goes.
    handout
        What it shows.
    size
        ``A4`` or ``A3``.

    Raises
    ------
    UsageError
        If the file can't be written.
    InputError
        If no font has a character of the handout's own words. Of names of places such characters are left out.
    """
    words, plan = handout.words, PLANS[size]
    wide, tall = _turned(handout, size)
    heading = ", ".join(filter(None, [handout.title, handout.subtitle]))
    with open_paper(
        path, width_mm=wide, height_mm=tall, title=heading, language=words.language, rtl=words.direction == "rtl"
    ) as paper:
        ink = palettes().ground
        lists = list_pages(paper, handout, plan)
        _draw_map_page(paper, handout, plan)
        total = 1 + len(lists)
        _draw_footer(paper, handout, plan, 1, total)
        for number, columns in enumerate(lists, start=2):
            paper.next_page()
            top = MARGIN_MM
            if number == 2:
                title = Column(paper, wide - 2 * MARGIN_MM, plan.letters_pt)
                title.words(words.phrase("paper_list"), larger=1.7, bold=True, colour=ink["ink"])
                title.draw(MARGIN_MM, top)
                top += list_heading_mm(plan)
            for x, items in zip(columns_at(paper, plan), columns, strict=False):
                draw_items(items, x, top)
            _draw_footer(paper, handout, plan, number, total)


def _map_frame(wide: float, tall: float, plan: Plan) -> tuple[float, float, float, float]:
    """Return where the map stands on its page."""
    heading = 3.6 * plan.letters_pt * MM_PER_PT * LEADING
    return MARGIN_MM, MARGIN_MM + heading, wide - MARGIN_MM, tall - MARGIN_MM - plan.legend_mm


def _scale(handout: Handout, wide: float, tall: float, plan: Plan) -> float:
    """Return the largest scale, to a hundred, at which the map holds its bounds."""
    left, top, right, bottom = _map_frame(wide, tall, plan)
    west, south, east, north = handout.bounds
    exact = max((east - west) / (right - left), (north - south) / (bottom - top), 0.1) * 1000 * (1 + _SPARE)
    return math.ceil(exact / 100) * 100.0


def _turned(handout: Handout, size: str) -> tuple[float, float]:
    long, short = LANDSCAPE_MM[size]
    ways = [(float(short), float(long)), (float(long), float(short))]
    return min(ways, key=lambda way: _scale(handout, way[0], way[1], PLANS[size]))


def _draw_map_page(paper: Paper, handout: Handout, plan: Plan) -> None:
    ground = palettes().ground
    heading = Column(paper, paper.width_mm - 2 * MARGIN_MM, plan.letters_pt)
    heading.words(handout.title, larger=1.9, bold=True, colour=ground["ink"])
    if handout.subtitle:
        heading.words(handout.subtitle, larger=1.1, colour=ground["quiet"])
    heading.draw(MARGIN_MM, MARGIN_MM)
    box = _map_frame(paper.width_mm, paper.height_mm, plan)
    box = (box[0], max(box[1], MARGIN_MM + heading.height + 1), box[2], box[3])
    scale = _scale(handout, paper.width_mm, paper.height_mm, plan)
    _draw_map(paper, handout, box, scale)
    _draw_legend(paper, handout, plan, box[3] + 4, scale)


def _centred(handout: Handout, box: tuple[float, float, float, float], scale: float) -> Frame:
    west, south, east, north = handout.bounds
    wide, tall = (box[2] - box[0]) * scale / 1000, (box[3] - box[1]) * scale / 1000
    x, y = (west + east) / 2, (south + north) / 2
    return frame_on_paper((x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2), scale)


def _draw_map(paper: Paper, handout: Handout, box: tuple[float, float, float, float], scale: float) -> None:
    left, top, right, bottom = box
    frame, ground = _centred(handout, box, scale), palettes().ground
    room = Room(frame.width, frame.height)
    with paper.clipped(*box):
        paper.rectangle(*box, Ink(ground["paper"]))
        looks = base_classes()
        below = [look for look in looks if not look.above_zones]
        draw_ground(paper, handout.base, frame, left=left, top=top, looks=below)
        if handout.zones is not None:
            _draw_zones(paper, handout.zones, frame, left=left, top=top)
        above = [look for look in looks if look.above_zones]
        draw_ground(paper, handout.base, frame, left=left, top=top, looks=above)
        if handout.boundary is not None and not handout.boundary.empty:
            draw_boundary(paper, handout.boundary, frame, left=left, top=top, colour=ground["boundary"])
        places = [
            NumberedPlace(place.number, place.x, place.y, group.code, "")
            for group in handout.groups
            for place in group.places
        ]
        numbers = place_numbers(places, frame, room)
        names = place_names(label_candidates(handout.base), frame, room, enlarged=0.72, most=_MOST_NAMES)
        write_names(paper, names, left=left, top=top, halo=ground["paper"])
        draw_numbers(paper, numbers, left=left, top=top, digits=handout.words.digits)
    paper.rectangle(left, top, right, bottom, Ink(None, ground["quiet"], 0.2))


def _draw_zones(paper: Paper, zones: HandoutZones, frame: Frame, *, left: float, top: float) -> None:
    for shape, colour in zip(zones.shapes.geometry, zones.colours, strict=True):
        rings = shapely.get_rings(shapely.get_parts(shapely.simplify(shape, 0.5 / frame.scale)))
        pieces = [on_paper(ring, left, top) for ring in pieces_of(rings, frame)]
        if not pieces:
            continue
        if colour is not None:
            paper.draw(pieces, Ink(colour, opacity=palettes().zone_opacity))
        paper.draw(pieces, Ink(None, "#ffffff", 0.25))


def _draw_legend(paper: Paper, handout: Handout, plan: Plan, top: float, scale: float) -> None:
    """Draw the legend in three columns below the map, in letters as large as there is room for."""
    width = (paper.width_mm - 2 * MARGIN_MM - 2 * GAP_MM) / 3
    room = paper.height_mm - MARGIN_MM - 5 - top
    for times in (1.0, 0.92, 0.85, 0.78, 0.7, 0.62):
        columns = [Column(paper, width, plan.letters_pt * times) for _ in range(3)]
        _add_zones(columns[0], handout)
        _add_groups(columns[1], handout)
        _add_furniture(columns[2], handout, plan, scale)
        if all(column.height <= room for column in columns):
            break
    for place, column in enumerate(columns[::-1] if paper.rtl else columns):
        column.draw(MARGIN_MM + place * (width + GAP_MM), top)


def _add_zones(column: Column, handout: Handout) -> None:
    ground = palettes().ground
    if handout.notice:
        column.words(handout.notice, colour=ground["quiet"])
        column.space(0.4)
    for sentence in handout.told:
        column.words(sentence, colour=ground["ink"])
        column.space(0.3)
    if handout.zones is None:
        return
    column.words(handout.zones.title, larger=1.1, bold=True, colour=ground["ink"])
    column.words(handout.zones.sentence, colour=ground["ink"])
    column.space(0.2)
    for colour, label in handout.zones.legend:
        _add_swatch(column, colour, label)


def _add_swatch(column: Column, colour: str, label: str) -> None:
    wide, tall = 2.4 * column.letters_mm, 0.95 * column.letters_mm

    def draw(x: float, y: float) -> None:
        left = x + column.width - wide if column.paper.rtl else x
        box = left, y + 0.2 * column.letters_mm, left + wide, y + 0.2 * column.letters_mm + tall
        column.paper.rectangle(*box, Ink(colour, palettes().ground["quiet"], 0.1))

    column.add(0.0, draw, keeps=True)
    column.words(label, colour=palettes().ground["ink"], indent=wide + 0.8 * column.letters_mm)


def _add_groups(column: Column, handout: Handout) -> None:
    ground = palettes().ground
    column.words(handout.words.phrase("paper_legend"), larger=1.1, bold=True, colour=ground["ink"])
    for group in handout.groups:
        if group.places:
            numbers = [place.number for place in group.places]
            first, last = (handout.words.number(number) for number in (min(numbers), max(numbers)))
            told = first if first == last else f"{first}–{last}"
            _add_swatch(column, symbol_of(group.code).colour, f"{group.label} ({told})")


def _add_furniture(column: Column, handout: Handout, plan: Plan, scale: float) -> None:
    ground, words = palettes().ground, handout.words
    paper, letters = column.paper, column.letters_mm

    def draw_scale(x: float, y: float) -> None:
        at = x + column.width - letters, x + letters
        arrow, bar = (at[1], x + 3 * letters) if paper.rtl else (at[0], x + 0.5 * letters)
        draw_north_arrow(paper, arrow, y, height_mm=4.2 * letters, ink=ground["ink"], words=words)
        size_pt = round(0.8 * column.letters_pt, 2)
        longest = column.width - 6 * letters
        draw_scale_bar(
            paper,
            bar,
            y + 1.6 * letters,
            scale=scale,
            longest_mm=longest,
            ink=ground["ink"],
            size_pt=size_pt,
            words=words,
        )

    column.add(4.2 * letters, draw_scale)
    column.words(words.phrase("paper_scale", n=scale), larger=0.85, colour=ground["quiet"])
    column.space(0.6)
    if handout.share_url:

        def draw_code(x: float, y: float) -> None:
            left = x + column.width - plan.qr_mm if paper.rtl else x
            draw_qr(paper, handout.share_url, left, y + 2, side_mm=plan.qr_mm)

        column.add(plan.qr_mm + 4, draw_code)
        column.words(words.phrase("paper_scan"), larger=0.85, colour=ground["ink"])
        column.space(0.4)
    if handout.contact:
        column.words(handout.contact, colour=ground["ink"])


def _draw_footer(paper: Paper, handout: Handout, plan: Plan, number: int, total: int) -> None:
    quiet, size_pt = palettes().ground["quiet"], round(0.85 * plan.letters_pt, 2)
    y = paper.height_mm - MARGIN_MM + 2
    start, end = MARGIN_MM, paper.width_mm - MARGIN_MM
    if paper.rtl:
        start, end = end, start
    line = _shortened(paper, handout.credit, size_pt, 0.7 * (paper.width_mm - 2 * MARGIN_MM))
    paper.text(start, y, line, size_pt=size_pt, colour=quiet, align="start")
    page = handout.words.phrase("paper_page", n=number, total=total)
    paper.text(end, y, page, size_pt=size_pt, colour=quiet, align="end")


def _shortened(paper: Paper, text: str, size_pt: float, width_mm: float) -> str:
    """Return as much of a text as one line holds."""
    lines = paper.wrap(text, width_mm=width_mm, size_pt=size_pt)
    return f"{lines[0].text} …" if len(lines) > 1 else text
