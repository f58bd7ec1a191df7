"""Which OSM tags and survey words mean which kind of asset, by the rules of taxonomy.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

__all__ = ["Category", "Rule", "Taxonomy", "category_of", "read_access", "taxonomy"]

_OPEN = {"yes", "permissive", "public", "designated", "customers", "destination"}
_RESTRICTED = {"no", "private", "members", "residents", "permit", "employees", "military"}


@dataclass(frozen=True)
class Category:
    """One kind of asset."""

    code: str
    label: str
    group: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One set of OSM tags that decides a category."""

    category: str
    tags: tuple[tuple[str, str], ...]
    default_access: str
    reason: str

    @property
    def wiki(self) -> str:
        """Page of the OpenStreetMap wiki on the rule's first tag."""
        key, value = self.tags[0]
        return f"https://wiki.openstreetmap.org/wiki/Tag:{key}%3D{value}"

    def matches(self, tags: Mapping[str, str]) -> bool:
        """Whether all of the rule's tags are there."""
        return all(tags.get(key) == value or (value == "*" and tags.get(key, "no") != "no") for key, value in self.tags)


@dataclass(frozen=True)
class Taxonomy:
    """Groups, categories and rules, as taxonomy.toml has them."""

    groups: dict[str, str]
    categories: dict[str, Category]
    rules: tuple[Rule, ...]
    excludes: tuple[Rule, ...]

    def classify(self, tags: Mapping[str, str]) -> Rule | None:
        """Return the first rule that the tags of an OSM object match, or None if it is no asset.

        Examples
        --------
        >>> taxonomy().classify({"leisure": "park"}).category
        'park'
        >>> taxonomy().classify({"leisure": "garden", "access": "private"}) is None
        True
        """
        # A city has a hundred thousand tagged objects: look up their tags, don't try every rule on each.
        found = [self._positions[tag] for tag in tags.items() if tag in self._positions]
        if not found:
            return None
        candidates = (self.rules[i] for i in sorted(i for positions in found for i in positions))
        rule = next((rule for rule in candidates if rule.matches(tags)), None)
        if rule is None or any(exclude.matches(tags) for exclude in self.excludes):
            return None
        return rule

    @cached_property
    def _positions(self) -> dict[tuple[str, str], list[int]]:
        """Return the first tag of each rule -> where the rules that begin with it stand."""
        positions: dict[tuple[str, str], list[int]] = {}
        for i, rule in enumerate(self.rules):
            positions.setdefault(rule.tags[0], []).append(i)
        return positions

    def category_of_words(self, words: str) -> str | None:
        """Return the category that a list's own words mean, or None.

        Examples
        --------
        >>> taxonomy().category_of_words("Tenants Hall"), taxonomy().category_of_words("car wash")
        ('community_centre', None)
        """
        wanted = " ".join(re.findall(r"[^\W_]+", words.casefold().replace("'", "")))
        for category in self.categories.values():
            known = {word.replace("'", "") for word in (*category.words, category.label.casefold())}
            if wanted in known or wanted == category.code.replace("_", " "):
                return category.code
        return None

    @property
    def osm_tags(self) -> dict[str, list[str]]:
        """Every key with the values that some rule asks for: what to ask Overpass for."""
        wanted: dict[str, set[str]] = {}
        for rule in self.rules:
            key, value = rule.tags[0]
            wanted.setdefault(key, set()).add(value)
        return {key: sorted(values) for key, values in sorted(wanted.items())}

    def members(self, code: str) -> tuple[str, ...]:
        """Return the categories that a category or group code stands for."""
        if code in self.categories:
            return (code,)
        return tuple(c.code for c in self.categories.values() if c.group == code)

    def label(self, code: str) -> str:
        """Return the label of a category or group."""
        return self.groups[code] if code in self.groups else self.categories[code].label


def read_access(tags: Mapping[str, str], default: str) -> str:
    """Return open, restricted or unknown from an object's access tags, else the rule's default.

    A pedestrian's tag (``foot``) goes before ``access``.
    """
    for key in ("foot", "access"):
        value = tags.get(key)
        if value in _OPEN:
            return "open"
        if value in _RESTRICTED:
            return "restricted"
    return default


def category_of(words: str) -> str | None:
    """Return the category of a list's own words, or of the first of several that it puts together.

    Examples
    --------
    >>> category_of("Library / community hub"), category_of("Car wash")
    ('library', None)
    """
    known = taxonomy()
    whole = known.category_of_words(words)
    if whole is not None:
        return whole
    for mark in ("/", ";", ",", "&", " and ", "(", "|", " - "):
        words = words.replace(mark, "\n")
    return next((found for part in words.split("\n") if (found := known.category_of_words(part))), None)


@cache
def taxonomy() -> Taxonomy:
    """Return the taxonomy that ships with assetmap."""
    content = tomllib.loads(files("assetmap").joinpath("taxonomy.toml").read_text(encoding="utf-8"))

    def rule(entry: dict[str, object], category: str = "") -> Rule:
        tags = entry["tags"]
        assert isinstance(tags, dict)  # noqa: S101 - the file is ours and a test reads every entry
        return Rule(
            str(entry.get("category", category)),
            tuple(tags.items()),
            str(entry.get("default_access", "unknown")),
            str(entry["reason"]),
        )

    categories = {
        code: Category(code, entry["label"], entry["group"], tuple(entry["words"]))
        for code, entry in content["categories"].items()
    }
    return Taxonomy(
        content["groups"],
        categories,
        tuple(rule(entry) for entry in content["rules"]),
        tuple(rule(entry) for entry in content["exclude"]),
    )
