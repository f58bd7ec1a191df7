"""Tables and links in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["GENERATED", "cell", "code_list", "table"]

GENERATED = "<!-- Written by scripts/make_docs.py: change what it reads, not this file. -->"


def cell(text: object) -> str:
    """Return text that stays within one cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def code_list(words: Iterable[str]) -> str:
    """Return words as code, with commas between."""
    return ", ".join(f"`{word}`" for word in words)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    return [*lines, *(f"| {' | '.join(cell(c) for c in row)} |" for row in rows), ""]
