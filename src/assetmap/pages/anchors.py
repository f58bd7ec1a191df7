"""Addresses within our pages, the same in all of them, so that one page can lead to a place on another."""

from __future__ import annotations

from urllib.parse import quote

__all__ = ["place_anchor"]


def place_anchor(asset_id: str) -> str:
    """Return the address of an asset in the map's page and in the pages beside it.

    Examples
    --------
    >>> place_anchor("osm:way/123"), place_anchor("list:ab:1 b")
    ('place=osm:way/123', 'place=list:ab:1%20b')
    """
    return f"place={quote(asset_id, safe=':/')}"
