"""One picture: its title, its panels, how to read it, and its bytes as SVG and PNG, equal for equal input."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from assetmap.cartography.palettes import palettes
from assetmap.encode import html_text

__all__ = ["COLOURS", "Plot", "draw", "per_cent"]

COLOURS: Mapping[str, str] = {
    "ink": palettes().ground["ink"],
    "quiet": palettes().ground["quiet"],
    "first": palettes().ramps["teal"][2],
    "second": palettes().ramps["amber"][2],
    "pale": palettes().ramps["slate"][1],
}
"""Two colours that also differ in lightness and never stand without another mark, such as a dash or a hollow dot."""

_STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "axes.edgecolor": COLOURS["quiet"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "text.color": COLOURS["ink"],
    "text.parse_math": False,  # a name with two dollar signs is no formula
    "xtick.color": COLOURS["ink"],
    "ytick.color": COLOURS["ink"],
    "svg.hashsalt": "assetmap",
    "svg.fonttype": "path",
}
_WIDTH, _PANEL, _COLUMNS = 8.0, 2.7, 3
"""Inches: of the picture, of one row of panels; and how many panels stand side by side at most."""
_LETTERS = 118
"""Of a line of the sentence below."""


@dataclass(frozen=True)
class Plot:
    """A picture of a measure.

    Shows inline in a notebook.

    Parameters
    ----------
    name
        Of its files, without a suffix.
    title
        What it shows.
    reading
        How to read it, in plain words; it stands in the picture too.
    figure
        The matplotlib figure.
    """

    name: str
    title: str
    reading: str = field(repr=False)
    figure: Figure = field(repr=False)

    def svg(self) -> str:
        """Return it as SVG, with title and description for screen readers."""
        found = io.StringIO()
        with rc_context(_STYLE):
            self.figure.savefig(found, format="svg", metadata={"Date": None, "Creator": None})
        told = f"<title>{html_text(self.title)}</title><desc>{html_text(self.reading)}</desc>"
        head, mark, rest = found.getvalue().partition(">\n <metadata>")
        return f'{head} role="img">{told}{mark.removeprefix(">")}{rest}'

    def png(self) -> bytes:
        """Return it as PNG, 130 dots an inch."""
        found = io.BytesIO()
        with rc_context(_STYLE):
            self.figure.savefig(found, format="png", dpi=130, metadata={"Software": None})
        return found.getvalue()

    def _repr_png_(self) -> bytes:
        return self.png()


@contextmanager
def draw(name: str, *, title: str, reading: str, panels: int = 1) -> Iterator[tuple[Plot, list[Any]]]:
    """Give a plot and its empty panels to draw on, in the house's style.

    Parameters
    ----------
    name, title, reading
        Of the plot.
    panels
        How many.
    """
    columns = min(panels, _COLUMNS)
    rows = math.ceil(panels / columns)
    below = textwrap.wrap(reading, _LETTERS)
    height = max(rows * _PANEL, 3.2) + 0.5 + 0.18 * len(below)
    with rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        heading = "\n".join(textwrap.wrap(title, _LETTERS * 2 // 3))
        figure.suptitle(heading, x=0.01, ha="left", fontsize=12, fontweight="bold")
        figure.supxlabel("\n".join(below), x=0.01, ha="left", fontsize=8.5, color=COLOURS["quiet"])
        axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
        for empty in axes[panels:]:
            empty.remove()
        yield Plot(name, title, reading, figure), axes[:panels]
        for _ in range(2):  # square panels take two rounds to settle; then the layout stays, whatever is written when
            figure.draw_without_rendering()
        figure.set_layout_engine("none")


def per_cent() -> Any:
    """Return what writes 0 to 1 on an axis as per cent."""
    return FuncFormatter(lambda value, _: f"{value:.0%}")
