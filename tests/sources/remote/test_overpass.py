"""OpenStreetMap through OSMnx, guarded: whole replies or none, never for ever, nothing left behind."""

import json
import socket
import threading
from dataclasses import replace

import osmnx
import pytest
import shapely

from assetmap.errors import CRSError, RemoteError, UsageError
from assetmap.provenance import provenance_path, read_provenance
from assetmap.sources import osm_tags
from assetmap.sources.osm import read_osm
from assetmap.sources.remote.addresses import load_addresses
from assetmap.sources.remote.overpass import fetch_osm, osm_questions, osm_reply_paths
from assetmap.taxonomy import taxonomy
from tests.loopback import Reply

AREA = shapely.box(-0.0341, 51.5291, -0.0302, 51.5321)
LAS_PALMAS = shapely.box(-15.4205, 28.0985, -15.4085, 28.1115)
EMPTY = b'{"version": 0.6, "elements": []}'


def play(server, *replies):
    server.play("/api/interpreter", *replies)


@pytest.fixture(autouse=True)
def leaves_no_trace():
    """OSMnx's settings, Python's resolver of names and the threads are as before, however a test ends."""

    def state():
        return {name: value for name, value in vars(osmnx.settings).items() if not name.startswith("__")}

    before, resolver, threads = state(), socket.getaddrinfo, set(threading.enumerate())
    yield
    assert state() == before
    assert socket.getaddrinfo is resolver
    assert set(threading.enumerate()) <= threads


def test_all_questions_are_asked_and_each_answer_kept_with_its_record(server, settings, small_reply, tmp_path, told):
    play(server, Reply(small_reply))
    paths = fetch_osm(AREA, tmp_path / "osm_cache", settings=settings)
    assert len(paths) == len(server.asked) == len(osm_questions()) == 4
    assert paths == osm_reply_paths(AREA, tmp_path / "osm_cache")
    assert all(path.read_bytes() == small_reply for path in paths)
    record = read_provenance(paths[0])
    assert record.title == "OpenStreetMap: places and gates"
    assert record.licence == "ODbL-1.0"
    assert record.made_by == "assetmap, places and gates, box -0.0341,51.5291,-0.0302,51.5321"
    assert record.note.startswith("5 objects, as of 2026-05-03T20:15:00Z; live data")
    assert "OpenStreetMap 1 of 4: places and gates, from 127.0.0.1" in str(told)


def test_requests_name_us_and_go_nowhere_but_to_the_interpreter(server, settings, small_reply, tmp_path):
    play(server, Reply(small_reply))
    fetch_osm(AREA, tmp_path, settings=settings)
    assert {(a.method, a.path) for a in server.asked} == {("POST", "/overpass-api.de/api/interpreter")}
    assert all(a.headers["User-Agent"] == settings.user_agent for a in server.asked)
    assert all(a.form["data"].startswith("[out:json][timeout:180];") for a in server.asked)
    assert server.most_at_once == 1


def test_everything_the_readers_understand_is_asked_for(server, settings, small_reply, tmp_path):
    play(server, Reply(small_reply))
    fetch_osm(AREA, tmp_path, settings=settings)
    places, streets, lines, ground = (a.form["data"] for a in server.asked)
    for key, values in taxonomy().osm_tags.items():
        for kind in ("node", "way", "relation"):
            assert all(f"({kind}['{key}'='{value}'](poly:" in places for value in values)
    assert all(f"(node['barrier'='{value}'](poly:" in places for value in osm_tags._GATES)
    assert "(node['entrance'](poly:" in places
    assert '(way["highway"](poly:' in streets
    assert "(way['building'](poly:" in ground
    assert "(relation['building'](poly:" in ground
    for tags in [
        {"natural": "water"}, {"landuse": "reservoir"}, {"landuse": "basin"}, {"waterway": "riverbank"},
        {"waterway": "dock"}, *({"natural": value} for value in osm_tags._GREEN_NATURAL),
    ]:  # fmt: skip
        ((key, value),) = tags.items()
        assert osm_tags.base_kind(tags, area=True) is not None
        assert f"(way['{key}'='{value}'](poly:" in ground
    for landuse in osm_tags._GREEN_LANDUSE:
        assert f"(way['landuse'='{landuse}'](poly:" in ground + places
    for line in ("river", "canal", "stream", *osm_tags._RAILS):
        assert f"{line}" in lines.split('"~"')[1].split('"')[0].strip("^()$").split("|")


