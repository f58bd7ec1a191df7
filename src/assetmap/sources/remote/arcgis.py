"""Questions to an ArcGIS feature service, which answers in pages and reports errors with HTTP 200."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from assetmap.errors import RemoteError
from assetmap.sources.page_text import page_words
from assetmap.sources.remote.addresses import Address
from assetmap.sources.remote.http import fetch_bytes
from assetmap.sources.remote.patience import RemoteSettings

__all__ = ["count_features", "query_features", "where_in"]

PAGE = 1000
_MOST_PAGES = 400


def where_in(field: str, codes: list[str]) -> str:
    """Return the condition that a field is one of some codes (which the caller has found to be plain).

    Examples
    --------
    >>> where_in("LSOA21CD", ["E01004222", "E01004226"])
    "LSOA21CD IN ('E01004222','E01004226')"
    """
    return f"{field} IN ({','.join(repr(code) for code in codes)})"


def query_features(address: Address, question: Mapping[str, str], settings: RemoteSettings) -> list[dict[str, Any]]:
    """Return all features that answer a question, page after page.

    Parameters
    ----------
    address
        The layer's query address.
    question
        ``where``, ``outFields``, ``f`` (json or geojson) and so on; sent by POST. ``orderByFields`` keeps
        the pages apart.
    settings
        Who asks, and the bounds of each request.

    Raises
    ------
    RemoteError
        If the service reports an error, sends no list of features, or never ends.
    """
    found: list[dict[str, Any]] = []
    offset = 0
    for number in range(1, _MOST_PAGES + 1):
        page = _ask(address, {**question, "resultOffset": str(offset), "resultRecordCount": str(PAGE)}, settings)
        features = page.get("features")
        if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
            raise RemoteError(f"{address.host} sent no list of features for {address.title}: try again later.")
        found += features
        if not _is_cut(page):
            return found
        # A page may be empty and not the last one: the service filters after it has counted.
        offset += len(features) or PAGE
        settings.tell(f"{address.title}: {len(found):,} so far, page {number}")
    raise RemoteError(f"{address.host} has more than {_MOST_PAGES} pages of {address.title}: ask for a smaller area.")


def count_features(address: Address, question: Mapping[str, str], settings: RemoteSettings) -> int:
    """Return how many features answer a question, by the service's own count.

    Raises
    ------
    RemoteError
        If the service doesn't say.
    """
    which = {key: value for key, value in question.items() if key not in ("outFields", "orderByFields", "outSR")}
    count = _ask(address, {**which, "f": "json", "returnCountOnly": "true"}, settings).get("count")
    if not isinstance(count, int):
        raise RemoteError(f"{address.host} does not say how many rows it has of {address.title}: try again later.")
    return count


def _is_cut(page: Mapping[str, Any]) -> bool:
    """Whether more pages follow: JSON says so at the top, GeoJSON among the properties."""
    properties = page.get("properties")
    inner = properties.get("exceededTransferLimit") if isinstance(properties, dict) else None
    return bool(page.get("exceededTransferLimit") or inner)


def _ask(address: Address, form: Mapping[str, str], settings: RemoteSettings) -> dict[str, Any]:
    data = fetch_bytes(address.url, settings, expects="json", form=form)
    try:
        reply = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RemoteError(f"{address.host} sent torn JSON, {len(data)} bytes: try again later.") from error
    if not isinstance(reply, dict):
        raise RemoteError(f"{address.host} sent no ArcGIS answer for {address.title}: check the address.")
    if "error" in reply:
        raise RemoteError(
            f"{address.host} can't answer for {address.title} ({'; '.join(_words(reply['error']))}): "
            "try again later; if it stays, the layer has changed and its address must too."
        )
    return reply


def _words(error: object) -> Iterator[str]:
    if not isinstance(error, Mapping):
        yield page_words(str(error))
        return
    yield page_words(f"{error.get('code', '')} {error.get('message', '')}")
    details = error.get("details")
    yield from (page_words(str(line)) for line in (details if isinstance(details, list) else ())[:2] if line)
