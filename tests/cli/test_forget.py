"""Forgetting from the command line: what is said, what is refused, and that nothing comes back."""

import json
import re
from pathlib import Path

from tests.cli.program import run_here, snapshot

WORDS = "Dark under the bridge"  # of contributor c04, mark 5 of the demo


def holding(folder: Path, word: str) -> list[str]:
    return [name for name, data in snapshot(folder).items() if word.encode() in data]


def test_a_contributor_is_forgotten_and_named_where_they_are_still_held(study: Path):
    assert "out/assetmap.gpkg" in holding(study, WORDS)
    ran = run_here("forget", study, "--contributor", "c04").worked()
    assert "forgotten: 1 mark\n" in ran.err
    assert "your files that still hold them: inputs/tidewell_annotations.geojson" in ran.err
    assert "removed, to be built again: out/assetmap.gpkg" in ran.err
    assert "run `assetmap build" in ran.err
    assert holding(study, WORDS) == ["inputs/tidewell_annotations.geojson"]


def test_building_again_doesnt_bring_them_back(study: Path):
    before = json.loads((study / "out/manifest.json").read_text())["figures"]["annotations"]
    run_here("forget", study, "--contributor", "c04").worked()
    run_here("build", study).worked()
    manifest = json.loads((study / "out/manifest.json").read_text())
    assert manifest["figures"]["annotations"] == before - 1
    (tally,) = [t for t in manifest["tallies"] if t["dropped"].get("forgotten")]
    assert tally["dropped"]["forgotten"] == 1
    assert "c04" not in json.dumps(tally)
    assert holding(study / "out", WORDS) == []


def test_forgetting_again_is_no_error_and_changes_nothing_more(study: Path):
    run_here("forget", study, "--contributor", "c04").worked()
    before = snapshot(study)
    assert "forgotten" in run_here("forget", study, "--contributor", "c04").worked().err
    assert snapshot(study) == before


def test_a_dry_run_says_the_same_and_changes_nothing(study: Path):
    (study / "notes.txt").write_text(f"they said: {WORDS}. Ask Maureen Pike, 07700 900123\n")
    run_here("publish", study, "--quiet")
    before = snapshot(study)
    links = {path: (path.stat().st_ino, path.stat().st_nlink) for path in study.rglob("*") if path.is_file()}
    tried = run_here("forget", study, "--contributor", "c04", "--dry-run").worked().err
    assert snapshot(study) == before
    assert links == {path: (path.stat().st_ino, path.stat().st_nlink) for path in study.rglob("*") if path.is_file()}
    done = run_here("forget", study, "--contributor", "c04").worked().err
    told = [line for line in done.splitlines() if line.startswith(("forgotten", "    "))]
    marks = ("forgotten", "    written", "    removed")
    assert tried.splitlines() == [
        line.replace(line.lstrip(), f"would be {line.lstrip()}") if line.startswith(marks) else line for line in told
    ]
    assert "would be forgotten: 1 mark\n" in tried
    assert "    would be removed, to be built again: out/assetmap.gpkg\n" in tried


def test_a_dry_run_names_files_where_they_are(study: Path):
    photo = study / "inputs" / "IMG_1.jpg"
    photo.write_bytes(b"not read yet")
    before = snapshot(study)
    for given in (photo, "inputs/IMG_1.jpg"):
        ran = run_here("forget", study, "--photo", given, "--dry-run").worked()
        assert ran.err.splitlines() == [
            "would be forgotten: the photograph IMG_1.jpg, so that it isn't read any more",
            f"    your files that still show it: {photo}",
        ]
    for what in ("contributor", "mark", "sheet", "photo"):
        ran = run_here("forget", study, f"--{what}", "c99", "--dry-run")
        assert ".partial" not in ran.err
        ran.refused(2, "c99")
    assert snapshot(study) == before
    run_here("forget", study, "--sheet", "S1", "--dry-run", "--redact-photos").refused(2, "can't go together")
    run_here("forget", study / "none", "--sheet", "S1", "--dry-run").refused(3, "is not a study")


def test_who_isnt_there_is_refused(study: Path):
    run_here("forget", study, "--contributor", "c99", "--quiet").refused(2, "no contributor 'c99'")
    assert not (study / "forgotten.json").exists()


def test_one_of_four_is_asked_for(study: Path):
    run_here("forget", study).refused(2, "one of --contributor ID, --mark ID, --sheet ID and --photo FILE")
    run_here("forget", study, "--mark", "a", "--photo", "b").refused(2, "one of --contributor")
    run_here("forget", study, "--mark", "a", "--sheet", "b").refused(2, "one of --contributor")
    run_here("forget", study / "nothing", "--mark", "a", "--quiet").refused(3, "is not a study")


def test_the_list_holds_no_name(study: Path):
    run_here("forget", study, "--contributor", "c04", "--quiet").worked()
    listed = json.loads((study / "forgotten.json").read_text())["forgotten"]
    assert listed
    assert all(re.fullmatch("[0-9a-f]{64}", entry) for entry in listed)  # keyed hashes, and nothing else
    assert (study / "secret").stat().st_mode & 0o777 == 0o600


def test_without_the_secret_nothing_is_built(study: Path):
    run_here("forget", study, "--contributor", "c04", "--quiet").worked()
    (study / "secret").unlink()
    run_here("build", study, "--quiet").refused(3, "secret is missing")
    (study / "secret").write_text("00" * 32 + "\n")
    run_here("build", study, "--quiet").refused(3, "another secret")


def test_an_unread_photograph_is_removed_only_after_a_typed_yes(study: Path, tmp_path: Path):
    photo = tmp_path / "phone" / "<img src=x onerror=alert(1)>.jpg"
    photo.parent.mkdir()
    photo.write_bytes(b"not read yet")
    ran = run_here("forget", study, "--photo", photo).worked()
    assert "your files that still show it: " in ran.err
    how = ["forget", study, "--photo", photo, "--redact-photos", "--quiet"]
    run_here(*how, answers="no\n").worked()
    assert photo.exists()
    run_here(*how, answers="yes\n").worked()
    assert not photo.exists()
    run_here("forget", study, "--photo", photo, "--quiet").refused(2, "neither a file nor a photograph")
    how[3] = "inputs/tidewell_annotations.geojson"
    run_here(*how, answers="yes\n").refused(2, "is no photograph")
    assert (study / "inputs/tidewell_annotations.geojson").exists()