def test_members_come_along(server, settings, small_reply, tmp_path):
    play(server, Reply(small_reply))
    fetch_osm(AREA, tmp_path, settings=settings)
    for asked in server.asked:
        query = asked.form["data"]
        assert query.count("(poly:") == query.count(">;")
        assert query.endswith("out;")


def test_the_reader_reads_what_was_fetched(server, settings, small_reply, tmp_path):
    play(server, Reply(small_reply), Reply(EMPTY))
    extract = read_osm(fetch_osm(AREA, tmp_path, settings=settings))
    (park,) = extract.assets.itertuples()
    assert (park.asset_id, park.name, park.category) == ("osm:way/9", "Nowhere Park", "park")
    assert list(extract.entrances.kind) == ["gate"]


def test_a_second_call_asks_nobody_and_refresh_asks_again(server, settings, small_reply, tmp_path):
    play(server, Reply(small_reply))
    first = fetch_osm(AREA, tmp_path, settings=settings)
    assert fetch_osm(AREA, tmp_path, settings=settings) == first
    assert len(server.asked) == 4
    fetch_osm(AREA, tmp_path, settings=settings, refresh=True)
    assert len(server.asked) == 8


def test_a_hairs_change_of_outline_is_the_same_question_and_another_area_is_not(tmp_path):
    moved = shapely.box(-0.03409, 51.52913, -0.03022, 51.53208)
    assert osm_reply_paths(moved, tmp_path) == osm_reply_paths(AREA, tmp_path)
    assert not set(osm_reply_paths(LAS_PALMAS, tmp_path)) & set(osm_reply_paths(AREA, tmp_path))


def test_what_came_stays_when_a_later_answer_fails(server, settings, small_reply, tmp_path):
    play(server, Reply(small_reply), Reply(small_reply), Reply(b"<html>no</html>", kind="text/html"))
    with pytest.raises(RemoteError, match="sent a web page"):
        fetch_osm(AREA, tmp_path, settings=settings)
    assert [path.exists() for path in osm_reply_paths(AREA, tmp_path)] == [True, True, False, False]
    play(server, Reply(small_reply))
    fetch_osm(AREA, tmp_path, settings=settings)
    assert len(server.asked) == 3 + 2


def test_busy_then_whole(server, settings, small_reply, tmp_path, clock):
    busy = [Reply(status=429, headers={"Retry-After": "12"}), Reply(b"<html>busy</html>", 504, "text/html")]
    play(server, *busy, Reply(small_reply))
    fetch_osm(AREA, tmp_path, settings=settings)
    assert clock.slept == [12.0, 10.0]
    assert len(server.asked) == 6


