"""A study's release: what is in it, what never is, and what happens when something goes wrong on the way."""

import base64
import gzip
import json
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree, rmtree

import geopandas as gpd
import numpy as np
import pandas as pd
import pypdfium2
import pytest
import shapely

from assetmap.errors import DisclosureError, InputError, UsageError
from assetmap.study.adding import add_files
from assetmap.study.create import create_demo, create_study
from assetmap.study.sharing.publishing import Published, RefusedError, publish_study
from assetmap.study.sharing.releases import read_ledger
from assetmap.words import words_for
from tests.campaign import FULL
from tests.cli.program import snapshot
from tests.study.conftest import DAY

MARKS = "inputs/tidewell_annotations.geojson"
KILLS = 60 if FULL else 3


def change(study: Path, edit) -> None:
    """Change the marks' file: `edit` is given the properties and the geometry of each."""
    content = json.loads((study / MARKS).read_text(encoding="utf-8"))
    for feature in content["features"]:
        edit(feature["properties"], feature)
    (study / MARKS).write_text(json.dumps(content), encoding="utf-8")


def add_settings(study: Path, after: str, line: str) -> None:
    path = study / "assetmap.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(after, f"{after}\n{line}"), encoding="utf-8")


def readable(path: Path) -> str:
    """Everything that a reader of a file can get at, as text."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(data)
        said = "".join(page.get_textpage().get_text_range() for page in document)
        return said + str(document.get_metadata_dict()) + data.decode("latin-1")
    text = data.decode("utf-8")
    packed = re.findall(r"[A-Za-z0-9+/=]{200,}", text)
    return text + "".join(gzip.decompress(base64.b64decode(part)).decode("utf-8") for part in packed)


def payload_of(page: Path) -> dict:
    packed = max(re.findall(r"[A-Za-z0-9+/=]{200,}", page.read_text(encoding="utf-8")), key=len)
    return json.loads(gzip.decompress(base64.b64decode(packed)))


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    return Path(copytree(built, tmp_path / "study"))


@pytest.fixture(scope="module")
def published(built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Published]:
    """The demo, published, and what that gave. Look and don't touch."""
    study = Path(copytree(built, tmp_path_factory.mktemp("published") / "study"))
    return study, publish_study(study, today=DAY)


