"""A system map as a drawing."""

from __future__ import annotations

import pandas as pd

from assetmap.diagrams.boxes import Arrow, Diagram, box_for
from assetmap.diagrams.layout import place_as_drawn, place_by_arrows

__all__ = ["system_diagram"]


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
    known = len(factors) > 1 and not pd.isna(spots).any()
    placed = place_as_drawn(boxes, spots) if known else place_by_arrows(boxes, arrows)
    signed = bool((links["polarity"] != "unknown").any())
    return Diagram(title, placed, arrows, signed)
