"""The places of a map as a numbered list: what the page, the picture and the search all go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from assetmap.encode import plain_text
from assetmap.maps.hours import hours_in_words
from assetmap.pages.anchors import place_anchor
from assetmap.schema import ACCESS_VALUES
from assetmap.taxonomy import taxonomy
from assetmap.words import Words

__all__ = ["FACTS", "Place", "PlaceGroup", "group_places", "list_places", "sort_places"]

FACTS = ("access", "area", "hours", "cost", "step_free", "owner", "zone", "source")
"""What is told of a place, in this order; those that nobody has said are left out."""
_VALUES = {"access": ACCESS_VALUES, "cost": ("free", "yes"), "step_free": ("yes", "limited", "no")}


@dataclass(frozen=True)
class Place:
    """One place as the page tells of it."""

    number: int
    """Its number in the list and on the picture, from 1."""
    anchor: str
    """Its address in the page: ``#place=osm:way/123``."""
    name: str
    named: bool
    category: str
    """The category's label."""
    group: str
    """The group's code."""
    facts: dict[str, str]
    """Fact of `FACTS` -> words."""


@dataclass(frozen=True)
class PlaceGroup:
    """One group of the list."""

    code: str
    label: str
    places: tuple[Place, ...]


def _group_of(category: str) -> str:
    known = taxonomy().categories.get(category)
    return known.group if known else "other"


def _label_of(category: str, words: Words) -> str:
    if category in taxonomy().categories:
        return words.phrase(f"category_{category}")
    return category.replace("_", " ").capitalize()


def sort_places(assets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the assets that a map draws, in the list's order: by group, named first, by name.

    Rows with ``duplicate_of`` set are left out.
    """
    if "duplicate_of" in assets.columns:
        assets = assets[assets["duplicate_of"].isna() | (assets["duplicate_of"] == "")]
    order = {group: place for place, group in enumerate(taxonomy().groups)}
    names = ["" if pd.isna(name) else str(name).strip().casefold() for name in assets["name"]]
    keys = pd.DataFrame(
        {
            "group": [order.get(_group_of(category), len(order)) for category in assets["category"]],
            "unnamed": [not name for name in names],
            "name": names,
            "category": assets["category"].astype(str).to_numpy(),
            "id": assets["asset_id"].astype(str).to_numpy(),
        }
    )
    return assets.iloc[keys.sort_values(list(keys.columns), kind="stable").index.to_numpy()]


def _area_words(area_m2: float, words: Words) -> str:
    if not area_m2 > 0:
        return ""
    if area_m2 >= 1_000:
        return words.phrase("unit_ha", n=words.number(area_m2 / 10_000, 1))
    return words.phrase("unit_m2", n=words.number(area_m2))


def _source_words(source: str, observed_on: str, words: Words) -> str:
    several = source.split("; ")  # a place that two sources have
    named = "; ".join(words.phrase("source_osm") if one == "osm" else one for one in several)
    return words.phrase("source_on", source=named, date=words.date(observed_on, "medium")) if observed_on else named


def _known(words: Words, kind: str, value: str) -> str:
    """Return the phrase for one of a kind's known values, or the value as the source has it."""
    return words.phrase(f"{kind}_{value}") if value in _VALUES[kind] else value


def _facts(row: dict[str, Any], zone_names: dict[str, str], words: Words) -> dict[str, str]:
    facts = {
        "access": _known(words, "access", row["access"]),
        "area": _area_words(row["area_m2"], words),
        "hours": hours_in_words(row["opening_hours"], words),
        "cost": _known(words, "cost", row["cost"]),
        "step_free": _known(words, "step_free", row["step_free"]),
        "owner": row["owner"],
        "zone": zone_names.get(row["zone_code"], row["zone_code"]),
        "source": _source_words(row["source"], row["observed_on"], words),
    }
    return {fact: plain_text(facts[fact]) for fact in FACTS if facts[fact]}


def list_places(assets: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None, words: Words) -> tuple[Place, ...]:
    """Describe the places of a sorted assets frame (see `sort_places`), numbered from 1.

    Parameters
    ----------
    assets
        The assets table.
    zones
        The zones table, for the names of zones, or None.
    words
        The map's language. A place that has a name in it (column ``name_bn``) goes by that, with its usual name,
        which stands on its signs, in brackets.
    """
    zone_names = {} if zones is None else dict(zip(zones["zone_code"], zones["name"], strict=True))
    zone_names = {code: name for code, name in zone_names.items() if isinstance(name, str) and name}
    table = assets.drop(columns="geometry")
    text = [column for column in table.columns if column != "area_m2"]
    table[text] = table[text].astype(object).where(table[text].notna(), "")
    places = []
    for number, row in enumerate(table.to_dict("records"), start=1):
        category = _label_of(row["category"], words)
        name = _name_of(row, words.language)
        named = bool(name)
        name = name or words.phrase("unnamed", category=category)
        places.append(
            Place(
                number,
                place_anchor(row["asset_id"]),
                name,
                named,
                plain_text(category),
                _group_of(row["category"]),
                _facts(row, zone_names, words),
            )
        )
    return tuple(places)


def _name_of(row: dict[str, Any], language: str) -> str:
    usual, local = (plain_text(row.get(column, "")).strip() for column in ("name", f"name_{language}"))
    return f"{local} ({usual})" if local and usual and local != usual else local or usual


def group_places(places: tuple[Place, ...], words: Words) -> tuple[PlaceGroup, ...]:
    """Return the places by group, in the list's order; groups without places are left out."""
    groups: dict[str, list[Place]] = {}
    for place in places:
        groups.setdefault(place.group, []).append(place)
    return tuple(PlaceGroup(code, words.phrase(f"group_{code}"), tuple(members)) for code, members in groups.items())
