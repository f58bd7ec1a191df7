"""What reviewers decided: read from their file, compared with each other, and applied to the marks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from assetmap.errors import AssetMapError, InputError
from assetmap.files import read_text
from assetmap.measures.agreement import Agreement, cohen_kappa
from assetmap.schema import CONSENT_VALUES, SENTIMENT_VALUES, Tally
from assetmap.sources.tables import read_table

__all__ = ["Applied", "Comparison", "Decision", "Review", "apply_review", "compare_reviews", "read_review"]

DECISIONS = ("accept", "merge", "reject")
FORMAT = "assetmap-review"
_FIELDS = ("text", "theme", "sentiment", "consent")
_ALLOWED = {"sentiment": ("", *SENTIMENT_VALUES), "consent": CONSENT_VALUES}


@dataclass(frozen=True)
class Decision:
    """What one reviewer said of one mark; an empty field says that nothing is known."""

    mark: str
    decision: str
    into: str = ""
    text: str = ""
    theme: str = ""
    sentiment: str = ""
    consent: str = "unknown"


@dataclass(frozen=True)
class Review:
    """One reviewer's decisions, by mark; marks left open aren't among them."""

    reviewer: str
    decisions: Mapping[str, Decision]


@dataclass(frozen=True)
class Applied:
    """The marks after a review."""

    marks: gpd.GeoDataFrame
    rejected: gpd.GeoDataFrame
    """Marks that were rejected, with ``reason``."""
    tally: Tally


@dataclass(frozen=True)
class Comparison:
    """Two reviews of the same marks."""

    decision: Agreement
    theme: Agreement
    agreed: Review
    """What both said alike, by both."""
    differ: tuple[str, ...]
    """The marks on which they differ."""


def read_review(path: Path) -> Review:
    """Read ``reviews.json`` of the review page, or a CSV with the same names as columns.

    The CSV has a row for each mark: ``reviewer``, ``id``, ``decision``, ``into``, ``text``, ``theme``,
    ``sentiment``, ``consent``.

    Raises
    ------
    MissingInputError, InputError
        If the file isn't a review, names no reviewer, decides a mark twice, or holds a word that isn't one of
        those to choose from.
    """
    reviewer, rows = _json_rows(path) if path.suffix.lower() == ".json" else _table_rows(path)
    if not reviewer:
        raise InputError(f"{path} doesn't say who reviewed: enter a name or initials and save it again.")
    decisions: dict[str, Decision] = {}
    for number, row in enumerate(rows, 1):
        decision = _decision(row, f"{path}, mark {number}")
        if decision is None:
            continue
        if decision.mark in decisions:
            raise InputError(f"{path} decides {decision.mark} twice: leave one of the two.")
        decisions[decision.mark] = decision
    return Review(reviewer, decisions)


def _json_rows(path: Path) -> tuple[str, list[Any]]:
    try:
        content = json.loads(read_text(path, "review"))
    except (ValueError, RecursionError) as error:
        if isinstance(error, AssetMapError):
            raise
        raise InputError(f"{path} is not JSON ({error}): save the review again.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("marks"), list):
        raise InputError(f"{path} is not a saved review: save reviews.json from the page of `assetmap kiosk review`.")
    return str(content.get("reviewer") or "").strip(), content["marks"]


def _table_rows(path: Path) -> tuple[str, list[Any]]:
    table = read_table(path)
    missing = [name for name in ("id", "decision", "reviewer") if name not in table.columns]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}: a review needs id, decision and reviewer.")
    names = sorted(set(table["reviewer"].dropna().str.strip()))
    if len(names) > 1:
        raise InputError(f"{path} is by {len(names)} reviewers ({', '.join(names[:3])}): give a file for each.")
    return names[0] if names else "", table.astype(object).where(table.notna(), "").to_dict("records")


def _decision(row: Any, where: str) -> Decision | None:
    """Return one checked decision, or None for a mark that was left open."""
    if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"].strip():
        raise InputError(f"{where} has no id: save the review again.")
    said = {name: str(row.get(name) or "").strip() for name in ("decision", "into", *_FIELDS)}
    if not said["decision"]:
        return None
    said["consent"] = said["consent"] or "unknown"
    for name, allowed in {"decision": DECISIONS, **_ALLOWED}.items():
        if said[name] not in allowed:
            words = ", ".join(filter(None, allowed))
            raise InputError(f"{where} ({row['id']}): {name} {said[name]!r} is unknown: use one of {words}.")
    if said["decision"] == "merge" and not said["into"]:
        raise InputError(f"{where} ({row['id']}) is merged, but not into which mark: say so.")
    return Decision(mark=row["id"].strip(), **said)


def compare_reviews(first: Review, second: Review) -> Comparison:
    """Compare two reviews on the marks that both have decided."""
    both = sorted(first.decisions.keys() & second.decisions.keys())
    pairs = [(first.decisions[mark], second.decisions[mark]) for mark in both]
    agreed = {a.mark: a for a, b in pairs if a == b}
    return Comparison(
        decision=cohen_kappa([a.decision for a, _ in pairs], [b.decision for _, b in pairs]),
        theme=cohen_kappa([a.theme for a, _ in pairs], [b.theme for _, b in pairs]),
        agreed=Review(f"{first.reviewer}, {second.reviewer}", agreed),
        differ=tuple(mark for mark in both if mark not in agreed),
    )


def apply_review(marks: gpd.GeoDataFrame, review: Review, *, source: str) -> Applied:
    """Apply a review to the marks: words, theme, feeling and consent set, marks merged, others rejected.

    Parameters
    ----------
    marks
        Table ``annotations`` of the kiosk's marks.
    review
        What was decided. A decision on a mark that isn't there is counted in the tally and does nothing.
    source
        What the tally calls the review, such as the file's name.

    Returns
    -------
    Applied
        Marks with ``reviewed_by``; a mark that others were merged into has all their shapes and words.

    Raises
    ------
    InputError
        If a mark is to be merged into one that is itself merged, rejected or not there.
    """
    tally = Tally(source, read=len(review.decisions))
    known = set(marks["annotation_id"])
    tally.drop("no mark of that id", sorted(review.decisions.keys() - known))
    decided = {mark: said for mark, said in review.decisions.items() if mark in known}
    _check_merges(decided, known)
    frame = marks.set_index("annotation_id", drop=False)
    for mark, said in decided.items():
        for name in _FIELDS:
            frame.loc[mark, name] = getattr(said, name) or None
        frame.loc[mark, "reviewed_by"] = review.reviewer
    merged = [said for said in decided.values() if said.decision == "merge"]
    for said in merged:
        _merge(frame, said)
    gone = [mark for mark, said in decided.items() if said.decision == "reject"]
    kept = frame.drop(index=[*gone, *(said.mark for said in merged)])
    rejected = frame.loc[gone].assign(reason=f"rejected by {review.reviewer}")
    return Applied(kept.reset_index(drop=True), rejected.reset_index(drop=True), tally)


def _check_merges(decided: Mapping[str, Decision], known: set[str]) -> None:
    for said in decided.values():
        if said.decision != "merge":
            continue
        goal = decided.get(said.into)
        if said.into not in known or said.into == said.mark:
            raise InputError(f"{said.mark} is to be merged into {said.into}, which is no other mark: choose one.")
        if goal is not None and goal.decision != "accept":
            raise InputError(
                f"{said.mark} is to be merged into {said.into}, which is itself to {goal.decision}: accept that one, "
                "or choose another."
            )


def _merge(frame: gpd.GeoDataFrame, said: Decision) -> None:
    """Add one mark's shape and words to another's; the stricter consent of the two holds."""
    shapes = gpd.GeoSeries([frame.at[said.into, "geometry"], frame.at[said.mark, "geometry"]])
    frame.at[said.into, "geometry"] = shapes.union_all()
    words = [frame.at[name, "text"] for name in (said.into, said.mark)]
    frame.at[said.into, "text"] = " ".join(_distinct(words)) or None
    frame.at[said.into, "consent"] = min(
        (frame.at[name, "consent"] for name in (said.into, said.mark)), key=_STRICTNESS.index
    )


_STRICTNESS = ("none", "unknown", "research", "partners", "public")


def _distinct(words: Sequence[Any]) -> list[str]:
    return list(dict.fromkeys(str(text) for text in words if not pd.isna(text) and text))
