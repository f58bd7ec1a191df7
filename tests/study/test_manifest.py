"""The manifest says what went in and what came out, and whether that is still so."""

import json
import shutil

import pytest

from assetmap.errors import UsageError
from assetmap.study.built import load_built
from assetmap.study.manifest import fingerprint, holds_data, input_files, read_manifest
from assetmap.study.settings import read_settings


@pytest.fixture
def study(built, tmp_path):
    return shutil.copytree(built, tmp_path / "study")


def test_it_reads_back_and_its_outputs_are_whole(built):
    found = read_manifest(built / "out")
    assert found.study == "Tidewell Basin (fictional)"
    assert found.outputs_whole(built / "out")
    assert found.fingerprint == fingerprint(built, read_settings(built))


@pytest.mark.parametrize("change", ["gone", "other"])
def test_an_output_that_isn_t_as_it_was_is_noticed(study, change):
    if change == "gone":
        (study / "out/zones.csv").unlink()
    else:
        (study / "out/zones.csv").write_bytes((study / "out/zones.csv").read_bytes() + b"\n")
    assert not read_manifest(study / "out").outputs_whole(study / "out")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"null", b'{"study": 1}', b"\xff\xfe", b"[" * 100_000, b"9" * 5_000]
)
def test_one_that_can_t_be_trusted_is_as_good_as_none(study, content):
    (study / "out/manifest.json").write_bytes(content)
    assert read_manifest(study / "out") is None


def without_notes(found):
    found["fingerprint"]["library assetmap"] = "0.1.0"  # an older program, whose tallies had none
    for tally in found["tallies"]:
        del tally["notes"]


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.update(later=1),
        lambda found: found.pop("notes"),
        lambda found: found["fingerprint"].pop("library assetmap"),
        without_notes,
    ],
    ids=["later", "without notes", "no program", "notes of tallies"],
)
def test_one_of_another_program_is_as_good_as_none(study, change):
    path = study / "out/manifest.json"
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))
    assert read_manifest(study / "out") is None
    with pytest.raises(UsageError, match="has not been built yet by this assetmap: run `assetmap build"):
        load_built(study)


def test_every_input_and_the_program_are_in_the_fingerprint(study, tmp_path):
    settings = read_settings(study)
    before = fingerprint(study, settings)
    assert {"assetmap.toml", "inputs/tidewell.osm", "library assetmap", "library python"} <= before.keys()
    (study / "inputs/tidewell.osm").write_bytes(b"other")
    after = fingerprint(study, settings)
    assert {name for name in before if before[name] != after[name]} == {"inputs/tidewell.osm"}


def test_what_the_program_keeps_for_itself_is_no_source_of_data(built):
    names = input_files(built, read_settings(built))
    assert set(names) - set(filter(holds_data, names)) == {"assetmap.toml"}
    assert not holds_data("engagement/voices.toml")
    assert not holds_data("forgotten.json")


def test_what_was_fetched_counts_and_what_lies_beside_it_does_not(study):
    cache = study / "data/osm_cache"
    for name in ("a.json", "a.json.source.toml", "b.json.torn", "c.json.replaced", ".d.1-00000000.partial.json"):
        (cache / name).write_text("{}")
    found = input_files(study, read_settings(study))
    assert [name for name in found if name.startswith("data/")] == ["data/osm_cache/a.json"]


def test_an_osm_file_given_by_hand_takes_the_place_of_the_study_s(study, tmp_path):
    other = tmp_path / "other.osm"
    other.write_text("x")
    found = input_files(study, read_settings(study), other)
    assert found["--osm other.osm"] == other
    assert "inputs/tidewell.osm" not in found
