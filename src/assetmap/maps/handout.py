"""What a map shows and says, as a handout on paper."""

from __future__ import annotations

import geopandas as gpd

from assetmap.encode import plain_text
from assetmap.maps.content import MapContent, SourceNote
from assetmap.maps.credits import short_credits
from assetmap.maps.placelist import group_places, list_places, sort_places
from assetmap.maps.sheet import LISTED, audience_words, made_words
from assetmap.maps.voices import themes_of
from assetmap.maps.zone_views import class_zones
from assetmap.paper.handout_plan import Handout, HandoutZones
from assetmap.paper.numbers import ListedGroup, ListedPlace
from assetmap.words import Words, words_for

__all__ = ["handout_of"]


def handout_of(content: MapContent, *, share_url: str = "") -> Handout:
    """Return a map's handout, for `assetmap.paper.handout.write_handout`.

    For residents the map is the plain ground, on which names are read best, and distances are told in sentences; for
    the team and partners its zones are coloured by the first view. Residents' marks are told as counts by theme, and
    remarks as a list. The stops of walks stay on the page.

    Parameters
    ----------
    content
        The map, which has passed the gate if it isn't the team's.
    share_url
        Where the map's page is on the web; by default the content's own address.
    """
    words = words_for(content.language)
    assets = sort_places(content.assets)
    total = len(list_places(assets, content.zones, words))
    sources = [SourceNote(*source) for source in content.sources]
    return Handout(
        title=plain_text(content.title),
        subtitle=plain_text(words.say(content.subtitle)),
        notice=". ".join(filter(None, [audience_words(content, words), plain_text(content.notice)])),
        base=content.base,
        boundary=content.boundary,
        bounds=_bounds(content),
        zones=None if content.audience == "residents" else _zones(content, words),
        groups=_groups(assets, content, words),
        capped=words.phrase("paper_capped", n=LISTED, total=total) if total > LISTED else "",
        told=tuple(words.say(view.sentence) for view in content.zone_views if view.kind == "distance_m"),
        marks=_marks(content.mark_cells, words),
        remarks=_remarks(content.comments, words),
        sources=tuple(_source(source, words) for source in sources),
        credit=plain_text(" · ".join(short_credits(words.say(source.attribution) for source in sources))),
        made=made_words(content, words),
        contact=words.phrase("contact", contact=plain_text(content.contact)) if content.contact else "",
        share_url=share_url or content.address,
        words=words,
    )


def _bounds(content: MapContent) -> tuple[float, float, float, float]:
    """Return the boundary's box, else the zones', else the places'."""
    frames = (content.boundary, content.zones, content.assets, content.base)
    shown = next((frame for frame in frames if frame is not None and not frame.empty), content.base)
    west, south, east, north = (float(edge) for edge in shown.total_bounds)
    return west, south, east, north


def _zones(content: MapContent, words: Words) -> HandoutZones | None:
    if content.zones is None or content.zones.empty or not content.zone_views:
        return None
    view = content.zone_views[0]
    classed = class_zones(view, content.zones[view.column], words)
    colours = tuple(classed.colours[index] if index >= 0 else None for index in classed.classes)
    swatches = [day for day, _ in classed.swatches]
    legend = tuple(zip(swatches, classed.labels, strict=True))
    return HandoutZones(content.zones, colours, words.say(view.title), words.say(view.sentence), legend)


def _groups(assets: gpd.GeoDataFrame, content: MapContent, words: Words) -> tuple[ListedGroup, ...]:
    places = list_places(assets, content.zones, words)[:LISTED]
    points = assets.representative_point()[: len(places)]
    at = {place.number: (point.x, point.y) for place, point in zip(places, points, strict=True)}
    return tuple(
        ListedGroup(
            group.code,
            group.label,
            tuple(ListedPlace(place.number, place.name, place.category, *at[place.number]) for place in group.places),
        )
        for group in group_places(places, words)
    )


def _marks(cells: gpd.GeoDataFrame | None, words: Words) -> tuple[tuple[str, str], ...]:
    if cells is None or cells.empty:
        return ()
    counts = cells.assign(theme=[plain_text(theme) for theme in cells["theme"]]).groupby("theme")["count"].sum()
    return tuple((str(theme), words.number(int(count))) for theme, count in counts.items())


def _remarks(comments: gpd.GeoDataFrame | None, words: Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if comments is None or comments.empty:
        return ()
    by_theme: dict[str, list[str]] = {}
    for theme, text in zip(themes_of(comments, words), comments["text"], strict=True):
        by_theme.setdefault(theme, []).append(plain_text(text))
    return tuple((theme, tuple(said)) for theme, said in sorted(by_theme.items()))


def _source(source: SourceNote, words: Words) -> str:
    parts = (words.say(part).rstrip(". ") for part in (source.title, source.attribution, source.licence))
    return plain_text(". ".join(filter(None, [*parts, words.date(source.date) if source.date else ""])))
