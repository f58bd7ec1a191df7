"""Any form of OpenStreetMap data as something pyosmium reads: files as they are, replies and edits normalised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import quoteattr

import osmium
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from assetmap.encode import plain_text
from assetmap.errors import InputError, UsageError
from assetmap.files import require_file
from assetmap.sources.overpass_reply import check_overpass_reply

__all__ = ["OSM_SUFFIXES", "is_packed", "open_osm", "original_id", "run_through", "stated_box"]

OSM_SUFFIXES = (".osm", ".osm.bz2", ".osm.gz", ".osm.pbf", ".pbf", ".json")
_PACKED = (".pbf", ".osm.bz2", ".osm.gz")

_NEW_ID = 1 << 50  # ids of objects that an editor has drawn and not uploaded (negative) are moved above this
_SNIFF = 4096


def original_id(ref: int) -> int:
    """Return the id that the file itself uses for an object that `open_osm` has given a positive one."""
    return ref if ref < _NEW_ID else _NEW_ID - ref


def open_osm(paths: Sequence[Path]) -> osmium.io.File | osmium.io.FileBuffer:
    """Return OSM data in a form that pyosmium reads, sorted by type, without deleted objects.

    Parameters
    ----------
    paths
        One OSM file (.osm, .osm.bz2, .osm.gz, .osm.pbf), or any number of Overpass JSON replies, which are
        merged: the same object in two replies is one.

    Raises
    ------
    MissingInputError, InputError
        If a file is missing, empty, HTML, torn, a reply cut short by the server, or not OSM data.
    UsageError
        If several files that aren't replies are given.
    """
    if not paths:
        raise UsageError("no OpenStreetMap file was named: name at least one, such as an .osm.pbf extract.")
    found = [require_file(path, "OpenStreetMap file") for path in paths]
    replies = [path for path in found if _starts_with(path, b"{")]
    if replies and len(replies) == len(found):
        return _buffer(_merge_replies(replies))
    if len(found) > 1:
        other = next(path for path in found if path not in replies)
        raise UsageError(
            f"{other.name} is not an Overpass JSON reply, and only those can be several: give one OpenStreetMap file, "
            "or such replies alone."
        )
    return _open_file(found[0])


class _NoRows(osmium.SimpleHandler):
    """Takes what libosmium hands it and makes nothing of it."""

    def relation(self, relation: Any) -> None:
        pass


def is_packed(path: Path) -> bool:
    """Whether OSM data is in a packed form (.osm.pbf, .osm.bz2, .osm.gz), which may hold a country."""
    return path.name.lower().endswith(_PACKED)


def run_through(path: Path) -> None:
    """Read packed OSM data to its end and make nothing of it, in a thirtieth of the time of reading it or less.

    Every block is unpacked, so what is torn or damaged is found; what the objects in it are isn't looked at.

    Raises
    ------
    MissingInputError, InputError
        As `open_osm`, or if it is torn or damaged.
    """
    data = open_osm([path])
    try:
        osmium.apply(osmium.io.Reader(data, osmium.osm.RELATION), _NoRows())
    except (RuntimeError, ValueError, OverflowError) as error:
        raise InputError(f"{path.name} is not whole OpenStreetMap data ({error}): get the file again.") from error


def stated_box(paths: Sequence[Path]) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of the extent that OSM data states, in degrees, or None where it states none.

    Raises
    ------
    MissingInputError, InputError, UsageError
        As `open_osm`, or if the beginning of a file can't be read.
    """
    data = open_osm(paths)
    try:
        box = osmium.io.Reader(data, osmium.osm.NOTHING).header().box()
    except (RuntimeError, ValueError, OverflowError) as error:
        raise InputError(f"{paths[0].name} is not whole OpenStreetMap data ({error}): get the file again.") from error
    if not box.valid():
        return None
    return box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat


def _starts_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(_SNIFF).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(mark)


def _open_file(path: Path) -> osmium.io.File | osmium.io.FileBuffer:
    if is_packed(path):
        return osmium.io.File(str(path))
    if not _starts_with(path, b"<"):
        known = ", ".join(OSM_SUFFIXES)
        raise InputError(f"{path} is not OpenStreetMap data: expected {known}.")
    content = path.read_bytes()
    if b"<html" in content[:_SNIFF].lower():
        raise InputError(f"{path} is a web page, not OpenStreetMap data: fetch or download it again.")
    if b"<remark>" in content[-_SNIFF:]:
        raise InputError(f"{path} is only a part of an answer (the server left a remark): fetch it again.")
    if any(mark in content for mark in (b"action='", b'action="', b"id='-", b'id="-')):
        return _buffer(_read_edited(path, content))
    return osmium.io.File(str(path), "osm")


