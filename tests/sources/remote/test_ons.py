"""Zones and the lookup, page after page, all of them or none."""

import csv
import json

import pytest

from assetmap.errors import CRSError, InputError, RemoteError, UsageError
from assetmap.provenance import read_provenance
from assetmap.sources.remote.ons import fetch_lookup, fetch_zones, fetch_zones_in_box
from tests.loopback import Reply

LAYER = "_December_2021_Boundaries_EW_BGC_V5/FeatureServer/0/query"
LOOKUP = "LSOA11_LSOA21_LAD22_EW_LU_v5/FeatureServer/0/query"
BOX = (-0.05, 51.52, -0.02, 51.54)


def zone(n: int, key: str = "LSOA21CD", **other) -> dict:
    """An invented zone: a square of 0.001 degrees, the n-th from the west."""
    west, south = -0.05 + n * 0.001, 51.53
    ring = [[west, south], [west + 0.001, south], [west + 0.001, south + 0.001], [west, south + 0.001], [west, south]]
    properties = {key: f"E01{n:06d}", key.replace("CD", "NM"): f"Nowhere {n}"}
    return {
        "type": "Feature",
        "id": n,
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        **other,
    }


def code(n: int) -> str:
    return f"E01{n:06d}"


def geojson(*zones: dict, more: bool = False) -> Reply:
    content = {"type": "FeatureCollection", "features": list(zones)}
    if more:
        content["properties"] = {"exceededTransferLimit": True}
    return Reply(json.dumps(content).encode(), kind="application/geo+json")


def rows(*pairs: tuple[int, int, str], more: bool = False, first: str = "LSOA11CD") -> Reply:
    features = [
        {
            "attributes": {
                "ObjectId": i,
                first: code(a),
                "LSOA11NM": f"Old {a}",
                "LSOA21CD": code(b),
                "LSOA21NM": f"New {b}",
                "CHGIND": kind,
            }
        }
        for i, (a, b, kind) in enumerate(pairs)
    ]
    return Reply(
        json.dumps({"features": features, "exceededTransferLimit": more}).encode(), kind="text/plain;charset=utf-8"
    )


def count(n: int) -> Reply:
    return Reply(json.dumps({"count": n}).encode())


def read_codes(path) -> list[str]:
    return [f["properties"]["LSOA21CD"] for f in json.loads(path.read_bytes())["features"]]


def test_zones_by_code_come_in_order_with_their_record(server, settings, tmp_path):
    server.play(LAYER, geojson(zone(7), zone(3)))
    path = fetch_zones([code(7), code(3), code(7)], tmp_path, settings=settings)
    assert path == tmp_path / "zones_lsoa21.geojson"
    assert read_codes(path) == [code(3), code(7)]
    (asked,) = server.asked
    assert asked.method == "POST"
    assert asked.form["where"] == "LSOA21CD IN ('E01000003','E01000007')"
    assert {k: asked.form[k] for k in ("outFields", "outSR", "f", "orderByFields", "resultOffset")} == {
        "outFields": "LSOA21CD,LSOA21NM", "outSR": "4326", "f": "geojson", "orderByFields": "LSOA21CD",
        "resultOffset": "0",
    }  # fmt: skip
    record = read_provenance(path)
    assert "Office for National Statistics" in record.publisher
    assert record.made_by.startswith(f"{server.url}/services1.arcgis.com/")
    assert "E01000003" in record.made_by


