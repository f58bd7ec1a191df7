"""Zone measures as classes, colours and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from assetmap.cartography.palettes import mix_colours, palettes, sequential_colours
from assetmap.maps.content import ZoneView

__all__ = ["ClassedView", "class_zones", "value_words"]

_BREAKS = {
    "decile": tuple(float(decile) for decile in range(1, 10)),
    "distance_m": (200.0, 400.0, 800.0, 1200.0),
    "share": (0.2, 0.4, 0.6, 0.8),
}
_RAMPS = {"decile": "plum", "distance_m": "amber", "share": "teal", "number": "slate"}


@dataclass(frozen=True)
class ClassedView:
    """A zone view with its classes worked out, light to dark or, for deciles, dark to light."""

    view: ZoneView
    colours: tuple[str, ...]
    """Each class's colour before it is laid on the map."""
    swatches: tuple[str, ...]
    """Each class's colour as it looks on the map's ground."""
    labels: tuple[str, ...]
    counts: tuple[int, ...]
    """Zones in each class."""
    classes: tuple[int, ...]
    """Each zone's class, -1 where there is no value."""
    words: tuple[str, ...]
    """Each zone's value in words."""

    @property
    def missing(self) -> int:
        """Zones without a value."""
        return self.classes.count(-1)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:,.2g}"


def value_words(view: ZoneView, value: float) -> str:
    """Return a zone's value in words.

    Examples
    --------
    >>> view = ZoneView("park_walk_m", "Walk to a park", "…", "distance_m")
    >>> value_words(view, 1234.4), value_words(view, float("nan"))
    ('1,234 m', 'not known')
    """
    if not np.isfinite(value):
        return view.missing
    if view.kind == "decile":
        return f"decile {value:.0f}"
    if view.kind == "distance_m":
        return f"{value:,.0f} m"
    if view.kind == "share":
        return f"{100 * value:.0f}%"
    return f"{_number(value)} {view.unit}".strip()


def _class_labels(view: ZoneView, breaks: Sequence[float]) -> tuple[str, ...]:
    if view.labels:
        return view.labels
    if view.kind == "decile":
        return tuple(str(decile) for decile in range(1, len(breaks) + 2))
    if view.kind == "share":
        limits, unit = [f"{100 * limit:.0f}" for limit in breaks], "%"
    else:
        limits = [_number(limit) for limit in breaks]
        unit = " m" if view.kind == "distance_m" else f" {view.unit}".rstrip()
    between = [f"{low} to {high}{unit}" for low, high in pairwise(limits)]
    return (f"up to {limits[0]}{unit}", *between, f"more than {limits[-1]}{unit}")


def class_zones(view: ZoneView, values: pd.Series[float]) -> ClassedView:
    """Work out the classes of a zone view.

    Parameters
    ----------
    view
        The view.
    values
        Its column, one value a zone; NaN where unknown.
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    breaks = view.breaks or _BREAKS[view.kind]
    classes = np.where(np.isfinite(numbers), np.searchsorted(breaks, numbers, side="left"), -1)
    colours = sequential_colours(_RAMPS[view.kind], len(breaks) + 1)
    if view.kind == "decile":
        colours = colours[::-1]
    ground, opacity = palettes().ground["paper"], palettes().zone_opacity
    return ClassedView(
        view=view,
        colours=colours,
        swatches=tuple(mix_colours(colour, ground, opacity=opacity) for colour in colours),
        labels=_class_labels(view, breaks),
        counts=tuple(int((classes == index).sum()) for index in range(len(colours))),
        classes=tuple(int(index) for index in classes),
        words=tuple(value_words(view, float(number)) for number in numbers),
    )
