"""The colours of the screen's map in the dark."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Night", "night"]


@dataclass(frozen=True)
class Night:
    """The colours of night.toml."""

    ground: dict[str, str]
    """As `palettes.Palettes.ground`."""
    base: dict[str, tuple[str, str]]
    """Fill and edge of each kind of ground; an edge is used where the kind has one by day."""
    labels: dict[str, str]
    """The colour of the names of each kind of ground."""
    zone_opacity: float


@cache
def night() -> Night:
    """Return the colours that ship with assetmap."""
    content = tomllib.loads(files(__package__).joinpath("night.toml").read_text(encoding="utf-8"))
    base = {kind: (pair[0], pair[1]) for kind, pair in content["base"].items()}
    return Night(content["ground"], base, content["labels"], content["zones"]["opacity"])
