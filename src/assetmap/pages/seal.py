"""Shows that a page loads nothing, and forbids browsers to run or load anything but what is in it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html.parser import HTMLParser

from assetmap.errors import UsageError

__all__ = ["content_policy", "require_self_contained"]

_LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href", "manifest", "ping"}
_LINKING = {"a", "area"}
_URL = re.compile(r"(?:https?|wss?|ftp):\\?/\\?/[^\s\"'`)>\\]*", re.IGNORECASE)
_STYLE_LOAD = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)", re.IGNORECASE)
KNOWN_URLS = ("http://www.w3.org/", "https://leafletjs.com")
"""Names in scripts that look like addresses and are never loaded: XML namespaces, Leaflet's home."""


def content_policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return a Content-Security-Policy that lets only these scripts and styles act, and nothing be loaded.

    Examples
    --------
    >>> content_policy(["f()"], [])[:34]
    "default-src 'none'; script-src 'sh"
    """
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hashes(texts: Iterable[str]) -> str:
    digests = (hashlib.sha256(text.encode("utf-8")).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests) or "'none'"


class _Loads(HTMLParser):
    """Collects what a page would load."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a start tag's attributes."""
        self._inside = tag if tag in ("script", "style") else ""
        for name, value in attrs:
            text = value or ""
            if name == "href" and tag not in _LINKING and not text.startswith("#"):
                self.found.append(f"<{tag} href={text[:80]}>")
            elif name in _LOADING and not text.startswith(("data:", "#")):
                self.found.append(f"<{tag} {name}={text[:80]}>")
            elif name == "style" and _STYLE_LOAD.search(text):
                self.found.append(f"<{tag} style={text[:80]}>")

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or a style."""
        self._inside = ""

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks in which one a load stands."""
        return j

    def handle_data(self, data: str) -> None:
        """Look at a script's or a style's text."""
        if self._inside == "script" and ":" in data:  # a packed payload, most of a page, has none
            self.found.extend(url for url in _URL.findall(data) if not url.startswith(KNOWN_URLS))
        elif self._inside == "style" and (match := _STYLE_LOAD.search(data)):
            self.found.append(data[match.start() : match.start() + 80])


def require_self_contained(page: str) -> str:
    """Return the page if it loads nothing: no script, style, picture or font from elsewhere.

    Links that a reader may follow are no loads.

    Raises
    ------
    UsageError
        Naming what the page would load.
    """
    loads = _Loads()
    loads.feed(page)
    loads.close()
    if loads.found:
        raise UsageError(
            f"the map would load {len(loads.found)} thing(s) from elsewhere (first: {loads.found[0]}): "
            "remove that layer; a map must be one file that fetches nothing."
        )
    return page
