"""``assetmap voices import`` brings in what was said, once, whoever imports at the same time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pyproj import CRS

from assetmap.study.engagement.voices import read_study_voices
from tests.cli.program import run_here


@pytest.fixture(scope="module")
def inside(built: Path) -> tuple[float, float]:
    """A place in the demo, longitude and latitude."""
    marks = json.loads((built / "inputs" / "tidewell_annotations.geojson").read_text(encoding="utf-8"))["features"]
    lon, lat = next(f["geometry"]["coordinates"] for f in marks if f["geometry"]["type"] == "Point")[:2]
    return lon, lat


def export(folder: Path, inside: tuple[float, float], ids: list[str], name: str = "form.csv") -> Path:
    lon, lat = inside
    rows = [f"{n},<b>said {n}</b> =1+1,no room for young people,public,{lat} {lon} 0 5,stall,+44 7700 {n}" for n in ids]
    path = folder / name
    path.write_text("\n".join(["_uuid,comment,theme,consent,where,session,phone", *rows, ""]), encoding="utf-8")
    return path


def test_the_same_submission_twice_is_one(fresh, tmp_path, inside):
    first = export(tmp_path, inside, ["u1", "u2"])
    said = run_here("voices", "import", fresh, first).worked()
    assert (
        said.out == "2 marks and 0 notes without a place are in inputs/form.csv; 0 of them were in the study already.\n"
    )
    assert "2 of them" in run_here("voices", "import", fresh, first).worked().out
    later = export(tmp_path, inside, ["u1", "u2", "u3"], "form-2.csv")
    assert "2 of them" in run_here("voices", "import", fresh, later).worked().out
    path = run_here("chain", fresh, "--of", "theme:no-room-for-young-people", "--quiet").worked().out
    assert [path.count(f"mark:u{n}  ") for n in (1, 2, 3)] == [1, 1, 1]
    assert "session:stall" in path


def test_voices_are_built_like_any_marks_and_can_be_forgotten(study, tmp_path, inside):
    run_here("voices", "import", study, export(tmp_path, inside, ["u1", "u2"])).worked()
    run_here("build", study, "--quiet").worked()
    manifest = json.loads((study / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert "form.csv" in [tally["source"] for tally in manifest["tallies"]]
    assert {"inputs/form.csv", "engagement/voices.toml"} <= {entry["file"] for entry in manifest["inputs"]}
    run_here("forget", study, "--mark", "u1").worked()
    path = run_here("chain", study, "--of", "theme:no-room-for-young-people", "--quiet").worked().out
    assert "mark:u1 " not in path
    assert "mark:u2 " in path


def test_who_says_no_without_a_place_has_said_it_of_all(fresh, tmp_path, inside):
    lon, lat = inside
    path = tmp_path / "form.csv"
    rows = [f"u1,A bench,public,{lat} {lon},07700 900001", "u2,Forget it,no,,07700 900001",
            f"u3,A tree,public,{lat} {lon},07700 900002"]  # fmt: skip
    path.write_text("\n".join(["_uuid,comment,consent,where,phone", *rows, ""]), encoding="utf-8")
    run_here("voices", "import", fresh, path).worked()
    voices = read_study_voices(fresh, crs=CRS(27700), near=None)["inputs/form.csv"]
    assert voices.marks.set_index("annotation_id")["consent"].to_dict() == {"u1": "none", "u3": "public"}


def test_eight_imports_at_once_all_succeed(fresh, tmp_path, inside):
    files = [export(tmp_path, inside, [f"u{n}", "shared"], f"form-{n}.csv") for n in range(8)]
    command = [sys.executable, "-m", "assetmap.cli.main", "voices", "import", str(fresh)]
    runs = [subprocess.Popen([*command, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for path in files]
    ends = [(*run.communicate(), run.returncode) for run in runs]
    assert [code for *_, code in ends] == [0] * 8, ends
    path = run_here("chain", fresh, "--of", "theme:no-room-for-young-people", "--quiet").worked().out
    assert all(path.count(f"mark:u{n}  ") == 1 for n in range(8))
    assert path.count("mark:shared  ") == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--means", "yes=maybe"], "is no consent"),
        (["--column", "text"], "is not of the form NAME=VALUE"),
        (["--consent", "perhaps"], "'perhaps' is no consent"),
        (["--session-kind", "party"], "'party' is no kind of session"),
    ],
)
def test_a_wrong_word_is_one_line_and_changes_nothing(fresh, tmp_path, inside, args, words):
    run_here("voices", "import", fresh, export(tmp_path, inside, ["u1"]), *args).refused(2, words)
    assert not (fresh / "engagement").exists()


def test_another_file_of_the_same_name_is_refused(fresh, tmp_path, inside):
    run_here("voices", "import", fresh, export(tmp_path, inside, ["u1"])).worked()
    run_here("voices", "import", fresh, export(tmp_path, inside, ["u9"])).refused(2, "another file inputs/form.csv")


def test_an_empty_form_is_one_line(fresh, tmp_path, inside):
    run_here("voices", "import", fresh, export(tmp_path, inside, [])).refused(3, "headers and no rows")
    assert not (fresh / "engagement").exists()


def test_who_was_heard_and_small_groups_are_hidden(fresh, tmp_path):
    # The demo's residents: a quarter under 16, about one in ten 65 and over.
    ages = ["16-24"] * 40 + ["70"] * 3 + ["10"] * 12
    form = tmp_path / "form.csv"
    rows = [f"u{n},words,{age},{'female' if n % 2 else 'male'}" for n, age in enumerate(ages)]
    form.write_text("\n".join(["_uuid,comment,age,gender", *rows, ""]), encoding="utf-8")
    run_here("voices", "heard", fresh).refused(2, "has no voices yet")
    run_here("voices", "import", fresh, form).worked()
    found = json.loads(run_here("voices", "heard", fresh, "--json").worked().out)
    groups = {row["group"]: row for row in found["attributes"]["age"]["groups"]}
    assert found["people"] == 55
    assert found["no_census"] == ["sex"]
    assert groups["65 and over"]["hidden"]
    assert groups["65 and over"]["heard"] is None
    assert sum(row["hidden"] for row in groups.values()) == 2  # one alone would be worked out from the sum
    census = tmp_path / "census.csv"
    census.write_text("attribute,group,people\nsex,Female,900\nsex,Male,100\n", encoding="utf-8")
    said = run_here("voices", "heard", fresh, "--census", census).worked().out
    assert "Female: 27 heard, 49%; 90% of residents: under-represented" in said
    assert "Male: 28 heard, 51%; 10% of residents\n" in said
    census.write_text("attribute,group,people\nshoe size,44,900\n", encoding="utf-8")
    run_here("voices", "heard", fresh, "--census", census).refused(3, "row 2")
