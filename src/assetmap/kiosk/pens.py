"""The pens of a sheet: their colours, and what they mean where a study doesn't say."""

from __future__ import annotations

from assetmap.kiosk.spec import Pen

__all__ = ["PEN_COLOURS", "USUAL_PENS", "USUAL_PHRASES"]

PEN_COLOURS = {
    "red": (206, 43, 55),
    "green": (0, 132, 61),
    "blue": (0, 84, 164),
    "orange": (240, 125, 0),
    "purple": (112, 48, 160),
    "pink": (226, 72, 150),
    "brown": (121, 75, 38),
    "black": (25, 25, 25),
    "pencil": (118, 118, 122),
}
"""The pens that can be told apart, as ink on white paper (sRGB)."""

USUAL_PENS = (
    Pen("green", PEN_COLOURS["green"], "love this place", "positive"),
    Pen("red", PEN_COLOURS["red"], "needs to change", "negative"),
    Pen("orange", PEN_COLOURS["orange"], "hard to cross", "negative"),
    Pen("blue", PEN_COLOURS["blue"], "idea"),
    Pen("black", PEN_COLOURS["black"], "anything else"),
    Pen("pencil", PEN_COLOURS["pencil"], "not sure"),
)
USUAL_PHRASES = {
    "love this place": "sheet_pen_love",
    "needs to change": "sheet_pen_change",
    "hard to cross": "sheet_pen_hard",
    "idea": "sheet_pen_idea",
    "anything else": "sheet_pen_else",
    "not sure": "sheet_pen_unsure",
}
"""Which phrase of the catalogue says a usual theme. Other themes are shown as the study writes them."""
