"""Forgetting: a contributor's marks, one mark or a sheet out of everything that the program has made of them."""

from __future__ import annotations

import mmap
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from assetmap.disclosure.masking import ledger_names
from assetmap.errors import InputError, UsageError
from assetmap.files import sweep_aside
from assetmap.folders import hold_lock
from assetmap.plurals import counted
from assetmap.study.engagement.coding import CODES, forget_codes
from assetmap.study.engagement.decision_tables import FOLDER
from assetmap.study.engagement.voices import read_study_voices
from assetmap.study.engagement.voting import VOTES, forget_ballots, has_ballots
from assetmap.study.engagement.walk_stories import forget_stories, stories_name, walk_ids
from assetmap.study.inputs import read_area_and_box
from assetmap.study.kiosk.marks import MARKS_FILE
from assetmap.study.resident_marks import read_resident_marks
from assetmap.study.secret import study_secret
from assetmap.study.settings import Settings, read_settings
from assetmap.study.sharing.releases import SHARE_NAMES, read_ledger
from assetmap.study.sharing.word_decisions import REVIEW_NAME, forget_words
from assetmap.study.tombstones import COLUMN_OF, Subject, add_tombstones, read_tombstones

__all__ = ["DERIVED", "Forgot", "forget"]

DERIVED = (
    "manifest.json",
    "assetmap.gpkg",
    "marks_by_theme.csv",
    "perceived_access.csv",
    "map.html",
    "tables.xlsx",
    "report.md",
    "pockets/map.html",
    "withheld.csv",
    *(
        f"{before}{name}{after}"
        for name in SHARE_NAMES.values()
        for before, after in (("", ""), (".", ".new"), (".", ".old"))
    ),
)
"""What is made of residents' marks, under ``out/``; the manifest first, so that no build takes the rest for whole."""
_TOO_SHORT = 8  # characters: fewer are in many files by chance

Say = Callable[[str], None]


@dataclass(frozen=True)
class Forgot:
    """What was forgotten, and what still holds it."""

    marks: int
    """Marks that went."""
    removed: tuple[str, ...]
    """Files under ``out/`` that were made of them and are gone: a build makes them anew."""
    changed: tuple[str, ...]
    """Files of the kiosk and of the coders that were written without them."""
    given_out: tuple[str, ...]
    """Releases that have shown their words, and files of the last ones: others have them now."""
    held_by_inputs: tuple[str, ...]
    """Files of the user's that hold them still."""
    held_by_photographs: tuple[str, ...]
    """Photographs that show them still."""
    held_elsewhere: tuple[str, ...]
    """Other files of the study in which their words were found."""
    unread: tuple[str, ...]
    """Photographs that weren't read, so that nobody knows whether they show them as well."""


def forget(folder: Path, subject: Subject, *, today: str, say: Say = lambda _: None) -> Forgot:
    """Forget a contributor, a mark or a sheet of a study.

    First it is written down that they are forgotten, so that no reading brings them back; then what was made of
    them is taken away. A call that was killed in between is made whole by the same call again. Files in
    ``inputs/`` and photographs are never changed: they are named.

    Parameters
    ----------
    folder
        The study folder.
    subject
        Whom or what to forget.
    today
        ISO date, written into the kiosk's GeoPackage.
    say
        Called with a line for a person at each step.

    Raises
    ------
    UsageError
        If the study has no such contributor, mark or sheet, and never had.
    AssetMapError
        If a file can't be read or written.
    """
    settings = read_settings(folder)
    with hold_lock(folder):
        sweep_aside(folder / "out")
        _sweep_readings(folder, say)
        say("looking for the marks")
        rows = _rows_of(folder, settings, subject)
        tombstones = read_tombstones(folder)
        buried = tombstones is not None and tombstones.holds(subject.kind, subject.identifier)
        voted = subject.kind == "contributor" and has_ballots(folder, subject.identifier)
        if not rows and not buried and not voted and not _kiosk_knows(folder, subject):
            unread = _hint_at_unread(folder) if subject.kind == "sheet" else ""
            raise UsageError(
                f"the study has no {subject.kind} {subject.identifier!r}: look for it in the layer annotations of its "
                f"out/assetmap.gpkg{unread}."
            )
        given_out = _given_out(folder, rows)
        # A number on a sheet that was read by the kiosk may be given to another mark one day; what it says may not.
        named = subject.kind != "mark" or any(name != MARKS_FILE for name in rows)
        add_tombstones(folder, subject if named else None, rows.values())
        say("taking them out of what was made of them")
        changed, photographs, marks = _forget_in_kiosk(folder, subject, today=today, say=say)
        names = {str(name) for frame in rows.values() for name in frame["annotation_id"]}
        changed += (f"{FOLDER}/{CODES}",) if forget_codes(folder, names) else ()
        if voted:
            forget_ballots(folder, subject.identifier)
            changed += (f"{FOLDER}/{VOTES}",)
        removed = _remove_derived(folder / "out")
        removed += _forget_decisions(folder / "out", rows)
        recordings = _forget_on_walks(folder, rows, today)
        on_paper = bool(photographs) or subject.kind == "sheet"
        own = {name: frame for name, frame in rows.items() if name != MARKS_FILE}
        return Forgot(
            marks=sum(map(len, own.values())) + marks,
            removed=removed,
            changed=changed,
            given_out=given_out,
            held_by_inputs=tuple(sorted({*own, *recordings} - set(map(stories_name, walk_ids(folder))))),
            held_by_photographs=photographs,
            held_elsewhere=_holding(folder, rows, besides={*own, *photographs}),
            unread=_unread(folder) if on_paper else (),
        )


