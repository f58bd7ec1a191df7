"""The review page: each mark and its writing as pictures, beside what a person can say of them; one file, no server."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd

from assetmap.kiosk.review.decisions import LONGEST
from assetmap.pages.seal import content_policy, require_self_contained
from assetmap.pages.templates import page_environment
from assetmap.schema import CONSENT_VALUES, SENTIMENT_VALUES

__all__ = ["MarkPictures", "review_html"]

_SHOWN = (
    "kind", "pen_colour", "theme", "sentiment", "consent", "text", "sheet_id", "session_id", "reviewed_by", "decision",
    "merged_into",
)  # fmt: skip


@dataclass(frozen=True)
class MarkPictures:
    """What the page shows of a mark.

    Parameters
    ----------
    place
        The straightened photograph around it, as a JPEG, with the mark shown in it; none if it isn't kept.
    crop
        The mark itself, as a PNG; none if it isn't kept.
    """

    place: bytes | None = None
    crop: bytes | None = None


def review_html(
    marks: pd.DataFrame, *, pictures: Mapping[str, MarkPictures], study: str, themes: Sequence[str], made_on: str
) -> str:
    """Return the page on which a person goes through a study's marks.

    It holds personal words and pictures, says so, and loads nothing. What was decided is saved by the browser as
    ``reviews.json`` or ``reviews.csv``, for `read_review`; until then the browser keeps it as a draft.

    Parameters
    ----------
    marks
        Table ``annotations`` of the kiosk's marks, with ``belongs_to`` (the id of the mark that a piece of writing
        goes with, or null), and `REVIEW_COLUMNS` if some were reviewed: those show what was decided.
    pictures
        By annotation id; a mark may have none.
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
    listed = [_item(row, pictures.get(str(row["annotation_id"]), MarkPictures())) for row in marks.to_dict("records")]
    sheets = sorted({item["sheet_id"] for item in listed})
    listed = [item | {"sheet": sheets.index(item["sheet_id"])} for item in listed]
    text = (
        page_environment("assetmap.kiosk.review")
        .get_template("review.jinja")
        .render(
            study=study,
            made_on=made_on,
            style=style,
            script=script,
            policy=content_policy((script,), (style,)),
            cards=_cards(listed),
            count=len(listed),
            sheets=[[item for item in listed if item["sheet_id"] == sheet] for sheet in sheets],
            themes=sorted({*themes, *(item["theme"] for item in listed if item["theme"])}),
            sentiments=SENTIMENT_VALUES,
            consents=CONSENT_VALUES,
            longest=LONGEST,
        )
    )
    return require_self_contained(text)


def _item(row: Mapping[Any, Any], pictures: MarkPictures) -> dict[str, Any]:
    """Return what the page shows of one mark; what isn't known is empty."""
    known = {name: "" if pd.isna(row.get(name)) else str(row[name]) for name in _SHOWN}
    belongs_to = row.get("belongs_to")
    confidence = row["confidence"]
    item = known | {
        "id": str(row["annotation_id"]),
        "belongs_to": "" if pd.isna(belongs_to) else str(belongs_to),
        "sure": "" if pd.isna(confidence) else f"{confidence:.0%}",
        "place": _data_url("jpeg", pictures.place),
        "crop": _data_url("png", pictures.crop),
    }
    # A draft in the browser is of this mark as it was; once another review of it was taken in, the draft is old.
    return item | {"state": hashlib.sha256(repr(sorted(item.items())).encode()).hexdigest()[:12]}


def _data_url(kind: str, picture: bytes | None) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode('ascii')}" if picture else ""


def _cards(listed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a card for each mark, with the writing that goes with it; writing that goes with none has its own."""
    marks = {item["id"] for item in listed if item["kind"] != "writing"}
    words: dict[str, list[dict[str, Any]]] = {}
    for item in listed:
        if item["kind"] == "writing" and item["belongs_to"] in marks:
            words.setdefault(item["belongs_to"], []).append(item)
    alone = [item for item in listed if item["kind"] != "writing" or item["belongs_to"] not in marks]
    return [item | {"words": words.get(item["id"], [])} for item in alone]
