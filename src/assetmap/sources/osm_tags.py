"""What OSM tags say to a walker and to a map drawer: walkable, step-free, a way in, a home, a kind of line."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = [
    "base_kind",
    "blocks_walkers",
    "building_use",
    "entrance_of",
    "levels_of",
    "seats_of",
    "step_free_of",
    "walkable",
]

Tags = Mapping[str, str]

_WALKED = {
    "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified",
    "residential", "living_street", "pedestrian", "service", "footway", "path", "steps", "cycleway",
    "bridleway", "track", "corridor", "road",
}  # fmt: skip
_FAST = {"motorway", "motorway_link", "trunk", "trunk_link"}
_ALLOWED = {"yes", "permissive", "designated", "public", "destination", "customers"}
_FORBIDDEN = {"no", "private", "use_sidepath", "military"}
_SIDEWALK = {"yes", "both", "left", "right"}
_EVEN = {"asphalt", "concrete", "paved", "paving_stones", "concrete:plates", "wood", "metal", "compacted"}
_GATES = {
    "gate", "kissing_gate", "wicket_gate", "swing_gate", "lych_gate", "entrance", "stile", "turnstile",
    "full-height_turnstile", "hampshire_gate", "sliding_gate",
}  # fmt: skip
_NOT_STEP_FREE_BARRIERS = {"stile", "kissing_gate", "turnstile", "full-height_turnstile"}
_NOT_FOR_VISITORS = {"no", "exit", "emergency", "service", "garage", "home", "staircase"}
_HOMES = {
    "residential", "apartments", "house", "detached", "semidetached_house", "terrace", "bungalow", "dormitory",
    "houseboat", "static_caravan", "maisonette", "flats", "cabin", "farm", "semi",
}  # fmt: skip
_OTHER_USE = (
    "amenity",
    "shop",
    "office",
    "leisure",
    "tourism",
    "healthcare",
    "craft",
    "man_made",
    "military",
)
_GREEN_LANDUSE = {
    "grass",
    "meadow",
    "recreation_ground",
    "village_green",
    "allotments",
    "cemetery",
    "orchard",
}
_GREEN_LEISURE = {"park", "garden", "common", "nature_reserve", "pitch", "playground", "golf_course"}
_GREEN_NATURAL = {"grassland", "scrub", "heath", "wetland"}
_RAILS = {"rail", "light_rail", "tram", "narrow_gauge"}
_STREAMS = {"river", "canal", "stream"}
_DRAWN_TUNNELS = {"no", "building_passage"}
_HIGHWAYS = {
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary", "tertiary"), "street_major"),
    **dict.fromkeys(("unclassified", "residential", "living_street", "pedestrian", "service", "road"), "street"),
    **dict.fromkeys(("footway", "path", "cycleway", "bridleway", "track"), "path"),
    "steps": "steps",
}


def _first_known(tags: Tags, *keys: str) -> str | None:
    """Return ``yes`` or ``no`` from the first of the keys that says either."""
    for key in keys:
        value = tags.get(key)
        if value in _ALLOWED:
            return "yes"
        if value in _FORBIDDEN:
            return "no"
    return None


def walkable(tags: Tags) -> bool:
    """Whether a person may walk along a way: ``foot`` goes before ``access``; fast roads only where tagged."""
    highway = tags.get("highway")
    if highway in _WALKED:
        return _first_known(tags, "foot", "access") != "no"
    if highway in _FAST:
        sidewalks = (tags.get(key) for key in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"))
        return tags.get("foot") in _ALLOWED or any(side in _SIDEWALK for side in sidewalks)
    return False


def step_free_of(tags: Tags) -> str:
    """Return yes, no or unknown: whether the way, or the barrier on it, can be passed without a step."""
    wheelchair = tags.get("wheelchair")
    if wheelchair in ("yes", "designated", "limited") or tags.get("ramp:wheelchair") == "yes":
        return "yes"
    if (
        wheelchair == "no"
        or tags.get("highway") == "steps"
        or tags.get("barrier") in _NOT_STEP_FREE_BARRIERS
        or tags.get("kerb") == "raised"
    ):
        return "no"
    return "yes" if tags.get("surface") in _EVEN else "unknown"


def blocks_walkers(tags: Tags) -> bool:
    """Whether a barrier on a way stops everyone (locked or private)."""
    return "barrier" in tags and (tags.get("locked") == "yes" or _first_known(tags, "foot", "access") == "no")


def entrance_of(tags: Tags) -> str | None:
    """Return ``gate`` or ``entrance`` for a node by which visitors can go in, else None."""
    if blocks_walkers(tags) or _first_known(tags, "foot", "access") == "no":
        return None
    if tags.get("barrier") in _GATES:
        return "gate"
    if "entrance" in tags and tags["entrance"] not in _NOT_FOR_VISITORS:
        return "entrance"
    return None


def building_use(tags: Tags) -> str | None:
    """Return ``home``, ``unspecified`` (building=yes and nothing more) or ``other``; None if no building."""
    building = tags.get("building", "no")
    if building == "no":
        return None
    if building in _HOMES:
        return "home"
    if building == "yes" and not any(key in tags for key in _OTHER_USE):
        return "unspecified"
    return "other"


def levels_of(tags: Tags) -> float:
    """Return the storeys of a building, NaN where unknown or not a number from 1 to 150."""
    found = re.fullmatch(r"\s*(\d{1,3})([.,]5)?\s*", tags.get("building:levels", ""))
    levels = float(found[1]) if found else float("nan")
    return levels if 1 <= levels <= 150 else float("nan")


def seats_of(tags: Tags) -> float:
    """Return the places for people, tagged ``seats`` or ``capacity``; NaN where unknown or not a whole number.

    Examples
    --------
    >>> seats_of({"seats": "120"}), seats_of({"capacity": "many"})
    (120.0, nan)
    """
    found = re.fullmatch(r"\s*(\d{1,6})\s*", tags.get("seats") or tags.get("capacity") or "")
    return float(found[1]) if found else float("nan")


def base_kind(tags: Tags, *, area: bool) -> str | None:
    """Return what an object is on the base map, or None if it isn't drawn.

    Areas: building, water, wood, green. Lines: waterway, rail, street_major, street, path, steps.
    """
    return _area_kind(tags) if area else _line_kind(tags)


def _area_kind(tags: Tags) -> str | None:
    if tags.get("building", "no") != "no":
        return "building"
    natural, landuse = tags.get("natural"), tags.get("landuse")
    if natural == "water" or landuse in ("reservoir", "basin") or tags.get("waterway") in ("riverbank", "dock"):
        return "water"
    if natural == "wood" or landuse == "forest":
        return "wood"
    if landuse in _GREEN_LANDUSE or tags.get("leisure") in _GREEN_LEISURE or natural in _GREEN_NATURAL:
        return "green"
    return None


def _line_kind(tags: Tags) -> str | None:
    kind: str | None
    if tags.get("waterway") in _STREAMS:
        kind = "waterway"
    elif tags.get("railway") in _RAILS:
        kind = "rail"
    elif "highway" in tags:
        kind = _HIGHWAYS.get(tags["highway"].removesuffix("_link"))
    else:
        return None
    return kind if tags.get("tunnel", "no") in _DRAWN_TUNNELS else None
