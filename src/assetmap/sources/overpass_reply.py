"""What a whole Overpass reply is. A part of one is never taken for the whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from assetmap.errors import AssetMapError, InputError, RemoteError
from assetmap.sources.page_text import is_page, page_words

__all__ = ["check_overpass_reply"]


def check_overpass_reply(data: bytes | Mapping[str, Any], what: str, *, from_user: bool = False) -> dict[str, Any]:
    """Return an Overpass JSON reply as a dictionary, if it is a whole one.

    A reply without elements and without a remark is whole: the area is empty.

    Parameters
    ----------
    data
        The reply as bytes, or already parsed.
    what
        What was read (an address or a file name), for the message.
    from_user
        The reply is a file that the user gave, so it is the input that is wrong and not the service.

    Raises
    ------
    RemoteError
        If the server left a remark (also where it sent some elements before), sent a web page, a torn
        body, an error object, or no list of elements.
    InputError
        The same, with `from_user`.
    """
    error: type[AssetMapError] = InputError if from_user else RemoteError
    again = "fetch or download it again" if from_user else "try again later"
    reply = _parse(data, what, error, again) if isinstance(data, bytes) else data
    if not isinstance(reply, Mapping):
        raise error(f"{what} is JSON but not an Overpass reply (a {type(reply).__name__}): {again}.")
    if (remark := reply.get("remark")) is not None:
        raise error(
            f"{what} is only a part of an answer, the server remarks: {page_words(str(remark))}: "
            "ask again later, for a smaller area, or use a downloaded .osm.pbf extract."
        )
    if "error" in reply:
        raise error(f"{what} is an error message and no data: {page_words(_error_words(reply['error']))}: {again}.")
    elements = reply.get("elements")
    if not isinstance(elements, list):
        raise error(f"{what} is JSON without a list of elements, so no Overpass reply: {again}.")
    unlike = sum(not isinstance(e, dict) or not isinstance(e.get("type"), str) for e in elements)
    if unlike:
        raise error(f"{what}: {unlike} of {len(elements)} elements aren't OpenStreetMap objects: {again}.")
    return dict(reply)


def _parse(data: bytes, what: str, error: type[AssetMapError], again: str) -> Any:
    if not data.strip():
        raise error(f"{what} is empty: {again}.")
    if is_page(data):
        raise error(f"{what} is a web page, not Overpass JSON ({page_words(data)}): {again}.")
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as reason:
        raise error(f"{what} is torn or not JSON, {len(data)} bytes ({reason}): {again}.") from reason


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _error_words(found: object) -> str:
    """Return the message of an error object such as ``{"code": 400, "message": "..."}``."""
    if isinstance(found, Mapping):
        return " ".join(str(found[key]) for key in ("code", "message") if key in found)
    return str(found)