@pytest.mark.parametrize("status", [429, 504])
def test_busy_for_ever_is_given_up(server, settings, tmp_path, status, clock):
    """Left alone, OSMnx repeats these without end, 55 seconds apart."""
    play(server, Reply(b"<html>busy</html>", status, "text/html"))
    with pytest.raises(RemoteError, match=rf"127.0.0.1 is busy \(HTTP {status}\), 5 times in a row: try again later"):
        fetch_osm(AREA, tmp_path, settings=settings)
    assert len(server.asked) == 5
    assert clock.slept == [5.0, 10.0, 20.0, 40.0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("elements", [[], [{"type": "node", "id": 1, "lat": 51.5, "lon": 0.0}]])
def test_a_remark_is_never_taken_for_a_whole_answer(server, settings, tmp_path, elements):
    remark = 'runtime error: Query timed out in "query" at line 1 after 181 seconds.'
    play(server, Reply(json.dumps({"elements": elements, "remark": remark}).encode()))
    with pytest.raises(RemoteError, match=r"only a part of an answer.*timed out"):
        fetch_osm(AREA, tmp_path, settings=settings)
    assert len(server.asked) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(b"<!DOCTYPE html><p>Down for maintenance</p>", kind="text/html"), "web page.*Down for maintenance"),
        (Reply(b'{"elements": [', 200), "torn or not JSON"),
        (Reply(b'{"elements": []}', cut_at=9), "broke off after 9 bytes, 5 times in a row"),
        (Reply(b'{"error": {"code": 400, "message": "no"}}'), "an error message and no data: 400 no"),
        (Reply(b"[]"), "not an Overpass reply"),
        (Reply(b""), "empty answer"),
        (Reply(b"x", 400, "text/html"), "HTTP 400"),
        (Reply(b"", 302, headers={"Location": "https://elsewhere.example.org/api"}), "has moved to https://elsewhere"),
        (Reply(hang_up=True), "broke the connection off"),
    ],
)
def test_what_is_no_whole_answer_is_never_kept(server, settings, tmp_path, reply, says):
    play(server, reply)
    with pytest.raises(RemoteError, match=says) as met:
        fetch_osm(AREA, tmp_path, settings=settings)
    assert "\n" not in str(met.value)
    assert list(tmp_path.iterdir()) == []


def test_a_slow_server_meets_the_deadline(server, hurried, small_reply, tmp_path):
    play(server, Reply(small_reply, trickle_s=0.2))
    with pytest.raises(RemoteError, match="too slow"):
        fetch_osm(AREA, tmp_path, settings=hurried(total_s=0.3))
    play(server, Reply(small_reply, delay_s=30))
    with pytest.raises(RemoteError, match="did not answer in time, 2 times"):
        fetch_osm(AREA, tmp_path, settings=hurried(read_s=0.1, tries=2))


def test_nobody_there_says_what_to_do(settings, tmp_path):
    alone = replace(settings, addresses=load_addresses({"overpass": "http://127.0.0.1:9/api"}))
    with pytest.raises(RemoteError, match=r"127\.0\.0\.1 can't be reached: check the network"):
        fetch_osm(AREA, tmp_path, settings=alone)


def test_without_names_no_other_resolver_is_asked(settings, tmp_path, monkeypatch):
    """Left alone, OSMnx then asks 8.8.8.8 over HTTPS."""
    tried = []

    def unknown(host, *_, **__):
        tried.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "gethostbyname", unknown)
    monkeypatch.setattr(osmnx._http, "_original_getaddrinfo", unknown)
    alone = replace(settings, addresses=load_addresses({"overpass": "https://overpass.invalid/api"}))
    with pytest.raises(RemoteError, match=r"overpass\.invalid can't be found: check the network"):
        fetch_osm(AREA, tmp_path, settings=alone)
    assert set(tried) == {"overpass.invalid"}


def test_a_torn_reply_is_set_aside_and_fetched_again(server, settings, small_reply, tmp_path):
    play(server, Reply(small_reply))
    path = fetch_osm(AREA, tmp_path, settings=settings)[1]
    path.write_bytes(small_reply[:40])
    fetch_osm(AREA, tmp_path, settings=settings)
    assert len(server.asked) == 5
    assert path.read_bytes() == small_reply
    assert path.with_name(f"{path.name}.torn").read_bytes() == small_reply[:40]


def test_an_empty_area_is_kept_and_told(server, settings, tmp_path, told):
    play(server, Reply(EMPTY))
    paths = fetch_osm(AREA, tmp_path, settings=settings)
    assert "whole and empty: nothing of the kind is mapped there" in str(told)
    assert read_provenance(paths[0]).note.startswith("0 objects")


def test_members_that_the_server_lacks_are_told(server, settings, tmp_path, told):
    way = {"type": "way", "id": 1, "nodes": [1, 2], "tags": {"highway": "path"}}
    members = [{"type": "way", "ref": 1, "role": ""}, {"type": "way", "ref": 2, "role": ""}]
    relation = {"type": "relation", "id": 1, "members": [*members, {"type": "relation", "ref": 7, "role": ""}]}
    play(server, Reply(json.dumps({"elements": [way, relation]}).encode()))
    paths = fetch_osm(AREA, tmp_path, settings=settings)
    assert "3 members not in the server's data" in str(told)
    assert "3 members not in the server's data" in read_provenance(paths[0]).note


