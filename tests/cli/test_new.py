"""A new study explains itself, and is one that can be read."""

import json
import shlex
import tomllib

import geopandas as gpd
import pytest
import shapely

from assetmap.places import known_places
from assetmap.study.settings import read_settings
from tests.cli.program import run_here, snapshot


def settings_of(folder):
    return tomllib.loads((folder / "assetmap.toml").read_text("utf-8"))


def outline(path):
    shape = json.loads(shapely.to_geojson(shapely.box(-0.05, 51.52, -0.02, 51.54)))
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}))
    return path


@pytest.mark.parametrize("site", known_places())
def test_a_known_site_is_named_with_what_it_is(tmp_path, site):
    ran = run_here("new", tmp_path / "s", "--place", site).worked()
    found = settings_of(tmp_path / "s")
    assert found["place"] == {"site": site}
    assert found["study"]["name"] == known_places()[site].name
    assert known_places()[site].note in (tmp_path / "s/assetmap.toml").read_text("utf-8")
    assert f"assetmap add {tmp_path / 's'} FILE..." in ran.err
    for part in ("inputs", "data/boundaries", "data/osm_cache"):
        assert (tmp_path / "s" / part).is_dir()
    assert read_settings(tmp_path / "s").access.thresholds_m == (400, 800, 1200)


def test_codes_are_taken_in_their_order(tmp_path):
    run_here("new", tmp_path / "s", "--lsoa", "E01004226", "--lsoa", "E01004222", "--name", "Bow").worked()
    assert settings_of(tmp_path / "s")["place"] == {"lsoa21": ["E01004226", "E01004222"]}


def test_a_code_that_is_said_twice_is_written_once(tmp_path):
    run_here("new", tmp_path / "s", "--lsoa", "E01004226", "--lsoa", "E01004222", "--lsoa", "e01004226").worked()
    assert settings_of(tmp_path / "s")["place"] == {"lsoa21": ["E01004226", "E01004222"]}


def test_the_next_command_can_be_pasted_whatever_the_folder_is_called(tmp_path):
    folder = tmp_path / "Old Ford's map"
    ran = run_here("new", folder, "--name", "x").worked()
    words = shlex.split(ran.err.splitlines()[-1].split("then ")[1])
    assert words == ["assetmap", "build", str(folder)]


def test_an_outline_is_copied(tmp_path):
    run_here("new", tmp_path / "s", "--boundary", outline(tmp_path / "my outline.geojson")).worked()
    assert settings_of(tmp_path / "s")["place"] == {"boundary": "inputs/my outline.geojson"}
    assert (tmp_path / "s/inputs/my outline.geojson").read_bytes() == (tmp_path / "my outline.geojson").read_bytes()
    assert settings_of(tmp_path / "s")["study"]["name"] == "s"


def test_a_shapefile_s_outline_is_copied_with_its_parts(tmp_path):
    frame = gpd.GeoDataFrame(geometry=[shapely.box(-0.05, 51.52, -0.02, 51.54)], crs=4326)
    frame.to_file(tmp_path / "o.shp")
    (tmp_path / "o.prj").rename(tmp_path / "o.PRJ")  # as some systems write it
    run_here("new", tmp_path / "s", "--boundary", tmp_path / "o.shp").worked()
    found = sorted(path.name for path in (tmp_path / "s/inputs").iterdir())
    assert found == ["o.cpg", "o.dbf", "o.prj", "o.shp", "o.shx"]
    assert gpd.read_file(tmp_path / "s/inputs/o.shp").total_bounds.tolist() == [-0.05, 51.52, -0.02, 51.54]
    assert gpd.read_file(tmp_path / "s/inputs/o.shp").crs == 4326


@pytest.mark.parametrize("name", ['A "quoted" name', "back\\slash", "# not a comment", "Ünï😀", "'''", "a\nb", "]]"])
def test_any_name_is_written_so_that_it_reads_back(tmp_path, name):
    run_here("new", tmp_path / "s", "--name", name, "--contact", name).worked()
    assert settings_of(tmp_path / "s")["study"] == {"name": name, "contact": name}


def test_a_folder_that_is_there_keeps_what_is_in_it(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    run_here("new", tmp_path, "--name", "Here").worked()
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("answers", "place"),
    [
        ("Bow\nold-ford\n\nme@example.org\n", {"site": "old-ford"}),
        ("Bow\nE01004222, E01004226,\n\nme@example.org\n", {"lsoa21": ["E01004222", "E01004226"]}),
        ("Bow\n\n{outline}\nme@example.org\n", {"boundary": "inputs/o.geojson"}),
        ("Bow\n\n\nme@example.org\n", {}),
    ],
)
def test_without_options_it_asks_four_questions(tmp_path, answers, place):
    asked = answers.format(outline=outline(tmp_path / "o.geojson"))
    ran = run_here("new", tmp_path / "s", answers=asked).worked()
    assert ran.err.count("?") == 4
    assert ran.out.strip() == ""
    found = settings_of(tmp_path / "s")
    assert found["study"] == {"name": "Bow", "contact": "me@example.org"}
    assert found.get("place", {}) == place


