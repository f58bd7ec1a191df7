"""Works brought into the demo's study: on the team's page, in the release as agreed, or refused in one line."""

from __future__ import annotations

import io
import math
from pathlib import Path
from shutil import copytree

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from PIL import Image

from assetmap.disclosure.gate import Terms
from assetmap.files import sha256_of
from assetmap.sources.licences import LICENCES, read_licence
from assetmap.study.built import load_tables
from assetmap.study.create import create_demo
from assetmap.study.engagement.arts import import_arts
from assetmap.study.engagement.walking import import_walk
from assetmap.study.flow import build_study
from assetmap.study.forgetting import forget
from assetmap.study.inputs import read_inputs
from assetmap.study.settings import read_settings
from assetmap.study.sharing.publishing import pass_study, publish_study
from assetmap.study.showing import shared_content
from assetmap.study.status import read_status
from assetmap.study.tombstones import Subject
from tests.cli.program import run_here, snapshot
from tests.study.consent_worlds import looks_in
from tests.walks.recordings import film, gpx, photograph, sound

TODAY = "2026-05-20"
BLUE, RED, GREEN = (30, 60, 200), (200, 40, 40), (40, 180, 60)
HOSTILE = "<img src=x onerror=alert(1)>\u202e"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, tuple[float, float]]:
    """A study without marks, a folder of works, and the middle of the place in degrees."""
    folder = tmp_path_factory.mktemp("arts")
    study = create_demo(folder / "study").parent
    zones = gpd.read_file(study / "inputs/tidewell_zones.geojson").to_crs(27700)
    middle = gpd.GeoSeries([zones.union_all().centroid], crs=27700).to_crs(4326).iloc[0]
    works = folder / "works"
    photograph(works / "tide.jpg", lonlat=(middle.x, middle.y), colour=BLUE, words="Secret Maker")
    photograph(works / "page1.jpg", colour=RED)
    film(works / "walk.mp4", GREEN, words="Secret Maker")
    sound(works / "song.wav", 0.5, tone_hz=900)
    fixes = pd.DataFrame(
        {"at": pd.date_range("2026-05-16T10:00Z", periods=40, freq="30s"), "lon": middle.x, "lat": middle.y}
    )
    fixes["lon"] += [0.00003 * n for n in range(40)]
    import_walk(study, gpx(folder / "shore.gpx", fixes), today=TODAY, name="Shore walk")
    build_study(study, today=TODAY)
    return study, works, (middle.x, middle.y)


@pytest.fixture
def study(world, tmp_path: Path) -> Path:
    return Path(copytree(world[0], tmp_path / "study"))


def rows_of(middle: tuple[float, float]) -> list[dict[str, object]]:
    here = {"longitude": middle[0], "latitude": middle[1]}
    return [
        {"file": "tide.jpg", "title": "Low tide", "kind": "postcard", "alternative text": "Boats on mud",
         "consent": "public",
         "contributor": "w1", "credit": "Young Painters", "licence": "cc-by 4.0", **here},
        {"file": "page1.jpg", "title": "Our book", "kind": "book", "consent": "partners", "contributor": "w2",
         "credit": "The Writers", "licence": "All rights reserved", **here},
        {"file": "walk.mp4", "title": "The walk", "kind": "Film", "alternative text": "A walk along the shore",
         "consent": "public", "contributor": "w3", "credit": "Film Club", "licence": "CC BY-NC", "walk": "Shore walk"},
    ]  # fmt: skip


def sheet_of(tmp_path: Path, rows: list[dict[str, object]]) -> Path:
    """Fill in the blank workbook that the program writes."""
    path = tmp_path / "arts.xlsx"
    run_here("template", "arts", "--out", path, "--overwrite").worked()
    book = openpyxl.load_workbook(path)
    form = book.worksheets[0]
    headers = [cell.value for cell in form[1]]
    for row in rows:
        assert set(row) <= set(headers)
        form.append([row.get(header) for header in headers])
    book.save(path)
    return path


def nearest(look: tuple[int, ...]) -> tuple[int, ...]:
    return min((BLUE, RED, GREEN), key=lambda one: math.dist(one, look))


def test_a_filled_form_is_a_gallery_for_the_team_and_for_others_as_agreed(study, world, tmp_path):
    _, works, middle = world
    before = snapshot(works)
    done = run_here("arts", "import", study, sheet_of(tmp_path, rows_of(middle)), "--media", works).worked()
    assert "3 works" in done.out
    assert "song.wav" not in snapshot(study / "walks" / "arts" / "media")  # no row speaks of it
    assert snapshot(works) == before
    build_study(study, today=TODAY)
    team = (study / "out" / "map.html").read_text(encoding="utf-8")
    for shown in (
        "Low tide",
        "Our book",
        "Young Painters, CC BY 4.0",
        "walks/arts/media/walk.mp4",
        'alt="Boats on mud"',
    ):
        assert shown in team, shown
    share = publish_study(study, today=TODAY, languages=("en", "pl")).folder
    page = (share / "map.en.html").read_text(encoding="utf-8")
    for shown in (
        "Gallery",
        "Low tide",
        "Postcard",
        "Young Painters, CC BY 4.0",
        'alt="Boats on mud"',
        "Film Club, CC BY-NC",
    ):
        assert shown in page, shown
    assert "Our book" not in page
    assert "Pocztówka" in (share / "map.pl.html").read_text(encoding="utf-8")
    (seen,) = (path for path in (share / "media").iterdir() if path.suffix == ".mp4")
    assert f'href="media/{seen.name}"' in page
    looks = [
        look for path in share.rglob("*") if path.is_file() and path.suffix != ".pdf" for _, look in looks_in(path)
    ]
    assert {nearest(look) for look in looks} == {BLUE, GREEN}
    originals = {sha256_of(path) for path in works.iterdir()}
    for path in share.rglob("*"):
        if path.is_file():
            assert sha256_of(path) not in originals
            assert b"Secret Maker" not in path.read_bytes()
            assert b"tide.jpg" not in path.read_bytes()


