"""A part of an answer is never taken for the whole."""

import json

import pytest

from assetmap.errors import InputError, RemoteError
from assetmap.sources.overpass_reply import check_overpass_reply

NODE = {"type": "node", "id": 1, "lat": 51.5, "lon": -0.03}


def test_a_whole_reply_is_returned_as_it_is():
    reply = {"version": 0.6, "elements": [NODE]}
    assert check_overpass_reply(json.dumps(reply).encode(), "x") == reply
    assert check_overpass_reply(reply, "x") == reply
    assert check_overpass_reply(b"\xef\xbb\xbf" + json.dumps(reply).encode(), "x") == reply


def test_an_empty_area_is_an_answer():
    assert check_overpass_reply(b'{"elements": []}', "x")["elements"] == []


@pytest.mark.parametrize("elements", [[], [NODE]])
@pytest.mark.parametrize("remark", ['runtime error: Query timed out in "query" at line 1 after 3 seconds.', ""])
def test_a_remark_raises_with_and_without_elements(elements, remark):
    reply = {"elements": elements, "remark": remark}
    with pytest.raises(RemoteError, match="the answer of o is only a part of an answer, the server remarks"):
        check_overpass_reply(reply, "the answer of o")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<!DOCTYPE html><html><body><p>The server is probably too busy</p></body></html>", "web page.*too busy"),
        (b'{"elements": [{"type": "node", "id"', "is torn or not JSON, 35 bytes"),
        (b'{"elements": [{"type": "node", "id": 1, "lat": NaN, "lon": 0}]}', "NaN is no JSON number"),
        (b"\xff\xfe{}", "is torn or not JSON"),
        (b"[" * 100_000, "is torn or not JSON"),
        (b"[1, 2]", r"not an Overpass reply \(a list\)"),
        (b"null", "not an Overpass reply"),
        (b"{}", "without a list of elements"),
        (b'{"elements": {"1": 2}}', "without a list of elements"),
        (b'{"elements": [1, {"id": 2}, {"type": "node", "id": 3}]}', "2 of 3 elements aren't OpenStreetMap objects"),
        (b'{"error": {"code": 400, "message": "Invalid query"}}', "error message and no data: 400 Invalid query"),
        (b'{"error": "rate limited", "elements": []}', "error message and no data: rate limited"),
    ],
)
def test_what_is_no_whole_reply_raises(data, says):
    with pytest.raises(RemoteError, match=says) as met:
        check_overpass_reply(data, "the answer")
    assert str(met.value).startswith("the answer ") or str(met.value).startswith("the answer:")
    with pytest.raises(InputError, match=says):
        check_overpass_reply(data, "reply.json", from_user=True)


def test_a_hostile_remark_reaches_the_terminal_without_its_escapes():
    with pytest.raises(RemoteError) as met:
        check_overpass_reply({"remark": "\x1b[2J<script>x</script>a\nb\u202e" + "y" * 5000, "elements": []}, "it")
    assert str(met.value).isprintable()
    assert len(str(met.value)) < 400


@pytest.mark.parametrize("name", ["remark_out_of_memory_empty.json", "remark_partial.json", "parse_error_400.html"])
def test_recorded_bad_replies_raise(shared_data, name):
    data = (shared_data / "overpass_replies" / name).read_bytes()
    with pytest.raises(RemoteError, match=r"ran out of memory|parse error"):
        check_overpass_reply(data, name)


def test_recorded_whole_replies_pass(shared_data):
    sizes = [
        len(check_overpass_reply(path.read_bytes(), path.name)["elements"])
        for path in sorted((shared_data / "overpass_replies" / "osmnx_cache_las_palmas").glob("*.json"))
    ]
    assert sizes == [2087, 5980, 581]
