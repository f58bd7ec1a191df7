"""OpenStreetMap data of an area, through OSMnx and the Overpass API, with our guard round both.

OSMnx asks and nothing more: it writes the query and sends it (``features_from_polygon`` for places and
areas, ``graph_from_polygon`` with its own filter for streets and lines), and stops there
(``settings.cache_only_mode``), because what is kept is the reply itself and not OSMnx's tables. All of the
guard goes through OSMnx's public settings:

- ``requests_kwargs`` carries a response hook, which requests calls before OSMnx sees the answer. The hook
  reads the body within our bounds and raises on 429, 504, a page, a torn body, a remark: OSMnx's endless
  repeats are never reached, and the repeats are ours (`ask_until_whole`).
- ``overpass_rate_limit=False``: no questions to ``/status``, so no endless ones; Retry-After is kept to.
- ``use_cache=False``: OSMnx neither writes nor reads a cache file, so none of its can be torn. Replies are
  put in place whole, with their record, by `fetch_item`.
- settings are put back afterwards, and so is ``socket.getaddrinfo``, which OSMnx replaces.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import shapely
from pyproj import Geod

from assetmap.crs import check_lonlat
from assetmap.errors import RemoteError, UsageError
from assetmap.plurals import counted
from assetmap.sources.overpass_reply import check_overpass_reply
from assetmap.sources.remote.http import explain_failure, receive
from assetmap.sources.remote.kept import Item, fetch_item
from assetmap.sources.remote.patience import RemoteSettings, ask_until_whole
from assetmap.taxonomy import taxonomy

__all__ = ["MAX_AREA_KM2", "OsmQuestion", "fetch_osm", "osm_questions", "osm_reply_paths"]

MAX_AREA_KM2 = 400.0
"""Largest box to ask a shared server for; beyond it a downloaded extract is quicker for everyone."""

_SERVER_LIMIT_S = 180
_SETTINGS = threading.Lock()  # OSMnx's settings are global: one borrower at a time

_GATES = (
    "entrance", "full-height_turnstile", "gate", "hampshire_gate", "kissing_gate", "lych_gate", "sliding_gate",
    "stile", "swing_gate", "turnstile", "wicket_gate",
)  # fmt: skip
_GROUND: dict[str, bool | list[str]] = {
    "building": True,
    "natural": ["grassland", "heath", "scrub", "water", "wetland"],
    "landuse": ["basin", "grass", "meadow", "orchard", "reservoir"],
    "waterway": ["dock", "riverbank"],
}
_LINES = '[~"^(waterway|railway)$"~"^(river|canal|stream|rail|light_rail|tram|narrow_gauge)$"]'

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class OsmQuestion:
    """One thing to ask Overpass for: tags of any object, or a filter on ways. Members always come along."""

    name: str
    tags: Mapping[str, bool | list[str]] | None = None
    ways: str = ""

    def file_name(self, box: Box) -> str:
        """Return the name of the file that holds the answer for a box: a checksum of the question."""
        asked = json.dumps({"tags": self.tags, "ways": self.ways, "box": box}, sort_keys=True)
        return f"{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"


def osm_questions() -> tuple[OsmQuestion, ...]:
    """Return what is asked for an area: what the taxonomy, the walking network and the base map need."""
    places: dict[str, bool | list[str]] = {**taxonomy().osm_tags, "barrier": list(_GATES), "entrance": True}
    return (
        OsmQuestion("places and gates", tags=places),
        OsmQuestion("streets and paths", ways='["highway"]'),
        OsmQuestion("waterways and railways", ways=_LINES),
        OsmQuestion("buildings, water and ground", tags=_GROUND),
    )


def osm_reply_paths(area: shapely.Geometry, into: Path) -> list[Path]:
    """Return where `fetch_osm` keeps the replies for an area, there or not; no network.

    Parameters
    ----------
    area
        The area, lon/lat.
    into
        The folder of replies.
    """
    box = _box(area)
    return [into / question.file_name(box) for question in osm_questions()]


def fetch_osm(
    area: shapely.Geometry, into: Path, *, settings: RemoteSettings | None = None, refresh: bool = False
) -> list[Path]:
    """Bring OpenStreetMap data of an area into a folder, one Overpass reply a file.

    The box round the area is asked for, its corners rounded outward to 4 decimals (about 10 m), so that a
    hair's change of outline is the same question. Streets come with 500 m more all round, as OSMnx has it.

    Parameters
    ----------
    area
        Polygon or multipolygon, lon/lat, with whatever margin the study needs.
    into
        The folder of replies, such as a study's ``data/osm_cache``.
    settings
        Address, contact, bounds, progress.
    refresh
        Ask again also for what is there; where that fails the old reply stays.

    Returns
    -------
    list of Path
        The replies, for `read_osm`; where all were there whole, nothing was asked.

    Raises
    ------
    UsageError
        If the area is no polygon, or larger than 400 km².
    RemoteError
        If a whole reply could not be had. Replies that came before stay.
    """
    settings = settings or RemoteSettings()
    box = _box(area)
    address = settings.addresses["overpass"]
    questions = osm_questions()
    paths = []
    for number, question in enumerate(questions, start=1):
        item = Item(
            into / question.file_name(box),
            address,
            f"assetmap, {question.name}, box {','.join(f'{side:.4f}' for side in box)}",
            f"{address.title}: {question.name}",
        )

        def download(question: OsmQuestion = question, number: int = number) -> tuple[bytes, str]:
            settings.tell(f"OpenStreetMap {number} of {len(questions)}: {question.name}, from {address.host}")
            return _ask(question, box, settings)

        paths.append(fetch_item(item, download, settings=settings, refresh=refresh))
    return paths


def _box(area: shapely.Geometry) -> Box:
    if area.geom_type not in ("Polygon", "MultiPolygon") or area.is_empty:
        raise UsageError(f"the area to fetch is a {area.geom_type}, not a polygon: give a boundary.")
    check_lonlat(area.bounds, "the area to fetch")
    west, south, east, north = area.bounds
    box = (
        max(math.floor(west * 1e4) / 1e4, -180.0),
        max(math.floor(south * 1e4) / 1e4, -90.0),
        min(math.ceil(east * 1e4) / 1e4, 180.0),
        min(math.ceil(north * 1e4) / 1e4, 90.0),
    )
    km2 = abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.box(*box))[0]) / 1e6
    if km2 > MAX_AREA_KM2:
        raise UsageError(
            f"the box round the area is {km2:,.0f} km², more than the {MAX_AREA_KM2:.0f} km² to ask a shared server "
            "for: download an .osm.pbf extract of the region (Geofabrik has them) and give it with --osm."
        )
    return box


def _ask(question: OsmQuestion, box: Box, settings: RemoteSettings) -> tuple[bytes, str]:
    """Return one whole reply, and what to say of it."""
    address = settings.addresses["overpass"]

    def attempt(ends: float) -> tuple[bytes, dict[str, Any]]:
        caught: list[tuple[bytes, dict[str, Any]]] = []

        def guard(response: requests.Response, **_: object) -> None:
            body = receive(response, expects="json", ends=ends, settings=settings)
            caught.append((body, check_overpass_reply(body, f"the answer of {address.host}")))
            response.raw = io.BytesIO(body)  # OSMnx reads the answer from here

        try:
            # InterruptedError is OSMnx's own sign that it has asked, and stops there as it was told to.
            with _osmnx_guarded(guard, ends, settings), suppress(InterruptedError):
                _send(question, box)
        except requests.RequestException as error:
            raise explain_failure(error, address.url) from error
        if len(caught) != 1:
            raise RemoteError(f"OSMnx asked {address.host} {len(caught)} times, not once: is it a version 2?")
        return caught[0]

    body, reply = ask_until_whole(attempt, settings)
    return body, _describe(reply, settings)


def _send(question: OsmQuestion, box: Box) -> None:
    import osmnx  # takes seconds: only where something is really asked

    polygon = shapely.box(*box)
    if question.tags is not None:
        osmnx.features_from_polygon(polygon, dict(question.tags))
    else:
        osmnx.graph_from_polygon(polygon, custom_filter=question.ways)


@contextmanager
def _osmnx_guarded(guard: Callable[..., None], ends: float, settings: RemoteSettings) -> Iterator[None]:
    """Lend OSMnx our settings, and put back its own and the resolver of names that it replaces."""
    from osmnx import settings as theirs

    patience = settings.patience
    allowed = max(ends - patience.clock(), 0.1)
    ours: dict[str, Any] = {
        "cache_only_mode": True,
        "use_cache": False,
        "overpass_rate_limit": False,
        "doh_url_template": None,
        "overpass_url": settings.addresses["overpass"].url,
        "overpass_settings": f"[out:json][timeout:{_SERVER_LIMIT_S}]",
        "max_query_area_size": 1e12,  # one question, one reply: the size was checked before
        "http_user_agent": settings.user_agent,
        "http_referer": settings.user_agent,
        "requests_timeout": min(patience.read_s, allowed),
        "requests_kwargs": {"hooks": {"response": guard}, "stream": True, "allow_redirects": False},
    }
    with _SETTINGS:
        before = {name: getattr(theirs, name) for name in ours}
        resolver = socket.getaddrinfo
        try:
            for name, value in ours.items():
                setattr(theirs, name, value)
            yield
        finally:
            for name, value in before.items():
                setattr(theirs, name, value)
            socket.getaddrinfo = resolver


def _describe(reply: Mapping[str, Any], settings: RemoteSettings) -> str:
    """Return the note for the record: how much came, of what date, and what it refers to and does not hold."""
    elements = reply["elements"]
    held = {(e["type"], e.get("id")) for e in elements}
    lacking = sum(("node", ref) not in held for e in elements for ref in e.get("nodes", ()))
    lacking += sum(
        (m.get("type"), m.get("ref")) not in held
        for e in elements
        for m in e.get("members", ())
        if m.get("type") != "relation"  # a relation's relations aren't asked for, and no area needs them
    )
    notes = [f"{counted(len(elements), 'object')}"]
    about = reply.get("osm3s")
    if isinstance(about, Mapping) and about.get("timestamp_osm_base"):
        notes.append(f"as of {about['timestamp_osm_base']}")
    if not elements:
        settings.tell("the answer is whole and empty: nothing of the kind is mapped there")
    if lacking:
        notes.append(f"{counted(lacking, 'member')} not in the server's data")
        settings.tell(notes[-1])
    return ", ".join(notes)
