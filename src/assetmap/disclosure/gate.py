"""The gate: frames in; out come stamped frames, what was withheld and why, and what a person has to decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, NamedTuple, TypeVar

import geopandas as gpd
import pandas as pd

from assetmap.disclosure.cells import Square
from assetmap.disclosure.consent import may_leave
from assetmap.disclosure.ledger import Entry, conflicts, earlier_counts, name_secret
from assetmap.disclosure.people_columns import Figure
from assetmap.disclosure.people_figures import protect_people
from assetmap.disclosure.personal_text import KINDS, NO_PLACES, KnownPlaces
from assetmap.disclosure.small_counts import NHS, Rule
from assetmap.disclosure.stamp import stamp
from assetmap.disclosure.word_review import REVIEW_COLUMNS, Approval, screen_words
from assetmap.encode import plain_text
from assetmap.errors import DisclosureError

__all__ = [
    "REACHES_A_PERSON",
    "Passed",
    "Terms",
    "Withheld",
    "join",
    "pass_frame",
    "pass_people",
    "pass_words",
    "plain_words",
    "settle",
]

NO_CONSENT = "its contributor has not agreed to this audience"
WORDS_WAIT = "its words may tell of a person"
WORDS_REFUSED = "a person has decided to withhold its words"
COUNT_HIDDEN = "a count of fewer than k people, or one that would give such a count away"
REACHES_A_PERSON = ("nhs_number", "email", "phone", "birth_date", "plate")
"""Kinds of personal data that lead to a person wherever they stand."""
ASK = "ask the contributor, and correct the column consent"
REVIEW = "decide in review.csv, and give it back with --approve"
OLDER_RELEASE = "publish the same zones, population and k as before, or leave the table out"


Frame = TypeVar("Frame", bound=pd.DataFrame)


class Withheld(NamedTuple):
    """Something that stays with the team."""

    what: str
    """``marks``, ``words``, ``themes``, ``places in remarks``, ``counts of people`` …"""
    item: str
    """By what the team knows it. Never given away."""
    reason: str
    """Why, in words that may be given away."""
    remedy: str
    """What the team can do about it, or an empty text."""
    detail: str = ""
    """More for the team alone."""


@dataclass(frozen=True)
class Terms:
    """On which terms a release goes out."""

    audience: str
    """One of `stamp.AUDIENCES`."""
    on: str
    """ISO date of the release."""
    secret: bytes
    """The study's, from which masks are drawn."""
    k: int = 10
    """People to hide among, and the threshold of small counts."""
    rounded: bool = False
    """Whether counts follow the rule of the NHS."""
    places: KnownPlaces = NO_PLACES
    """Names of public places, which aren't taken for people's."""
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    """What people have decided about words."""
    ledger: Sequence[Entry] = ()
    """What earlier releases have shown."""

    @property
    def rule(self) -> Rule:
        """How counts of people are shown."""
        return NHS if self.rounded else Rule(self.k)


def _no_words() -> pd.DataFrame:
    return pd.DataFrame(columns=list(REVIEW_COLUMNS), dtype="str")


@dataclass(frozen=True)
class Passed:
    """What came through the gate, and what didn't."""

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """By name; each carries the stamp."""
    withheld: tuple[Withheld, ...] = ()
    waiting: pd.DataFrame = field(default_factory=_no_words)
    """`word_review.REVIEW_COLUMNS`: words that a person has to decide about. For the team alone."""
    decided: frozenset[str] = frozenset()
    """Checksums of words that a person has decided about before."""
    refusals: tuple[str, ...] = ()
    """What withholding can't cure, each with its remedy: with one of these nothing may go out."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What readers may know of it, as JSON has it."""
    counts: Mapping[Figure, float] = field(default_factory=dict)
    zones: Mapping[str, Sequence[str]] = field(default_factory=dict)
    squares: Sequence[Square] = ()
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    given_away: tuple[Figure, ...] = ()

    def entry(self, terms: Terms) -> Entry:
        """Return what the ledger has to keep of it."""
        return Entry(
            on=terms.on,
            audience=terms.audience,
            k=terms.rule.k,
            rounded=terms.rounded,
            counts=self.counts,
            zones=self.zones,
            squares=self.squares,
            places=self.points,
            secret_name=name_secret(terms.secret),
        )


def join(parts: Iterable[Passed]) -> Passed:
    """Return several passages as one."""
    return reduce(_joined, parts, Passed())


def _joined(one: Passed, other: Passed) -> Passed:
    frames = [frame for frame in (one.waiting, other.waiting) if len(frame)]
    return Passed(
        frames={**one.frames, **other.frames},
        withheld=one.withheld + other.withheld,
        waiting=pd.concat(frames, ignore_index=True) if frames else _no_words(),
        decided=one.decided | other.decided,
        refusals=one.refusals + other.refusals,
        facts={**one.facts, **other.facts},
        counts={**one.counts, **other.counts},
        zones={**one.zones, **other.zones},
        squares=(*one.squares, *other.squares),
        points={**one.points, **other.points},
        given_away=one.given_away + other.given_away,
    )


def settle(passed: Passed, terms: Terms) -> Passed:
    """Return the whole release with what stands against it beside earlier ones among its refusals."""
    found = conflicts(terms.ledger, passed.entry(terms), given_away=passed.given_away)
    return replace(passed, refusals=passed.refusals + tuple(found))


