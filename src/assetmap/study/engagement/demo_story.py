"""What the residents of the demo said, agreed and did, brought into it as anybody's files would be."""

from __future__ import annotations

from pathlib import Path

from assetmap.places import sample_folder
from assetmap.sources.tables import read_table
from assetmap.study.adding import add_files
from assetmap.study.create import copy_in
from assetmap.study.engagement.agenda import import_agenda
from assetmap.study.engagement.coding import import_codes
from assetmap.study.engagement.decision_tables import add_rows, study_lock
from assetmap.study.engagement.system_maps import TIE_COLUMNS, TIES, import_system_map
from assetmap.study.engagement.voice_import import import_voices
from assetmap.study.engagement.voting import import_votes
from assetmap.study.engagement.walking import import_walk

__all__ = ["bring_demo_story"]

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


def bring_demo_story(folder: Path, *, today: str) -> None:
    """Bring the story of "no room for young people" into the demo, before it is built.

    Conversations, a walk, two coders' sheets, a café's votes, a system map tied to a closed hall, and an agenda. What
    was there of it is written again.

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
    for coder in _CODERS:
        import_codes(folder, inputs / f"tidewell_codes_{coder}.csv", coder)
    import_votes(folder, inputs / "tidewell_votes.csv")
    import_system_map(folder, inputs / "tidewell_system_map.json", name="Young people", overwrite=True)
    for name in ("tidewell_actions.csv", "tidewell_outcomes.csv"):
        import_agenda(folder, inputs / name)
    ties = read_table(sample / "engagement" / "tidewell_ties.csv")[list(TIE_COLUMNS)]
    with study_lock(folder):  # its hall is an asset of no build yet, so that it can't be tied by its name
        add_rows(folder, TIES, ties, TIE_COLUMNS)
