"""Shows that a page loads nothing, and forbids browsers to run or load anything but what is in it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser

from assetmap.errors import UsageError

__all__ = ["content_policy", "require_self_contained"]

_LOADING = {
    "src", "srcset", "srcdoc", "data", "poster", "background", "action", "formaction", "xlink:href", "manifest", "ping",
}  # fmt: skip
_LINKING = {"a", "area"}
_ATTRIBUTES = ("href", "style", *sorted(_LOADING))
_SUSPECTS = f":is(script, style, template, {', '.join(f'[{name}]' for name in _ATTRIBUTES)})".replace("k:", r"k\:")
"""Selects each element worth a look once."""
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


def _loads(page: str) -> Iterator[str]:
    """Yield what a page would load, as a browser reads it."""
    for element in LexborHTMLParser(page).css(_SUSPECTS):
        tag = element.tag
        for name, value in element.attributes.items():
            text = value or ""
            if name == "href" and tag not in _LINKING and not text.startswith("#"):
                yield f"<{tag} href={text[:80]}>"
            elif name in _LOADING and not text.startswith(("data:", "#")):
                yield f"<{tag} {name}={text[:80]}>"
            elif name == "style" and _STYLE_LOAD.search(text):
                yield f"<{tag} style={text[:80]}>"
        if tag == "template":  # what is in it is no part of the page yet, so it isn't looked through
            yield "<template>"
        elif tag == "script":
            text = element.text()
            if ":" in text:  # a packed payload, most of a page, has none
                yield from (url for url in _URL.findall(text) if not url.startswith(KNOWN_URLS))
        elif tag == "style" and (match := _STYLE_LOAD.search(text := element.text())):
            yield text[match.start() : match.start() + 80]


def require_self_contained(page: str) -> str:
    """Return the page if it loads nothing: no script, style, picture or font from elsewhere.

    Links that a reader may follow are no loads.

    Raises
    ------
    UsageError
        Naming what the page would load.
    """
    found = list(_loads(page))
    if found:
        raise UsageError(
            f"the map would load {len(found)} thing(s) from elsewhere (first: {found[0]}): "
            "remove that layer; a map must be one file that fetches nothing."
        )
    return page
