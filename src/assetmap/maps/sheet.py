"""The texts and tables of a page, ready for its template."""

from __future__ import annotations

import base64
from collections.abc import Hashable, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from assetmap.cartography.palettes import contrast_ratio
from assetmap.cartography.picture import Picture
from assetmap.cartography.symbols import symbol_svg
from assetmap.encode import plain_text
from assetmap.maps.contact import contact_link
from assetmap.maps.content import MapContent, SourceNote
from assetmap.maps.credits import short_credits
from assetmap.maps.layers import population_words, zone_names
from assetmap.maps.placelist import FACTS, Place, group_places
from assetmap.maps.voices import ordered_stops, themes_of
from assetmap.maps.zone_views import ClassedView
from assetmap.words import CHECKED, Words, words_for

__all__ = ["LISTED", "OPEN_LIST", "audience_words", "draft_notes", "made_words", "make_sheet"]

OPEN_LIST = 80
"""A longer list of places starts with its groups closed."""
LISTED = 2_000
"""How many places the list and the table hold; the search finds the others too."""
_OFF_PAGE = ("paper_", "sheet_", "read_me_", "answers_")
"""How the keys of phrases begin that the map's page doesn't say."""
_SHORT = ("access", "area", "hours")
"""The facts that the list tells; the card on the map and the table tell all."""


def make_sheet(
    content: MapContent, *, places: tuple[Place, ...], views: Sequence[ClassedView], picture: Picture, words: Words
) -> dict[str, Any]:
    """Return what document.jinja asks for, but for the payload, the scripts and the styles."""
    sources = [_source(SourceNote(*source), words) for source in content.sources]
    subtitle = words.say(content.subtitle)
    listed = places[:LISTED]
    return {
        "lang": words.language,
        "dir": words.direction,
        "audience": content.audience,
        "resident_rows": content.resident_rows if content.audience == "team" else None,
        "audience_words": audience_words(content, words),
        "heading": _heading(content, words),
        "title": content.title,
        "subtitle": subtitle,
        "notice": content.notice,
        "siblings": [
            {"lang": code, "file": name, "name": words_for(code).name, "dir": words_for(code).direction}
            for code, name in content.siblings
            if code != words.language
        ],
        "made": made_words(content, words),
        "contact": words.phrase("contact", contact=content.contact) if content.contact else "",
        "contact_link": contact_link(content.contact),
        "contact_shown": contact_link(content.contact).partition(":")[2],
        "sources": sources,
        "no_streets": content.audience == "team" and content.base.empty and not any(one["osm"] for one in sources),
        "credits": short_credits(source["attribution"] for source in sources),
        "drafts": _drafts(words),
        "picture": picture.svg,
        "picture_notes": [
            words.phrase(key, n=count)
            for key, count in (("picture_dots", picture.dots), ("picture_outside", picture.outside))
            if count
        ],
        "places_count": words.plural("places_count", len(places)),
        "capped": words.phrase("list_capped", n=len(listed), total=len(places)) if len(listed) < len(places) else "",
        "open_groups": len(places) <= OPEN_LIST,
        "groups": _groups(places, listed, words),
        "columns": [words.texts[fact] for fact in FACTS],
        "rows": [_row(place, words) for place in listed],
        "views": [_view(classed, words) for classed in views],
        "zones_coloured": content.zones_coloured,
        "zones": _zones(content.zones, views, words),
        "themes": _themes(content.mark_cells, words),
        "comments": _comments(content.comments, words),
        "comments_count": words.plural("comments_count", 0 if content.comments is None else len(content.comments)),
        "stops": _stops(content, words),
        "stops_title": content.stops_title,
        "gallery": _gallery(content, words),
        "stops_count": words.plural("stops_count", 0 if content.stops is None else len(content.stops)),
    }


def audience_words(content: MapContent, words: Words) -> str:
    """Return what stands above the heading: nothing for residents."""
    if content.audience == "residents":
        return ""
    if content.audience == "partners":
        return words.phrase("partners_copy")
    if content.resident_rows:
        return words.plural("working_copy_rows", content.resident_rows)
    return words.phrase("working_copy")


def _heading(content: MapContent, words: Words) -> str:
    heading = ", ".join(filter(None, (content.title, words.say(content.subtitle))))
    notes = {"team": "working_copy", "partners": "partners_copy"}
    note = words.phrase(notes[content.audience]) if content.audience in notes else ""
    return f"{heading}: {note[:1].lower()}{note[1:]}" if note else heading


def made_words(content: MapContent, words: Words) -> str:
    """Return who made the map, and when."""
    day = words.date(content.made_on)
    if content.made_by:
        return words.phrase("made_by", who=content.made_by, date=day)
    return words.phrase("made_on", date=day)


def draft_notes(words: Words) -> list[tuple[str, str]]:
    """Return that a page is a draft translation, in its language and in English; nothing where it is none."""
    if words.language == "en" or words.status == CHECKED:
        return []
    return [(words.language, words.phrase("draft")), ("en", words_for("en").phrase("draft"))]


def _drafts(words: Words) -> list[tuple[str, str]]:
    """Return what a reader should know of the translation, each with the language it is said in."""
    notes = draft_notes(words)
    if missing := sum(not key.startswith(_OFF_PAGE) for key in words.catalogue.untranslated):
        notes.append((words.language, words.plural("in_english", missing)))
    return notes


def _source(source: SourceNote, words: Words) -> dict[str, Any]:
    parts = {name: words.say(getattr(source, name)).rstrip(". ") for name in ("title", "attribution", "licence")}
    osm = "openstreetmap" in parts["attribution"].casefold()
    return {**parts, "date": words.date(source.date), "osm": osm}


