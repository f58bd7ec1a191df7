"""Voices from the exports of every source: columns as those programs write them, rows made up."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap.crs import BRITISH_GRID
from assetmap.errors import AssetMapError, InputError
from assetmap.schema import validate_table
from assetmap.sources.forms import draw_shape
from assetmap.sources.voice_tables import pseudonym
from assetmap.sources.voices import Reading, Voices, read_voices

SECRET = bytes(32)
KOBO = """\
"start";"end";"about/age_group";"about/gender";"talk/comment";"talk/theme";"consent";"where";"_where_latitude";\
"_where_longitude";"_where_altitude";"_where_precision";"route";"patch";"about/phone";"shop_hours";"_id";"_uuid";\
"_submission_time";"_submitted_by"
"2026-05-01T10:00:00";"";"16-24";"female";"Nowhere to go after school";"young people";"research";"51.53 -0.03 0 4.9";\
"51.53";"-0.03";"0";"4.9";"51.53 -0.03 0 0;51.531 -0.031 0 0;";"";"07700 900123";"9-5";"1";"aa-1";\
"2026-05-01T10:05:00";"field1"
"2026-05-01T11:00:00";"";"65+";"male";"Benches, please";"seats";"yes";"";"";"";"";"";"";\
"51.53 -0.03 0 0; 51.531 -0.03 0 0; 51.531 -0.031 0 0; 51.53 -0.03 0 0";"";"";"2";"bb-2";"2026-05-01T11:05:00";"field1"
"2026-05-01T12:00:00";"";"25-34";"";"Told at the stall, of no place";"";"";"";"";"";"";"";"";"";"07700 900123";"";"3";\
"cc-3";"2026-05-01T12:05:00";"field1"
"2026-05-01T12:00:00";"";"25-34";"";"Told at the stall, of no place";"";"";"";"";"";"";"";"";"";"07700 900123";"";"4";\
"cc-3";"2026-05-01T12:06:00";"field1"
"""
ODK = """\
SubmissionDate,start,start_geopoint-Latitude,start_geopoint-Longitude,spot-Latitude,spot-Longitude,spot-Altitude,\
spot-Accuracy,talk-comment,talk-consent,meta-instanceID,KEY,SubmitterID,SubmitterName,ReviewState
2026-05-02T09:00:00.000Z,2026-05-02T08:59:00Z,50.0,-4.0,51.53,-0.03,0,5,Too dark,public,uuid:dd-4,uuid:dd-4,7,Ana,
2026-05-02T09:10:00.000Z,2026-05-02T09:09:00Z,50.0,-4.0,,,,,Far too dark,none,uuid:ee-5,uuid:ee-5,7,Ana,
"""


def read(path: Path, **said) -> Voices:
    return read_voices(path, crs=BRITISH_GRID, secret=SECRET, reading=Reading(**said))


def written(folder: Path, text: str, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_kobotoolbox_export(tmp_path):
    voices = read(written(tmp_path, KOBO))
    marks = validate_table(voices.marks, "annotations")
    assert marks["annotation_id"].tolist() == ["aa-1", "aa-1.2", "bb-2"]
    assert marks["kind"].tolist() == ["point", "line", "area"]
    assert marks["consent"].tolist() == ["research", "research", "unknown"]
    assert voices.unknown_consent == {"yes": 1}
    assert marks["contributor_id"].tolist()[0] == pseudonym(SECRET, "07700 900123")
    assert "07700" not in marks.drop(columns="geometry").to_csv()
    assert voices.unplaced[["annotation_id", "text"]].values.tolist() == [["cc-3", "Told at the stall, of no place"]]
    assert voices.people["age"].tolist() == ["16-24", "65+"]  # of two submissions by one telephone the first's
    assert voices.tally.dropped == {"the same submission twice": 1}
    assert voices.tally.read == voices.tally.kept + 1 == 5
    assert "shop_hours" in voices.unused
    assert not {"where", "route", "patch", "consent"} & set(voices.unused)
    assert [voices.columns[f"place {n}"] for n in (1, 2, 3)] == ["where", "route", "patch"]
    assert voices.columns["consent"] == "consent"
    lon, lat = marks.to_crs(4326).geometry.iloc[0].coords[0]
    assert (lon, lat) == (pytest.approx(-0.03, abs=1e-6), pytest.approx(51.53, abs=1e-6))


def test_an_odk_export_takes_the_place_and_not_where_the_form_was_opened(tmp_path):
    voices = read(written(tmp_path, ODK))
    assert voices.marks["annotation_id"].tolist() == ["dd-4"]
    assert voices.marks["consent"].tolist() == ["public"]
    assert voices.marks.to_crs(4326).geometry.x.iloc[0] == pytest.approx(-0.03, abs=1e-6)
    assert voices.unplaced["annotation_id"].tolist() == ["ee-5"]
    assert voices.columns["lat"] == "spot-Latitude"


def test_the_same_form_as_a_workbook_is_the_same(tmp_path):
    table = pd.read_csv(written(tmp_path, KOBO), sep=";", dtype=str)
    table.to_excel(tmp_path / "export.xlsx", index=False)
    a, b = read(tmp_path / "export.csv"), read(tmp_path / "export.xlsx")
    assert a.marks.drop(columns=["source", "geometry"]).equals(b.marks.drop(columns=["source", "geometry"]))
    assert a.marks.geometry.geom_equals_exact(b.marks.geometry, 1e-6).all()


def test_words_that_the_user_explains(tmp_path):
    voices = read(written(tmp_path, KOBO), means={"Yes": "partners"}, consent="none", session="stall")
    assert voices.marks["consent"].tolist() == ["research", "research", "partners"]
    assert voices.unplaced["consent"].tolist() == ["none"]
    assert voices.unknown_consent == {}
    assert set(voices.marks["session_id"]) == {"stall"}
    assert voices.sessions[["session_id", "facilitator"]].values.tolist() == [["stall", "field1"]]


def test_every_layer_of_a_umap(tmp_path):
    def layer(name, *features):
        return {"type": "FeatureCollection", "features": list(features), "_umap_options": {"name": name}}

    def feature(at, **said):
        return {"type": "Feature", "geometry": at, "properties": {"_umap_options": {"color": "Red"}, **said}}

    point = {"type": "Point", "coordinates": [-0.03, 51.53]}
    line = {"type": "LineString", "coordinates": [[-0.03, 51.53], [-0.02, 51.53]]}
    content = {"type": "umap", "properties": {}, "geometry": point, "layers": [
        layer("Loved", feature(point, name="Bench", description="Sun all day"), feature(None, name="nothing")),
        layer("Missed", feature(line, name="Crossing")),
    ]}  # fmt: skip
    voices = read(written(tmp_path, json.dumps(content), "map.umap"))
    assert voices.marks["theme"].tolist() == ["Loved", "Missed"]
    assert voices.marks["text"].tolist() == ["Bench: Sun all day", "Crossing"]
    assert voices.marks["kind"].tolist() == ["point", "line"]
    assert voices.tally.dropped == {"no geometry": 1}
    for torn in (
        b'{"type": "umap"',
        b'{"type": "umap", "layers": 3}',
        b'{"type": "umap", "layers": []}',
        b"[" * 50_000,
    ):
        (tmp_path / "torn.umap").write_bytes(torn)
        with pytest.raises(InputError, match=r"uMap|no marks"):
            read(tmp_path / "torn.umap")


def test_my_maps_kmz_has_every_folder(tmp_path):
    mark = "<Placemark><name>{}</name><Point><coordinates>{},51.53,0</coordinates></Point></Placemark>"
    folders = [
        f"<Folder><name>{name}</name>{mark.format(f'Mark {name}', lon)}</Folder>"
        for name, lon in (("A", -0.03), ("B", -0.02))
    ]
    kml = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{"".join(folders)}</Document></kml>'
    with zipfile.ZipFile(tmp_path / "my.kmz", "w") as zipped:
        zipped.writestr("doc.kml", kml)
    voices = read(tmp_path / "my.kmz")
    assert voices.marks["theme"].tolist() == ["A", "B"]
    assert voices.marks["text"].tolist() == ["Mark A", "Mark B"]


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": said, "geometry": {"type": "Point", "coordinates": [lon, 51.53]}}
        for lon, said in features
    ]})  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"$id": "f00", "$createdAt": "2026-05-01T10:00:00Z", "notes": "Broken gate", "name": "Gate"},
            ("f00", "Broken gate"),
        ),
        (
            {"docId": "f01", "createdAt": "2026-05-01T10:00:00Z", "tags": {"notes": "Broken gate", "type": "access"}},
            ("f01", "Broken gate"),
        ),
        ({"Respondent ID": "r9", "Comment": "I like it", "Question": "Q1"}, (None, "I like it")),
        ({"title": "Rats", "description": "By the bins"}, (None, "Rats: By the bins")),
    ],
    ids=["comapeo", "comapeo before 2026", "maptionnaire", "ushahidi"],
)
def test_geojson_of_map_services(tmp_path, said, expected):
    voices = read(written(tmp_path, collection((-0.03, said)), "export.geojson"))
    name, words = expected
    assert voices.marks["text"].tolist() == [words]
    assert name is None or voices.marks["annotation_id"].tolist() == [name]


def test_ushahidi_s_table(tmp_path):
    text = (
        "Post ID,Survey,Post Status,Title,Description,Location.lat,Location.lon,Categories,Created (UTC)\n"
        '12,Street,published,Dark,"No lamp, at all",51.53,-0.03,lighting,2026-05-01 10:00:00\n'
    )
    row = read(written(tmp_path, text)).marks.iloc[0]
    assert (row.annotation_id, row.text, row.theme, row.observed_on) == (
        "12", "Dark: No lamp, at all", "lighting", "2026-05-01",
    )  # fmt: skip


def test_a_table_grows_and_its_rows_keep_their_names(tmp_path):
    rows = ["grid ref,comment,session", "TQ 3690 8330,Parks,s1", "TQ 3690 8330,Parks,s1", ",Just words,s1"]
    first = read(written(tmp_path, "\n".join(rows)))
    more = read(written(tmp_path, "\n".join([rows[0], "TQ 3700 8340,New,s2", *rows[1:]]), "later.csv"))
    names = set(first.marks["annotation_id"]) | set(first.unplaced["annotation_id"])
    assert len(names) == 3
    assert names < set(more.marks["annotation_id"]) | set(more.unplaced["annotation_id"])


def test_postcodes_place_rows_where_there_is_a_table(tmp_path):
    path = written(tmp_path, "postcode,comment\nE3 5SJ,Here\nE3 9ZZ,Nowhere\n")
    codes = pd.DataFrame({"x": [536950.0], "y": [183350.0]}, index=pd.Index(["E35SJ"], dtype="str"))
    voices = read_voices(path, crs=BRITISH_GRID, secret=SECRET, postcodes=codes)
    assert voices.marks["text"].tolist() == ["Here"]
    assert voices.unplaced["text"].tolist() == ["Nowhere"]
    assert read(path).marks.empty


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("_uuid,comment,where\n", "no rows"),
        ("_uuid,where\naa,\n", "place or words"),
        ("", "empty"),
        ("a,b\n1,2\n", "place or words"),
    ],
)
def test_a_form_without_answers_is_one_line(tmp_path, text, words):
    with pytest.raises(InputError, match=words):
        read(written(tmp_path, text))


def test_a_torn_workbook_is_one_line(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["comment", "lon", "lat"])
    book.save(tmp_path / "whole.xlsx")
    (tmp_path / "torn.xlsx").write_bytes((tmp_path / "whole.xlsx").read_bytes()[:-300])
    with pytest.raises(AssetMapError):
        read(tmp_path / "torn.xlsx")


def test_an_unknown_field_names_the_near_one(tmp_path):
    with pytest.raises(AssetMapError, match="did you mean 'consent'"):
        read(written(tmp_path, KOBO), columns={"concent": "consent"})


@given(st.text(max_size=60))
def test_no_text_breaks_a_shape(words):
    shape = draw_shape(words)
    assert shape is None or shape.is_valid or shape.geom_type == "Polygon"


@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-170, 170)), min_size=1, max_size=6))
def test_what_a_form_writes_is_drawn(at):
    words = ";".join(f"{lat:.6f} {lon:.6f} 0 0" for lat, lon in at)
    shape = draw_shape(words)
    assert shape is not None
    assert (shape.bounds[0], shape.bounds[1]) == (
        pytest.approx(min(lon for _, lon in at), abs=1e-6), pytest.approx(min(lat for lat, _ in at), abs=1e-6),
    )  # fmt: skip


def test_repeats_of_a_workbook_are_rows_of_their_submission(tmp_path):
    """The sheets and headers that KoboToolbox's formpack writes, a repeat within a repeat among them."""
    main = pd.DataFrame(
        {"talk/comment": ["All good", "So-so"], "about/age": ["16-24", "65+"], "consent": ["public", "none"],
         "session": ["stall", "stall"], "_id": ["1", "2"], "_uuid": ["aa-1", "bb-2"], "_index": [1, 2]}
    )  # fmt: skip
    places = pd.DataFrame(
        {"places/where": ["51.53 -0.03 0 4.9", "51.54 -0.03 0 4.9", "51.55 -0.03 0 4.9"],
         "places/what": ["A bench", "A gate", "A tree"], "places/note": ["Too high", "Locked", "Tall"],
         "_index": [1, 2, 3], "_parent_table_name": "form", "_parent_index": [1, 1, 2],
         "_submission__uuid": ["aa-1", "aa-1", "bb-2"]}
    )  # fmt: skip
    wishes = pd.DataFrame(
        {"places/wishes/idea": ["Paint it", "Oil it"], "_parent_table_name": "places", "_parent_index": [2, 3],
         "_submission__uuid": ["aa-1", "bb-2"]}
    )  # fmt: skip
    with pd.ExcelWriter(tmp_path / "export.xlsx") as out:
        for name, table in (("form", main), ("places", places), ("wishes", wishes)):
            table.to_excel(out, sheet_name=name, index=False)
    voices = read(tmp_path / "export.xlsx")
    said = pd.concat([voices.marks, voices.unplaced]).set_index("annotation_id")
    assert said["text"].to_dict() == {
        "aa-1": "All good", "bb-2": "So-so", "aa-1/places[1]": "Too high", "aa-1/places[2]": "Locked",
        "bb-2/places[1]": "Tall", "aa-1/wishes[1]": "Paint it", "bb-2/wishes[1]": "Oil it",
    }  # fmt: skip
    assert said["consent"][["aa-1/places[2]", "bb-2/places[1]", "bb-2/wishes[1]"]].tolist() == [
        "public",
        "none",
        "none",
    ]
    assert len(voices.marks) == 3
    assert voices.people["age"].tolist() == ["16-24", "65+"]
    assert voices.tally.read == voices.tally.kept == 7


