"""The one table of addresses, with a study's own addresses or a mirror in place of the publishers'."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from urllib.parse import urlsplit

from assetmap.errors import SettingsError

__all__ = ["Address", "load_addresses"]


@dataclass(frozen=True)
class Address:
    """One thing that can be fetched: where it is, whose it is, and under which licence."""

    name: str
    url: str
    title: str
    publisher: str
    licence: str
    attribution: str
    note: str
    key: str = ""
    """The column that holds the code of a row."""
    rows: int = 0
    """How many rows a whole copy has; 0 where nobody has fixed it."""

    @property
    def host(self) -> str:
        """The server's name, for messages."""
        return urlsplit(self.url).hostname or self.url


@cache
def _published() -> Mapping[str, Address]:
    text = files("assetmap.sources.remote").joinpath("addresses.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: Address(name, **entry) for name, entry in tomllib.loads(text).items()})


def load_addresses(overrides: Mapping[str, str] | None = None, *, mirror: str | None = None) -> Mapping[str, Address]:
    """Return the table of addresses.

    Parameters
    ----------
    overrides
        Name in the table -> the address to ask in its place, such as another Overpass server
        (``{"overpass": "https://overpass.example.org/api"}``). Goes before `mirror`.
    mirror
        Address of a server that keeps copies of all under ``<mirror>/<host>/<path>``.

    Raises
    ------
    SettingsError
        If a name isn't in the table, or an address isn't ``http(s)://host/...``.

    Examples
    --------
    >>> load_addresses(mirror="http://127.0.0.1:8000")["population"].url
    'http://127.0.0.1:8000/www.nomisweb.co.uk/api/v01/dataset/NM_2021_1.data.csv'
    """
    table = dict(_published())
    if mirror is not None:
        base = _checked(mirror, "the mirror")
        for name, address in table.items():
            parts = urlsplit(address.url)
            table[name] = replace(address, url=f"{base}/{parts.netloc}{parts.path}")
    for name, url in (overrides or {}).items():
        if name not in table:
            near = get_close_matches(name, table, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(table)}."
            raise SettingsError(f"no address is called {name!r}: {hint}")
        table[name] = replace(table[name], url=_checked(url, name))
    return MappingProxyType(table)


def _checked(url: str, what: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or any(c.isspace() or not c.isprintable() for c in url):
        raise SettingsError(f"{what}: {url!r} is not an address: write it as https://host/path.")
    return url.rstrip("/").removesuffix("/interpreter")
