"""Marks in the chain: what each says, in which session it was told, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pandas as pd

from assetmap.engagement.chain import ChainPart
from assetmap.engagement.references import slug_of
from assetmap.errors import InputError

__all__ = ["marks_part", "sessions_part", "words_of"]

_LONGEST = 120


def marks_part(annotations: pd.DataFrame) -> ChainPart:
    """Return the chain's part of an annotation table.

    Parameters
    ----------
    annotations
        Table ``annotations``; its geometry isn't needed.

    Returns
    -------
    ChainPart
        Each mark ``told in`` its session and ``coded as`` the themes that it bears; semicolons part them.
    """
    links: list[tuple[str, str, str, str]] = []
    items: list[tuple[str, str, str]] = []
    columns = ["annotation_id", "text", "kind", "theme", "session_id", "source"]
    row: Any
    for row in annotations[columns].itertuples(index=False):
        mark = f"mark:{row.annotation_id}"
        items.append((mark, words_of(row.text) or f"({row.kind} without words)", row.source))
        for end, relation, label in _ends(row):
            links.append((mark, end, relation, f"{row.source}, {row.annotation_id}"))
            items.append((end, label, row.source))
    return ChainPart.of(links, items)


def _ends(row: Any) -> Iterator[tuple[str, str, str]]:
    if not pd.isna(row.session_id):
        yield f"session:{row.session_id.strip()}", "told in", words_of(row.session_id)
    for theme in () if pd.isna(row.theme) else re.split(r"[;|]", row.theme):
        with suppress(InputError):  # a theme such as "?" names nothing
            yield f"theme:{slug_of(theme)}", "coded as", words_of(theme)


def sessions_part(sessions: pd.DataFrame, source: str) -> ChainPart:
    """Return the chain's part of a table of sessions: what each was, when and where."""
    rows: Any = sessions.itertuples(index=False)
    items = []
    for row in rows:
        about = ", ".join(words_of(part) for part in (row.kind, row.date, row.place) if not pd.isna(part))
        name = words_of(row.session_id)
        items.append((f"session:{row.session_id.strip()}", f"{name} ({about})" if about else name, source))
    return ChainPart.of([], items)


def words_of(text: Any) -> str:
    """Return words on one line, cut where they are long; empty where there are none."""
    line = "" if pd.isna(text) else " ".join(str(text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
