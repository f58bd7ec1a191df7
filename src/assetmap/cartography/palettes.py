"""Colours of the ground and of the sequential palettes, and how far apart two colours are."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

__all__ = ["Palettes", "contrast_ratio", "mix_colours", "palettes", "sequential_colours"]

# sRGB (linear) to the cone responses of OKLab, and from their cube roots to OKLab (Ottosson 2020).
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


@dataclass(frozen=True)
class Palettes:
    """The colours of palettes.toml."""

    ground: dict[str, str]
    ramps: dict[str, tuple[str, str, str]]
    zone_opacity: float


@cache
def palettes() -> Palettes:
    """Return the palettes that ship with assetmap."""
    content = tomllib.loads(files(__package__).joinpath("palettes.toml").read_text(encoding="utf-8"))
    ramps = {name: (ramp[0], ramp[1], ramp[2]) for name, ramp in content["ramps"].items()}
    return Palettes(content["ground"], ramps, content["zones"]["opacity"])


def _linear(colour: str) -> NDArray[np.float64]:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _hex(linear: NDArray[np.float64]) -> str:
    clipped = np.clip(linear, 0.0, 1.0)
    values = np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(v) * 255):02x}" for v in values)


def _oklab(colour: str) -> NDArray[np.float64]:
    return np.asarray(_TO_LAB @ np.cbrt(_TO_CONES @ _linear(colour)))


def _from_oklab(lab: NDArray[np.float64]) -> str:
    cones = np.linalg.solve(_TO_LAB, lab) ** 3
    return _hex(np.linalg.solve(_TO_CONES, cones))


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21.

    Examples
    --------
    >>> round(contrast_ratio("#000000", "#ffffff"), 1)
    21.0
    """
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted((float(weights @ _linear(one)), float(weights @ _linear(other))))
    return (high + 0.05) / (low + 0.05)


def mix_colours(over: str, under: str, *, opacity: float) -> str:
    """Return what a half-transparent colour looks like over another, as a screen mixes them.

    Examples
    --------
    >>> mix_colours("#000000", "#ffffff", opacity=0.5)
    '#808080'
    """
    top, bottom = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in (over, under))
    mixed = np.floor(top * opacity + bottom * (1.0 - opacity) + 0.5).astype(int)
    return "#" + "".join(f"{value:02x}" for value in mixed)


def sequential_colours(ramp: str, classes: int) -> tuple[str, ...]:
    """Return `classes` colours from light to dark, in even steps of OKLab.

    Parameters
    ----------
    ramp
        A ramp of palettes.toml.
    classes
        How many, at least 1.

    Examples
    --------
    >>> sequential_colours("teal", 3)
    ('#e0f1ea', '#6bb3a4', '#0d5250')
    """
    anchors = np.array([_oklab(colour) for colour in palettes().ramps[ramp]])
    at = np.linspace(0.0, 2.0, classes) if classes > 1 else np.array([1.0])
    return tuple(_from_oklab(np.array([np.interp(step, [0, 1, 2], anchors[:, i]) for i in range(3)])) for step in at)
