"""Settings say what they mean; what is wrong in them is named in one line."""

import dataclasses

import pytest
from pydantic import ValidationError

from assetmap.errors import MissingInputError, SettingsError
from assetmap.study.settings import read_settings

BASE = '[study]\nname = "Bow"\n'


def read(folder, text):
    (folder / "assetmap.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings(folder)


def test_the_least_that_is_a_study(tmp_path):
    found = read(tmp_path, BASE)
    assert found.study.name == "Bow"
    assert found.place.site is None
    assert found.access.thresholds_m == (400, 800, 1200)
    assert found.deprivation.edition == 2025
    assert found.named_files() == []


def test_settings_can_t_be_changed_once_they_are_read(tmp_path):
    found = read(tmp_path, BASE)
    with pytest.raises((ValidationError, dataclasses.FrozenInstanceError)):
        found.study.name = "other"


def test_every_file_is_named_once_in_the_settings_order(tmp_path):
    found = read(
        tmp_path,
        BASE
        + """
[place]
boundary = "inputs/o.geojson"
[osm]
file = "inputs/a.osm"
[zones]
file = 'inputs\\z.gpkg'
[population]
file = "inputs/p.csv"
grid = "inputs/p.tif"
[deprivation]
file = "inputs/d.csv"
lookup = "inputs/l.csv"
[[lists]]
file = "inputs/list.csv"
postcodes = "inputs/pc.csv"
[[lists]]
file = "inputs/list2.csv"
postcodes = "inputs/pc.csv"
[[green_space]]
file = "inputs/g.gpkg"
access_points = "inputs/g.gpkg"
[[annotations]]
file = "inputs/m.kml"
[canopy]
file = "inputs/c.tif"
""",
    )
    assert found.named_files() == [
        f"inputs/{name}"
        for name in (
            "o.geojson", "a.osm", "z.gpkg", "p.csv", "p.tif", "d.csv", "l.csv",
            "list.csv", "pc.csv", "list2.csv", "g.gpkg", "m.kml", "c.tif",
        )
    ]  # fmt: skip


def test_a_folder_without_settings_is_no_study(tmp_path):
    with pytest.raises(MissingInputError, match=r"is not a study \(it has no assetmap\.toml\): make one with"):
        read_settings(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "is empty"),
        (b"[study\nname = 1", "is not TOML"),
        (b"[study]\nname = 'x'\n[study]\nname = 'y'\n", "is not TOML"),
        (b"[study]\nname = 'x'\nname = 'y'\n", "is not TOML"),
        (b"\xff\xfe[\x00s\x00", "is not UTF-8"),
        (b"[study]\nname = 'caf\xe9'\n", r"is not UTF-8 text \(byte 19 is 0xe9\)"),
        (b"x = " + b"[" * 10_000, "is not TOML"),
        (b"x = " + b"9" * 5_000, "is not TOML"),
        (b"<html></html>", "is not TOML"),
        (b"[study]\nname = 'x'\nwhen = 2026-02-31\n", "is not TOML"),
    ],
)
def test_what_is_no_toml_is_one_line(tmp_path, text, words):
    with pytest.raises(SettingsError, match=words) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "where", "nearest"),
    [
        ("[acess]\nprofile = 'slow'", "acess", "access"),
        ("[annotation]\nfile = 'inputs/x'", "annotation", "annotations"),
        ("[access]\nprofil = 'slow'", "access.profil", "profile"),
        ("[access]\nthreshold_m = [400]", "access.threshold_m", "thresholds_m"),
        ("[[lists]]\nfile = 'inputs/x'\ncolums = {}", "lists.0.colums", "columns"),
        (
            "[[green_space]]\nfile = 'inputs/x'\naccesspoints = 'inputs/y'",
            "green_space.0.accesspoints",
            "access_points",
        ),
        ("[place]\nlsoa = ['E01004222']", "place.lsoa", "lsoa21"),
        ("[osm]\nend_point = 'x'", "osm.end_point", "endpoint"),
        ("[zones]\nfile = 'inputs/x'\nkode = 'c'", "zones.kode", "code"),
        ("[deprivation]\nedishun = 2019", "deprivation.edishun", "edition"),
        ("[fetch]\nmiror = 'http://x'", "fetch.miror", "mirror"),
    ],
)
def test_an_unknown_key_names_the_nearest(tmp_path, text, where, nearest):
    with pytest.raises(SettingsError, match="is not a known setting: did you mean") as caught:
        read(tmp_path, BASE + text)
    assert f"assetmap.toml: {where} is not a known" in str(caught.value)
    assert f"did you mean {nearest!r}?" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[access]\nprofile = 'fast'", "access.profile is 'fast'"),
        ("[access]\nprofile = 4", "access.profile is 4"),
        ("[access]\nthresholds_m = []", "access.thresholds_m is []"),
        ("[access]\nthresholds_m = [400, -1]", "access.thresholds_m.1 is -1"),
        ("[access]\nthresholds_m = [0]", "access.thresholds_m.0 is 0"),
        ("[access]\nthresholds_m = [1e9]", "access.thresholds_m.0 is 1000000000.0"),
        ("[access]\nthresholds_m = [400.5]", "access.thresholds_m.0 is 400.5"),
        ("[access]\nthresholds_m = ['far']", "access.thresholds_m.0 is 'far'"),
        ("[access]\nthresholds_m = [nan]", "access.thresholds_m.0 is nan"),
        ("[access]\nthresholds_m = 400", "access.thresholds_m is 400"),
        ("[deprivation]\nedition = 2015", "deprivation.edition is 2015"),
        ("[place]\nlsoa21 = ['E0100422']", "place.lsoa21.0 is 'E0100422'"),
        ("[place]\nlsoa21 = 'E01004222'", "place.lsoa21 is 'E01004222'"),
        ("[place]\nsite = 5", "place.site is 5"),
        ("[place]\nsite = 'old-ford'\nboundary = 'inputs/o.geojson'", "give one of site, lsoa21 and boundary"),
        ("[[lists]]\ncategory = 'library'", "lists.0.file is missing: add it"),
        ("[zones]\ncode = 'c'", "zones.file is missing"),
        ("lists = 5", "study.lists"),
        ("[lists]\nfile = 'inputs/x'", "lists is {'file': 'inputs/x'}"),
        ("[[lists]]\nfile = 'inputs/x'\ncolumns = ['name']", "lists.0.columns is ['name']"),
        ("[[lists]]\nfile = 'inputs/x'\ncolumns = {name = 5}", "lists.0.columns.name is 5"),
        ("[osm]\nfile = ['a', '../b']", "osm.file.1 is '../b'"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(tmp_path, text, where):
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, BASE + text)
    line = str(caught.value)
    assert where in line
    assert line.startswith(str(tmp_path / "assetmap.toml"))
    assert "\n" not in line
    assert "pydantic" not in line


