"""The review page: each mark's picture beside what a person can say of it; one file, no server."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import pandas as pd

from assetmap.pages.seal import content_policy, require_self_contained
from assetmap.pages.templates import page_environment
from assetmap.schema import CONSENT_VALUES, SENTIMENT_VALUES

__all__ = ["review_html"]

_SHOWN = ("kind", "pen_colour", "theme", "sentiment", "consent", "text", "sheet_id", "session_id", "reviewed_by")


def review_html(
    marks: pd.DataFrame, *, crops: Mapping[str, bytes], study: str, themes: Sequence[str], made_on: str
) -> str:
    """Return the page on which a person goes through a study's marks.

    It holds personal words and pictures, says so, and loads nothing. What was decided is saved by the browser as
    ``reviews.json``, for `read_review`; until then the browser keeps it as a draft.

    Parameters
    ----------
    marks
        Table ``annotations`` of the kiosk's marks, with ``belongs_to`` (the id of the mark that a piece of writing
        goes with, or null). Marks of which somebody has said something already show it.
    crops
        Annotation id -> PNG of the mark; a mark without one is shown without a picture.
    study
        The study's name.
    themes
        The themes to choose from; those of the marks are added.
    made_on
        ISO date.

    Raises
    ------
    UsageError
        If the page would load anything.
    """
    page = files("assetmap.kiosk.review").joinpath("page")
    style, script = (page.joinpath(name).read_text(encoding="utf-8") for name in ("review.css", "review.js"))
    listed = [_item(row, crops) for row in marks.to_dict("records")]
    known = sorted({*themes, *(item["theme"] for item in listed if item["theme"])})
    text = (
        page_environment("assetmap.kiosk.review")
        .get_template("review.jinja")
        .render(
            study=study,
            made_on=made_on,
            style=style,
            script=script,
            policy=content_policy((script,), (style,)),
            marks=listed,
            themes=known,
            sentiments=SENTIMENT_VALUES,
            consents=CONSENT_VALUES,
            draft=hashlib.sha256("\n".join([study, *(item["id"] for item in listed)]).encode()).hexdigest()[:16],
        )
    )
    return require_self_contained(text)


def _item(row: Mapping[Any, Any], crops: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what the page shows of one mark; what isn't known is empty."""
    identity = str(row["annotation_id"])
    picture = crops.get(identity)
    known = {name: "" if pd.isna(row[name]) else str(row[name]) for name in _SHOWN}
    belongs_to = row.get("belongs_to")
    confidence = row["confidence"]
    return known | {
        "id": identity,
        "belongs_to": "" if pd.isna(belongs_to) else str(belongs_to),
        "sure": "" if pd.isna(confidence) else f"{confidence:.0%}",
        "picture": f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}" if picture else "",
    }
