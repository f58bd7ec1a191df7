"""The manifest: what went into a build, what came out of it, and whether it is still so."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assetmap.errors import InputError
from assetmap.files import read_text, require_file, sha256_of, write_json
from assetmap.provenance import read_provenance
from assetmap.study.engagement.walk_stories import stories_name, walk_ids
from assetmap.study.kiosk.marks import MARKS_FILE
from assetmap.study.settings import SETTINGS_NAME, Settings
from assetmap.study.tombstones import TOMBSTONES_NAME

if TYPE_CHECKING:
    from assetmap.study.figures.frame_access import FrameAccess
    from assetmap.study.figures.measuring import Results
    from assetmap.study.inputs import Inputs

__all__ = [
    "SHOWN",
    "Manifest",
    "figures_hold",
    "fingerprint",
    "holds_data",
    "input_files",
    "read_manifest",
    "state_of",
    "write_manifest",
]

MANIFEST_NAME = "manifest.json"
SHOWN = "shown "
"""Before what is part of a build's fingerprint because the map shows it, and no figure rests on it."""
_PROGRAM = "library assetmap"
"""Stands in the fingerprint for the program: what another has built, this one may not be able to read."""
_LIBRARIES = (
    "geopandas",
    "shapely",
    "pandas",
    "numpy",
    "scipy",
    "pyproj",
    "osmium",
    "folium",
    "pyogrio",
    "rasterio",
    "exactextract",
)


@dataclass(frozen=True)
class Manifest:
    """One build of a study."""

    study: str
    built_on: str
    fingerprint: dict[str, str]
    versions: dict[str, str]
    settings: dict[str, Any]
    inputs: list[dict[str, Any]]
    tallies: list[dict[str, Any]]
    notes: list[str]
    figures: dict[str, Any]
    outputs: dict[str, str]

    def outputs_whole(self, out: Path) -> bool:
        """Whether every output is there as it was written."""
        return all((out / name).is_file() and sha256_of(out / name) == sha for name, sha in self.outputs.items())

    def summary(self) -> dict[str, Any]:
        """Return what ``--json`` prints: the build in brief."""
        return {
            "study": self.study,
            "built_on": self.built_on,
            "figures": self.figures,
            "tallies": [{k: v for k, v in tally.items() if k != "dropped_rows"} for tally in self.tallies],
            "notes": self.notes,
            "outputs": sorted(self.outputs),
        }


def input_files(folder: Path, settings: Settings, osm: Path | None = None) -> dict[str, Path]:
    """Return every file that a build reads: name -> path."""
    fetched = [p for kind in ("osm_cache", "boundaries") for p in sorted((folder / "data" / kind).glob("*"))]
    beside = (".source.toml", ".torn", ".replaced")  # records, and what a later fetch has set aside
    fetched = [p for p in fetched if p.is_file() and not p.name.endswith(beside) and not p.name.startswith(".")]
    named = {name: folder / name for name in (SETTINGS_NAME, *settings.named_files())}
    made = (MARKS_FILE, TOMBSTONES_NAME, *map(stories_name, walk_ids(folder)))
    named |= {name: folder / name for name in made if (folder / name).exists()}
    named |= {name: folder / name for name in _files_of_voices(folder)}
    if osm is not None:
        named = {name: path for name, path in named.items() if name not in settings.osm.file}
        named[f"--osm {osm.name}"] = osm
    return named | {p.relative_to(folder).as_posix(): p for p in fetched}


def _files_of_voices(folder: Path) -> list[str]:
    """Return the list of files of voices and what it names; the reader is loaded where there are any."""
    if not (folder / "engagement").is_dir():
        return []
    from assetmap.study.engagement.voices import VOICES_FILE, read_voice_files

    listed = read_voice_files(folder)
    named = [name for entry in listed for name in (entry.file, entry.postcodes) if name]
    return [VOICES_FILE, *dict.fromkeys(named)] if listed else []


def holds_data(name: str) -> bool:
    """Whether an input of a build is data that came from somewhere, and no list that the program itself keeps.

    Its own are the settings, how each file of voices is read, and what was forgotten.
    """
    from assetmap.study.engagement.voices import VOICES_FILE

    return name not in (SETTINGS_NAME, VOICES_FILE, TOMBSTONES_NAME)


def fingerprint(folder: Path, settings: Settings, osm: Path | None = None) -> dict[str, str]:
    """Return the checksum of every input and of the program, and its libraries' versions: equal ones, equal outputs."""
    files = {name: sha256_of(require_file(path)) for name, path in input_files(folder, settings, osm).items()}
    numbers = {f"library {name}": number for name, number in _versions().items()}
    return {**files, **_shown(folder), **numbers, _PROGRAM: _program()}


