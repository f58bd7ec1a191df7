"""What `add` has put into a study, `remove` takes out: the entry and no other line; the copy only if asked."""

import json
import shutil
import tomllib
from typing import get_args, get_type_hints

import geopandas as gpd
import pytest
import shapely
from pydantic import BaseModel

from assetmap.study.entry_lines import PLACES, without_file
from assetmap.study.settings import Settings
from tests.cli.program import run_here, snapshot
from tests.cli.test_add import COMMENTED, make

WRITTEN_BY_HAND = """# Why this study is: the street party.

[study]
name = "Bow"  # as people say it
notice = \"\"\"
[[lists]] is only a word here
\"\"\"

# Our halls.
[[lists]]
file = "inputs/halls.csv" # from the council
category = "community_centre"
[lists.columns]
name = "Venue"

# The parks, walked in May.
[[green_space]]
file = "inputs/parks.gpkg"
access_points = "inputs/gates.geojson"

[access]
thresholds_m = [
    400,  # five minutes
    800,
]

# Later.
[[lists]]
file = "inputs/shops.csv"
postcodes = "inputs/codes.csv"
# the end
"""

TAKEN_OUT = {
    "inputs/halls.csv": (
        """[[lists]]
file = "inputs/halls.csv" # from the council
category = "community_centre"
[lists.columns]
name = "Venue"

""",
        ["[[lists]] file"],
    ),
    "inputs/parks.gpkg": (
        """[[green_space]]
file = "inputs/parks.gpkg"
access_points = "inputs/gates.geojson"

""",
        ["[[green_space]] file"],
    ),
    "inputs/gates.geojson": ('access_points = "inputs/gates.geojson"\n', ["[[green_space]] access_points"]),
    "inputs/shops.csv": (
        """[[lists]]
file = "inputs/shops.csv"
postcodes = "inputs/codes.csv"
""",
        ["[[lists]] file"],
    ),
    "inputs/codes.csv": ('postcodes = "inputs/codes.csv"\n', ["[[lists]] postcodes"]),
}