def test_what_is_no_code_is_asked_for_again(tmp_path):
    ran = run_here(
        "new", tmp_path / "s", answers="Bow\nold-frod\nBow\ne01004222 E01004226\n\nme@example.org\n"
    ).worked()
    sites = "The known sites are old-ford, kings-heath."
    assert f"'OLD-FROD' is no LSOA 2021 code, which looks like E01004222. {sites}" in ran.err
    assert f"'BOW' is no LSOA 2021 code, which looks like E01004222. {sites}" in ran.err
    assert settings_of(tmp_path / "s")["place"] == {"lsoa21": ["E01004222", "E01004226"]}


def test_the_name_asked_for_is_the_folder_s_unless_another_is_given(tmp_path):
    run_here("new", tmp_path / "Mile End", answers="\n\n\n\n").worked()
    assert settings_of(tmp_path / "Mile End")["study"]["name"] == "Mile End"


def test_answers_that_end_early_stop_it(tmp_path):
    ran = run_here("new", tmp_path / "s", answers="Bow\n")
    assert ran.code == 130
    assert ran.err.splitlines()[-1] == "assetmap: stopped."
    assert not (tmp_path / "s").exists()


def test_an_outline_that_had_to_be_mended_is_said_to_have_been(tmp_path):
    bow = [[[-0.03, 51.53], [-0.02, 51.54], [-0.02, 51.53], [-0.03, 51.54], [-0.03, 51.53]]]
    open_ring = [[[-0.03, 51.53], [-0.02, 51.53], [-0.02, 51.54]]]
    for name, ring, words in (("bow", bow, "invalid shape mended 1"), ("open", open_ring, "unclosed ring closed 1")):
        path = tmp_path / f"{name}.geojson"
        features = [
            {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": ring}},
            {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [-0.025, 51.535]}},
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        ran = run_here("new", tmp_path / name, "--boundary", path).worked()
        line = ran.err.splitlines()[0]
        assert line == f"{name}.geojson: 2 read, 1 kept, 1 dropped (not an area 1), 1 repaired ({words})"
    ran = run_here("new", tmp_path / "whole", "--boundary", outline(tmp_path / "whole.geojson")).worked()
    assert "whole.geojson:" not in ran.err


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["--place", "atlantis"], 2, ["no site is called 'atlantis'", "old-ford, kings-heath", "--lsoa"]),
        (["--place", "old-ford", "--lsoa", "E01004222"], 2, ["give one of --place, --lsoa and --boundary"]),
        (["--lsoa", "E0100422"], 2, ["'E0100422' is no LSOA 2021 code, which looks like E01004222"]),
        (["--lsoa", "W01000001; E01"], 2, ["'W01000001; E01' is no LSOA 2021 code"]),
        (["--name", "n" * 201], 2, ["study.name"]),
        (["--boundary", "{folder}/none.geojson"], 3, ["does not exist"]),
        (["--boundary", "{folder}"], 3, ["is a folder"]),
        (["--boundary", "{folder}/page.geojson"], 3, ["page.geojson"]),
        (["--boundary", "{folder}/points.geojson"], 3, ["holds no polygon"]),
        (["--boundary", "{folder}/empty.geojson"], 3, ["is empty (0 bytes)"]),
    ],
)
def test_what_can_t_be_a_study_makes_none(tmp_path, args, code, words):
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "empty.geojson").touch()
    (inputs / "page.geojson").write_text("<html>Sign in</html>")
    (inputs / "points.geojson").write_text(
        '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [0, 51]}}'
    )
    before = snapshot(tmp_path)
    ran = run_here("new", tmp_path / "s", *(arg.format(folder=inputs) for arg in args))
    ran.refused(code, *words)
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "s").exists()


def test_a_question_answered_twice_is_a_usage_error(tmp_path):
    ran = run_here("new", tmp_path / "s", answers=f"Bow\nold-ford\n{outline(tmp_path / 'o.geojson')}\n\n")
    assert ran.code == 2
    assert "give a neighbourhood or a file with its outline, not both." in ran.err
    assert not (tmp_path / "s").exists()


def test_a_study_is_never_made_over_another(fresh):
    before = snapshot(fresh)
    run_here("new", fresh, "--place", "old-ford").refused(2, "holds a study already: choose another folder")
    assert snapshot(fresh) == before


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "file").write_text("mine")
    run_here("new", tmp_path / "file" / "s", "--name", "x").refused(2, "can't be made")
    assert (tmp_path / "file").read_text() == "mine"