def test_a_repeat_of_no_submission_is_one_line(tmp_path):
    main = pd.DataFrame({"comment": ["All good"], "_uuid": ["aa-1"], "_index": [1]})
    places = pd.DataFrame({"places/note": ["Too high"], "_parent_table_name": "form", "_parent_index": [9]})
    with pd.ExcelWriter(tmp_path / "export.xlsx") as out:
        main.to_excel(out, sheet_name="form", index=False)
        places.to_excel(out, sheet_name="places", index=False)
    with pytest.raises(InputError, match="1 row of a repeat without its row of 'form'"):
        read(tmp_path / "export.xlsx")


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        ("talk/theme,talk/theme/parks,talk/theme/age", "parks age,1,1"),
        ("talk/theme/parks,talk/theme/age", "1,1"),
        ("talk/theme/parks,talk/theme/age", "True,True"),
    ],
    ids=["both", "split alone", "as truth values"],
)
def test_several_answers_are_one_theme_each_and_no_answer_is_taken_for_a_question(tmp_path, headers, row):
    voices = read(written(tmp_path, f"_uuid,comment,{headers}\nu1,Too dark,{row}\n"))
    assert voices.unplaced["theme"].tolist() == ["parks; age"]
    assert voices.people["age"].isna().all()  # theme/age is an answer, and nobody's age


