"""The OSM reader on worlds drawn by hand, and on real extracts."""

from __future__ import annotations

import json
import shutil

import osmium
import pytest
import shapely

from assetmap.errors import InputError, MissingInputError, UsageError
from assetmap.sources.osm import read_osm
from tests.worlds.drawn import Drawing


@pytest.fixture
def town(tmp_path):
    """A street, a park with a hole, a private garden, a hall with an entrance, a locked gate."""
    d = Drawing()
    d.way([(0, 0), (100, 0), (200, 0)], highway="residential", name="Long Street")
    d.way([(200, 0), (200, 100)], highway="footway", access="private")
    d.way([(100, 0), (100, 50)], highway="steps")
    outer = d.area(0, 50, 100, 150)
    inner = d.area(20, 70, 40, 90)
    d.relation([(outer, "outer"), (inner, "inner")], type="multipolygon", leisure="park", name="Ring Park")
    d.area(300, 0, 320, 10, leisure="garden", access="private")
    d.area(300, 50, 320, 70, amenity="community_centre", building="yes", name="Hall", wheelchair="yes", fee="no")
    d.node(300, 50, entrance="main")
    d.node(150, 0, barrier="gate", locked="yes")
    d.node(10, 10, amenity="cafe", name="Café “Ünïcode” <b>")
    d.area(400, 0, 410, 10, building="house", building__levels="2")
    d.area(420, 0, 430, 10, building="yes")
    d.way([(0, 200), (300, 200)], waterway="canal", name="Cut")
    return d


def test_multipolygon_has_its_hole(town, tmp_path):
    extract = read_osm(town.write(tmp_path / "town.osm"))
    park = extract.assets.set_index("asset_id").loc["osm:relation/5000"]
    assert park["category"] == "park"
    assert park["area_m2"] == pytest.approx(100 * 100 - 20 * 20, rel=1e-4)  # OSM stores 1e-7 degrees: about 1 cm
    assert len(park.geometry.interiors) == 1


def test_every_table_of_a_small_town(town, tmp_path):
    extract = read_osm(town.write(tmp_path / "town.osm"))
    assert extract.crs.to_epsg() == 27700
    assert sorted(extract.assets["category"]) == ["cafe", "community_centre", "park"]
    hall = extract.assets.set_index("category").loc["community_centre"]
    assert (hall["access"], hall["step_free"], hall["cost"], hall["source_ref"]) == ("open", "yes", "free", "way/1006")
    assert sorted(extract.walk.frame["highway"]) == ["residential", "steps"]  # the private footway isn't walked
    assert extract.walk.frame.set_index("highway").loc["steps", "step_free"] == "no"
    assert extract.entrances["kind"].tolist() == ["entrance"]  # the locked gate lets nobody in
    assert len(extract.walk.blocked) == 1
    assert sorted(extract.buildings["use"]) == ["home", "other", "unspecified"]
    assert extract.buildings.set_index("use").loc["home", "levels"] == 2
    assert "waterway" in set(extract.base["kind"])
    assert extract.tally.read == extract.tally.kept == 3


def test_broken_outlines_are_counted_not_lost(tmp_path):
    d = Drawing()
    d.way([(0, 0), (50, 0)], highway="path")
    d.way([(0, 0), (10, 0), (10, 10)], leisure="park")  # not closed
    d.relation([(99999, "outer")], type="multipolygon", leisure="park")  # its way is elsewhere
    d.relation([(1000, "")], type="site", amenity="school")
    tally = read_osm(d.write(tmp_path / "x.osm")).tally
    assert (tally.read, tally.kept) == (3, 0)
    assert dict(tally.dropped) == {
        "outline is not closed": 1,
        "relation with members outside the data": 1,
        "relation of type site has no outline": 1,
    }


def test_the_same_town_in_every_form_gives_the_same_assets(town, tmp_path):
    plain = town.write(tmp_path / "town.osm")
    pbf, packed, reply = tmp_path / "town.osm.pbf", tmp_path / "town.osm.bz2", tmp_path / "town.json"
    elements = []
    with osmium.SimpleWriter(str(pbf)) as a, osmium.SimpleWriter(str(packed)) as b:
        for thing in osmium.FileProcessor(plain):
            a.add(thing)
            b.add(thing)
            elements.append(_as_json(thing))
    reply.write_text(json.dumps({"elements": elements[::-1]}))  # replies come in any order
    first = read_osm(plain).assets
    for path in (pbf, packed, reply):
        again = read_osm(path).assets.set_index("asset_id").loc[first["asset_id"]]
        assert again["category"].tolist() == first["category"].tolist()
        assert again["name"].fillna("").tolist() == first["name"].fillna("").tolist()
        assert again.geometry.geom_equals_exact(first.set_index("asset_id").geometry, 0.05).all()


def _as_json(thing):
    tags = {"tags": dict(thing.tags)} if len(thing.tags) else {}
    if thing.is_node():
        return {"type": "node", "id": thing.id, "lat": thing.lat, "lon": thing.lon, **tags}
    if thing.is_way():
        return {"type": "way", "id": thing.id, "nodes": [n.ref for n in thing.nodes], **tags}
    members = [{"type": "way", "ref": m.ref, "role": m.role} for m in thing.members]
    return {"type": "relation", "id": thing.id, "members": members, **tags}


