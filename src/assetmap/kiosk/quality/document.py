"""How photographs were read, as one self-contained page: figures, errors as lines, marks, rejects, the sum of ink."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
import shapely

from assetmap.kiosk.mark_tables import SheetTables
from assetmap.kiosk.reading import Reading, jpeg
from assetmap.pages.seal import content_policy, require_self_contained
from assetmap.pages.templates import page_environment

__all__ = ["describe_photographs", "describe_reading", "quality_html"]

_SIDE = 1000
_ARROW_PX = 12.0  # of the picture, for a leave-one-out error of the usual size


def describe_photographs(reading: Reading) -> list[dict[str, Any]]:
    """Return what the page and the tally say of a reading's photographs."""
    return [
        {
            "name": photo.name,
            "sha256": photo.sha256,
            "way": photo.registration.way,
            "points": len(photo.registration.grid),
            "rmse_m": round(photo.registration.rmse_m, 3),
            "error_m": round(photo.registration.error_m, 3),
            "share": round(photo.registration.share, 3),
        }
        for photo in reading.photographs
    ]


def describe_reading(reading: Reading, tables: SheetTables, *, sheet_id: str, session: str | None) -> dict[str, Any]:
    """Return what the page and the tally say of a reading, as data for JSON."""
    reduced = min(1.0, _SIDE / max(reading.printed.size))
    width, height = (round(side * reduced) for side in reading.printed.size)
    small = cv2.resize(reading.straightened.pixels, (width, height), interpolation=cv2.INTER_AREA)
    picture = base64.b64encode(jpeg(np.asarray(small, dtype=np.uint8))).decode("ascii")
    metres = reading.printed.metres_per_px
    usual = max(photo.registration.error_m for photo in reading.photographs)
    px_per_m = round(_ARROW_PX / max(usual, 1e-3), 1)
    kept = {
        int(number): str(name) for number, name in zip(tables.marks["mark"], tables.marks["annotation_id"], strict=True)
    }
    return {
        "sheet_id": sheet_id,
        "session_id": session,
        "photographs": describe_photographs(reading),
        "width": width,
        "height": height,
        "metres_per_px": metres / reduced,
        "picture": f"data:image/jpeg;base64,{picture}",
        "arrow_px_per_m": px_per_m,
        "arrows": [
            [
                round(float(x), 1),
                round(float(y), 1),
                round(float(x + dx * px_per_m), 1),
                round(float(y + dy * px_per_m), 1),
            ]
            for photo in reading.photographs
            for (x, y), (dx, dy) in zip(photo.registration.grid * reduced, photo.registration.left_out_m, strict=True)
        ],
        "marks": [
            {"name": f"{kept[mark.number]}: {mark.pen}, {mark.shape}", "path": _path(mark.geometry, reduced)}
            for mark in reading.marks.marks
            if mark.number in kept
        ],
        "rejects": [
            {
                "x": round(reject.box[0] * reduced, 1),
                "y": round(reject.box[1] * reduced, 1),
                "width": round((reject.box[2] - reject.box[0]) * reduced, 1),
                "height": round((reject.box[3] - reject.box[1]) * reduced, 1),
                "reason": reject.reason,
            }
            for reject in reading.marks.rejects
        ],
        "ink": {
            "found": tables.ink.found,
            "marks": tables.ink.marks,
            "writing": tables.ink.writing,
            "rejects": tables.ink.rejects,
        },
    }


def _path(shape: Any, reduced: float) -> str:
    """Return a shape as the path of an SVG; a point as a small square."""
    if shape.geom_type == "Point":
        shape = shape.buffer(4 / reduced, cap_style="square")
    drawn = shape.boundary if shapely.get_dimensions(shape) == 2 else shape
    lines = getattr(drawn, "geoms", [drawn])
    return " ".join(
        "M" + " L".join(f"{x * reduced:.1f} {y * reduced:.1f}" for x, y in shapely.get_coordinates(line))
        for line in lines
    )


def quality_html(readings: Sequence[Mapping[str, Any]], refused: Sequence[Mapping[str, str]]) -> str:
    """Return the page.

    Parameters
    ----------
    readings
        From `describe_reading`.
    refused
        ``name`` and ``reason`` of photographs that weren't read.

    Raises
    ------
    UsageError
        If the page would load anything.
    """
    style = files("assetmap.kiosk.quality").joinpath("page").joinpath("quality.css").read_text(encoding="utf-8")
    page = page_environment("assetmap.kiosk.quality").get_template("quality.jinja")
    text = page.render(readings=readings, refused=refused, style=style, policy=content_policy((), (style,)))
    return require_self_contained(text)