ODK_FORM = {  # as getodk/central-backend's lib/data/briefcase.js writes it; https://docs.getodk.org/central-submissions/
    "street.csv": "SubmissionDate,spot-Latitude,spot-Longitude,spot-Altitude,spot-Accuracy,way,talk-comment,consent,"
    "meta-instanceID,KEY,SubmitterID,SubmitterName,AttachmentsPresent,Status,ReviewState\n"
    '2026-05-02T09:00:00.000Z,51.53,-0.03,0,5,"51.53 -0.03 0 0;51.531 -0.03 0 0",Too dark,public,uuid:dd-9,uuid:dd-4,'
    "7,Ana,1,,\n"
    "2026-05-02T09:10:00.000Z,,,,,,Quiet,none,uuid:ee-5,uuid:ee-5,7,Ana,0,,\n",
    "street-place.csv": "where-Latitude,where-Longitude,where-Altitude,where-Accuracy,note,PARENT_KEY,KEY\n"
    "51.54,-0.03,0,4,A broken step,uuid:dd-4,uuid:dd-4/places/place[1]\n"
    "51.55,-0.03,0,4,A locked gate,uuid:ee-5,uuid:ee-5/places/place[1]\n",
    "street-wish.csv": "idea,PARENT_KEY,KEY\nMend it,uuid:dd-4/places/place[1],uuid:dd-4/places/place[1]/wish[1]\n",
    "street-never.csv": "idea,PARENT_KEY,KEY\n",
    "media/1683.jpg": "not read",
}


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_a_zipped_form_of_odk_central_has_its_repeats(tmp_path):
    voices = read(zipped(tmp_path / "street.zip", ODK_FORM))
    said = pd.concat([voices.marks, voices.unplaced]).set_index("annotation_id")
    assert said["text"].to_dict() == {
        "dd-4": "Too dark", "dd-4.2": "Too dark", "ee-5": "Quiet", "dd-4/places/place[1]": "A broken step",
        "ee-5/places/place[1]": "A locked gate", "dd-4/places/place[1]/wish[1]": "Mend it",
    }  # fmt: skip
    assert said["consent"].to_dict() == {
        "dd-4": "public", "dd-4.2": "public", "ee-5": "none", "dd-4/places/place[1]": "public",
        "ee-5/places/place[1]": "none", "dd-4/places/place[1]/wish[1]": "public",
    }  # fmt: skip
    assert said["observed_on"].unique().tolist() == ["2026-05-02"]
    places = voices.marks.set_index("annotation_id").to_crs(4326).geometry
    assert places.geom_type.value_counts().to_dict() == {"Point": 3, "LineString": 1}
    assert places["dd-4/places/place[1]"].y == pytest.approx(51.54, abs=1e-6)
    assert len(voices.people) == 2
    assert voices.tally.read == voices.tally.kept == 6
    other_order = read(zipped(tmp_path / "b.zip", dict(reversed(ODK_FORM.items()))))
    assert set(other_order.marks["annotation_id"]) == set(voices.marks["annotation_id"])