def test_partners_see_what_they_may_and_who_says_no_on_another_walk_is_in_no_gallery(study, world, tmp_path):
    _, works, middle = world
    rows = rows_of(middle)
    import_arts(study, sheet_of(tmp_path, rows), works, today=TODAY)
    settings, tables = read_settings(study), load_tables(study / "out")

    def gallery(audience: str) -> list[str]:
        terms = Terms(audience=audience, on=TODAY, secret=b"secret")
        inputs = read_inputs(study, settings)
        passed = pass_study(study, inputs, tables, terms)
        media = shared_content(study, settings, inputs, passed, terms=terms, on_foot=True).media
        return [] if media is None else sorted(media["title"])

    assert gallery("partners") == ["Low tide", "Our book", "The walk"]
    other = tmp_path / "more.csv"
    other.write_text(
        f"file,consent,contributor,licence,lon,lat\nsong.wav,none,w1,CC0,{middle[0]},{middle[1]}\n", "utf-8"
    )
    import_arts(study, other, works, today=TODAY, name="Songs")
    assert gallery("partners") == ["Our book", "The walk"]
    gone = forget(study, Subject("contributor", "w3"), today=TODAY)
    assert "walks/arts/media/walk.mp4" in gone.held_by_inputs
    assert gallery("residents") == []


def test_works_are_no_walk_and_the_same_name_again_takes_the_place(study, world, tmp_path):
    _, works, middle = world
    sheet = sheet_of(tmp_path, rows_of(middle))
    for _ in range(2):
        import_arts(study, sheet, works, today=TODAY)
    assert sorted(path.name for path in (study / "walks").iterdir()) == ["arts", "shore-walk"]
    (walks,) = (part for step in read_status(study) for part in step.parts if part.command == "assetmap walks import")
    assert walks.count == 1
    run_here("arts", "import", study, sheet, "--media", works, "--name", "Shore walk", "--quiet").refused(
        3, "is a walk of this study"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"file": "gone.jpg"}, "row 2: gone.jpg isn't in the folder"),
        ({"file": "torn.jpg"}, "row 2: torn.jpg can't be read (torn.jpg is"),
        ({"file": "three-hours.wav"}, "longer than an hour"),
        ({"file": "page1.jpg"}, "1 row about a file that has one already (first: page1.jpg): leave one each"),
        ({"file": "copy.jpg"}, "copy.jpg and page1.jpg are one file"),
        ({"file": None}, "row 2: names no file"),
        ({"licence": "ask Jo"}, "no licence that is known ('ask Jo'): write one of All rights reserved, "),
        ({"licence": None}, "row 2: tide.jpg has no licence"),
        ({"consent": None}, "row 2: of tide.jpg nobody has said what was agreed to"),
        ({"consent": "pubic"}, "row 2: of tide.jpg nobody has said what was agreed to"),
        ({"kind": "opera"}, "no known kind ('opera')"),
        ({"longitude": None, "latitude": None}, "row 2: tide.jpg has no place"),
        ({"longitude": None, "latitude": None, "walk": "Hill walk"}, "has no walk 'Hill walk': there are shore-walk"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(study, world, tmp_path, change, words):
    _, works, middle = world
    rows = rows_of(middle)
    import_arts(study, sheet_of(tmp_path, rows), works, today=TODAY)
    before = snapshot(study / "walks")
    media = tmp_path / "works"
    for path in works.iterdir():
        (media / path.name).parent.mkdir(exist_ok=True)
        (media / path.name).write_bytes(path.read_bytes())
    (media / "torn.jpg").write_bytes((works / "tide.jpg").read_bytes()[:300])
    (media / "copy.jpg").write_bytes((works / "page1.jpg").read_bytes())
    if change.get("file") == "three-hours.wav":
        sound(media / "three-hours.wav", 3 * 3600)
    rows[0] |= change
    sheet = sheet_of(tmp_path, rows)
    run_here("arts", "import", study, sheet, "--media", media, "--quiet").refused(3, words)
    assert snapshot(study / "walks") == before


def test_hostile_words_are_words(study, world, tmp_path):
    _, works, middle = world
    rows = rows_of(middle)[:1]
    rows[0] |= dict.fromkeys(("title", "credit", "alternative text", "text"), HOSTILE)
    import_arts(study, sheet_of(tmp_path, rows), works, today=TODAY)
    build_study(study, today=TODAY)
    page = (study / "out" / "map.html").read_text(encoding="utf-8")
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_large_picture_is_made_small(study, world, tmp_path):
    _, _, middle = world
    works = tmp_path / "large"
    works.mkdir()
    Image.new("RGB", (3000, 2000), BLUE).save(works / "tide.jpg")
    import_arts(study, sheet_of(tmp_path, rows_of(middle)[:1]), works, today=TODAY)
    media = publish_study(study, today=TODAY).folder / "media"
    with Image.open(io.BytesIO(next(media.iterdir()).read_bytes())) as picture:
        assert picture.size == (640, 427)


def test_every_licence_is_known_by_its_own_name():
    assert [read_licence(name) for name in LICENCES] == list(LICENCES)
    assert read_licence("CC BY-SA-NC") is None


def test_a_form_that_nobody_filled_in_is_one_line(study, world, tmp_path):
    sheet = sheet_of(tmp_path, [])
    run_here("arts", "import", study, sheet, "--media", world[1], "--quiet").refused(3, "no sheet with a table")
