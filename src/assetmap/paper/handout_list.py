"""The pages of a handout after its map: the numbered places, what people said, where the data come from."""

from __future__ import annotations

from assetmap.cartography.palettes import palettes
from assetmap.paper.column import Column, Item, break_column
from assetmap.paper.fonts import writable
from assetmap.paper.handout_plan import GAP_MM, MARGIN_MM, Handout, Plan
from assetmap.paper.numbers import list_groups
from assetmap.paper.page import MM_PER_PT, Paper
from assetmap.words.catalogue import DRAFT

__all__ = ["columns_at", "list_heading_mm", "list_pages"]


def list_heading_mm(plan: Plan) -> float:
    """Return how much room the list's title takes."""
    return 2.6 * plan.letters_pt * MM_PER_PT


def columns_at(paper: Paper, plan: Plan) -> list[float]:
    """Return the left of each column of the list, in the order in which one reads them."""
    width = _list_width(paper, plan)
    at = [MARGIN_MM + place * (width + GAP_MM) for place in range(plan.columns)]
    return at[::-1] if paper.rtl else at


def _list_width(paper: Paper, plan: Plan) -> float:
    return (paper.width_mm - 2 * MARGIN_MM - (plan.columns - 1) * GAP_MM) / plan.columns


def list_pages(paper: Paper, handout: Handout, plan: Plan) -> list[list[list[Item]]]:
    """Return the columns of each page after the map's."""
    column = Column(paper, _list_width(paper, plan), plan.letters_pt)
    if handout.capped:
        column.words(handout.capped, colour=palettes().ground["quiet"])
        column.space(0.5)
    list_groups(column, handout.groups, digits=handout.words.digits)
    _add_marks(column, handout)
    _add_remarks(column, handout)
    _add_sources(column, handout)
    room = paper.height_mm - 2 * MARGIN_MM - 6 - list_heading_mm(plan)
    pieces = break_column(column.items, room)
    return [pieces[start : start + plan.columns] for start in range(0, len(pieces), plan.columns)]


def _add_marks(column: Column, handout: Handout) -> None:
    if not handout.marks:
        return
    ground = palettes().ground
    column.words(handout.words.phrase("marks_table"), larger=1.25, bold=True, colour=ground["ink"], keeps=True)
    for theme, count in handout.marks:
        column.words(f"{theme}: {count}", colour=ground["ink"])
    column.space(0.5)


def _add_remarks(column: Column, handout: Handout) -> None:
    ground, words = palettes().ground, handout.words
    if handout.remarks:
        column.words(words.phrase("comments"), larger=1.25, bold=True, colour=ground["ink"], keeps=True)
    for theme, remarks in handout.remarks:
        column.words(writable(theme), bold=True, colour=ground["ink"], keeps=True)
        for remark in filter(None, map(writable, remarks)):
            column.words(words.phrase("paper_said", words=remark), colour=ground["ink"], indent=column.letters_mm)
        column.space(0.35)


def _add_sources(column: Column, handout: Handout) -> None:
    ground, words = palettes().ground, handout.words
    column.words(words.phrase("sources"), larger=1.25, bold=True, colour=ground["ink"], keeps=True)
    draft = words.phrase("draft") if words.status == DRAFT else ""
    for line in filter(None, [*handout.sources, handout.made, draft]):
        column.words(line, larger=0.9, colour=ground["quiet"])