def test_a_zip_with_one_table_is_that_table(tmp_path):
    assert read(zipped(tmp_path / "a.zip", {"kobo.csv": KOBO})).marks["annotation_id"].tolist() == [
        "aa-1", "aa-1.2", "bb-2",
    ]  # fmt: skip


def test_a_table_beside_a_zipped_map_is_no_form(tmp_path):
    marks = collection((-0.03, {"comment": "Here"}))
    path = zipped(tmp_path / "map.zip", {"marks.geojson": marks, "legend.csv": "colour,means\nred,bad\n"})
    assert read(path).marks["text"].tolist() == ["Here"]


def test_a_zip_of_a_thousand_photographs_is_read_and_none_of_them_is_unpacked(tmp_path):
    files = ODK_FORM | {f"media/{number}.jpg": "x" * 10_000 for number in range(1_000)}
    assert len(read(zipped(tmp_path / "street.zip", files)).marks) == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"street.csv": None}, "aren't one form and its repeats"),
        ({"other.csv": "KEY,a\nuuid:1,b\n"}, "holds 2 tables that aren't one form and its repeats"),
        ({"old/street.csv": "KEY,a\nuuid:1,b\n"}, "holds street.csv twice"),
        (
            {"street-wish.csv": "idea,PARENT_KEY,KEY\nMend it,uuid:gone,uuid:gone/wish[1]\n"},
            "1 row of a repeat without",
        ),
        (
            {"street-wish.csv": "idea,PARENT_KEY,KEY\nMend,uuid:a/w[1],uuid:b/w[1]\nIt,uuid:b/w[1],uuid:a/w[1]\n"},
            "2 rows of a repeat without",
        ),
        ({"street-wish.csv": 'idea,PARENT_KEY\n"Mend it,b\n'}, "street.zip, street-wish.csv is not an even table"),
        ({"street.csv": "0" * (120 << 20)}, "unpacks to more than"),
        ({"../street.csv": "KEY\n"}, "points outside"),
    ],
    ids=["no main", "two forms", "twice", "orphan", "circle", "torn", "bomb", "outside"],
)
def test_a_zip_that_is_no_form_is_one_line(tmp_path, change, words):
    files = {name: text for name, text in (ODK_FORM | change).items() if text is not None}
    with pytest.raises(InputError, match=words) as caught:
        read(zipped(tmp_path / "street.zip", files))
    assert "\n" not in str(caught.value)
    assert "assetmap-" not in str(caught.value)