@pytest.mark.parametrize(
    ("area", "error", "says"),
    [
        (shapely.box(-1, 51, 1, 53), UsageError, r"more than the 400 km² .*\.osm\.pbf"),
        (shapely.Point(0, 51), UsageError, "a Point, not a polygon"),
        (shapely.Polygon(), UsageError, "not a polygon"),
        (shapely.box(536000, 183000, 537000, 184000), CRSError, "not degrees|longitude"),
    ],
)
def test_an_area_that_can_not_be_asked_for(settings, server, tmp_path, area, error, says):
    with pytest.raises(error, match=says):
        fetch_osm(area, tmp_path, settings=settings)
    assert server.asked == []


@pytest.mark.parametrize("times", [0, 2])
def test_an_osmnx_that_does_not_ask_once_is_told(server, settings, tmp_path, monkeypatch, times):
    def ask(*_):
        for _ in range(times):
            osmnx._overpass._overpass_request({"data": "x"})

    monkeypatch.setattr(osmnx, "features_from_polygon", ask)
    play(server, Reply(EMPTY))
    with pytest.raises(RemoteError, match=rf"OSMnx asked 127\.0\.0\.1 {times} times, not once"):
        fetch_osm(AREA, tmp_path, settings=settings)


def test_a_users_own_osmnx_settings_are_not_used_and_not_lost(server, settings, small_reply, tmp_path, monkeypatch):
    monkeypatch.setattr(osmnx.settings, "cache_folder", tmp_path / "theirs")
    monkeypatch.setattr(osmnx.settings, "requests_kwargs", {"verify": False})
    play(server, Reply(small_reply))
    fetch_osm(AREA, tmp_path / "ours", settings=settings)
    assert osmnx.settings.requests_kwargs == {"verify": False}
    assert not (tmp_path / "theirs").exists()


def test_recorded_replies_of_a_real_server(server, settings, tmp_path, shared_data):
    folder = shared_data / "overpass_replies" / "osmnx_cache_las_palmas"
    recorded = [path.read_bytes() for path in sorted(folder.glob("*.json"))]
    play(server, *(Reply(body) for body in recorded), Reply(EMPTY))
    paths = fetch_osm(LAS_PALMAS, tmp_path, settings=settings)
    assert [path.read_bytes() for path in paths] == [*recorded, EMPTY]
    assert [read_provenance(path).note.split(" ")[0] for path in paths] == ["2,087", "5,980", "581", "0"]
    assert len(read_osm(paths).assets) > 50


@pytest.mark.parametrize("name", ["remark_out_of_memory_empty.json", "remark_partial.json"])
def test_recorded_partial_replies_of_a_real_server(server, settings, tmp_path, shared_data, name):
    play(server, Reply((shared_data / "overpass_replies" / name).read_bytes()))
    with pytest.raises(RemoteError, match=r"only a part of an answer.*ran out of memory"):
        fetch_osm(AREA, tmp_path, settings=settings)
    assert list(tmp_path.iterdir()) == []


def test_a_recorded_refusal_of_a_real_server(server, settings, tmp_path, shared_data):
    page = (shared_data / "overpass_replies" / "parse_error_400.html").read_bytes()
    play(server, Reply(page, 400, "text/html"))
    with pytest.raises(RemoteError, match=r"HTTP 400 \(Error: line 1: parse error: '\)' expected"):
        fetch_osm(AREA, tmp_path, settings=settings)


def test_records_stand_beside_every_reply(server, settings, small_reply, tmp_path):
    play(server, Reply(small_reply))
    paths = fetch_osm(AREA, tmp_path, settings=settings)
    assert sorted(tmp_path.iterdir()) == sorted([*paths, *map(provenance_path, paths)])
