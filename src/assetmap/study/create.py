"""A new study: its folders, and an ``assetmap.toml`` that explains itself; also the demo's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import tomlkit

from assetmap.errors import UsageError
from assetmap.files import SHAPEFILE_PARTS, read_text, write_aside, write_text
from assetmap.places import place, sample_folder
from assetmap.provenance import provenance_path
from assetmap.study.settings import SETTINGS_NAME, check_settings, read_settings

__all__ = ["DEMO_NAME", "create_demo", "create_study"]

DEMO_NAME = "Tidewell Basin (fictional)"
_DEMO_FILES = (
    ("osm_cache", "tidewell.osm"),
    ("boundaries", "tidewell_zones.geojson"),
    ("inputs", "tidewell_population.csv"),
    ("inputs", "tidewell_iod2025.csv"),
    ("inputs", "tidewell_community_buildings.csv"),
    ("inputs", "tidewell_annotations.geojson"),
)
_FOLDERS = ("inputs", "data/boundaries", "data/osm_cache")


def create_study(
    folder: Path,
    *,
    name: str | None = None,
    site: str | None = None,
    lsoa21: Sequence[str] = (),
    boundary: Path | None = None,
    contact: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Make a study folder with a commented ``assetmap.toml``, and return the path of that file.

    Parameters
    ----------
    folder
        Where the study goes; it may exist, but hold no study.
    name
        What the study is called; by default the site's name, else the folder's.
    site, lsoa21, boundary
        The neighbourhood: a known site, LSOA 2021 codes, or a file with its outline, which is copied.
    contact
        Whom to tell what is wrong.
    say
        Called with a line for a person where the outline had to be mended.

    Raises
    ------
    UsageError
        If there is a study already, the site isn't known, or a code or name can't be one.
    MissingInputError, InputError
        If the boundary file can't be read.
    """
    path = folder / SETTINGS_NAME
    if path.exists():
        raise UsageError(f"{folder} holds a study already: choose another folder.")
    lines = []
    london = False
    if site is not None:
        known = place(site)
        london = known.local_authority_code.startswith("E09")
        name = name or known.name
        lines = [f"site = {_quoted(site)}", f"# {known.note}"]
    elif lsoa21:
        lines = [f"lsoa21 = [{', '.join(_quoted(code) for code in dict.fromkeys(lsoa21))}]"]
    elif boundary is not None:
        from assetmap.study.pieces import read_boundary  # with all that reads maps, which no other study needs

        _, tally = read_boundary(boundary)  # so that what isn't an outline is refused here, not at the first build
        if tally.repaired or tally.dropped:
            say(tally.summary())
        lines = [f"boundary = {_quoted(f'inputs/{boundary.name}')}"]
    text = _commented(name or folder.resolve().name or "Study", contact, lines, london=london)
    check_settings(tomlkit.parse(text).unwrap(), path)
    _make_folders(folder)
    if boundary is not None:
        copy_in(boundary, folder / "inputs" / boundary.name)
    write_text(path, text)
    return path


def _make_folders(folder: Path) -> None:
    try:
        for part in _FOLDERS:
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} can't be made ({error.strerror or error}): choose another folder.") from error


def _quoted(text: str) -> str:
    return tomlkit.string(text).as_string()


def _commented(name: str, contact: str, place_lines: Sequence[str], *, london: bool) -> str:
    """Return the text of a new ``assetmap.toml``."""
    where = "\n".join(place_lines) or '# site = "old-ford"\n# lsoa21 = ["E01004222", "E01004226"]'
    return f"""# The settings of this study. `assetmap add` writes entries for your files; `assetmap build` reads them.

[study]
name = {_quoted(name)}
# Whom people should tell what is wrong on the map, or that their mark should come off it:
contact = {_quoted(contact)}

# The neighbourhood: one of `site` (old-ford, kings-heath), `lsoa21` (codes) or `boundary` (a file in inputs/).
[place]
{where}

# How access is measured. profile: standard (4 km/h), slow (2.4 km/h) or step_free (no steps or stiles).
[access]
profile = "standard"
thresholds_m = [400, 800, 1200]
# Whether the London Plan's sizes of open space are measured too:
london_plan = {str(london).lower()}
"""


def copy_in(source: Path, target: Path) -> None:
    """Copy a file into a study, whole or not at all, with its provenance record and the parts of a shapefile."""
    with write_aside(target) as aside:
        shutil.copyfile(source, aside)
    if source.suffix.lower() == ".shp":
        for suffix in SHAPEFILE_PARTS:
            parts = [source.with_suffix(suffix), source.with_suffix(suffix.upper())]
            for part in [part for part in parts if part.exists()][:1]:
                copy_in(part, target.with_suffix(suffix))
    record = provenance_path(source)
    if record.exists():
        write_text(provenance_path(target), read_text(record))


def create_demo(folder: Path | str, *, overwrite: bool = False) -> Path:
    """Write the fictional neighbourhood that ships with assetmap as an ordinary study.

    Parameters
    ----------
    folder
        Where it goes.
    overwrite
        Replace a demo that is there already. Any other study is left alone.

    Raises
    ------
    UsageError
        If the folder holds a study.
    """
    folder = Path(folder)
    path = folder / SETTINGS_NAME
    if path.exists():
        found = read_settings(folder).study.name
        if found != DEMO_NAME:
            raise UsageError(f"{folder} holds the study {found!r}, not the demo: choose another folder.")
        if not overwrite:
            raise UsageError(f"{folder} holds the demo already: say --overwrite to write it again.")
    _make_folders(folder)
    for kind, name in _DEMO_FILES:
        copy_in(sample_folder() / kind / name, folder / "inputs" / name)
    write_text(path, _DEMO_SETTINGS)
    return path


_DEMO_SETTINGS = f"""# The demo: a fictional neighbourhood, drawn for assetmap.

[study]
name = "{DEMO_NAME}"
contact = "the Tidewell Forum (made up, like the place), map@tidewell.example"
notice = "A fictional place, drawn to show what assetmap does: no real place or person is meant."

[osm]
file = "inputs/tidewell.osm"

[zones]
file = "inputs/tidewell_zones.geojson"

[population]
file = "inputs/tidewell_population.csv"

[deprivation]
file = "inputs/tidewell_iod2025.csv"

[[lists]]
file = "inputs/tidewell_community_buildings.csv"
name = "Tidewell council list"

[[annotations]]
file = "inputs/tidewell_annotations.geojson"

[access]
profile = "standard"
thresholds_m = [400, 800, 1200]
"""
