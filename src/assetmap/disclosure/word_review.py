"""Residents' words: what may leave as it is, and what waits until a person has looked at it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from assetmap.disclosure.personal_text import KINDS, KnownPlaces, find_personal, redact
from assetmap.encode import csv_cell
from assetmap.errors import InputError
from assetmap.sources.tables import read_table

__all__ = ["DECISIONS", "REVIEW_COLUMNS", "Approval", "ScreenedWords", "read_approvals", "screen_words", "words_mark"]

DECISIONS = ("withhold", "as proposed", "as written", "edited")
REVIEW_COLUMNS = ("item", "checksum", "found", "original", "proposed", "decision", "edited")
"""Columns of ``review.csv``; a person fills in the last two."""


class Approval(NamedTuple):
    """What a person decided about one text: what may be shown of it, or nothing."""

    checksum: str
    """Of the text that was decided about: a text that has changed since has to be looked at again."""
    shown: str | None


class ScreenedWords(NamedTuple):
    """Texts after the screening, on the caller's index."""

    shown: pd.Series[str]
    """What may be shown; null where nothing may, or there are no words."""
    waiting: pd.DataFrame
    """`REVIEW_COLUMNS`: the texts that a person has to decide about."""
    refused: tuple[str, ...]
    """Items whose words a person decided to withhold."""
    approved: tuple[str, ...]
    """Items of which a person let pass what the screening would not have."""
    decided: frozenset[str]
    """Checksums of the words about which a person has decided."""


def words_mark(text: str) -> str:
    """Return a short checksum of a text, by which a decision knows it again."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def screen_words(
    texts: pd.Series[str],
    items: pd.Series[str],
    places: KnownPlaces,
    approvals: Mapping[str, Approval],
    *,
    blocked: frozenset[str] = frozenset(),
    kinds: Collection[str] = KINDS,
) -> ScreenedWords:
    """Let texts pass in which nothing personal was found, and those that a person has let pass.

    Parameters
    ----------
    texts, items
        Residents' words, and by what each is known (an annotation id).
    places
        Names of public places, which aren't taken for people's.
    approvals
        Item -> what was decided; one on other words than today's holds for nothing. Where an item has none, what was
        decided of the same words holds: rows get new names when their file changes.
    blocked
        Items that may not be shown for another reason, and needn't be looked at.
    kinds
        Kinds of findings that keep a text back; others pass.
    """
    shown = pd.Series(None, index=texts.index, dtype="str")
    waiting, refused, approved = [], [], []
    by_words = _by_words(approvals)
    known = set()
    for label, text, item in zip(texts.index, texts, items, strict=True):
        if pd.isna(text) or not str(text).strip() or item in blocked:
            continue
        findings = [finding for finding in find_personal(text, places) if finding.kind in kinds]
        decided = approvals.get(item)
        if decided is None or decided.checksum != words_mark(text):
            decided = by_words.get(words_mark(text))
        if decided is not None:
            known.add(decided.checksum)
            if decided.shown is None:
                refused.append(item)
            else:
                shown.loc[label] = decided.shown
                approved.append(item)
        elif not findings:
            shown.loc[label] = text
        else:
            found = ", ".join(dict.fromkeys(finding.kind for finding in findings))
            waiting.append((item, words_mark(text), found, text, redact(text, findings), "", ""))
    return ScreenedWords(
        shown, pd.DataFrame(waiting, columns=list(REVIEW_COLUMNS)), tuple(refused), tuple(approved), frozenset(known)
    )


def _by_words(approvals: Mapping[str, Approval]) -> dict[str, Approval]:
    """Return what was decided of words, whoever said them; where two decisions differ neither holds."""
    found: dict[str, set[Approval]] = {}
    for approval in approvals.values():
        found.setdefault(approval.checksum, set()).add(approval)
    return {checksum: next(iter(of_it)) for checksum, of_it in found.items() if len(of_it) == 1}


def read_approvals(path: Path) -> dict[str, Approval]:
    """Read a ``review.csv`` that a person has filled in; rows without a decision are left out.

    Raises
    ------
    MissingInputError, InputError
        If it isn't such a file, decides twice about one item, or holds a decision that isn't one of `DECISIONS`.
    """
    table = read_table(path)
    missing = [name for name in REVIEW_COLUMNS if name not in table.columns]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}: give the review.csv that `publish` has written.")
    approvals: dict[str, Approval] = {}
    for number, row in enumerate(table.astype(object).where(table.notna(), "").to_dict("records"), 2):
        decision = str(row["decision"]).strip().lower()
        if not decision:
            continue
        item = str(row["item"])
        if item in approvals:
            raise InputError(f"{path}, row {number}: {item} is decided twice: leave one of the two.")
        approvals[item] = Approval(str(row["checksum"]), _shown(row, decision, f"{path}, row {number} ({item})"))
    return approvals


def _shown(row: Mapping[Any, Any], decision: str, where: str) -> str | None:
    if decision not in DECISIONS:
        raise InputError(f"{where}: the decision {decision!r} is unknown: use one of {', '.join(DECISIONS)}.")
    if decision == "withhold":
        return None
    name = {"as proposed": "proposed", "as written": "original", "edited": "edited"}[decision]
    text = _cell(row[name])
    if decision == "as written" and words_mark(text) != row["checksum"]:
        raise InputError(f"{where}: the original was changed: put changed words into the column `edited`.")
    if not text.strip():
        raise InputError(f"{where}: the column `{name}` is empty: enter the words, or decide to withhold.")
    return text


def _cell(value: object) -> str:
    """Return a cell's words without the mark that keeps a spreadsheet from running them."""
    text = str(value)
    return text[1:] if text.startswith("'") and csv_cell(text[1:]) == text else text
