"""What reviewers decided, read from the files that the page of review has saved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assetmap.encode import plain_text
from assetmap.errors import AssetMapError, InputError
from assetmap.files import read_text
from assetmap.schema import CONSENT_VALUES, SENTIMENT_VALUES
from assetmap.sources.tables import read_table

__all__ = ["FIELDS", "LONGEST", "Decision", "Review", "join_reviews", "read_review"]

DECISIONS = ("accept", "merge", "reject")
FORMAT = "assetmap-review"
FIELDS = ("text", "theme", "sentiment", "consent")
LONGEST = {"text": 2000, "theme": 200}
"""Characters that the page lets a reviewer enter."""
_ALLOWED = {"sentiment": ("", *SENTIMENT_VALUES), "consent": CONSENT_VALUES}
_LONGEST_NAME = 60
_MOST_BYTES = 20_000_000  # 10,000 marks with 2,000 letters each
_GUARD = re.compile(r"'(?=[=+\-@\t\r\n])")  # what csv_cell and the page put before a cell that looks like a formula


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


def read_review(path: Path) -> Review:
    """Read ``reviews.json`` or ``reviews.csv`` of the review page.

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
    if len(reviewer) > _LONGEST_NAME:
        raise InputError(f"{path} names a reviewer in {len(reviewer)} letters: {_LONGEST_NAME} at most.")
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
    if path.is_file() and path.stat().st_size > _MOST_BYTES:
        raise InputError(f"{path} has {path.stat().st_size / 1e6:.0f} MB: no review is larger than 20.")
    try:
        content = json.loads(read_text(path, "review"))
    except (ValueError, RecursionError) as error:
        if isinstance(error, AssetMapError):
            raise
        raise InputError(f"{path} is not JSON ({error}): save the review again.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("marks"), list):
        raise InputError(f"{path} is not a saved review: save reviews.json from the page of `assetmap kiosk review`.")
    return _name(content.get("reviewer")), content["marks"]


def _table_rows(path: Path) -> tuple[str, list[Any]]:
    table = read_table(path)
    missing = [name for name in ("id", "decision", "reviewer") if name not in table.columns]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}: a review needs id, decision and reviewer.")
    rows = table.astype(object).where(table.notna(), "").to_dict("records")
    rows = [{name: _GUARD.sub("", str(value), count=1) for name, value in row.items()} for row in rows]
    names = sorted({_name(row["reviewer"]) for row in rows} - {""})
    if len(names) > 1:
        raise InputError(f"{path} is by {len(names)} reviewers ({', '.join(names[:3])}): give a file for each.")
    return names[0] if names else "", rows


def _name(value: Any) -> str:
    """Return a reviewer's name as it stands in lists of names, which commas part."""
    return " ".join(plain_text(str(value or "")).replace(",", " ").split())


def _decision(row: Any, where: str) -> Decision | None:
    """Return one checked decision, or None for a mark that was left open."""
    if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"].strip():
        raise InputError(f"{where} has no id: save the review again.")
    said = {name: _entered(row.get(name), f"{where}: {name}") for name in ("decision", "into", *FIELDS)}
    if not said["decision"]:
        return None
    said["consent"] = said["consent"] or "unknown"
    for name, allowed in {"decision": DECISIONS, **_ALLOWED}.items():
        if said[name] not in allowed:
            words = ", ".join(filter(None, allowed))
            raise InputError(f"{where} ({row['id']}): {name} {said[name]!r} is unknown: use one of {words}.")
    for name, longest in LONGEST.items():
        if len(said[name]) > longest:
            raise InputError(f"{where} ({row['id']}): {name} has {len(said[name])} letters: {longest} at most.")
    if said["decision"] == "merge" and not said["into"]:
        raise InputError(f"{where} ({row['id']}) is merged, but not into which mark: say so.")
    if said["decision"] != "merge":
        said["into"] = ""
    return Decision(mark=row["id"].strip(), **said)


def _entered(value: Any, where: str) -> str:
    if value is not None and not isinstance(value, str):
        raise InputError(f"{where} is {type(value).__name__}, not text: save the review again.")
    return plain_text(value or "").strip()


def join_reviews(reviews: Iterable[Review]) -> Sequence[Review]:
    """Return one review for each reviewer, in the order of the files.

    Raises
    ------
    InputError
        If two files of one reviewer say different things of a mark.
    """
    joined: dict[str, dict[str, Decision]] = {}
    for review in reviews:
        mine = joined.setdefault(review.reviewer, {})
        for mark, said in review.decisions.items():
            if mine.setdefault(mark, said) != said:
                raise InputError(f"two files by {review.reviewer} differ on {mark}: leave out the older one.")
    return [Review(reviewer, decisions) for reviewer, decisions in joined.items()]