def test_two_points_of_one_submission_are_two_marks(tmp_path):
    text = "home-Latitude,home-Longitude,work-Latitude,work-Longitude,comment,KEY\n51.53,-0.03,51.54,-0.03,Far,uuid:a\n"
    voices = read(written(tmp_path, text))
    assert voices.marks["annotation_id"].tolist() == ["a", "a.2"]
    assert [voices.columns[f"place {n}"] for n in (1, 2)] == ["home", "work"]


def feature(geometry, **said):
    return {"type": "Feature", "properties": said, "geometry": geometry}


POINT = {"type": "Point", "coordinates": [-0.03, 51.53]}
AREA = {"type": "Polygon", "coordinates": [[[-0.03, 51.53], [-0.02, 51.53], [-0.02, 51.54], [-0.03, 51.53]]]}


def test_what_umap_exports(tmp_path):
    """umap-project/umap, umap/tests/integration/test_export_map.py: the full backup, GeoJSON and KML of one map."""
    features = [
        {**feature(AREA, name="name poly"), "id": "gyNzM"},
        {
            **feature(POINT, _umap_options={"color": "OliveDrab"}, name="test", description="Some description"),
            "id": "Q",
        },
    ]
    layer = {"browsable": True, "displayOnLoad": True, "name": "test datalayer"}
    backup = {"geometry": POINT, "type": "umap", "uri": "http://x", "properties": {"name": "test map", "zoom": 7},
              "layers": [{"_umap_options": layer, "type": "FeatureCollection", "features": features}]}  # fmt: skip
    kml = (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
        '<name>name poly</name><ExtendedData><Data name="name"><value>name poly</value></Data></ExtendedData>'
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>-0.03,51.53 -0.02,51.53 -0.02,51.54 -0.03,51.53 "
        "-0.03,51.53</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark><Placemark><name>test</name>"
        '<description>Some description</description><ExtendedData><Data name="_umap_options"><value>[object Object]'
        '</value></Data><Data name="name"><value>test</value></Data><Data name="description"><value>Some description'
        "</value></Data></ExtendedData><Point><coordinates>-0.03,51.53</coordinates></Point></Placemark></Document></kml>"
    )
    for name, text, theme in (
        ("umap_backup_test-map.umap", json.dumps(backup), "test datalayer"),
        ("test_map.geojson", json.dumps({"type": "FeatureCollection", "features": features}), None),
        ("test_map.kml", kml, None),
    ):
        marks = read(written(tmp_path, text, name)).marks
        assert marks["text"].tolist() == ["name poly", "test: Some description"], name
        assert marks["kind"].tolist() == ["area", "point"], name
        assert marks["theme"].dropna().unique().tolist() == ([theme] if theme else []), name
        assert marks["contributor_id"].isna().all(), name