def test_the_same_zones_are_fetched_once_and_others_anew(server, settings, tmp_path):
    server.play(LAYER, geojson(zone(1)), geojson(zone(1)), geojson(zone(1), zone(2)))
    fetch_zones([code(1)], tmp_path, settings=settings)
    fetch_zones([code(1)], tmp_path, settings=settings)
    assert len(server.asked) == 1
    fetch_zones([code(1)], tmp_path, settings=settings, refresh=True)
    assert len(server.asked) == 2
    path = fetch_zones([code(2), code(1)], tmp_path, settings=settings)
    assert read_codes(path) == [code(1), code(2)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["zones_lsoa21.geojson", "zones_lsoa21.geojson.source.toml"]


def test_many_codes_go_in_several_questions(server, settings, tmp_path):
    server.play(LAYER, *(geojson(*map(zone, range(start, min(start + 200, 450)))) for start in (0, 200, 400)))
    path = fetch_zones(map(code, range(450)), tmp_path, name="frame", settings=settings)
    assert path.name == "frame_lsoa21.geojson"
    assert read_codes(path) == [code(n) for n in range(450)]
    assert [asked.form["where"].count("'") // 2 for asked in server.asked] == [200, 200, 50]
    assert "sha256=" in read_provenance(path).made_by


def test_zones_of_2011_come_from_their_own_layer(server, settings, tmp_path):
    server.play(
        "Lower_Layer_Super_Output_Areas_December_2011_Boundaries_EW_BFC_V2/FeatureServer/0/query",
        geojson(zone(1, "LSOA11CD")),
    )
    path = fetch_zones([code(1)], tmp_path, vintage="lsoa11", settings=settings)
    assert path.name == "zones_lsoa11.geojson"
    assert server.asked[0].form["where"] == "LSOA11CD IN ('E01000001')"


def test_missing_codes_are_named(server, settings, tmp_path):
    server.play(LAYER, geojson(zone(1)))
    with pytest.raises(
        InputError, match=r"2 of 3 zones aren't among LSOA21: E01000002, E01000003\. Codes of 2011 that"
    ):
        fetch_zones(map(code, (1, 2, 3)), tmp_path, settings=settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("codes", [[], ["E01004222') OR 1=1 --"], ["E02000001"], ["S01000001"], [""]])
def test_what_is_no_code_is_not_asked(server, settings, tmp_path, codes):
    with pytest.raises(UsageError, match="write them as E01004222"):
        fetch_zones(codes, tmp_path, settings=settings)
    with pytest.raises(UsageError, match="can't be fetched: choose from lsoa21, lsoa11"):
        fetch_zones([code(1)], tmp_path, vintage="msoa21", settings=settings)
    assert server.asked == []


def test_a_box_is_asked_for_page_by_page(server, settings, tmp_path, told):
    server.play(
        LAYER, count(5), geojson(zone(0), zone(1), more=True), geojson(more=True), geojson(zone(2), more=True),
        geojson(zone(3), zone(4)),
    )  # fmt: skip
    path = fetch_zones_in_box(BOX, tmp_path, settings=settings)
    assert read_codes(path) == [code(n) for n in range(5)]
    counted, *asked = [a.form for a in server.asked]
    assert counted["returnCountOnly"] == "true"
    assert asked[0]["geometry"] == "-0.050000,51.520000,-0.020000,51.540000"
    assert (asked[0]["geometryType"], asked[0]["inSR"]) == ("esriGeometryEnvelope", "4326")
    assert asked[0]["spatialRel"] == "esriSpatialRelIntersects"
    # An empty page isn't the last one, and the next begins a full page on.
    assert [form["resultOffset"] for form in asked] == ["0", "2", "1002", "1003"]
    assert "3 so far, page 3" in str(told)


def test_a_box_with_fewer_zones_than_counted_is_not_whole(server, settings, tmp_path):
    server.play(LAYER, count(3), geojson(zone(0), zone(1)))
    with pytest.raises(RemoteError, match="counts 3 zones and sent 2"):
        fetch_zones_in_box(BOX, tmp_path, settings=settings)
    assert list(tmp_path.iterdir()) == []


def test_pages_that_overlap_are_not_whole(server, settings, tmp_path):
    server.play(LAYER, count(2), geojson(zone(0), more=True), geojson(zone(0)))
    with pytest.raises(RemoteError, match="sent E01000000 twice, so its pages overlap"):
        fetch_zones_in_box(BOX, tmp_path, settings=settings)


def test_a_box_without_zones_is_told(server, settings, tmp_path):
    server.play(LAYER, count(0))
    with pytest.raises(InputError, match=r"no LSOA21 zone meets the box .* is it in England or Wales"):
        fetch_zones_in_box(BOX, tmp_path, settings=settings)


def test_a_box_in_metres_is_refused(settings, tmp_path):
    with pytest.raises(CRSError):
        fetch_zones_in_box((536000, 183000, 537000, 184000), tmp_path, settings=settings)


def test_pages_without_end_are_given_up(server, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("assetmap.sources.remote.arcgis._MOST_PAGES", 3)
    server.play(LAYER, geojson(more=True))
    with pytest.raises(RemoteError, match="more than 3 pages"):
        fetch_zones([code(1)], tmp_path, settings=settings)
    assert len(server.asked) == 3


ERROR = {
    "error": {
        "code": 400,
        "message": "Cannot perform query. Invalid query parameters.",
        "details": ["'where' is invalid"],
    }
}
METRES = zone(
    1,
    geometry={
        "type": "Polygon",
        "coordinates": [[[536000, 183000], [536100, 183000], [536100, 183100], [536000, 183000]]],
    },
)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(json.dumps(ERROR).encode()), r"\(400 Cannot perform query\. .*; 'where' is invalid\)"),
        (Reply(b'{"error": "gone"}'), r"can't answer for Boundaries of small areas.*\(gone\)"),
        (Reply(b'{"features": [{"a": 1'), "sent torn JSON, 21 bytes"),
        (Reply(b"[]"), "no ArcGIS answer"),
        (Reply(b'{"type": "FeatureCollection"}'), "no list of features"),
        (Reply(b'{"features": [1]}'), "no list of features"),
        (Reply(b"<html>Sign in</html>", kind="text/html"), "web page"),
        (geojson(zone(1, properties={"OTHER": 1})), "zone without a LSOA21CD"),
        (geojson(zone(1, properties=None)), "zone without a LSOA21CD"),
        (geojson(zone(1, geometry=None)), "E01000001 without a usable boundary"),
        (geojson(zone(1, geometry={"type": "Point", "coordinates": [0, 51]})), "without a usable boundary"),
        (geojson(zone(1, geometry={"type": "Polygon", "coordinates": [[[0, 51]]]})), "without a usable boundary"),
        (geojson(METRES), "boundary that isn't in degrees"),
        (geojson(zone(1), zone(2)), r"zones nobody asked for \(E01000002\)"),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_not_kept(server, settings, tmp_path, reply, says):
    server.play(LAYER, reply)
    with pytest.raises(RemoteError, match=says) as met:
        fetch_zones([code(1)], tmp_path, settings=settings)
    assert "\n" not in str(met.value)
    assert list(tmp_path.iterdir()) == []


def test_the_lookup_of_some_codes_has_every_row_that_names_them(server, settings, tmp_path):
    server.play(LOOKUP, rows((24, 57, "S"), (24, 58, "S"), (28, 28, "U")))
    path = fetch_lookup([code(24), code(28)], tmp_path, settings=settings)
    assert path.name == "lookup_lsoa11_lsoa21.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        found = list(csv.DictReader(stream))
    assert list(found[0]) == ["LSOA11CD", "LSOA11NM", "LSOA21CD", "LSOA21NM", "CHGIND"]
    assert [(r["LSOA11CD"], r["LSOA21CD"], r["CHGIND"]) for r in found] == [
        (code(24), code(57), "S"), (code(24), code(58), "S"), (code(28), code(28), "U"),
    ]  # fmt: skip
    assert server.asked[0].form["where"] == (
        "LSOA21CD IN ('E01000024','E01000028') OR LSOA11CD IN ('E01000024','E01000028')"
    )


def test_the_whole_lookup_meets_the_services_count(server, settings, tmp_path):
    server.play(LOOKUP, rows((1, 1, "U"), (2, 2, "U"), more=True), rows((3, 3, "M"), (4, 3, "M")), count(4))
    path = fetch_lookup(None, tmp_path, settings=settings)
    assert len(path.read_text().splitlines()) == 5
    assert [a.form["where"] for a in server.asked] == ["1=1"] * 3
    server.play(LOOKUP, rows((1, 1, "U")), count(4))
    with pytest.raises(RemoteError, match="counts 4 rows and sent 1"):
        fetch_lookup(None, tmp_path, settings=settings, refresh=True)
    assert len(path.read_text().splitlines()) == 5


def test_the_older_name_of_the_first_column_is_understood(server, settings, tmp_path):
    server.play(LOOKUP, rows((1, 1, "U"), first="F_LSOA11CD"))
    assert "E01000001,Old 1,E01000001" in fetch_lookup([code(1)], tmp_path, settings=settings).read_text()


def test_codes_without_a_lookup_row_are_named(server, settings, tmp_path):
    server.play(LOOKUP, rows((1, 1, "U")))
    with pytest.raises(InputError, match="1 of 2 codes are in no row of the lookup: E01000009"):
        fetch_lookup([code(1), code(9)], tmp_path, settings=settings)


@pytest.mark.parametrize(
    "reply", [rows((1, 1, "?")), rows((1, 1, "U"), first="LSOA01CD"), Reply(b'{"features": [{}]}')]
)
def test_lookup_rows_without_their_columns_are_refused(server, settings, tmp_path, reply):
    server.play(LOOKUP, reply)
    with pytest.raises(RemoteError, match="lookup row without its codes or kind of change"):
        fetch_lookup([code(1)], tmp_path, settings=settings)


def test_a_count_that_is_none_is_refused(server, settings, tmp_path):
    server.play(LAYER, Reply(b'{"count": "many"}'))
    with pytest.raises(RemoteError, match="does not say how many rows"):
        fetch_zones_in_box(BOX, tmp_path, settings=settings)
