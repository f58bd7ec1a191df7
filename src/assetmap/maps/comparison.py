"""Two studies side by side on one page without scripts, to read or to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assetmap.maps.templates import template
from assetmap.words import words_for

__all__ = ["ComparedFigure", "ComparedSection", "ComparedZones", "comparison_html"]


@dataclass(frozen=True)
class ComparedFigure:
    """One figure of two studies, as the page shows it."""

    label: str
    shown: tuple[str, str]
    missing: tuple[bool, bool]
    """Whether `shown` is the reason why there is no figure."""
    comparable: bool
    note: str


@dataclass(frozen=True)
class ComparedSection:
    """Figures that belong together."""

    title: str
    rows: Sequence[ComparedFigure]

    @property
    def has_notes(self) -> bool:
        """Whether there is anything to know of any figure."""
        return any(row.note or not row.comparable for row in self.rows)


@dataclass(frozen=True)
class ComparedZones:
    """Zones whose national ranks come from one edition of the index."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    """As many texts as `heads`; the first two are the study and the zone."""


def comparison_html(
    names: tuple[str, str],
    sections: Sequence[ComparedSection],
    zones: Sequence[ComparedZones],
    *,
    cautions: Sequence[str],
    sources: Sequence[str],
    made_on: str,
) -> str:
    """Return the page as one self-contained file; every text is encoded.

    Parameters
    ----------
    names
        What the studies are called.
    sections
        The figures.
    zones
        The zones; those of different editions in tables of their own.
    cautions
        Sentences that stand before the figures.
    sources
        Whose data the figures rest on.
    made_on
        ISO date.
    """
    return template("comparison.jinja").render(
        names=names,
        sections=sections,
        zones=zones,
        cautions=cautions,
        sources=sources,
        made_on=made_on,
        words=words_for("en").texts,
    )