def test_what_the_sketch_map_tool_exports(tmp_path):
    """GIScience/sketch-map-tool, tests/fixtures/approved: a mark has the pen's colour and the photograph's name."""
    content = {"type": "FeatureCollection", "features": [feature(AREA, color="red", name="sketch_map.png")]}
    marks = read(written(tmp_path, json.dumps(content), "vector-results.geojson")).marks
    assert marks[["pen_colour", "sheet_id", "kind"]].values.tolist() == [["red", "sketch_map.png", "area"]]
    assert marks["text"].isna().all()  # a file's name is nobody's words
    bare = {"type": "FeatureCollection", "features": [feature(POINT, name="Bench.")]}
    assert read(written(tmp_path, json.dumps(bare), "b.geojson")).marks["text"].tolist() == ["Bench."]


def test_what_comapeo_exports(tmp_path):
    """digidem/comapeo-core, src/data-exporter.js: observations' tags, and `$` before the rest; tracks as they are."""
    track = {"docId": "t1", "schemaName": "track", "createdAt": "2026-07-01T09:00:00.000Z",
             "tags": {"notes": "To school"},
             "locations": [{"timestamp": "2026-07-01T09:00:00Z", "coords": {"latitude": 51.53, "longitude": -0.03}}],
             "observationRefs": []}  # fmt: skip
    line = {"type": "LineString", "coordinates": [[-0.03, 51.53, 9.1], [-0.02, 51.53, 9.2]]}
    seen = {"$id": "o1", "$createdAt": "2026-07-02T10:00:00.000Z", "$categoryId": "c", "notes": "Broken gate",
            "type": "access", "attachment_1": "photo_original.jpg"}  # fmt: skip
    content = {"type": "FeatureCollection", "features": [
        feature(line, **track),
        {**feature({**POINT, "coordinates": [-0.03, 51.53, 4]}, **seen), "$comapeo": {"docId": "o1"}},
        feature(None, **{"$id": "o2", "$createdAt": "2026-07-02T11:00:00.000Z", "notes": "Nowhere"}),
    ]}  # fmt: skip
    path = written(tmp_path, json.dumps(content), "CoMapeo_ours_Obsvns_Tracks_2026_07_03.geojson")
    voices = read(path)
    marks = voices.marks.set_index("annotation_id")
    assert marks["text"].to_dict() == {"t1": "To school", "o1": "Broken gate"}
    assert marks["observed_on"].to_dict() == {"t1": "2026-07-01", "o1": "2026-07-02"}
    assert marks["kind"].to_dict() == {"t1": "line", "o1": "point"}
    assert voices.tally.dropped == {"no geometry": 1}
    media = {f"CoMapeo_ours_Media_2026_07_03/{number}.jpg": "x" * 99 for number in range(300)}
    both = zipped(tmp_path / "c.zip", {path.name: path.read_text(), **media})
    assert read(both).marks["annotation_id"].tolist() == voices.marks["annotation_id"].tolist()


