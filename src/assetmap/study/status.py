"""Where a study stands in the seven steps, from a profile to feedback: what is there, and what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assetmap.engagement.references import parse_reference
from assetmap.kiosk.spec import SHEETS_FOLDER
from assetmap.plurals import counted
from assetmap.study.engagement.chaining import read_chain
from assetmap.study.engagement.walk_stories import WALKS_FOLDER, walk_ids
from assetmap.study.manifest import read_manifest
from assetmap.study.profile import PROFILE_NAMES
from assetmap.study.settings import read_settings
from assetmap.study.sharing.releases import read_ledger

__all__ = ["Part", "Step", "read_status"]


@dataclass(frozen=True)
class Part:
    """One thing that a step asks for."""

    one: str
    """What one of it is called."""
    what: str
    """What several are called."""
    count: int
    """How many there are; 0 where it is missing."""
    command: str
    """What brings it in."""

    @property
    def told(self) -> str:
        """How many there are, in words."""
        return counted(self.count, self.one, self.what)


@dataclass(frozen=True)
class Step:
    """One of the seven steps."""

    number: int
    title: str
    parts: tuple[Part, ...]

    @property
    def begun(self) -> bool:
        """Whether any of its parts is there."""
        return any(part.count for part in self.parts)

    @property
    def missing(self) -> tuple[Part, ...]:
        """Its parts that aren't there."""
        return tuple(part for part in self.parts if not part.count)


_STEPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Profiling, assets and system mapping",
        (("asset", "assetmap build"), ("profile", "assetmap profile"), ("factor", "assetmap systems import")),
    ),
    (
        "Street conversations and outreach",
        (
            ("sheet", "assetmap kiosk sheet"),
            ("mark", "assetmap kiosk read, voices import or add"),
            ("session", "assetmap voices import"),
            ("walk", "assetmap walks import"),
        ),
    ),
    ("World cafés", (("theme", "assetmap themes code"),)),
    ("Whole-system workshops", (("priority", "assetmap priorities import"), ("factor", "assetmap systems tie"))),
    ("Local agendas through system mapping and action planning", (("action", "assetmap agenda import"),)),
    (
        "Priorities, synergies and resources",
        (("priority", "assetmap priorities rank"), ("action", "assetmap agenda check")),
    ),
    (
        "Feedback, co-commissioning and delivery",
        (("outcome", "assetmap agenda import"), ("release", "assetmap publish")),
    ),
)
_NAMES = {
    "asset": ("place known to the last build", "places known to the last build"),
    "profile": ("profile", "profile"),
    "factor": ("factor of system maps", "factors of system maps"),
    "sheet": ("printed sheet", "printed sheets"),
    "mark": ("mark or story of residents", "marks and stories of residents"),
    "session": ("session", "sessions"),
    "walk": ("walk", "walks"),
    "theme": ("theme", "themes"),
    "priority": ("priority", "priorities"),
    "action": ("action", "actions"),
    "outcome": ("outcome", "outcomes"),
    "release": ("release", "releases"),
}
"""What one of a kind is called, and several."""


def read_status(folder: Path) -> list[Step]:
    """Return the seven steps of a study with what is there for each.

    Raises
    ------
    AssetMapError
        If the folder is no study, or a file of it can't be read.
    """
    counts = _counts(folder)
    return [
        Step(number, title, tuple(Part(*_NAMES[kind], counts.get(kind, 0), command) for kind, command in parts))
        for number, (title, parts) in enumerate(_STEPS, start=1)
    ]


def _counts(folder: Path) -> Mapping[str, int]:
    read_settings(folder)
    counts = Counter(parse_reference(ref).kind for ref in read_chain(folder).items)
    manifest = read_manifest(folder / "out")
    counts["mark"] += counts.pop("story", 0)
    counts["asset"] = 0 if manifest is None else int(manifest.figures["assets"])
    counts["profile"] = int((folder / "out" / PROFILE_NAMES[0]).exists())
    counts["sheet"] = len(list((folder / SHEETS_FOLDER).glob("*.json")))
    counts["walk"] = sum((folder / WALKS_FOLDER / walk / "track.gpx").exists() for walk in walk_ids(folder))
    counts["release"] = len(read_ledger(folder))
    return counts