def _sweep_readings(folder: Path, say: Say) -> None:
    """Remove what a reading that was broken off has left in the kiosk, and say so."""
    from assetmap.study.kiosk.blanking import sweep_unfinished

    for name in sweep_unfinished(folder):
        say(f"removed, left by a reading that was broken off: {name}")


def _rows_of(folder: Path, settings: Settings, subject: Subject) -> dict[str, gpd.GeoDataFrame]:
    """Return the rows of each file of marks that are to be forgotten, also those that were before."""
    area, near = read_area_and_box(folder, settings)
    found = {
        name: marks
        for name, (marks, _) in read_resident_marks(
            folder, settings, crs=area.crs, near=near, forgotten_too=True
        ).items()
    }
    for name, voices in read_study_voices(folder, crs=area.crs, near=near, forgotten_too=True).items():
        found[name] = pd.concat([found[name], voices.unplaced], ignore_index=True)
    column = COLUMN_OF[subject.kind]
    rows = {name: marks[marks[column].eq(subject.identifier).fillna(False)] for name, marks in found.items()}
    return {name: frame for name, frame in rows.items() if len(frame)}


def _kiosk_knows(folder: Path, subject: Subject) -> bool:
    from assetmap.study.kiosk.blanking import kiosk_holds

    return kiosk_holds(folder, subject)


def _hint_at_unread(folder: Path) -> str:
    refused = ", ".join(_unread(folder))
    return f", or forget a photograph that wasn't read with --photo{f' ({refused})' if refused else ''}"


def _unread(folder: Path) -> tuple[str, ...]:
    from assetmap.study.kiosk.unread import unread_photographs

    return unread_photographs(folder)


def _forget_in_kiosk(
    folder: Path, subject: Subject, *, today: str, say: Say
) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Blank and rewrite the kiosk's files: which were changed, which photographs show the marks, how many marks."""
    from assetmap.study.kiosk.blanking import blank_kiosk

    return blank_kiosk(folder, subject, today=today, say=say)


def _given_out(folder: Path, rows: Mapping[str, gpd.GeoDataFrame]) -> tuple[str, ...]:
    """Return each release that has shown any of the marks by itself, and the files of the last ones."""
    names = {
        name
        for frame in rows.values()
        for of_it in ledger_names(frame[frame.geometry.notna()], study_secret(folder)).values()
        for name in of_it
    }
    told = []
    try:
        entries = read_ledger(folder)
    except InputError as error:  # no reason to keep what is to be forgotten
        entries, told = [], [f"nobody knows what, since {error}"]
    for entry in entries:
        places = {tuple(entry.places[name]) for name in names & set(entry.places)}
        if places:
            told.append(
                f"the release for {entry.audience} of {entry.on} shows words of theirs at "
                f"{counted(len(places), 'place')}"
            )
    files: list[Path] = []
    for name in SHARE_NAMES.values():
        files += sorted((folder / "out" / name).rglob("*"))
    return (*told, *(path.relative_to(folder).as_posix() for path in files if path.is_file()))


def _forget_decisions(out: Path, rows: Mapping[str, gpd.GeoDataFrame]) -> tuple[str, ...]:
    """Take the marks' words out of the file in which people decide about words; decisions about others stay."""
    texts = {str(text) for frame in rows.values() for text in frame["text"].dropna()}
    items = {str(mark) for frame in rows.values() for mark in frame["annotation_id"]}
    return (f"rows of out/{REVIEW_NAME}",) if forget_words(out, texts, items) else ()


def _forget_on_walks(folder: Path, rows: dict[str, gpd.GeoDataFrame], today: str) -> list[str]:
    """Write the walks without the stories, and return the recordings that hold them."""
    recordings: list[str] = []
    for walk in walk_ids(folder):
        if stories_name(walk) in rows:
            recordings += forget_stories(folder, walk, set(rows[stories_name(walk)]["annotation_id"]), today=today)
    return recordings


def _remove_derived(out: Path) -> tuple[str, ...]:
    removed = []
    for name in (*DERIVED, *(path.relative_to(out).as_posix() for path in sorted(out.glob("whatif/*/map.html")))):
        path = out / name
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            continue
        removed.append(f"out/{name}")
    return tuple(removed)


def _holding(folder: Path, rows: dict[str, gpd.GeoDataFrame], besides: set[str]) -> tuple[str, ...]:
    """Return other files of the study that hold the marks' words, as plain bytes."""
    texts = {str(text) for frame in rows.values() for text in frame["text"].dropna() if len(text) >= _TOO_SHORT}
    words = [text.encode("utf-8", "surrogatepass") for text in texts]
    found = []
    for path in sorted(folder.rglob("*")) if words else ():
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in besides and not path.is_symlink() and _holds(path, words):
            found.append(name)
    return tuple(found)


def _holds(path: Path, words: Iterable[bytes]) -> bool:
    """Whether a file holds any of the words; a large one isn't read into memory."""
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return any(data.find(word) >= 0 for word in words)