def test_what_ushahidi_exports(tmp_path):
    """ushahidi/platform: Formatter/Post/GeoJSON.php; and a table of all posts, whose surveys each have a Title."""
    several = {"type": "GeometryCollection", "geometries": [POINT, AREA]}
    said = {
        "title": "Rats",
        "description": "By the bins",
        "marker-color": "#2274B4",
        "id": 99,
        "attribute_key": "where",
    }
    content = {"type": "FeatureCollection", "features": [feature(several, **said)]}
    marks = read(written(tmp_path, json.dumps(content), "posts.geojson")).marks
    assert marks["text"].tolist() == ["Rats: By the bins"] * 2
    assert sorted(marks["kind"]) == ["area", "point"]
    table = (
        "Post ID,Survey,Post Status,Created (UTC),Updated (UTC),Post Date (UTC),Contact ID,Contact,"
        "Unstructured Description,Title,Where.lat,Where.lon,Title,Where.lat,Where.lon\n"
        "7,Street,published,2026-05-01 10:00:00,,2026-05-02 10:00:00,3,+44700900123,,Dark,51.53,-0.03,,,\n"
        "8,Noise,published,2026-05-01 11:00:00,,2026-05-02 10:00:00,,,,,,,Loud at night,51.54,-0.03\n"
    )
    voices = read(written(tmp_path, table, "csv-export-full.csv"))
    assert voices.marks[["annotation_id", "text"]].values.tolist() == [["7", "Dark"], ["8", "Loud at night"]]
    assert voices.marks["contributor_id"].notna().tolist() == [True, False]
    assert "900123" not in voices.marks.drop(columns="geometry").to_csv()


