"""A study's system map, written for other programs."""

from __future__ import annotations

from pathlib import Path

from assetmap.diagrams.drawing import diagram_svg
from assetmap.diagrams.system_drawing import has_order, system_diagram
from assetmap.errors import UsageError
from assetmap.files import write_text
from assetmap.sources.system_maps.contents import SystemMap
from assetmap.sources.system_maps.graphml import graphml_text
from assetmap.sources.system_maps.kumu import kumu_text
from assetmap.sources.system_maps.prsm import prsm_text
from assetmap.study.engagement.system_maps import read_map

__all__ = ["FORMATS", "export_system_map"]

FORMATS = ("prsm", "kumu", "graphml", "svg")


def export_system_map(
    folder: Path, target: Path, *, to: str, name: str | None = None, overwrite: bool = False
) -> list[str]:
    """Write a map in one of `FORMATS`, and return what the format can't hold.

    Colours of boxes travel; other looks (fonts, shapes, drawings behind the map) and the map's history don't, as they
    aren't read.

    Raises
    ------
    UsageError
        If there is no such map, the file is there already, or it can't be written.
    """
    _, drawing = read_map(folder, name)
    if target.exists() and not overwrite:
        raise UsageError(f"{target} is there already: say --overwrite to replace it.")
    text, losses = _text(drawing, to)
    write_text(target, text)
    return losses


def _text(drawing: SystemMap, to: str) -> tuple[str, list[str]]:
    if to == "svg":
        notes = int(drawing.factors["note"].notna().sum() + drawing.links["note"].notna().sum())
        losses = [f"{notes} note(s)"] if notes else []
        if not has_order(drawing.factors):
            losses.append(f"an order of {len(drawing.factors):,} factors, which are too many: they stand in rows")
        return diagram_svg(system_diagram(drawing.title, drawing.factors, drawing.links)) + "\n", losses
    return {"prsm": prsm_text, "kumu": kumu_text, "graphml": graphml_text}[to](drawing)