@pytest.mark.parametrize("name", TAKEN_OUT)
def test_its_lines_go_and_all_others_stay_letter_by_letter(name):
    lines, places = TAKEN_OUT[name]
    start = WRITTEN_BY_HAND.index(lines)
    text, entries = without_file(WRITTEN_BY_HAND, name)
    expected = WRITTEN_BY_HAND[:start] + WRITTEN_BY_HAND[start + len(lines) :]
    # an empty line too many between what is left is no line of the user's
    assert [line for line in text.splitlines() if line] == [line for line in expected.splitlines() if line]
    assert entries == places


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[osm]\nfile = 'inputs/a'\n", {}),
        ("[osm]\nfile = ['inputs/a', 'inputs/b', 'inputs/c']\n", {"osm": {"file": ["inputs/b", "inputs/c"]}}),
        ("[osm]\nfile = ['inputs/b', 'inputs/a']\n", {"osm": {"file": "inputs/b"}}),
        ("[osm]\nfile = './inputs/a'\nendpoint = 'x'\n", {"osm": {"endpoint": "x"}}),
        ("osm.file = 'inputs/a'\n", {}),
        ("osm = {file = 'inputs/a'}\n", {}),
        ("lists = [{file = 'inputs/a'}, {file = 'inputs/b'}]\n", {"lists": [{"file": "inputs/b"}]}),
        ("lists = [{file = 'inputs/a'}]\n", {}),
        ("[[lists]]\nfile = 'inputs/a'\n[[lists]]\nfile = 'inputs/b'\n[[lists]]\nfile = 'inputs/a'\n",
         {"lists": [{"file": "inputs/b"}]}),
        ("[zones]\nfile = 'inputs/a'\ncode = 'c'\n", {}),
        ("[canopy]\nfile = 'inputs/a'\nvalues = 'percent'\n", {}),
        ("[population]\nfile = 'inputs/a'\ngrid = 'inputs/b'\n", {"population": {"grid": "inputs/b"}}),
        ("[deprivation]\nedition = 2019\nlookup = 'inputs/a'\n", {"deprivation": {"edition": 2019}}),
        ("[frame]\nwithin = 'Bow'\nzones = 'inputs/a'\n", {"frame": {"within": "Bow"}}),
        ("[frame]\nname = 'Bow'\nzones = 'inputs/a'\n", {}),
        ("[place]\nboundary = 'inputs/a'\n# sites are old-ford and kings-heath\n", {"place": {}}),
        ("[[green_space]]\nfile = 'inputs/a'\naccess_points = 'inputs/a'\n", {}),
        ("[[lists]]\nfile = 'inputs/a'\n[[lists]]\nfile = 'inputs/b'\npostcodes = 'inputs/a'\n",
         {"lists": [{"file": "inputs/b"}]}),
        ("[population]\nfile = 'inputs/a'\ngrid = 'inputs/a'\n", {"population": {}}),
        ("[osm]\nfile = [\n  'inputs/b',  # west\n  'inputs/a',\n]\n", {"osm": {"file": "inputs/b"}}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("after", ["", "\n# what comes now\n[access]\nprofile = 'slow'\n"])
def test_every_place_that_names_a_file_lets_it_go(text, left, after):
    found, _ = without_file(text + after, "inputs/a")
    kept = {"access": {"profile": "slow"}} if after else {}
    assert tomllib.loads(found) == left | kept
    assert after.strip() in found


@pytest.fixture
def study(tmp_path, sample):
    folder = tmp_path / "study"
    (folder / "inputs").mkdir(parents=True)
    (folder / "assetmap.toml").write_text(COMMENTED)
    for kind in ("tidewell.osm", "tidewell_community_buildings.csv", "tidewell_annotations.geojson"):
        run_here("add", folder, make(kind, tmp_path, sample), "--quiet").worked()
    return folder


def test_what_was_added_last_and_taken_out_leaves_the_settings_as_they_were(study, tmp_path, sample):
    before = snapshot(study)
    for kind in ("list.xlsx", "greenspace.gpkg", "lookup.csv"):
        run_here("add", study, make(kind, tmp_path, sample), "--quiet").worked()
        ran = run_here("remove", study, tmp_path / kind, "--delete").worked()  # by the path that it was added by
        assert f"    is deleted: inputs/{kind}" in ran.err.splitlines()
        assert snapshot(study) == before


@pytest.mark.parametrize("end", ["", "\r\n", "\r\n\r\n"])
def test_the_line_ends_of_another_system_stay(study, tmp_path, sample, end):
    settings = study / "assetmap.toml"
    before = settings.read_bytes().strip().replace(b"\n", b"\r\n") + end.encode()
    settings.write_bytes(before)
    run_here("add", study, make("list.xlsx", tmp_path, sample), "--quiet").worked()
    added = settings.read_bytes()
    assert added.count(b"\n") == added.count(b"\r\n") > before.count(b"\n")
    run_here("remove", study, "list.xlsx", "--quiet").worked()
    assert settings.read_bytes() == before


def test_the_copy_stays_unless_it_is_asked_for(study):
    ran = run_here("remove", study, "tidewell_community_buildings.csv").worked()
    assert ran.out == ""
    assert ran.err.splitlines() == [
        "inputs/tidewell_community_buildings.csv: is taken out of [[lists]] file",
        "    the file stays: inputs/tidewell_community_buildings.csv",
        f"run `assetmap build {study}` to make the tables and the map without what was taken out",
    ]
    assert (study / "inputs/tidewell_community_buildings.csv").exists()
    assert "lists" not in tomllib.loads((study / "assetmap.toml").read_text())


def test_a_dry_run_says_the_same_and_changes_nothing(study):
    before = snapshot(study)
    ran = run_here("remove", study, "inputs/tidewell.osm", "--dry-run", "--delete").worked()
    assert ran.err.splitlines() == [
        "inputs/tidewell.osm: would be taken out of [osm] file",
        "    would be deleted: inputs/tidewell.osm",
        "    would be deleted: inputs/tidewell.osm.source.toml",
    ]
    assert snapshot(study) == before


def test_residents_marks_are_said_to_be_in_what_was_published(study):
    ran = run_here("remove", study, study / "inputs/tidewell_annotations.geojson").worked()
    assert "residents' marks were in it: what has been published still holds them" in ran.err


@pytest.mark.parametrize("name", ["tidewell_community_building.csv", "inputs/tidewell_comunity_buildings.csv"])
def test_a_file_that_is_none_of_the_study_s_names_the_nearest(study, name):
    before = snapshot(study)
    run_here("remove", study, "tidewell.osm", name).refused(
        2, f"names no file {name}, so it isn't taken out: did you mean inputs/tidewell_community_buildings.csv?"
    )
    assert snapshot(study) == before


def test_a_name_that_two_files_have_must_be_said_whole(study):
    (study / "other").mkdir()
    shutil.copy(study / "inputs/tidewell_community_buildings.csv", study / "other")
    with (study / "assetmap.toml").open("a") as settings:
        settings.write("\n[[lists]]\nfile = 'other/tidewell_community_buildings.csv'\n")
    run_here("remove", study, "tidewell_community_buildings.csv").refused(2, "may be inputs/tidewell", "say which")
    ran = run_here("remove", study, "other/tidewell_community_buildings.csv", "--delete").worked()
    assert "    not deleted, since it isn't in inputs/: other/tidewell_community_buildings.csv" in ran.err.splitlines()
    assert (study / "other/tidewell_community_buildings.csv").exists()


def test_what_the_kiosk_or_a_walk_has_made_is_not_taken_out(study):
    (study / "kiosk").mkdir()
    (study / "kiosk/marks.gpkg").write_bytes(b"kept")
    before = snapshot(study)
    run_here("remove", study, "kiosk/marks.gpkg", "--delete").refused(
        2, "doesn't name kiosk/marks.gpkg", "`assetmap forget`"
    )
    assert snapshot(study) == before


def test_a_postcode_table_that_places_voices_too_is_not_deleted(study, tmp_path):
    codes = tmp_path / "codes.csv"
    codes.write_text("postcode,lon,lat\nE3 5SJ,-0.03,51.53\n")
    halls = tmp_path / "halls by postcode.csv"
    halls.write_text("name,postcode,category\nHall,E3 5SJ,community_centre\n")
    run_here("add", study, halls, codes, "--quiet").worked()
    (study / "engagement").mkdir()
    (study / "engagement/voices.toml").write_text("[[voices]]\nfile = 'inputs/v.csv'\npostcodes = 'inputs/codes.csv'\n")
    ran = run_here("remove", study, "codes.csv", "--delete").worked()
    assert "    not deleted, since the study's voices are read from it too: inputs/codes.csv" in ran.err.splitlines()
    assert (study / "inputs/codes.csv").read_bytes() == codes.read_bytes()


def test_companions_go_with_their_file_and_are_named(study, tmp_path, sample):
    for kind in ("greenspace.gpkg", "access.geojson"):
        run_here("add", study, make(kind, tmp_path, sample), "--quiet").worked()
    ran = run_here("remove", study, "greenspace.gpkg").worked()
    assert "    with it: inputs/access.geojson, which nothing else names; the file stays" in ran.err.splitlines()
    assert (study / "inputs/access.geojson").exists()


def test_a_shapefile_goes_with_its_parts(study, tmp_path):
    squares = [shapely.box(-0.03, 51.53, -0.029, 51.531), shapely.box(-0.028, 51.53, -0.027, 51.531)]
    codes = {"WD24CD": ["E05000001", "E05000002"]}
    gpd.GeoDataFrame(codes, geometry=squares, crs=4326).to_file(tmp_path / "wards.shp")
    before = sorted(path.name for path in (study / "inputs").iterdir())
    run_here("add", study, tmp_path / "wards.shp", "--quiet").worked()
    run_here("remove", study, "wards.shp", "--delete", "--quiet").worked()
    assert sorted(path.name for path in (study / "inputs").iterdir()) == before


def test_a_newer_version_of_a_file_takes_its_place(study, tmp_path):
    newer = tmp_path / "newer/tidewell_community_buildings.csv"
    newer.parent.mkdir()
    newer.write_bytes((study / f"inputs/{newer.name}").read_bytes() + b"\n")
    run_here("add", study, newer).refused(2, "another file", "already", "`assetmap remove --delete`")
    run_here("remove", study, newer.name, "--delete", "--quiet").worked()
    run_here("add", study, newer, "--quiet").worked()
    assert (study / f"inputs/{newer.name}").read_bytes() == newer.read_bytes()


def test_the_next_build_is_without_it(study):
    run_here("build", study, "--quiet").worked()
    with_it = json.loads((study / "out/manifest.json").read_text())
    run_here("remove", study, "tidewell_community_buildings.csv", "--quiet").worked()
    run_here("build", study, "--quiet").worked()
    without = json.loads((study / "out/manifest.json").read_text())
    name = "inputs/tidewell_community_buildings.csv"
    assert name in with_it["fingerprint"]
    assert name not in without["fingerprint"]
    assert without["figures"]["assets"] < with_it["figures"]["assets"]


def test_a_folder_that_is_no_study_is_refused(tmp_path):
    run_here("remove", tmp_path, "x.csv").refused(3, "is not a study")


def test_every_setting_that_names_a_file_can_be_taken_out():
    """The places that hold a path inside the study, as the settings themselves declare them."""
    declared = set()
    for table, field in Settings.model_fields.items():
        models = [t for t in (field.annotation, *get_args(field.annotation)) if isinstance(t, type)]
        for model in (m for m in models if issubclass(m, BaseModel)):
            hints = get_type_hints(model, include_extras=True)
            declared |= {(table, key) for key in model.model_fields if "path_inside" in repr(hints[key])}
    assert declared == set(PLACES)
