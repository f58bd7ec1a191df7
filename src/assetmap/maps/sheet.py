"""The texts and tables of a page, ready for its template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd

from assetmap.cartography.palettes import contrast_ratio
from assetmap.cartography.picture import Picture
from assetmap.cartography.symbols import symbol_svg
from assetmap.encode import plain_text
from assetmap.maps.content import MapContent, SourceNote
from assetmap.maps.layers import zone_names
from assetmap.maps.placelist import Place, group_places
from assetmap.maps.words import page_words, phrase, phrase_count
from assetmap.maps.zone_views import ClassedView

__all__ = ["make_sheet"]

OPEN_LIST = 80
"""A longer list of places starts with its groups closed."""
_SHORT = ("access", "area", "hours")
"""The facts that the list tells; the card on the map tells all."""


def make_sheet(
    content: MapContent, *, places: tuple[Place, ...], views: Sequence[ClassedView], picture: Picture
) -> dict[str, Any]:
    """Return what document.jinja asks for, but for the payload, the scripts and the styles."""
    sources = [_source(SourceNote(*source)) for source in content.sources]
    heading = ", ".join(filter(None, (content.title, content.subtitle)))
    return {
        "audience": content.audience,
        "resident_rows": content.resident_rows,
        "audience_words": phrase("working_copy_rows", n=f"{content.resident_rows:,}")
        if content.resident_rows
        else page_words()["working_copy"],
        "heading": f"{heading}: {page_words()['working_copy'].lower()}",
        "title": content.title,
        "subtitle": content.subtitle,
        "notice": content.notice,
        "made": _made(content),
        "contact": phrase("contact", contact=content.contact) if content.contact else "",
        "sources": sources,
        "credit": sources[0]["attribution"] if sources else "",
        "picture": picture.svg,
        "picture_notes": [
            phrase(key, n=f"{count:,}")
            for key, count in (("picture_dots", picture.dots), ("picture_outside", picture.outside))
            if count
        ],
        "places_count": phrase_count("places_count", len(places)),
        "open_groups": len(places) <= OPEN_LIST,
        "groups": _groups(places),
        "views": [_view(classed) for classed in views],
        "zones": _zones(content.zones, views),
        "themes": _themes(content.mark_cells),
    }


def _made(content: MapContent) -> str:
    if content.made_by:
        return phrase("made_by", who=content.made_by, date=content.made_on)
    return phrase("made_on", date=content.made_on)


def _source(source: SourceNote) -> dict[str, Any]:
    parts = {name: str(part).rstrip(". ") for name, part in source._asdict().items()}
    return {**parts, "osm": "openstreetmap" in source.attribution.casefold()}


def _groups(places: tuple[Place, ...]) -> list[dict[str, Any]]:
    return [
        {
            "label": group.label,
            "symbol": symbol_svg(group.code),
            "count": f"{len(group.places):,}",
            "places": [
                {"place": place, "short": " · ".join(place.facts[fact] for fact in _SHORT if fact in place.facts)}
                for place in group.places
            ],
        }
        for group in group_places(places)
    ]


def _view(classed: ClassedView) -> dict[str, Any]:
    view, missing = classed.view, classed.missing
    rows = zip(classed.swatches, classed.labels, classed.counts, strict=True)
    return {
        "title": view.title,
        "sentence": view.sentence,
        "rows": [
            {"colour": colour, "label": label, "count": phrase_count("areas", count)} for colour, label, count in rows
        ],
        "scale": _scale(classed) if view.kind == "decile" else [],
        "missing": f"{view.missing}: {phrase_count('areas', missing)}" if missing else "",
    }


def _scale(classed: ClassedView) -> list[dict[str, Any]]:
    """Return a strip of the classes from the most to the least deprived, each with its number."""
    width = 200 / len(classed.swatches)
    return [
        {
            "x": f"{index * width:g}",
            "width": f"{width:g}",
            "middle": f"{(index + 0.5) * width:g}",
            "colour": colour,
            "ink": max(("#ffffff", "#000000"), key=lambda ink: contrast_ratio(ink, colour)),
            "label": label,
        }
        for index, (colour, label) in enumerate(zip(classed.swatches, classed.labels, strict=True))
    ]


def _zones(zones: gpd.GeoDataFrame | None, views: Sequence[ClassedView]) -> list[dict[str, Any]]:
    if zones is None:
        return []
    unknown = page_words()["population_unknown"]
    people = [f"{number:,.0f}" if number == number else unknown for number in zones["population"]]
    return [
        {"name": name, "population": number, "values": [classed.words[index] for classed in views]}
        for index, (name, number) in enumerate(zip(zone_names(zones), people, strict=True))
    ]


def _themes(cells: gpd.GeoDataFrame | None) -> list[dict[str, Any]]:
    if cells is None or cells.empty:
        return []
    by_theme = cells.assign(theme=[plain_text(theme) for theme in cells["theme"]]).groupby("theme")["count"]
    return [
        {"name": theme, "marks": f"{int(counts.sum()):,}", "cells": f"{len(counts):,}"} for theme, counts in by_theme
    ]
