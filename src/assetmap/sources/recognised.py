"""What a file was understood to be, before it is read in earnest."""

from __future__ import annotations

from dataclasses import dataclass, field

from assetmap.taxonomy import category_of

__all__ = ["KINDS", "Recognised", "category_of_file_name"]

KINDS = (
    "osm",
    "list",
    "green_space",
    "access_points",
    "zones",
    "population",
    "deprivation",
    "lookup",
    "areas",
    "annotations",
    "raster",
    "boundary",
    "postcodes",
)


@dataclass(frozen=True)
class Recognised:
    """What one file is."""

    kind: str
    """One of `KINDS`."""
    summary: str
    """One sentence: what was understood."""
    columns: dict[str, str] = field(default_factory=dict)
    """Field -> the column taken for it."""
    problems: tuple[str, ...] = ()
    """What the user should know before it is read."""
    suggested: dict[str, str] = field(default_factory=dict)
    """Settings that the file needs and doesn't hold itself, as a guess: ``category`` of a list; an empty text for one
    that can't be guessed, such as the list's ``postcodes``."""
    published: str = ""
    """Which public data it looks like: a name in ``remote/addresses.toml``; empty for anything else."""


def category_of_file_name(stem: str) -> str | None:
    """Return the category that a file's name speaks of, such as ``gla_community_centres``.

    Examples
    --------
    >>> category_of_file_name("gla_community_centres"), category_of_file_name("places")
    ('community_centre', None)
    """
    words = stem.replace("-", " ").replace("_", " ").split()
    for length in (3, 2, 1):
        for start in range(len(words) - length + 1):
            part = " ".join(words[start : start + length])
            for spelling in (part, part.removesuffix("s"), part.removesuffix("ies") + "y"):
                if found := category_of(spelling):
                    return found
    return None
