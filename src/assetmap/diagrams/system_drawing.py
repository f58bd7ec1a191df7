"""A system map as a drawing."""

from __future__ import annotations

import pandas as pd

from assetmap.diagrams.boxes import Arrow, Diagram, box_for
from assetmap.diagrams.layout import MOST_LAID_OUT, place_as_drawn, place_by_arrows

__all__ = ["can_be_read", "has_order", "system_diagram"]

_MOST_LINKS = 3000


def has_order(factors: pd.DataFrame) -> bool:
    """Whether a drawing of a map shows an order: its maker's, or one that so many factors can still be laid out in."""
    return len(factors) <= MOST_LAID_OUT or _is_placed(factors)


def can_be_read(factors: pd.DataFrame, links: pd.DataFrame) -> bool:
    """Whether a drawing of a map can be read on a page: it shows an order, and its arrows don't cover all else."""
    return has_order(factors) and len(links) <= _MOST_LINKS


def _is_placed(factors: pd.DataFrame) -> bool:
    return len(factors) > 1 and bool(factors[["x", "y"]].notna().all(axis=None))


def system_diagram(title: str, factors: pd.DataFrame, links: pd.DataFrame) -> Diagram:
    """Return a system map as boxes and arrows, each factor where its maker put it if the map says so of all.

    Parameters
    ----------
    title
        The map's title.
    factors, links
        Tables ``factors`` and ``system_links`` of `schema.py`.
    """
    colours = factors["colour"].fillna("#ffffff")
    boxes = [
        box_for(name, label, fill=colour)
        for name, label, colour in zip(factors["factor_id"], factors["label"], colours, strict=True)
    ]
    ends = (links[name] for name in ("from_id", "to_id", "polarity", "direction"))
    arrows = tuple(Arrow(*link) for link in zip(*ends, strict=True))
    spots = factors[["x", "y"]].to_numpy(dtype=float)
    placed = place_as_drawn(boxes, spots) if _is_placed(factors) else place_by_arrows(boxes, arrows)
    signed = bool((links["polarity"] != "unknown").any())
    return Diagram(title, placed, arrows, signed)
