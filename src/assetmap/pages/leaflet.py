"""A leaflet: a few sections of sentences and figures, each with where it comes from; for a page or for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assetmap.pages.seal import require_self_contained
from assetmap.pages.templates import page_environment
from assetmap.words import words_for

__all__ = ["Leaflet", "LeafletLine", "LeafletSection", "Said", "leaflet_html"]


@dataclass(frozen=True)
class Said:
    """Words of the study's own in a line.

    Parameters
    ----------
    words
        The words.
    added
        What the leaflet adds to them, such as a day; may be empty.
    language
        The language that they are in, empty where that isn't known; None for the leaflet's.
    """

    words: str
    added: str = ""
    language: str | None = None


@dataclass(frozen=True)
class LeafletLine:
    """One thing that is told.

    Parameters
    ----------
    label, value
        What it is, and its figure or words; either may be empty.
    note
        Where it comes from and of when, or more words.
    said
        Words of the study's own, one below the other.
    links
        Pairs of words and where they lead: within the folder of the page, or on the web.
    """

    label: str
    value: str = ""
    note: str = ""
    said: Sequence[Said] = ()
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class LeafletSection:
    """Things that belong together, after a few sentences; the title's language is as in `Said`."""

    title: str
    sentences: Sequence[str] = ()
    lines: Sequence[LeafletLine] = ()
    language: str | None = None


@dataclass(frozen=True)
class Leaflet:
    """What a leaflet says.

    Parameters
    ----------
    title, subtitle, notice
        The heading, the place, what to know first; the last two may be empty.
    notice_language
        As in `Said`.
    audience
        ``team``, ``partners`` or ``residents``.
    audience_words
        What stands above the heading, such as that it is a working copy; may be empty.
    sections
        In their order.
    sources
        Whose data it rests on, a line each.
    made
        Who made it and when, a sentence.
    resident_rows
        How many rows from residents it was made of; told to the team alone.
    language
        The language of all words that aren't marked as another's, one of `assetmap.words.languages`.
    siblings
        The same leaflet in other languages: pairs of language and file name, in the same folder.
    drafts
        What to know of the translation: pairs of language and words.
    """

    title: str
    subtitle: str
    sections: Sequence[LeafletSection]
    made: str
    notice: str = ""
    notice_language: str | None = None
    audience: str = "team"
    audience_words: str = ""
    sources: Sequence[str] = ()
    resident_rows: int = 0
    language: str = "en"
    siblings: Sequence[tuple[str, str]] = ()
    drafts: Sequence[tuple[str, str]] = ()


def leaflet_html(leaflet: Leaflet) -> str:
    """Return a leaflet as one self-contained page without scripts; every text is encoded."""
    words = words_for(leaflet.language)
    siblings = [(words_for(code), file) for code, file in leaflet.siblings if code != leaflet.language]
    template = page_environment("assetmap.pages").get_template("leaflet.jinja")
    return require_self_contained(template.render(leaflet=leaflet, words=words, siblings=siblings))
