"""Publishing: what a study has built, through the gate, into ``out/share/``; whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from assetmap.arguments import known_day
from assetmap.disclosure.gate import REACHES_A_PERSON, Passed, Terms, Withheld, join, pass_frame, pass_people, settle
from assetmap.disclosure.personal_text import public_places
from assetmap.disclosure.resident_voices import pass_marks
from assetmap.disclosure.stamp import AUDIENCES
from assetmap.disclosure.word_review import read_approvals
from assetmap.errors import DisclosureError, UsageError
from assetmap.files import sweep_aside
from assetmap.folders import hold_lock, write_folder
from assetmap.maps import MapContent
from assetmap.schema import ASSETS
from assetmap.study.built import BuiltTables, load_tables
from assetmap.study.flow import build_study
from assetmap.study.inputs import Inputs, read_inputs
from assetmap.study.manifest import Manifest
from assetmap.study.secret import study_secret
from assetmap.study.settings import Settings, read_settings
from assetmap.study.sharing.feedback import pass_answers
from assetmap.study.sharing.releases import SHARE_NAMES, read_ledger, write_ledger
from assetmap.study.sharing.share_files import ShareFiles, write_share
from assetmap.study.sharing.walk_release import pass_walks, without_stories
from assetmap.study.sharing.word_decisions import REVIEW_NAME, write_review
from assetmap.study.showing import ground, shared_content
from assetmap.table_files import write_csv
from assetmap.words import languages as known_languages

__all__ = ["WITHHELD_NAME", "Published", "RefusedError", "pass_study", "publish_study"]

WITHHELD_NAME = "withheld.csv"
"""For the team: each thing that stayed behind, under ``out/``."""

Say = Callable[[str], None]


class RefusedError(DisclosureError):
    """A release that may not go out: nothing was published, and what was given out before is as it was."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(f"nothing was published: {' '.join(self.reasons)}")


@dataclass(frozen=True)
class Published:
    """A release that was written."""

    folder: Path
    files: tuple[str, ...]
    content: MapContent
    """What its map shows: `assetmap.render_map` shows it inline in a notebook."""
    withheld: tuple[Withheld, ...]
    review: Path | None
    """Where words wait for a person; None if none do."""
    notes: tuple[str, ...]
    """What the release does without, each with the remedy."""


def publish_study(
    folder: Path | str,
    *,
    today: str,
    audience: str = "residents",
    languages: Sequence[str] = (),
    approve: Path | str | None = None,
    strict: bool = False,
    say: Say = lambda _: None,
) -> Published:
    """Give out what a study may give: pages, handouts and open tables in a folder under ``out/``.

    A study that isn't built, or has changed since, is built first. The ledger is written before the folder is put in
    its place: a run that is killed in between has remembered what it was about to show, and not shown what it
    wouldn't remember.

    Parameters
    ----------
    folder
        The study folder.
    today
        ISO date of the release.
    audience
        ``residents`` or ``partners``.
    languages
        Of the pages and handouts; by default those of the settings.
    approve
        A ``review.csv`` that a person has filled in.
    strict
        Refuse to publish if anything had to be withheld.
    say
        Called with a line for a person at each step.

    Raises
    ------
    RefusedError
        With each reason and its remedy.
    AssetMapError
        If something that the study names is missing or wrong, or a language or decision is none.
    """
    known_day(today, "today")
    folder, approve = Path(folder), Path(approve) if approve is not None else None
    settings = read_settings(folder)
    chosen = _check(settings, audience, languages)
    approvals = read_approvals(approve) if approve is not None else {}
    built = build_study(folder, today=today, say=say)
    with hold_lock(folder):
        out = folder / "out"
        for part in (folder, out):
            sweep_aside(part)
        ledger = read_ledger(folder)
        inputs = read_inputs(folder, settings, say=say)
        tables = load_tables(out)
        say("checking what it discloses")
        terms = _terms(settings, inputs, tables, secret=study_secret(folder), on=today)
        terms = replace(terms, audience=audience, approvals=approvals, ledger=ledger)
        passed = pass_study(folder, inputs, tables, terms)
        unreturned = _write_for_team(out, passed, approve)
        _require_open(passed, strict=strict)
        say(f"writing {SHARE_NAMES[audience]}")
        content = shared_content(folder, settings, inputs, passed, terms=terms, on_foot=_on_foot(built))
        share = ShareFiles(content, chosen, settings.study.share_url, passed, settings.study.written_in)
        with write_folder(out / SHARE_NAMES[audience]) as new:
            notes = write_share(new, share)
            write_ledger(folder, [*ledger, passed.entry(terms)])
    review = out / REVIEW_NAME if len(passed.waiting) else None
    if unreturned:
        notes = (*notes, f"{unreturned} decisions in {review} don't hold yet: give it back with --approve {review}")
    target = out / SHARE_NAMES[audience]
    files = tuple(sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()))
    return Published(target, files, content, passed.withheld, review, notes)