def test_replies_of_several_queries_are_merged(town, tmp_path):
    plain = town.write(tmp_path / "town.osm")
    elements = [_as_json(thing) for thing in osmium.FileProcessor(plain)]
    for i, name in enumerate(("a.json", "b.json")):
        mine = [e for e in elements if e["type"] != "way" or e["id"] % 2 == i or e["id"] in (1003, 1004)]
        (tmp_path / name).write_text(json.dumps({"elements": mine}))
    both = read_osm([tmp_path / "a.json", tmp_path / "b.json"])
    assert set(both.assets["asset_id"]) == set(read_osm(plain).assets["asset_id"])


def test_edited_file_deleted_objects_go_and_new_ones_keep_their_ids(town, tmp_path):
    text = town.xml().replace("<way id='1006'>", "<way id='1006' action='delete'>")
    text = text.replace("</osm>", "<node id='-7' lat='51.53' lon='-0.03'><tag k='amenity' v='pub'/></node></osm>")
    (tmp_path / "edited.osm").write_text(text)
    ids = set(read_osm(tmp_path / "edited.osm").assets["asset_id"])
    assert "osm:node/-7" in ids
    assert "osm:way/1006" not in ids


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.osm", b"", "empty"),
        ("page.osm", b"<!DOCTYPE html><html><body>Bad gateway</body></html>", "web page"),
        ("torn.osm", b"<osm version='0.6'><node id='1' lat='51.5' lon='-0.1'>", "not whole"),
        ("noise.osm", b"\x00\x01\x02\x03 not OSM", "not OpenStreetMap data"),
        ("noise.osm.pbf", b"\x00\x00\x00\x0dnoise noise noise", "not whole"),
        ("nothing.osm", b"<osm version='0.6'></osm>", "holds no streets"),
        ("part.osm", b"<osm><node id='1' lat='51' lon='0'/><remark> runtime error: timeout</remark></osm>", "part"),
        ("bomb.osm", b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><osm><node id='-1' lat='51' lon='&a;'/></osm>", "not whole"),
        ("part.json", b'{"elements": [], "remark": "runtime error: out of memory"}', "remark"),
        ("torn.json", b'{"elements": [{"type": "node"', "torn.json"),
        ("odd.json", b'{"elements": [{"type": "node", "id": "x"}]}', "odd.json"),
    ],
)
def test_bad_files_give_one_line(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        read_osm(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3


def test_missing_file_folder_and_two_files(tmp_path, town):
    with pytest.raises(MissingInputError):
        read_osm(tmp_path / "nowhere.osm")
    with pytest.raises(MissingInputError, match="is a folder"):
        read_osm(tmp_path)
    path = town.write(tmp_path / "a.osm")
    shutil.copy(path, tmp_path / "b.osm")
    with pytest.raises(UsageError, match="one OpenStreetMap file"):
        read_osm([path, tmp_path / "b.osm"])


def test_las_palmas_park_area_beside_an_independent_reading(shared_data):
    """Pyosmium's own area handler, shapely and a UTM projection: nothing of the reader's."""
    path = shared_data / "osm" / "las_palmas_2023.osm.pbf"
    found = {}
    factory = osmium.geom.WKBFactory()

    class Parks(osmium.SimpleHandler):
        def area(self, area):
            if area.tags.get("leisure") == "park":
                found[area.id] = shapely.from_wkb(factory.create_multipolygon(area))

    Parks().apply_file(str(path), locations=True)
    import geopandas as gpd

    independent = gpd.GeoSeries(list(found.values()), crs=4326).to_crs(32628).area.sum()
    parks = read_osm(path).assets.query("category == 'park' and area_m2 > 0")
    assert parks["area_m2"].sum() == pytest.approx(independent, rel=1e-3)


def test_recorded_overpass_replies_give_the_assets_of_the_pbf(shared_data):
    box = shapely.box(-15.4205, 28.0985, -15.4085, 28.1115)
    replies = read_osm(sorted((shared_data / "overpass_replies" / "osmnx_cache_las_palmas").glob("*.json")))
    whole = read_osm(shared_data / "osm" / "las_palmas_2023.osm.pbf", crs=replies.crs)
    queried = {"park", "garden", "community_centre", "library", "place_of_worship", "pharmacy", "playground", "museum"}

    def inside(assets):
        kept = assets[assets["category"].isin(queried) & assets.to_crs(4326).intersects(box)]
        return kept.set_index("asset_id").sort_index()

    a, b = inside(replies.assets), inside(whole.assets)
    assert list(a.index) == list(b.index)
    assert a.geometry.geom_equals_exact(b.geometry, 0.05).all()
    assert a["category"].equals(b["category"])


def test_english_extracts_and_edited_ones(shared_data):
    leeds = read_osm(shared_data / "osm" / "osm2streets_leeds_cycleway.osm")
    assert leeds.crs.to_epsg() == 27700
    assert (leeds.assets["category"] == "park").sum() == 7
    battersea = read_osm(shared_data / "osm" / "osmox_park_battersea.osm")
    assert "Fred Wells Gardens" in set(battersea.assets["name"])
    assert set(read_osm(shared_data / "osm" / "osmox_toy_fitzrovia.osm").assets["source"]) == {"osm"}
