"""What the residents of the demo said, agreed and did, brought into it as anybody's files would be."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, count
from pathlib import Path

from assetmap.files import write_bytes
from assetmap.places import sample_folder
from assetmap.sources.tables import read_table
from assetmap.study.adding import add_files
from assetmap.study.create import copy_in
from assetmap.study.engagement.agenda import import_agenda
from assetmap.study.engagement.coding import import_codes, read_notes
from assetmap.study.engagement.decision_tables import FOLDER, add_rows, study_lock
from assetmap.study.engagement.system_maps import TIE_COLUMNS, TIES, import_system_map
from assetmap.study.engagement.voice_import import import_voices
from assetmap.study.engagement.voting import import_votes
from assetmap.study.engagement.walking import import_walk
from assetmap.study.settings import SETTINGS_NAME

__all__ = ["bring_demo_story", "demo_texts", "keep_aside"]

REPLACED = ".replaced"
_CODERS = ("ana", "ben")
_FILES = (
    "tidewell_closed_buildings.csv",
    "tidewell_conversations.csv",
    *(f"tidewell_codes_{coder}.csv" for coder in _CODERS),
    "tidewell_votes.csv",
    "tidewell_system_map.json",
    "tidewell_actions.csv",
    "tidewell_outcomes.csv",
)


def demo_texts(folder: Path) -> dict[Path, bytes]:
    """Return the files of a demo that writing it again may change, as they are; none where there is no demo yet.

    Files that somebody has added aren't among them: those stay.
    """
    inputs = {path for path in (folder / "inputs").glob("tidewell*") if REPLACED not in path.name}
    tables = (folder / FOLDER).rglob("*.csv"), (folder / FOLDER).rglob("*.toml"), (folder / FOLDER).rglob("*.json")
    walk = (folder / "walks" / "hall-walk").glob("*.csv")
    paths = sorted({folder / SETTINGS_NAME, *inputs, *walk, *(path for kind in tables for path in kind)})
    return {path: path.read_bytes() for path in paths if path.is_file()}


def keep_aside(before: Mapping[Path, bytes]) -> list[Path]:
    """Write each file that has changed since `before` beside itself as it was, and return what was written."""
    changed = [path for path, content in before.items() if not path.is_file() or path.read_bytes() != content]
    kept = [_free(path.with_name(path.name + REPLACED)) for path in changed]
    for path, copy in zip(changed, kept, strict=True):
        write_bytes(copy, before[path])
    return kept


def _free(path: Path) -> Path:
    """Return a path, with a number at its end where there is such a file."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(one for one in chain([path], numbered) if not one.exists())


def bring_demo_story(folder: Path, *, today: str) -> None:
    """Bring the story of "no room for young people" into the demo, before it is built.

    Conversations, a walk, two coders' sheets, a café's votes, a system map tied to a closed hall, and an agenda. What
    was there of it is written again; rows that somebody has added to its tables stay.

    Parameters
    ----------
    folder
        The demo, as `create_demo` has written it.
    today
        ISO date, written into the walk's GeoPackage.
    """
    sample, inputs = sample_folder(), folder / "inputs"
    for name in _FILES:
        copy_in(sample / "engagement" / name, inputs / name)
    add_files(folder, [inputs / "tidewell_closed_buildings.csv"], today=today)
    import_voices(folder, inputs / "tidewell_conversations.csv")
    walk = sample / "walks" / "tidewell_hall_walk"
    import_walk(
        folder,
        walk.with_suffix(".gpx"),
        sheet=walk.with_name(f"{walk.name}_stories.csv"),
        name="Hall walk",
        today=today,
    )
    notes = set(read_notes(folder)["annotation_id"])
    for coder in _CODERS:
        import_codes(folder, inputs / f"tidewell_codes_{coder}.csv", coder, notes=notes)
    import_votes(folder, inputs / "tidewell_votes.csv")
    import_system_map(folder, inputs / "tidewell_system_map.json", name="Young people", overwrite=True)
    for name in ("tidewell_actions.csv", "tidewell_outcomes.csv"):
        import_agenda(folder, inputs / name)
    ties = read_table(sample / "engagement" / "tidewell_ties.csv")[list(TIE_COLUMNS)]
    with study_lock(folder):  # its hall is an asset of no build yet, so that it can't be tied by its name
        add_rows(folder, TIES, ties, TIE_COLUMNS)
