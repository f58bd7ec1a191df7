"""Zone measures as classes, colours and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assetmap.cartography.night import night
from assetmap.cartography.palettes import mix_colours, palettes, sequential_colours
from assetmap.maps.content import ZoneView
from assetmap.words import Phrase, Words

__all__ = ["ClassedView", "class_zones", "number_words", "value_words"]

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
    swatches: tuple[tuple[str, str], ...]
    """Each class's colour as it looks on the map's ground, by day and in the dark."""
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


def number_words(value: float, words: Words) -> str:
    """Return a number rounded for reading: whole from 100 on, else to two figures."""
    if abs(value) >= 100 or float(value).is_integer():
        return words.number(value)
    decimals = max(0, 1 - int(np.floor(np.log10(abs(value)))))
    return words.number(value, decimals)


def value_words(view: ZoneView, value: float, words: Words) -> str:
    """Return a zone's value in words.

    Examples
    --------
    >>> from assetmap.words import words_for
    >>> view = ZoneView("park_walk_m", "Walk to a park", "…", "distance_m")
    >>> value_words(view, 1234.4, words_for("en")), value_words(view, float("nan"), words_for("en"))
    ('1,234 m', 'not known')
    """
    if not np.isfinite(value):
        return words.say(view.missing)
    if view.kind == "decile":
        return words.phrase("decile_is", n=words.number(value))
    if view.kind == "share":
        return words.percent(value)
    number = words.number(value) if view.kind == "distance_m" else number_words(value, words)
    return _with_unit(view, number, words)


def _with_unit(view: ZoneView, number: str, words: Words) -> str:
    if view.kind == "distance_m":
        return words.phrase("unit_m", n=number)
    if isinstance(view.unit, Phrase):
        return words.phrase(view.unit.key, n=number)
    return f"{number} {view.unit}".strip()


def _class_labels(view: ZoneView, breaks: Sequence[float], words: Words) -> tuple[str, ...]:
    if view.labels:
        return tuple(words.say(label) for label in view.labels)
    if view.kind == "decile":
        return tuple(words.number(decile) for decile in range(1, len(breaks) + 2))
    if view.kind == "share":
        bare = [words.number(100 * limit) for limit in breaks]
        full = [words.percent(limit) for limit in breaks]
    else:
        bare = [number_words(limit, words) for limit in breaks]
        full = [_with_unit(view, number, words) for number in bare]
    limits = zip(bare[:-1], full[1:], strict=True)
    between = [words.phrase("class_between", low=low, high=high) for low, high in limits]
    ends = words.phrase("class_up_to", high=full[0]), words.phrase("class_above", low=full[-1])
    return (ends[0], *between, ends[1])


def class_zones(view: ZoneView, values: pd.Series[float], words: Words) -> ClassedView:
    """Work out the classes of a zone view.

    Parameters
    ----------
    view
        The view.
    values
        Its column, one value a zone; NaN where unknown.
    words
        The map's language.
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    breaks = view.breaks or _BREAKS[view.kind]
    classes = np.where(np.isfinite(numbers), np.searchsorted(breaks, numbers, side="left"), -1)
    colours = sequential_colours(_RAMPS[view.kind], len(breaks) + 1)
    if view.kind == "decile":
        colours = colours[::-1]
    day, dark = palettes(), night()
    return ClassedView(
        view=view,
        colours=colours,
        swatches=tuple(
            (
                mix_colours(colour, day.ground["paper"], opacity=day.zone_opacity),
                mix_colours(colour, dark.ground["paper"], opacity=dark.zone_opacity),
            )
            for colour in colours
        ),
        labels=_class_labels(view, breaks, words),
        counts=tuple(int((classes == index).sum()) for index in range(len(colours))),
        classes=tuple(int(index) for index in classes),
        words=tuple(value_words(view, float(number), words) for number in numbers),
    )