def test_what_maptionnaire_exports_as_far_as_is_known(tmp_path):
    """A sheet for each question on the map with Respondent ID and WKT, as jtk-utile/Maptionnaire-R3 reads it."""
    people = pd.DataFrame(
        {"Respondent ID": ["r1", "r2"], "First Active Time": ["2025-01-03", "2025-01-04"], "Age": ["16-24", "65+"],
         "Consent": ["research", "none"], "Comments": ["", "No more"]}
    )  # fmt: skip
    loved = pd.DataFrame({"Respondent ID": ["r1", "r1", "r3"], "WKT": ["POINT (-0.03 51.53)", "POINT (-0.02 51.53)",
                          "POINT (-0.02 51.54)"], "Comments": ["Sun", "Shade", "Wind"]})  # fmt: skip
    drawn = pd.DataFrame(
        {"Respondent ID": ["r2"], "WKT": ["LINESTRING (-0.03 51.53, -0.02 51.53)"], "Comments": ["Dark"]}
    )
    with pd.ExcelWriter(tmp_path / "results.xlsx") as out:
        for name, table in (
            ("Respondents", people),
            ("Places I love", loved),
            ("Click on map to draw polygon an", drawn),
        ):
            table.to_excel(out, sheet_name=name, index=False)
    voices = read(tmp_path / "results.xlsx")
    said = pd.concat([voices.marks, voices.unplaced]).set_index("annotation_id")
    assert said["text"].to_dict() == {
        "r1/Places I love[1]": "Sun", "r1/Places I love[2]": "Shade", "r3/Places I love[1]": "Wind",
        "r2/Click on map to draw polygon an[1]": "Dark", "r2": "No more",
    }  # fmt: skip
    assert said["consent"].tolist() == ["research", "research", "unknown", "none", "none"]
    assert said["theme"].tolist()[:4] == ["Places I love"] * 3 + ["Click on map to draw polygon an"]
    days = ["2025-01-03", "2025-01-03", "", "2025-01-04", "2025-01-04"]
    assert said["observed_on"].fillna("").tolist() == days
    assert len(voices.people) == 3
    assert sorted(voices.people["age"].dropna()) == ["16-24", "65+"]
    assert voices.marks["contributor_id"].tolist()[0] == pseudonym(SECRET, "r1")
