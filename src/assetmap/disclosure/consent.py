"""What contributors agreed to, obeyed mark by mark; where they said two things, the stricter holds."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from assetmap.disclosure.stamp import AUDIENCES
from assetmap.errors import DisclosureError, UsageError

__all__ = ["contradictions", "may_leave", "require_consent", "strictest_consent"]

_STRICTNESS = {"unknown": 0, "none": 0, "research": 1, "partners": 2, "public": 3}
_OF_RECORDING = r":([0-9a-f]{12})$"
"""How the id of a recording ends, wherever it was brought in: with its file's checksum."""
_NEEDED = {"residents": "public", "partners": "partners"}


def require_consent(annotations: pd.DataFrame) -> None:
    """Refuse marks of which nobody has recorded what their contributors agreed to.

    A reader that finds no consent column fills in ``unknown``; so a source all of whose marks are ``unknown``
    has none, or one in words that aren't known. To withhold them all would hide that the question was never put.

    Raises
    ------
    DisclosureError
        Naming the files and what to add.
    """
    wanted = "add a column `consent` with none, research, partners or public for each mark, then build again"
    if "consent" not in annotations.columns:
        raise DisclosureError(f"{len(annotations)} marks have no consent column: {wanted}.")
    silent = annotations["consent"].isna() | (annotations["consent"] == "unknown")
    by_source = silent.groupby(annotations["source"].fillna("?")).all()
    files = [str(name) for name in by_source.index[by_source]]
    if files:
        count = int(annotations["source"].fillna("?").isin(files).sum())
        raise DisclosureError(
            f"{', '.join(files)}: none of {count} marks says what its contributor agreed to: {wanted}."
        )


def strictest_consent(annotations: pd.DataFrame) -> pd.Series[str]:
    """Return the consent that holds for each mark, on the caller's index.

    A contributor who said ``none`` of any mark, which is also how a withdrawal is recorded, has said it of all. A mark
    that is there twice (equal id; equal contributor, words and shape; or one recording on two walks) has the stricter
    of the two. Other differences between a contributor's marks stand: consent is given mark by mark.
    """
    said = annotations["consent"].where(annotations["consent"].isin(_STRICTNESS), "unknown").astype(object)
    refused = set(annotations.loc[(said == "none") & annotations["contributor_id"].notna(), "contributor_id"])
    level = said.map(_STRICTNESS).astype(int)
    holds = level.mask(annotations["contributor_id"].isin(refused), 0)
    names = annotations["annotation_id"]
    recording = names.str.extract(_OF_RECORDING, expand=False).fillna(names)
    for alike in (recording, _alike(annotations), names):
        holds = holds.groupby(alike).transform("min")
    words = pd.Series({value: name for name, value in _STRICTNESS.items()})
    return said.where(holds == level, holds.map(words)).astype("str").rename("consent")


def may_leave(annotations: pd.DataFrame, audience: str) -> pd.Series[bool]:
    """Return which marks may be given to an audience, on the caller's index.

    Residents are given what is ``public``; partners that and what is ``partners``. ``research`` stays with the
    team, as do ``none`` and ``unknown``.

    Parameters
    ----------
    annotations : DataFrame
        Marks (the annotation table).
    audience
        One of `AUDIENCES`.

    Raises
    ------
    UsageError
        If there is no such audience.
    """
    if audience not in AUDIENCES:
        raise UsageError(f"there is no audience {audience!r}: use one of {', '.join(AUDIENCES)}.")
    allowed = strictest_consent(annotations).map(_STRICTNESS).astype(int) >= _STRICTNESS[_NEEDED[audience]]
    return allowed.rename("may_leave")


def contradictions(annotations: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Return the marks whose consent was made stricter by another: (annotation_id, what was said and what holds)."""
    holds = strictest_consent(annotations)
    changed = annotations["consent"].fillna("unknown").astype(object) != holds.astype(object)
    rows = annotations.loc[changed, "annotation_id"]
    return tuple(
        (str(mark), f"says {said}, but {kept} holds: the same mark or contributor says so elsewhere")
        for mark, said, kept in zip(rows, annotations.loc[changed, "consent"], holds[changed], strict=True)
    )


def _alike(annotations: pd.DataFrame) -> Any:
    """Return a key that is equal for marks of one contributor with equal words and shape."""
    shape = pd.Series("", index=annotations.index)
    if isinstance(annotations, gpd.GeoDataFrame):
        shape = annotations.geometry.to_wkb(hex=True)
    parts = annotations[["contributor_id", "text"]].fillna("").astype(str).assign(shape=shape)
    return [parts[column] for column in parts]
