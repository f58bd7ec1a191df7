"""What each earlier release has shown of people, so that a new one can't be subtracted from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely

from assetmap.disclosure.cells import Square, overlap
from assetmap.disclosure.masking import MaskedPoints, mark_key
from assetmap.disclosure.people_columns import Figure
from assetmap.disclosure.people_figures import EarlierCounts
from assetmap.errors import InputError

__all__ = [
    "LEDGER_NAME",
    "Entry",
    "conflicts",
    "earlier_counts",
    "earlier_places",
    "earlier_squares",
    "name_secret",
    "read_entries",
    "shown_places",
    "write_entries",
]

LEDGER_NAME = "publish-ledger.json"
"""Its name in the study's folder. It holds nothing that wasn't given away, and stays there."""
_FORMAT = 1
_MOST_NAMED = 3


@dataclass(frozen=True)
class Entry:
    """What one release has shown of people. Releases for partners count as well: what is given may be passed on."""

    on: str
    """ISO date of the release."""
    audience: str
    k: int
    rounded: bool
    counts: Mapping[Figure, float] = field(default_factory=dict)
    zones: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The zones of each group that counts are of."""
    squares: Sequence[Square] = ()
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Where each masked mark was shown, by a name that can't be led back to the mark without the study's secret."""
    secret_name: str = ""
    """Tells whether the study still has the secret it masked with (`name_secret`)."""


def name_secret(secret: bytes) -> str:
    """Return a name for a study's secret, by which the ledger knows it again and nobody can guess it."""
    return mark_key(secret, "", "ledger's name for the secret").hex()


def shown_places(masked: MaskedPoints) -> dict[str, tuple[float, float]]:
    """Return the places of masked points as the ledger keeps them."""
    at = shapely.get_coordinates(masked.points.geometry.to_numpy()).tolist()
    marks = masked.points["annotation_id"].astype(str)
    return dict(sorted((name, (x, y)) for mark, (x, y) in zip(marks, at, strict=True) for name in masked.names[mark]))


def earlier_counts(entries: Sequence[Entry]) -> list[EarlierCounts]:
    """Return what `protect_people` has to know."""
    return [EarlierCounts(entry.on, entry.counts, entry.zones) for entry in entries]


def earlier_places(entries: Sequence[Entry]) -> dict[str, tuple[float, float]]:
    """Return what `mask_points` has to know: the first place at which each mark was shown."""
    found: dict[str, tuple[float, float]] = {}
    for entry in entries:
        found = {**entry.places, **found}
    return found


def earlier_squares(entries: Sequence[Entry]) -> list[Square]:
    """Return what `count_safely` has to know: the squares that were last shown of each theme and place.

    A square that one release has left out, since a mark was withdrawn, is still known from the one before.
    """
    found: list[Square] = []
    for entry in reversed(entries):
        older = [square for square in entry.squares if not any(overlap(square, newer) for newer in found)]
        found += older
    return sorted(found)


def conflicts(entries: Sequence[Entry], new: Entry, *, given_away: Sequence[Figure] = ()) -> list[str]:
    """Return why a release may not go out beside the earlier ones, each reason with its remedy.

    Parameters
    ----------
    entries
        The ledger.
    new
        What the release would show.
    given_away
        `PeopleRelease.given_away`: small counts that earlier releases give away together with this one.

    Returns
    -------
    list of str
        Empty if it may go out.
    """
    reasons = []
    if given_away:
        named = "; ".join(_words(figure) for figure in given_away[:_MOST_NAMED])
        when = ", ".join(sorted({entry.on for entry in entries})) or "this one itself"
        reasons.append(
            f"{len(given_away)} counts of fewer than {new.k} people follow from what was shown before ({when}): "
            f"{named}. Publish with the same zones, population and threshold k as then, or leave those tables out."
        )
    before = earlier_places(entries)
    if any(entry.places and entry.secret_name != new.secret_name for entry in entries) and new.places:
        reasons.append(
            "the study's secret is not the one that marks were masked with before, so that two masks of one mark could "
            "be averaged: restore the file secret from a copy of the study, or publish without masked marks."
        )
    moved = [name for name, place in new.places.items() if name in before and tuple(before[name]) != tuple(place)]
    if moved:
        reasons.append(
            f"{len(moved)} masked marks would appear at another place than before, which would give away where they "
            "belong: withhold them in review.csv."
        )
    changed = [f"on {entry.on}" for entry in entries if (entry.k, entry.rounded) == (new.k, not new.rounded)]
    if changed:
        reasons.append(
            f"counts were shown {'exactly' if new.rounded else 'rounded'} before ({', '.join(changed[:_MOST_NAMED])}): "
            "keep [disclosure] counts as it was."
        )
    return reasons


def _words(figure: Figure) -> str:
    return " ".join(part for part in (figure.name, figure.subject, "in", figure.group) if part)


def write_entries(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the ledger as JSON has it; `read_entries` is the reverse."""
    return {
        "format": _FORMAT,
        "releases": [
            {
                "on": entry.on,
                "audience": entry.audience,
                "k": entry.k,
                "rounded": entry.rounded,
                "counts": sorted([*figure, value] for figure, value in entry.counts.items()),
                "zones": {group: list(zones) for group, zones in sorted(entry.zones.items())},
                "secret_name": entry.secret_name,
                "squares": [list(square) for square in sorted(entry.squares)],
                "places": {name: list(place) for name, place in sorted(entry.places.items())},
            }
            for entry in entries
        ],
    }


def read_entries(content: Any, what: str = LEDGER_NAME) -> list[Entry]:
    """Return the releases that a ledger tells of, in the order they were made.

    Parameters
    ----------
    content
        As JSON has it.
    what
        The file's name, for the message.

    Raises
    ------
    InputError
        If it isn't a ledger: without it nobody knows what was given away.

    Examples
    --------
    >>> entry = Entry("2026-10-03", "residents", 10, False, squares=[Square("hall", 0, 0, 100, 4, 3)])
    >>> read_entries(write_entries([entry])) == [entry]
    True
    """
    try:
        return [_entry(release) for release in {_FORMAT: content["releases"]}[content["format"]]]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{what} can't be read as the list of earlier releases ({error}): put it back from a copy of the study."
        ) from error


def _entry(release: Mapping[str, Any]) -> Entry:
    return Entry(
        on=str(release["on"]),
        audience=str(release["audience"]),
        k=int(release["k"]),
        rounded=bool(release["rounded"]),
        counts={Figure(str(n), str(s), str(g)): float(value) for n, s, g, value in release["counts"]},
        zones={str(group): [str(zone) for zone in zones] for group, zones in release["zones"].items()},
        squares=[Square(str(theme), *(int(n) for n in numbers)) for theme, *numbers in release["squares"]],
        places={str(name): (float(x), float(y)) for name, (x, y) in release["places"].items()},
        secret_name=str(release["secret_name"]),
    )
