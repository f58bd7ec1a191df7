"""One command: a finished study."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from assetmap.study.engagement.agenda import read_actions
from assetmap.study.flow import OUTPUTS
from tests.cli.program import run_here, snapshot
from tests.worlds import tidewell


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """The demo as the command makes it, and what a quiet run has said. Look and don't touch."""
    study = tmp_path_factory.mktemp("demo") / "a"
    return study, run_here("demo", "--out", study, "--quiet").worked()


@pytest.fixture
def demo(quiet, tmp_path):
    """A copy of it to change."""
    return Path(shutil.copytree(quiet[0], tmp_path / "a"))


def test_the_demo_is_an_ordinary_study_and_says_where_its_map_is(tmp_path):
    ran = run_here("demo", "--out", tmp_path / "a").worked()
    assert ran.out == f"The map is {tmp_path / 'a/out/map.html'}\n"
    assert "reading OpenStreetMap: tidewell.osm" in ran.err
    assert "tidewell_community_buildings.csv: 14 read, 13 kept, 1 dropped (1 no coordinates)" in ran.err
    assert {p.name for p in (tmp_path / "a/out").iterdir()} == {*OUTPUTS, "systems.html", "manifest.json"}
    settings = tomllib.loads((tmp_path / "a/assetmap.toml").read_text())
    assert "fictional" in settings["study"]["name"]
    inputs = {p.name for p in (tmp_path / "a/inputs").iterdir()}
    records = {name for name in inputs if name.endswith(".source.toml")}
    assert records == {f"{name}.source.toml" for name in inputs - records}
    assert len(records) == 14  # six of the place, eight of what its residents said and did


def test_it_says_that_it_is_fictional_where_it_is_shown(built):
    page = (built / "out/map.html").read_text("utf-8")
    assert page.count("fictional") >= 2
    assert "working copy, not for sharing" in page


def test_quiet_says_nothing(quiet):
    _, ran = quiet
    assert (ran.out, ran.err) == ("", "")


def test_json_is_json_and_talk_goes_elsewhere(tmp_path):
    ran = run_here("demo", "--out", tmp_path / "a", "--json").worked()
    summary = json.loads(ran.out)
    assert summary["figures"]["people"] == tidewell.POPULATION_IN_ALL
    assert "drawing the map" in ran.err


def test_a_demo_that_is_there_stays_unless_asked(demo):
    study, before = demo, snapshot(demo)
    run_here("demo", "--out", study, "--quiet").refused(2, "holds the demo already", "--overwrite")
    assert snapshot(study) == before
    (study / "inputs/tidewell.osm").write_text("spoilt")
    ran = run_here("demo", "--out", study, "--quiet", "--overwrite").worked()
    kept = study / "inputs/tidewell.osm.replaced"
    assert ran.err == f"what you had changed of the demo is kept in {kept}\n"
    assert kept.read_text() == "spoilt"
    kept.unlink()
    assert snapshot(study) == before


def test_nothing_of_a_persons_is_lost_when_the_demo_is_written_again(demo, tmp_path):
    study = demo
    settings, actions = study / "assetmap.toml", study / "engagement/actions.csv"
    settings.write_text(settings.read_text().replace("the Tidewell Forum", "Us"))
    mine = tmp_path / "mine.csv"
    mine.write_text("id,what,status\nmine,Sweep the steps,planned\nopen-hall,Open Netmakers Hall again,done\n")
    run_here("agenda", "import", study, mine).worked()
    changed = actions.read_text()
    (study / "inputs/notes.txt").write_text("mine")
    ran = run_here("demo", "--out", study, "--quiet", "--overwrite").worked()
    assert "Us" in (study / "assetmap.toml.replaced").read_text()
    assert "the Tidewell Forum" in settings.read_text()
    assert (study / "engagement/actions.csv.replaced").read_text() == changed
    rows = read_actions(study).set_index("action")["status"]
    assert (rows["mine"], rows["open-hall"]) == ("planned", "planned")
    assert (study / "inputs/notes.txt").read_text() == "mine"
    assert len(ran.err.splitlines()) == 2
    settings.write_text(settings.read_text().replace("the Tidewell Forum", "You"))
    ran = run_here("demo", "--out", study, "--quiet", "--overwrite").worked()
    assert ran.err.endswith("assetmap.toml.replaced-2\n")
    assert "Us" in (study / "assetmap.toml.replaced").read_text()


def test_another_study_is_left_alone(tmp_path):
    run_here("new", tmp_path / "mine", "--name", "Mine", "--quiet").worked()
    before = snapshot(tmp_path)
    for more in ([], ["--overwrite"]):
        run_here("demo", "--out", tmp_path / "mine", *more).refused(2, "holds the study 'Mine', not the demo")
    assert snapshot(tmp_path) == before


def test_a_study_that_can_t_be_read_is_left_alone(tmp_path):
    (tmp_path / "assetmap.toml").write_text("[study\n")
    run_here("demo", "--out", tmp_path, "--overwrite").refused(2, "is not TOML")
    assert [p.name for p in tmp_path.iterdir()] == ["assetmap.toml"]


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "file").write_text("mine")
    run_here("demo", "--out", tmp_path / "file").refused(2, "can't be made", "choose another folder")
    assert (tmp_path / "file").read_text() == "mine"