def pass_frame(
    frame: pd.DataFrame,
    terms: Terms,
    *,
    name: str,
    keep: Sequence[str] = (),
    words: Sequence[str] = (),
    item: str = "",
    kinds: Collection[str] = KINDS,
) -> Passed:
    """Let a frame through: its rows by consent, its words by the screening, and no column that isn't named.

    For what lies at places that are public, such as assets, streets and the stops of a walk. Where residents'
    own places are to be shown, they go through `disclosure.resident_voices.pass_marks`.

    Parameters
    ----------
    frame
        A table, with or without geometry. A column ``consent``, if there is one, is obeyed row by row; it needs
        ``contributor_id`` and ``annotation_id`` beside it.
    terms
        Of the release.
    name
        What it is called in the release and in the record.
    keep
        Columns that go along as they are: numbers, codes, the study's own words.
    words
        Columns of free text. Words in which something personal is found stay behind until a person has decided.
    item
        The column by which a row is known when a person decides about its words.
    kinds
        Kinds of personal data (`findings.KINDS`) that keep words back: all, or for what is said of public places
        `REACHES_A_PERSON`, since names of clubs and firms are often those of people.

    Returns
    -------
    Passed
        With one frame, `name`.
    """
    withheld: list[Withheld] = []
    if "consent" in frame:
        allowed = may_leave(frame, terms.audience)
        withheld = [Withheld(name, str(row), NO_CONSENT, ASK) for row in frame.loc[~allowed, item]]
        frame = frame[allowed]
    shape = [frame.geometry.name] if isinstance(frame, gpd.GeoDataFrame) else []
    out = frame[[column for column in frame.columns if column in (*keep, *words, *shape)]].reset_index(drop=True)
    parts = [Passed(withheld=tuple(withheld))]
    for column in words:
        items = frame[item].astype(str).reset_index(drop=True) + f" {column}"
        screened = pass_words(out[column], items, terms, what=f"words of {name}", kinds=kinds)
        out[column] = screened.frames["words"]["words"]
        parts.append(replace(screened, frames={}))
    return join([*parts, Passed(frames={name: stamp(plain_words(out), terms.audience)})])


def plain_words(frame: Frame) -> Frame:
    """Return a frame whose texts hold no control characters and no overrides of direction, whatever shows them."""
    out = frame.copy()
    for column in out.columns[[pd.api.types.is_string_dtype(kind) for kind in out.dtypes]]:
        out[column] = out[column].map(plain_text, na_action="ignore")
    return out


def pass_words(
    texts: pd.Series[str], items: pd.Series[str], terms: Terms, *, what: str, kinds: Collection[str] = KINDS
) -> Passed:
    """Let texts through in which nothing personal was found, or about which a person has decided.

    Parameters
    ----------
    texts, items
        The words, and by what each is known to the team; one index.
    terms
        Of the release.
    what
        What they are, for the record.
    kinds
        As in `pass_frame`.

    Returns
    -------
    Passed
        With the frame ``words``, whose column ``words``, on the index of `texts`, is null where nothing may be shown.
    """
    screened = screen_words(texts, items, terms.places, terms.approvals, kinds=kinds)
    waiting = [
        Withheld(what, item, WORDS_WAIT, REVIEW, found)
        for item, found in zip(screened.waiting["item"], screened.waiting["found"], strict=True)
    ]
    refused = [Withheld(what, item, WORDS_REFUSED, "") for item in screened.refused]
    return Passed(
        frames={"words": stamp(screened.shown.rename("words").to_frame(), terms.audience)},
        withheld=(*waiting, *refused),
        waiting=screened.waiting,
        decided=screened.decided,
    )


def pass_people(tables: Mapping[str, pd.DataFrame], zones: gpd.GeoDataFrame, terms: Terms) -> Passed:
    """Let tables through that count people, small counts hidden together with all that would give them away.

    Parameters
    ----------
    tables
        As `people_figures.protect_people` has them, but for ``zones``.
    zones
        The zones with their measures.
    terms
        Of the release.

    Returns
    -------
    Passed
        With the frames given, and ``zones``, each with a column ``hidden``.
    """
    # What isn't a number or a zone's name says where a figure comes from: it stays with the team.
    told = [
        c for c in zones.columns if c in ("zone_code", "name", "vintage") or pd.api.types.is_numeric_dtype(zones[c])
    ]
    try:
        release = protect_people(
            {**tables, "zones": pd.DataFrame(zones[told]).copy()},
            rule=terms.rule,
            earlier=earlier_counts(terms.ledger),
        )
    except DisclosureError as error:
        return Passed(refusals=(str(error),))
    frames: dict[str, pd.DataFrame] = dict(release.tables)
    frames["zones"] = gpd.GeoDataFrame(frames["zones"], geometry=zones.geometry.to_numpy(), crs=zones.crs)
    hidden = {name: sum(len(row.split()) for row in frame["hidden"]) for name, frame in frames.items()}
    figures = zip(*(release.reasons[column] for column in ("name", "subject", "group", "reason")), strict=True)
    return Passed(
        frames={name: stamp(frame, terms.audience) for name, frame in frames.items()},
        withheld=tuple(
            Withheld("counts of people", " ".join(filter(None, (what, of, "in", group))), COUNT_HIDDEN, "", why)
            for what, of, group, why in figures
        ),
        facts={"hidden_cells": hidden},
        counts=release.shown,
        zones=release.zones,
        given_away=tuple(release.given_away),
    )
