"""What was found in a text: which kind of personal data, where, and whether beyond doubt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["KINDS", "Finding", "merge_findings"]

KINDS = (
    "nhs_number",
    "email",
    "phone",
    "postcode",
    "birth_date",
    "plate",
    "number",
    "link",
    "handle",
    "name",
    "address",
    "unread",
)
"""Kinds of personal data, the more telling first: where two overlap, the whole stretch bears the first's name."""


class Finding(NamedTuple):
    """A stretch of a text that tells of a person."""

    kind: str
    """One of `KINDS`."""
    start: int
    end: int
    certain: bool = True
    """Whether a person need not look: False for what merely may be personal."""


def merge_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in order, those that overlap made one.

    Examples
    --------
    >>> merge_findings([Finding("phone", 4, 9, False), Finding("email", 2, 6)])
    (Finding(kind='email', start=2, end=9, certain=True),)
    """
    merged: list[Finding] = []
    for found in sorted(findings, key=lambda f: (f.start, f.end)):
        if merged and found.start < merged[-1].end:
            last = merged.pop()
            kind = min(last.kind, found.kind, key=KINDS.index)
            found = Finding(kind, last.start, max(last.end, found.end), last.certain or found.certain)
        merged.append(found)
    return tuple(merged)
