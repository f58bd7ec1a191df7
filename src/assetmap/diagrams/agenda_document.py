"""The page of a study's agenda: what is to be done at each level, what it is to lead to, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup

from assetmap.pages.seal import content_policy, require_self_contained
from assetmap.pages.templates import page_environment
from assetmap.words import words_for

__all__ = ["ActionEntry", "AgendaEntry", "OutcomeEntry", "agenda_html"]


@dataclass(frozen=True)
class ActionEntry:
    """An action as the page tells of it.

    Parameters
    ----------
    what
        Its words.
    status
        One of `schema.ACTION_STATUSES`, or that it isn't known.
    facts
        (name, words) of who, when, cost and the like, in order.
    places
        (address, name) of the places that it uses, the address as in the map.
    """

    what: str
    status: str
    facts: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class OutcomeEntry:
    """An outcome with its figure before and after, all in words; empty where there is none."""

    outcome: str
    figure: str
    before: str
    after: str
    found: str


@dataclass(frozen=True)
class AgendaEntry:
    """What the page says.

    Parameters
    ----------
    study, notice
        The study's name and what to know of it first; the notice may be empty.
    summary
        How many actions there are and what they cost, in sentences.
    missing
        What is missing or wrong, each with where.
    levels
        (level, actions), in order; a level may have none.
    outcomes
        The outcomes.
    drawing
        The theory of change as SVG; empty where there is none.
    made
        When the page was made and of what, a sentence.
    """

    study: str
    notice: str
    summary: str
    missing: Sequence[tuple[str, Sequence[str]]]
    levels: Sequence[tuple[str, Sequence[ActionEntry]]]
    outcomes: Sequence[OutcomeEntry]
    drawing: Markup
    made: str


def agenda_html(agenda: AgendaEntry) -> str:
    """Return the page as one file that loads nothing and runs no script. It is for the team.

    Raises
    ------
    UsageError
        If the page would load anything.
    """
    page = files("assetmap.diagrams").joinpath("page")
    style = "".join(page.joinpath(name).read_text(encoding="utf-8") for name in ("document.css", "agenda.css"))
    text = (
        page_environment("assetmap.diagrams")
        .get_template("agenda.jinja")
        .render(
            agenda=agenda,
            style=style,
            policy=content_policy((), (style,)),
            words=words_for("en").texts,
        )
    )
    return require_self_contained(text)