def _groups(places: tuple[Place, ...], listed: tuple[Place, ...], words: Words) -> list[dict[str, Any]]:
    """Return the groups, each with how many places it has and those of them that are listed."""
    shown = {group.code: group.places for group in group_places(listed, words)}
    return [
        {
            "label": group.label,
            "symbol": symbol_svg(group.code),
            "count": words.number(len(group.places)),
            "places": [
                {"place": place, "short": " · ".join(place.facts[fact] for fact in _SHORT if fact in place.facts)}
                for place in shown.get(group.code, ())
            ],
        }
        for group in group_places(places, words)
    ]


def _row(place: Place, words: Words) -> dict[str, Any]:
    facts = [place.facts.get(fact, "") for fact in FACTS]
    return {"number": words.number(place.number), "place": place, "facts": facts}


def _view(classed: ClassedView, words: Words) -> dict[str, Any]:
    view, missing = classed.view, classed.missing
    rows = zip(classed.swatches, classed.labels, classed.counts, strict=True)
    return {
        "title": words.say(view.title),
        "sentence": words.say(view.sentence),
        "rows": [
            {"colours": colours, "label": label, "count": words.plural("areas", count)}
            for colours, label, count in rows
        ],
        "scale": _scale(classed) if view.kind == "decile" else [],
        "missing": f"{words.say(view.missing)}: {words.plural('areas', missing)}" if missing else "",
    }


def _scale(classed: ClassedView) -> list[dict[str, Any]]:
    """Return a strip of the classes from the most to the least deprived, each with its number."""
    width = 200 / len(classed.swatches)
    return [
        {
            "x": f"{index * width:g}",
            "width": f"{width:g}",
            "middle": f"{(index + 0.5) * width:g}",
            "colours": colours,
            "inks": [max(("#ffffff", "#000000"), key=lambda ink: contrast_ratio(ink, colour)) for colour in colours],
            "label": label,
        }
        for index, (colours, label) in enumerate(zip(classed.swatches, classed.labels, strict=True))
    ]


def _zones(zones: gpd.GeoDataFrame | None, views: Sequence[ClassedView], words: Words) -> list[dict[str, Any]]:
    if zones is None:
        return []
    return [
        {"name": name, "population": number, "values": [classed.words[index] for classed in views]}
        for index, (name, number) in enumerate(zip(zone_names(zones), population_words(zones, words), strict=True))
    ]


def _themes(cells: gpd.GeoDataFrame | None, words: Words) -> list[dict[str, Any]]:
    if cells is None or cells.empty:
        return []
    by_theme = cells.assign(theme=[plain_text(theme) for theme in cells["theme"]]).groupby("theme")["count"]
    return [
        {"name": theme, "marks": words.number(int(counts.sum())), "cells": words.number(len(counts))}
        for theme, counts in by_theme
    ]


def _comments(comments: gpd.GeoDataFrame | None, words: Words) -> list[dict[str, Any]]:
    """Return the remarks by theme, each with its number among all remarks."""
    if comments is None or comments.empty:
        return []
    by_theme: dict[str, list[tuple[int, str]]] = {}
    for number, (theme, text) in enumerate(zip(themes_of(comments, words), comments["text"], strict=True)):
        by_theme.setdefault(theme, []).append((number, plain_text(text)))
    return [
        {"name": theme, "count": words.number(len(texts)), "texts": texts} for theme, texts in sorted(by_theme.items())
    ]


def _stops(content: MapContent, words: Words) -> list[dict[str, Any]]:
    """Return the stops in their order, each with the pictures that stand in the page and links to recordings."""
    if content.stops is None or content.stops.empty:
        return []
    ordered = ordered_stops(content.stops)
    return [
        {"title": plain_text(title), "text": plain_text(text), **_media(content, number, words)}
        for number, (title, text) in enumerate(zip(ordered["title"], ordered["text"], strict=True), start=1)
    ]


def _media(content: MapContent, stop: int, words: Words) -> dict[str, Any]:
    """Return what was recorded at a stop; works stand in the gallery."""
    if content.media is None:
        return {"pictures": [], "recordings": []}
    shown = [
        _shown(content, row, words)
        for row in content.media.to_dict("records")
        if row["stop"] == stop and pd.isna(row["work"])
    ]
    return {"pictures": [one for one in shown if one["src"]], "recordings": [one for one in shown if not one["src"]]}


def _gallery(content: MapContent, words: Words) -> list[dict[str, Any]]:
    """Return the works in the order of their stops, each with its kind, its title and the stop that it belongs to."""
    if content.media is None:
        return []
    works = content.media[content.media["work"].notna()].sort_values("stop", kind="stable")
    return [
        {
            **_shown(content, row, words),
            "title": "" if pd.isna(row["title"]) else plain_text(row["title"]),
            "work": words.phrase(f"work_{row['work']}"),
            "stop": int(row["stop"]),
        }
        for row in works.to_dict("records")
    ]


def _shown(content: MapContent, row: dict[Hashable, Any], words: Words) -> dict[str, Any]:
    """Return a picture that stands in the page, or a link to a recording; the team has the file's path."""
    said = "" if pd.isna(row["alt"]) else plain_text(row["alt"])
    picture = row["kind"] == "photograph"
    beside = content.address.rpartition("/")[0] + ("/" if content.address else "")
    return {
        "src": f"data:image/jpeg;base64,{base64.b64encode(row['data']).decode('ascii')}" if picture else "",
        "alt": said or words.phrase("stop_photograph", n=words.number(row["stop"])),
        "said": said,
        "href": "" if picture or content.audience == "team" else f"{beside}media/{row['file']}",
        "file": plain_text(row["file"]),
        "words": words.phrase("watch" if row["kind"] == "film" else "listen"),
        "credit": plain_text(row["credit"]),
    }
