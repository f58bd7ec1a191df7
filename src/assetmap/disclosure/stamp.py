"""The gate's stamp on a frame: for which audience it is safe, and that nothing was changed since."""

from __future__ import annotations

import hashlib
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from assetmap.errors import DisclosureError, UsageError

__all__ = ["AUDIENCES", "require_stamp", "stamp"]

AUDIENCES = ("residents", "partners")
"""Who a release may be for. What `build` writes is for the ``team``, and carries no stamp."""
_KEY = "assetmap_released"
Frame = TypeVar("Frame", bound=pd.DataFrame)


def stamp(frame: Frame, audience: str) -> Frame:
    """Return the frame marked as passed by the gate for an audience. Only the gate calls this.

    Parameters
    ----------
    frame
        A frame that holds nothing but what the audience may see.
    audience
        One of `AUDIENCES`.

    Raises
    ------
    UsageError
        If there is no such audience.
    """
    if audience not in AUDIENCES:
        raise UsageError(f"there is no audience {audience!r}: use one of {', '.join(AUDIENCES)}.")
    passed = frame.copy()
    passed.attrs[_KEY] = {"audience": audience, "checksum": _checksum(passed)}
    return passed


def require_stamp(frame: pd.DataFrame, audience: str, what: str) -> None:
    """Refuse a frame that the gate hasn't passed for this audience, or that was changed afterwards.

    A frame that was passed for ``residents`` may go to ``partners`` as well, not the reverse.

    Raises
    ------
    DisclosureError
        Naming `what`.
    """
    held = frame.attrs.get(_KEY)
    if not isinstance(held, dict):
        raise DisclosureError(f"{what} has not passed the disclosure check: it can't be given to {audience}.")
    if held["audience"] not in (audience, "residents"):
        raise DisclosureError(f"{what} was passed for {held['audience']}, not for {audience}: publish it again.")
    if held["checksum"] != _checksum(frame):
        raise DisclosureError(f"{what} was changed after its disclosure check: it has to pass it again.")


def _checksum(frame: pd.DataFrame) -> str:
    content = pd.DataFrame(frame)
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name in frame:
        content = content.assign(**{frame.geometry.name: frame.geometry.to_wkb()})
    parts = [",".join(map(str, content.columns)).encode()]
    parts += [repr(list(content[column].astype(object))).encode() for column in content.columns]
    return hashlib.sha256(b"\x00".join(parts)).hexdigest()
