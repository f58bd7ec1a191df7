"""The base map's classes: what streets, water, green and buildings look like, and which names are written."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["BASE_KINDS", "BaseClass", "LabelClass", "base_classes", "label_classes", "quiet_classes", "quiet_ground"]


@dataclass(frozen=True)
class BaseClass:
    """How one kind of ground is drawn. Classes are drawn in the order of basemap.toml."""

    kind: str
    shape: str
    """``area`` or ``line``."""
    fill: str
    from_zoom: float
    edge: str | None = None
    width_m: float = 0.0
    thinnest: float = 1.0
    dash: tuple[float, ...] = ()
    """On and off, as multiples of the line's width."""
    above_zones: bool = False
    """Whether it is drawn on top of coloured zones."""


@dataclass(frozen=True)
class LabelClass:
    """How the names of one kind are written."""

    kind: str
    colour: str
    size: float
    from_zoom: float


def _content() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("basemap.toml").read_text(encoding="utf-8"))


@cache
def base_classes() -> tuple[BaseClass, ...]:
    """Return the classes in the order in which they are drawn."""
    entries = _content()["classes"]
    return tuple(BaseClass(**{**entry, "dash": tuple(entry.get("dash", ()))}) for entry in entries)


@cache
def quiet_classes() -> tuple[BaseClass, ...]:
    """Return the classes in pale colours, to be drawn on with pens: other colours, the same widths and order."""
    colours = _content()["quiet"]
    return tuple(replace(look, **colours[look.kind]) for look in base_classes())


@cache
def quiet_ground() -> dict[str, str]:
    """Return the other colours of the pale map: ``paper``, ``ink`` for its words, ``boundary``."""
    colours: dict[str, str] = _content()["quiet_ground"]
    return colours


@cache
def label_classes() -> dict[str, LabelClass]:
    """Return, for each kind whose names are written, how."""
    entries = _content()["labels"]
    return {kind: LabelClass(kind, **entry) for kind, entry in entries.items()}


BASE_KINDS = tuple(base.kind for base in base_classes())
"""The kinds of ground that a base frame may hold."""