def _read_edited(path: Path, content: bytes) -> list[dict[str, Any]]:
    """Read a file that an editor (JOSM) has saved: deleted objects go, negative ids become positive."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise InputError(f"{path} is not whole OpenStreetMap XML ({error}): get the file again.") from error
    kept = [e for e in root if e.tag in ("node", "way", "relation") and e.get("action") != "delete"]
    try:
        elements = [_from_xml(e) for e in kept]
    except (TypeError, ValueError) as error:
        raise InputError(f"{path}: an object has no usable id or position ({error}): repair the file.") from error
    box = root.find("bounds")
    if box is not None:
        elements.append({"type": "bounds", **{k: box.get(k) for k in ("minlat", "minlon", "maxlat", "maxlon")}})
    return elements


def _positive(ref: str | None) -> int:
    number = int(ref or "")
    return number if number > 0 else _NEW_ID - number


def _from_xml(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {"type": element.tag, "id": _positive(element.get("id"))}
    found["tags"] = {t.get("k", ""): t.get("v", "") for t in element.iter("tag")}
    if element.tag == "node" and element.get("lat") is not None:
        found |= {"lat": float(element.get("lat", "")), "lon": float(element.get("lon", ""))}
    if element.tag == "way":
        found["nodes"] = [_positive(nd.get("ref")) for nd in element.iter("nd")]
    if element.tag == "relation":
        found["members"] = [
            {"type": m.get("type"), "ref": _positive(m.get("ref")), "role": m.get("role", "")}
            for m in element.iter("member")
        ]
    return found


def _merge_replies(paths: Iterable[Path]) -> list[dict[str, Any]]:
    merged: dict[tuple[str, int], dict[str, Any]] = {}
    for path in paths:
        reply = check_overpass_reply(path.read_bytes(), str(path), from_user=True)
        for element in reply["elements"]:
            try:
                _add_nodes_of(element, merged)
                key = (element["type"], int(element["id"]))
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
                raise InputError(f"{path}: an element has no type or id ({error!r}): fetch it again.") from error
            # A skeleton of an object (`out skel`) never replaces one that came with its tags.
            if key not in merged or len(element) > len(merged[key]):
                merged[key] = element
    return list(merged.values())


def _add_nodes_of(element: Mapping[str, Any], merged: dict[tuple[str, int], dict[str, Any]]) -> None:
    """Take the node positions that `out geom` puts inside a way."""
    if element["type"] == "way" and "geometry" in element and "nodes" in element:
        for ref, at in zip(element["nodes"], element["geometry"], strict=True):
            if at is not None:
                merged.setdefault(("node", ref), {"type": "node", "id": ref, "lat": at["lat"], "lon": at["lon"]})


def _buffer(elements: Iterable[Mapping[str, Any]]) -> osmium.io.FileBuffer:
    order = {"bounds": 0, "node": 1, "way": 2, "relation": 3}
    known = (element for element in elements if element.get("type") in order)
    lines = ["<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"]
    try:
        for element in sorted(known, key=lambda e: (order[e["type"]], int(e.get("id", 0)))):
            lines.extend(_to_xml(element))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(f"an OpenStreetMap object lacks a part ({error!r}): fetch the data again.") from error
    lines.append("</osm>")
    return osmium.io.FileBuffer("\n".join(lines).encode("utf-8"), "osm")


def _to_xml(element: Mapping[str, Any]) -> Iterator[str]:
    kind = element["type"]
    if kind == "bounds":
        yield "<bounds {}/>".format(" ".join(f"{k}={_attribute(v)}" for k, v in element.items() if k != "type"))
        return
    head = f"<{kind} id='{int(element['id'])}' version='1'"
    if stamp := element.get("timestamp"):
        head += f" timestamp={_attribute(stamp)}"
    if kind == "node":
        if "lat" not in element:
            return
        head += f" lat='{float(element['lat']):.7f}' lon='{float(element['lon']):.7f}'"
    yield f"{head}>"
    yield from (f"<nd ref='{int(ref)}'/>" for ref in element.get("nodes", ()))
    for member in element.get("members", ()):
        role = _attribute(member.get("role", ""))
        yield f"<member type={_attribute(member['type'])} ref='{int(member['ref'])}' role={role}/>"
    for key, value in (element.get("tags") or {}).items():
        yield f"<tag k={_attribute(key)} v={_attribute(value)}/>"
    yield f"</{kind}>"


def _attribute(value: object) -> str:
    """Return a value as XML writes it, without the half characters and controls that JSON may hold and XML can't."""
    return quoteattr(plain_text(value))