@cache
def _program() -> str:
    """Return the checksum of every file of the program: its version alone doesn't change with each of them."""
    package, found = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(p for p in package.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        found.update(f"{path.relative_to(package).as_posix()} {sha256_of(path)}\n".encode())
    return found.hexdigest()


def _shown(folder: Path) -> dict[str, str]:
    """Return the checksum of the places whose cards lead to the page of system maps; nothing where there are none."""
    if not (folder / "engagement" / "ties.csv").exists():
        return {}
    from assetmap.study.engagement.system_maps import tied_places

    places = sorted(tied_places(folder))
    return {f"{SHOWN}places of system maps": hashlib.sha256("\n".join(places).encode()).hexdigest()} if places else {}


def figures_hold(manifest: Manifest, mark: Mapping[str, str]) -> bool:
    """Whether a build differs from what would be built now in nothing but what the map shows."""
    then, now = (
        {name: sha for name, sha in one.items() if not name.startswith(SHOWN)} for one in (manifest.fingerprint, mark)
    )
    return then == now


def state_of(folder: Path, settings: Settings) -> str:
    """Return one checksum of all inputs: what was measured on a study in another state is out of date."""
    files = {name: sha256_of(require_file(path)) for name, path in input_files(folder, settings).items()}
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _versions() -> dict[str, str]:
    return {"assetmap": version("assetmap"), "python": platform.python_version()} | {
        name: version(name) for name in _LIBRARIES
    }


def read_manifest(out: Path) -> Manifest | None:
    """Return the manifest of the last build, or None if there is none that can be read, or of another program."""
    path = out / MANIFEST_NAME
    try:
        found = Manifest(**json.loads(read_text(path))) if path.exists() else None
        return found if found is not None and found.fingerprint[_PROGRAM] == _program() else None
    except (InputError, ValueError, TypeError, KeyError, RecursionError):
        return None  # the build that it stood for can't be trusted: build again


def write_manifest(
    out: Path,
    settings: Settings,
    inputs: Inputs,
    results: Results,
    *,
    files: Mapping[str, Path],
    mark: dict[str, str],
    today: str,
    outputs: Sequence[str],
) -> Manifest:
    """Write the manifest of a finished build and return it."""
    manifest = Manifest(
        study=settings.study.name,
        built_on=today,
        fingerprint=mark,
        versions=_versions(),
        settings=settings.model_dump(mode="json"),
        inputs=_describe_inputs(files, mark),
        tallies=[tally.as_dict() for tally in inputs.tallies],
        notes=list(inputs.notes),
        figures=_figures(inputs, results),
        outputs={name: sha256_of(out / name) for name in outputs},
    )
    write_json(out / MANIFEST_NAME, asdict(manifest))
    return manifest


def _describe_inputs(files: Mapping[str, Path], mark: Mapping[str, str]) -> list[dict[str, Any]]:
    described = []
    for name, path in files.items():
        record = read_provenance(path, verify=False)
        entry: dict[str, Any] = {"file": name, "sha256": mark[name]}
        if record is not None:
            entry |= {k: getattr(record, k) for k in ("title", "publisher", "licence", "attribution", "date")}
        described.append(entry)
    return described


def _frame(frame: FrameAccess | None) -> dict[str, Any] | None:
    """Return what the wider area is, or None where there is none."""
    if frame is None:
        return None
    people = frame.zones["population"]
    known = _number(float(people.sum())) if people.notna().all() else None
    return {"name": frame.name, "zones": len(frame.zones), "people": known}


def _standards(table: Any) -> dict[str, Any]:
    """Return the share of people who meet each standard in the whole neighbourhood: at least, at most."""
    rows = table[table["group"] == "neighbourhood"]
    return {
        f"{row.criterion}_{row.mode}": [_number(float(row.share_at_least)), _number(float(row.share_at_most))]
        for row in rows.itertuples()
    }


def _number(value: Any) -> Any:
    """Return a number that JSON can hold: NaN becomes null."""
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value


def _figures(inputs: Inputs, results: Results) -> dict[str, Any]:
    """Return the figures of the whole neighbourhood."""
    rows = results.neighbourhood.drop(columns=["group"]).set_index("category")
    access = {
        str(category): {str(k): _number(v.item() if hasattr(v, "item") else v) for k, v in row.items()}
        for category, row in rows.iterrows()
    }
    kept = results.assets
    unique = kept[kept["duplicate_of"].isna()]
    people = inputs.zones["population"]
    return {
        "crs": inputs.crs.to_string(),
        "zones": len(results.zones),
        "people": _number(float(people.sum())) if people.notna().all() else None,
        "assets": len(unique),
        "assets_by_category": {str(k): int(v) for k, v in unique["category"].value_counts().sort_index().items()},
        "duplicates": int(kept["duplicate_of"].notna().sum()),
        "origins": len(results.origins),
        "annotations": len(inputs.annotations),
        "network": results.network_facts,
        "deprivation_index": inputs.deprivation.edition.title if inputs.deprivation else None,
        "deprivation": {k: _number(v) for k, v in results.deprivation.items()},
        "access": access,
        "sentences": results.sentences,
        "standards": _standards(results.standards),
        "frame": _frame(results.frame),
    }