@pytest.fixture
def given_out(published: tuple[Path, Published], tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(copytree(published[0], tmp_path / "given out"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Path:
    """A demo whose marks hold secrets of every kind, published in two languages with and for everything."""
    folder = tmp_path_factory.mktemp("planted") / "demo"
    create_demo(folder)
    add_settings(folder, "[study]", 'share_url = "https://maps.example.org/basin/"')

    def plant(said, feature):
        number = said["contributor"] or "none"
        said["contributor"] = f"Zebedee-{number}"
        said["sheet"] = f"Quillsheet-{said['sheet']}"
        said["session"] = "Wexcombe-evening"
        if number in ("c01", "c05"):  # they said public, and told of a person
            said["text"] = f"Ask Philomena Drake-{number}, 07700 900{len(number)}23, or p.drake@example.org"
        if number == "c09":
            said["theme"] = "near Mrs Wilhelmina Oakes, 12 Ropewalk"

    change(folder, plant)
    listed = folder / "inputs" / "tidewell_community_buildings.csv"
    lines = listed.read_text(encoding="utf-8").splitlines()
    listed.rename(folder / "inputs" / "list from Ferdinand.csv")
    path = folder / "inputs" / "list from Ferdinand.csv"
    path.write_text("\n".join([*lines[:-1], lines[-1]]), encoding="utf-8")
    settings = (folder / "assetmap.toml").read_text(encoding="utf-8")
    (folder / "assetmap.toml").write_text(settings.replace(listed.name, path.name), encoding="utf-8")
    publish_study(folder, today=DAY, languages=("en", "ur"))
    return folder


def test_the_demo_goes_out_and_says_what_it_keeps(published):
    study, done = published
    assert set(done.files) >= {"map.en.html", "map.en.A4.pdf", "map.en.A3.pdf", "README.txt", "publish.json"}
    assert {f"data/{name}.csv" for name in ("assets", "zones", "mark_cells", "comments")} <= set(done.files)
    assert {f"data/{name}.geojson" for name in ("assets", "zones", "mark_cells", "comments")} <= set(done.files)
    told = json.loads((done.folder / "publish.json").read_text(encoding="utf-8"))
    assert told["marks"] | {"remarks_moved_m": None} == {
        "read": 40, "may_leave": 11, "in_squares": 4, "squares": 1, "remarks_shown": 10, "remarks_moved_m": None
    }  # fmt: skip
    assert {entry["what"]: entry["count"] for entry in told["withheld"]} == {
        "marks": 29,  # not public
        "marks in squares": 7,  # fewer than three sheets
        "words of marks": 1,  # Mrs Adeyemi-Clarke
    }
    assert done.review == study / "out" / "review.csv"
    assert "Adeyemi" in done.review.read_text(encoding="utf-8")
    assert any("share_url" in note for note in done.notes)


def test_each_language_has_a_text_of_what_the_folder_holds(planted):
    share = planted / "out" / "share"
    english, urdu = ((share / name).read_text(encoding="utf-8") for name in ("README.txt", "README.ur.txt"))
    tables = sorted(path.name for path in share.glob("data/*.csv"))
    for text, handout in ((english, "map.en.A4.pdf"), (urdu, "map.ur.A4.pdf")):
        assert all(name in text for name in (handout, "map.en.html", "map.ur.html"))
        assert sorted(re.findall(r"data/(\w+\.csv)", text)) == tables
    assert ("machine draft" in english, "machine draft" in urdu) == (False, True)
    assert ("What was left out" in urdu, words_for("ur").phrase("read_me_left_out") in urdu) == (False, True)


def test_nothing_of_a_person_is_in_any_file(planted):
    share = planted / "out" / "share"
    secrets = ["Zebedee", "Quillsheet", "Wexcombe", "Philomena", "Drake", "900323", "p.drake", "Wilhelmina", "Oakes"]
    secrets += ["Ferdinand", "Maureen", "900123", "Tariq", "7946 0812", "31 Ropewalk", "Flat 14", "66ebd192"]
    secrets += [(planted / "secret").read_text().strip()]
    marks = gpd.read_file(planted / "out" / "assetmap.gpkg", layer="annotations")
    secrets += list(marks["annotation_id"])
    for path in sorted(share.rglob("*")):
        if path.is_file():
            text = readable(path)
            assert [secret for secret in secrets if secret in text] == [], path
            assert not any(secret in path.name for secret in secrets)
    # and the team's file, which holds such words, is elsewhere
    assert "Philomena" in (planted / "out" / "review.csv").read_text(encoding="utf-8")


def test_no_resident_s_place_is_in_any_file(planted):
    share = planted / "out" / "share"
    marks = gpd.read_file(planted / "out" / "assetmap.gpkg", layer="annotations")
    true = shapely.get_coordinates(marks.geometry.to_numpy())
    shown = gpd.read_file(share / "data" / "comments.geojson").to_crs(marks.crs)
    apart = np.hypot(*(shapely.get_coordinates(shown.geometry.to_numpy())[:, None] - true[None]).T)
    assert apart.min() > 5
    lonlat = shapely.get_coordinates(marks.to_crs(4326).geometry.to_numpy())
    for path in share.rglob("*"):
        if path.suffix in (".csv", ".geojson", ".json", ".txt"):
            found = {(x[:8], y[:8]) for x, y in re.findall(r"(-?\d+\.\d{4,})\s*,\s*(-?\d+\.\d{4,})", readable(path))}
            assert not found & {(f"{x:.12f}"[:8], f"{y:.12f}"[:8]) for x, y in lonlat}, path
    layer = payload_of(share / "map.en.html")
    held = json.dumps(layer)
    assert len(layer["comments"]["x"]) == len(shown)
    assert "Zebedee" not in held


def test_a_frame_without_the_stamp_goes_nowhere(study, monkeypatch):
    from assetmap.study.sharing import publishing

    real = publishing.pass_study

    def unstamped(*args, **more):
        passed = real(*args, **more)
        zones = passed.frames["zones"].assign(population=1.0)
        return publishing.replace(passed, frames={**passed.frames, "zones": zones})

    monkeypatch.setattr(publishing, "pass_study", unstamped)
    with pytest.raises(DisclosureError, match="changed after its disclosure check"):
        publish_study(study, today=DAY)
    assert not (study / "out" / "share").exists()
    assert not (study / "publish-ledger.json").exists()


def test_the_same_study_gives_the_same_bytes(study):
    releases = []
    for _ in range(3):
        publish_study(study, today=DAY, languages=("en", "bn", "ur"))
        releases.append(snapshot(study / "out" / "share"))
        rmtree(study / "out" / "share")
    assert releases[0] == releases[1] == releases[2]
    assert len(read_ledger(study)) == 1


def test_an_approval_lets_words_out_and_is_not_lost(given_out):
    study, review = given_out, given_out / "out" / "review.csv"
    table = pd.read_csv(review, encoding="utf-8-sig", dtype="str", keep_default_na=False)
    table["decision"] = "as proposed"
    table.to_csv(review, index=False)
    # not given back: it doesn't hold, stays in the file, and is spoken of
    again = publish_study(study, today=DAY)
    assert any("1 decisions" in note for note in again.notes)
    remarks = study / "out" / "share" / "data" / "comments.csv"
    assert "choir" not in remarks.read_text(encoding="utf-8")
    done = publish_study(study, today=DAY, approve=review)
    assert done.review is None
    text = remarks.read_text(encoding="utf-8")
    assert "Mrs [name]'s choir practises" in text
    assert "Adeyemi" not in text
    # the file still holds what was decided, and decides again
    assert publish_study(study, today=DAY, approve=review).review is None


def test_who_said_two_things_is_listed_and_the_stricter_holds(study):
    change(
        study, lambda said, _: said.update(consent="none") if said["text"] == "Nowhere to cross to the rec" else None
    )
    publish_study(study, today=DAY)
    text = (study / "out" / "share" / "data" / "comments.csv").read_text(encoding="utf-8")
    assert "reedbed" not in text  # c24's other mark, which says public
    told = json.loads((study / "out" / "share" / "publish.json").read_text(encoding="utf-8"))
    (entry,) = [entry for entry in told["withheld"] if entry["what"] == "consent"]
    assert entry["count"] == 1
    listed = pd.read_csv(study / "out" / "withheld.csv", encoding="utf-8-sig")
    assert "says public, but none holds" in listed.loc[listed["what"] == "consent", "detail"].iloc[0]


def test_partners_get_more_in_a_folder_of_their_own(given_out):
    study = given_out
    before = snapshot(study / "out" / "share")
    done = publish_study(study, today=DAY, audience="partners")
    assert done.folder == study / "out" / "share-partners"
    assert snapshot(study / "out" / "share") == before
    assert "Bring back the youth hall" in (done.folder / "data" / "comments.csv").read_text(encoding="utf-8")
    assert "Motorbikes" not in (done.folder / "data" / "comments.csv").read_text(encoding="utf-8")


def test_nobody_was_asked(study):
    change(study, lambda said, _: said.pop("consent"))
    with pytest.raises(RefusedError, match="add a column `consent`"):
        publish_study(study, today=DAY)
    assert not (study / "out" / "share").exists()


def test_nobody_knows_how_many_live_there(study):
    path = study / "assetmap.toml"
    text = path.read_text(encoding="utf-8").replace('[population]\nfile = "inputs/tidewell_population.csv"\n', "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError, match="population is missing"):
        publish_study(study, today=DAY)
    # without residents' marks there is nobody to hide
    change(study, lambda *_: None)
    path.write_text(text.replace(f'[[annotations]]\nfile = "{MARKS}"\n', ""), encoding="utf-8")
    assert "map.en.html" in publish_study(study, today=DAY).files


def test_a_lost_secret_is_noticed_and_the_last_release_stays(given_out):
    study = given_out
    before = snapshot(study / "out" / "share")
    (study / "secret").unlink()
    with pytest.raises(RefusedError, match="restore the file secret"):
        publish_study(study, today="2026-06-01")
    assert snapshot(study / "out" / "share") == before
    assert len(read_ledger(study)) == 1


def test_strict_refuses_and_still_says_what_waits(study):
    with pytest.raises(RefusedError, match="29 marks, 7 marks in squares, 1 words of marks"):
        publish_study(study, today=DAY, strict=True)
    assert not (study / "out" / "share").exists()
    assert (study / "out" / "review.csv").exists()


def test_what_cant_be_asked_for(study):
    with pytest.raises(UsageError, match="no catalogue for the language 'xx'"):
        publish_study(study, today=DAY, languages=("en", "xx"))
    with pytest.raises(UsageError, match="no audience 'everyone'"):
        publish_study(study, today=DAY, audience="everyone")
    (study / "publish-ledger.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="put it back from a copy"):
        publish_study(study, today=DAY)


def test_a_study_that_has_changed_is_built_first(study):
    said = []
    change(study, lambda said_, _: said_.update(text="The new bench by the water"))
    publish_study(study, today=DAY, say=said.append)
    assert "drawing the map" in said
    assert "The new bench by the water" in (study / "out/share/data/comments.csv").read_text(encoding="utf-8")


@pytest.mark.fault
def test_killed_at_any_moment_no_release_is_out_that_the_ledger_doesnt_know(built, tmp_path):
    draw = random.Random(7)
    program = [sys.executable, "-m", "assetmap.cli.main", "publish", "--quiet", "--languages", "en"]
    study = Path(copytree(built, tmp_path / "study"))
    start = time.perf_counter()
    subprocess.run([*program, str(study)], check=True, capture_output=True)
    whole, took = snapshot(study / "out" / "share"), time.perf_counter() - start
    for _ in range(KILLS):
        change(study, lambda said, _: said.update(text=f"{said['text']} again" if said["text"] else None))
        before = snapshot(study / "out" / "share")
        run = subprocess.Popen([*program, str(study)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(draw.uniform(0.3, 1.3) * took)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        settled = study / "out" / "share"
        if not settled.exists():  # between two renames: the next call puts it back
            settled = study / "out" / ".share.old"
        after = snapshot(settled)
        assert set(after) == set(whole)
        if after != before:
            remarks = gpd.read_file(settled / "data" / "comments.geojson").to_crs(27700)
            at = shapely.get_coordinates(remarks.geometry.to_numpy())
            known = np.array([xy for entry in read_ledger(study) for xy in entry.places.values()])
            assert all(np.hypot(*(known - xy).T).min() < 0.2 for xy in at)
    subprocess.run([*program, str(study)], check=True, capture_output=True)
    assert set(snapshot(study / "out" / "share")) == set(whole)
    assert not list((study / "out").glob(".share*"))


def test_a_place_without_people_zones_or_marks_goes_out_too(shared_data, tmp_path):
    """Real streets and places and nothing else: there are no counts of people, and no marks."""
    folder = tmp_path / "leeds"
    create_study(folder, name="The middle of Leeds")
    add_files(folder, [shared_data / "osm" / "osm2streets_leeds_cycleway.osm"], today=DAY)
    add_settings(folder, 'name = "The middle of Leeds"', 'share_url = "https://maps.example.org/leeds/"')
    done = publish_study(folder, today=DAY)
    assert done.withheld == ()
    assert done.notes == ()
    assert done.review is None
    assert {"data/assets.csv", "data/zones.csv"} <= set(done.files)
    assert not {"data/comments.csv", "data/mark_cells.csv"} & set(done.files)
    assert "https://maps.example.org/leeds/map.en.html" in json.dumps(payload_of(done.folder / "map.en.html"))