@pytest.mark.parametrize("name", ["''", "5", "[]", "{a = 1}", "'" + "n" * 201 + "'"])
def test_a_study_s_name_is_a_short_text(tmp_path, name):
    with pytest.raises(SettingsError, match=r"study\.name is ") as caught:
        read(tmp_path, f"[study]\nname = {name}\n")
    assert len(str(caught.value)) < 300 + len(str(tmp_path))


def test_a_study_without_a_name_is_told_so(tmp_path):
    with pytest.raises(SettingsError, match=r"study is missing: add it"):
        read(tmp_path, "[access]\nprofile = 'slow'\n")
    with pytest.raises(SettingsError, match=r"study\.name is missing: add it"):
        read(tmp_path, "[study]\ncontact = 'x'\n")


@pytest.mark.parametrize(
    "path",
    ["../x.csv", "inputs/../../x.csv", "/etc/passwd", "C:/x.csv", "C:x.csv", "\\\\server\\share\\x", "\\x", "..\\x", "",
     "inputs\\..\\..\\x", "//server/x", "."],
)  # fmt: skip
@pytest.mark.parametrize("table", ["[osm]\nfile", "[[lists]]\nfile", "[place]\nboundary"])
def test_no_path_leads_out_of_the_study(tmp_path, path, table):
    with pytest.raises(SettingsError, match=r"must be a path inside the study folder, such as inputs/list\.csv"):
        read(tmp_path, f"{BASE}{table} = '{path}'\n")


@pytest.mark.parametrize(
    ("path", "meant"), [("inputs/a b.csv", None), ("./inputs/x", "inputs/x"), ("a\\b.csv", "a/b.csv")]
)
def test_paths_inside_are_taken_in_either_hand(tmp_path, path, meant):
    found = read(tmp_path, f"{BASE}[osm]\nfile = '{path}'\n")
    assert found.osm.file == (meant or path,)


def test_distances_are_put_in_order_once_each(tmp_path):
    found = read(tmp_path, f"{BASE}[access]\nthresholds_m = [1200, 400, 1200]\n")
    assert found.access.thresholds_m == (400, 1200)
