"""The page of a study's system maps: each drawing beside its list of factors and the places they are tied to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from urllib.parse import quote

from markupsafe import Markup

from assetmap.pages.seal import content_policy, require_self_contained
from assetmap.pages.templates import page_environment
from assetmap.words import words_for

__all__ = ["FactorEntry", "MapEntry", "PlaceEntry", "factor_anchor", "systems_html"]


def factor_anchor(name: str, identity: str) -> str:
    """Return the address of a factor in the page.

    Examples
    --------
    >>> factor_anchor("streets", "lit at night")
    'factor=streets/lit%20at%20night'
    """
    return f"factor={quote(f'{name}/{identity}', safe='/')}"


@dataclass(frozen=True)
class FactorEntry:
    """A factor as the list tells of it.

    Parameters
    ----------
    anchor
        Its address in the page.
    box
        The number of its box in the drawing.
    facts
        What it drives, what drives it, how far it reaches: sentences.
    acts_on, acted_on_by
        (address, words) of the factors at the other ends of its links.
    places
        Addresses of the places that it is tied to.
    others
        Names of what else it is tied to.
    """

    anchor: str
    box: int
    label: str
    kind: str
    note: str
    facts: Sequence[str]
    acts_on: Sequence[tuple[str, str]]
    acted_on_by: Sequence[tuple[str, str]]
    places: Sequence[str] = ()
    others: Sequence[str] = ()


@dataclass(frozen=True)
class MapEntry:
    """A system map: its drawing as SVG (empty where it has too many boxes or arrows), its answers, and its factors."""

    name: str
    title: str
    svg: Markup
    answers: Sequence[tuple[str, Sequence[str]]]
    """(question, sentences)."""
    factors: Sequence[FactorEntry]
    links: int
    """How many links it has, which is told where it isn't drawn."""


@dataclass(frozen=True)
class PlaceEntry:
    """A place that factors are tied to: its address, name, number on the small map, and factors (address, words)."""

    anchor: str
    name: str
    number: int | None
    factors: Sequence[tuple[str, str]] = field(default=())


def systems_html(
    maps: Sequence[MapEntry], places: Sequence[PlaceEntry], *, study: str, picture: Markup, made_on: str
) -> str:
    """Return the page as one file that loads nothing. It is for the team.

    Parameters
    ----------
    maps
        The system maps, in order.
    places
        The places that factors are tied to.
    study
        The study's name.
    picture
        A small map of those places as SVG whose numbers lead to `pages.anchors.place_anchor`; empty if there is none.
    made_on
        ISO date.

    Raises
    ------
    UsageError
        If the page would load anything.
    """
    page = files("assetmap.diagrams").joinpath("page")
    names = ("document.css", "systems.css", "systems.js")
    shared, own, script = (page.joinpath(name).read_text(encoding="utf-8") for name in names)
    style = shared + own
    text = (
        page_environment("assetmap.diagrams")
        .get_template("systems.jinja")
        .render(
            study=study,
            maps=maps,
            places=places,
            place_names={place.anchor: place.name for place in places},
            picture=picture,
            made_on=made_on,
            style=style,
            script=script,
            policy=content_policy((script,), (style,)),
            words=words_for("en").texts,
        )
    )
    return require_self_contained(text)
