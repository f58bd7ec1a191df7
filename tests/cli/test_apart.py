"""The program as a process of its own: exit codes, pipes, odd locales, odd folders, and the same bytes each time."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import run_apart, snapshot
from tests.worlds import tidewell

ODD = "a b Straße ☂ 😀 'x'"


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """The demo built three times: in three folders, with two seeds for hashes, in other locales and time zones."""
    folders = [tmp_path_factory.mktemp("demo") / name for name in ("first", ODD, "third/in/a/deeper/place")]
    circumstances = [
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "4294967295", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "America/Los_Angeles", "OMP_NUM_THREADS": "1"},
    ]
    ran = [
        run_apart("demo", "--out", folder, "--json", **environment)
        for folder, environment in zip(folders, circumstances, strict=True)
    ]
    return folders, ran


def test_it_works_in_any_folder_and_locale(three):
    folders, ran = three
    for folder, run in zip(folders, ran, strict=True):
        run.worked()
        assert json.loads(run.out)["figures"]["assets"] == tidewell.PLACES_WITH_LIST + 1  # and the closed hall
        assert (folder / "out/map.html").stat().st_size > 100_000
        assert "Traceback" not in run.err
        assert "Warning" not in run.err


def test_the_same_input_gives_the_same_bytes(three):
    folders, _ = three
    first, *others = [snapshot(folder) for folder in folders]
    assert {name for name in first if name.startswith("out/")} == {
        f"out/{path.name}" for path in (folders[0] / "out").iterdir()
    }
    for other in others:
        assert first.keys() == other.keys()
        assert [name for name in first if first[name] != other[name]] == ["secret"]  # drawn for each study


def test_no_output_holds_a_place_on_this_machine(three):
    folders, _ = three
    for folder in folders:
        for name, data in snapshot(folder).items():
            assert str(folder.parent).encode() not in data, name
            assert str(Path.home()).encode() + b"/" not in data, name


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["build", "none"], 3, "none is not a study"),
        (["build", "none", "--frobnicate"], 2, "No such option '--frobnicate'"),
        (["demo", "--out", "file"], 2, "file can't be made"),
        (["assets", "--osm", "file", "--out", "a.csv"], 3, "file is not OpenStreetMap data"),
    ],
)
def test_exit_codes_reach_the_shell(tmp_path, args, code, words):
    (tmp_path / "file").write_text("words")
    run_apart(*args, cwd=tmp_path).refused(code, words)


def test_where_nobody_answers_the_code_is_another(tmp_path):
    run_apart("new", tmp_path, "--lsoa", "E01004222", "--name", "x", "--quiet").worked()
    with (tmp_path / "assetmap.toml").open("a") as settings:
        settings.write('\n[fetch]\nmirror = "http://127.0.0.1:9"\n')  # the port of discard, where nobody listens
    before = snapshot(tmp_path)
    run = run_apart("fetch", tmp_path, "--quiet")
    run.refused(4, "127.0.0.1 can't be reached", "check the network")
    assert snapshot(tmp_path) == before


def test_a_stopped_program_says_so_and_leaves_nothing(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "assetmap.cli.main", "new", tmp_path / "s"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 130
    assert ran.stderr.splitlines()[-1] == "assetmap: stopped."
    assert not (tmp_path / "s").exists()


@pytest.mark.skipif(os.name != "posix", reason="pipes are cut another way there")
def test_a_reader_that_goes_away_is_no_disaster():
    with subprocess.Popen(
        [sys.executable, "-m", "assetmap.cli.main", "doctor", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as ran:
        ran.stdout.close()
        assert ran.wait(60) in (0, 1)
        assert b"Traceback" not in ran.stderr.read()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_without_the_letters_gets_their_codes(three, encoding):
    folders, _ = three
    ran = run_apart("open", folders[1], PYTHONIOENCODING=encoding, BROWSER="true").worked()
    assert ran.err == ""
    assert "map.html" in ran.out
    listed = run_apart("build", folders[1], "--json", "--quiet", PYTHONIOENCODING=encoding).worked()
    assert json.loads(listed.out)["study"] == "Tidewell Basin (fictional)"


def test_a_build_that_can_t_fetch_leaves_what_was_built(three, tmp_path):
    folders, _ = three
    study = tmp_path / "study"
    shutil.copytree(folders[0], study)
    settings = study / "assetmap.toml"
    text = settings.read_text().replace('[osm]\nfile = "inputs/tidewell.osm"\n', "")
    settings.write_text(f'{text}\n[fetch]\nmirror = "http://127.0.0.1:9"\n')
    before = snapshot(study)
    run_apart("build", study, "--fetch", "--quiet").refused(4, "127.0.0.1 can't be reached")
    assert snapshot(study) == before