def pass_study(folder: Path, inputs: Inputs, tables: BuiltTables, terms: Terms) -> Passed:
    """Put what a study would give away through the gate, each part by its own rule.

    Parameters
    ----------
    folder
        The study folder: its walks are taken from it.
    inputs
        What the study reads: the ground, the boundary and residents' marks are taken from it.
    tables
        What it has built.
    terms
        Of the release.
    """
    near = tables.assets[tables.assets.intersects(inputs.area.surroundings)]
    unique = near[near["duplicate_of"].isna()]
    base = ground(inputs)
    boundary = gpd.GeoDataFrame(geometry=[inputs.area.outline], crs=inputs.crs)
    parts = [
        pass_frame(
            unique,
            terms,
            name="assets",
            keep=[c for c in unique.columns if c in ASSETS or c.startswith("name_")],
            words=("name", "owner", "opening_hours", "cost"),
            item="asset_id",
            kinds=REACHES_A_PERSON,
        ),
        pass_frame(base, terms, name="base", keep=[c for c in base.columns if c == "kind" or c.startswith("name")]),
        pass_frame(boundary, terms, name="boundary"),
        pass_people(tables.people, tables.zones, terms),
        pass_marks(without_stories(inputs.annotations), tables.origins, _land(inputs, base), terms),
        pass_walks(folder, inputs.annotations, terms),
        pass_answers(folder, inputs, terms),
    ]
    return settle(join(parts), terms)


def _check(settings: Settings, audience: str, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the languages asked for, each once; refuse what isn't known before anything is read."""
    if audience not in AUDIENCES:
        raise UsageError(f"there is no audience {audience!r}: use one of {', '.join(AUDIENCES)}.")
    chosen = tuple(dict.fromkeys(languages or settings.study.languages))
    unknown = [language for language in chosen if language not in known_languages()]
    if unknown:
        raise UsageError(
            f"there is no catalogue for the language {', '.join(map(repr, unknown))}: use "
            f"{', '.join(known_languages())}, or add one (`assetmap words` lists them)."
        )
    return chosen


def _terms(settings: Settings, inputs: Inputs, tables: BuiltTables, *, secret: bytes, on: str) -> Terms:
    names = [*tables.assets["name"].dropna(), *tables.zones["name"].dropna()]
    if inputs.osm is not None:
        names += [*inputs.osm.base["name"].dropna(), *inputs.osm.walk.frame["name"].dropna()]
    return Terms(
        audience=AUDIENCES[0],
        on=on,
        secret=secret,
        k=settings.disclosure.k,
        rounded=settings.disclosure.counts == "nhs",
        places=public_places(sorted(set(map(str, names)))),
    )


def _land(inputs: Inputs, base: gpd.GeoDataFrame) -> BaseGeometry:
    """Return the neighbourhood without its water."""
    water = base[base["kind"] == "water"]
    land: BaseGeometry = inputs.area.outline.difference(water.union_all()) if len(water) else inputs.area.outline
    return land


def _on_foot(built: Manifest) -> bool:
    return bool(built.figures["network"].get("mode") == "walk")


def _write_for_team(out: Path, passed: Passed, approve: Path | None) -> int:
    """Write what waits and what was withheld; return how many decisions haven't been given back."""
    rows = pd.DataFrame(sorted(passed.withheld), columns=list(Withheld._fields)).astype("str")
    write_csv(out / WITHHELD_NAME, rows)
    return write_review(out, passed.waiting, decided=passed.decided, given=approve)


def _require_open(passed: Passed, *, strict: bool) -> None:
    reasons = list(passed.refusals)
    if strict and passed.withheld:
        kinds = Counter(kept.what for kept in passed.withheld)
        told = ", ".join(f"{count} {what}" for what, count in sorted(kinds.items()))
        reasons.append(
            f"--strict lets nothing be withheld, and {told} would be: out/{WITHHELD_NAME} says which, why and what "
            "can be done."
        )
    if reasons:
        raise RefusedError(reasons)
