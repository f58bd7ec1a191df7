"""A polite and bounded request, whatever the server does."""

import gzip
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import psutil
import pytest

from assetmap.errors import RemoteError
from assetmap.sources.remote.http import fetch_bytes
from assetmap.sources.remote.patience import RemoteSettings
from tests.loopback import Reply

DATA = b'{"rows": [1, 2, 3]}'
PAGE = b"<!DOCTYPE html><html><body><h1>Maintenance</h1><p>Back at noon</p></body></html>"


def ask(server, settings, **options):
    return fetch_bytes(f"{server.url}/data", settings, expects="json", **options)


def test_a_whole_body_comes_in_one_polite_request(server, settings, clock):
    server.play("/data", Reply(DATA))
    assert ask(server, settings, params={"where": "A IN ('1')"}) == DATA
    (asked,) = server.asked
    assert asked.method == "GET"
    assert asked.query == {"where": "A IN ('1')"}
    assert asked.headers["User-Agent"].startswith("assetmap/")
    assert "map@example.org" in asked.headers["User-Agent"]
    assert clock.slept == []


def test_a_form_goes_by_post(server, settings):
    server.play("/data", Reply(DATA))
    ask(server, settings, form={"where": "x" * 20_000})
    assert (server.asked[0].method, len(server.asked[0].form["where"])) == ("POST", 20_000)


def test_packed_bodies_are_unpacked(server, settings):
    server.play("/data", Reply(gzip.compress(DATA), headers={"Content-Encoding": "gzip"}))
    assert ask(server, settings) == DATA


def test_a_contact_with_line_breaks_makes_no_header_of_its_own(server, settings):
    server.play("/data", Reply(DATA))
    ask(server, replace(settings, contact="a@b\r\nX-Evil: 1 žluťoučký"))
    assert "X-Evil" not in server.asked[0].headers


def test_busy_then_whole_waits_as_long_as_the_server_asks(server, settings, clock, told):
    server.play("/data", Reply(status=429, headers={"Retry-After": "37"}), Reply(DATA))
    assert ask(server, settings) == DATA
    assert clock.slept == [37.0]
    assert "127.0.0.1 is busy (HTTP 429): waiting 37 s before try 2 of 5" in str(told)


def test_retry_after_may_be_a_date(server, settings, clock):
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    server.play("/data", Reply(status=503, headers={"Retry-After": at}), Reply(DATA))
    assert ask(server, settings) == DATA
    assert 80 < clock.slept[0] <= 90


@pytest.mark.parametrize("header", ["soon", "-5", "", "nan", "1e9"])
def test_a_retry_after_that_says_nothing_leaves_our_own_schedule(server, settings, clock, header):
    server.play("/data", Reply(status=503, headers={"Retry-After": header}), Reply(DATA))
    assert ask(server, settings) == DATA
    assert clock.slept == [5.0]


def test_a_retry_after_beyond_the_limit_ends_it_at_once(server, settings, clock):
    server.play("/data", Reply(status=429, headers={"Retry-After": "86400"}))
    with pytest.raises(RemoteError, match=r"would pass the limit of 600 s: try again later\."):
        ask(server, settings)
    assert clock.slept == []
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_busy_for_ever_is_given_up_after_five_tries(server, settings, clock, status):
    server.play("/data", Reply(PAGE, status, "text/html"))
    with pytest.raises(RemoteError, match=rf"busy \(HTTP {status}\), 5 times in a row"):
        ask(server, settings)
    assert len(server.asked) == 5
    assert clock.slept == [5.0, 10.0, 20.0, 40.0]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, r"HTTP 400 \(error: line 1: no such field\)"),
        (403, "HTTP 403"),
        (404, r"nothing at /data \(HTTP 404\)"),
        (500, "HTTP 500"),
        (206, "HTTP 206"),
    ],
)
def test_other_statuses_are_asked_once(server, settings, status, words):
    body = b"<html><head><title>x</title></head><body>Oh! <b>error</b>: line 1: no such field</body></html>"
    server.play("/data", Reply(body, status, "text/html"))
    with pytest.raises(RemoteError, match=words):
        ask(server, settings)
    assert len(server.asked) == 1


def test_a_page_with_status_200_is_no_data(server, settings):
    server.play("/data", Reply(PAGE, kind="application/json"))
    with pytest.raises(RemoteError, match=r"sent a web page, not JSON \(Maintenance Back at noon\)"):
        ask(server, settings)


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "text/html", "application/zip"])
def test_another_kind_of_data_is_refused(server, settings, kind):
    server.play("/data", Reply(b"\x89PNG", kind=kind))
    with pytest.raises(RemoteError, match=f"sent {kind}, not JSON"):
        ask(server, settings)


def test_an_empty_answer_is_refused(server, settings):
    server.play("/data", Reply(b"  \n"))
    with pytest.raises(RemoteError, match="sent an empty answer"):
        ask(server, settings)


def test_a_torn_body_is_asked_for_again_and_never_returned(server, settings):
    server.play("/data", Reply(DATA, cut_at=7), Reply(DATA))
    assert ask(server, settings) == DATA
    server.play("/data", Reply(DATA, cut_at=7))
    with pytest.raises(RemoteError, match=r"127\.0\.0\.1 broke off after 7 bytes, 5 times in a row"):
        ask(server, settings)


def test_a_packed_body_that_can_not_be_unpacked_is_torn(server, settings):
    server.play("/data", Reply(b"not gzip at all", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(RemoteError, match="can't be unpacked, 5 times in a row"):
        ask(server, settings)


def test_a_connection_that_ends_without_a_word_is_tried_again(server, settings):
    server.play("/data", Reply(hang_up=True), Reply(DATA))
    assert ask(server, settings) == DATA
    server.play("/data", Reply(hang_up=True))
    with pytest.raises(RemoteError, match="broke the connection off before it answered, 5 times in a row"):
        ask(server, settings)


def test_silence_before_the_answer_is_bounded(server, hurried):
    server.play("/data", Reply(DATA, delay_s=30))
    with pytest.raises(RemoteError, match="did not answer in time, 2 times in a row"):
        ask(server, hurried(read_s=0.1, tries=2))
    assert len(server.asked) == 2


def test_silence_within_the_answer_is_bounded(server, hurried):
    server.play("/data", Reply(b'{"a": ' * 10, trickle_s=30))
    with pytest.raises(RemoteError, match="fell silent after 6 bytes, 2 times in a row"):
        ask(server, hurried(read_s=0.1, tries=2))


def test_a_trickle_meets_the_total_deadline(server, hurried):
    server.play("/data", Reply(b" " * 1000, trickle_s=0.1))
    with pytest.raises(RemoteError, match=r"was too slow, \d+ bytes in the time allowed"):
        ask(server, hurried(total_s=0.25))
    assert len(server.asked) == 1


def test_a_body_over_the_cap_is_refused_before_it_is_all_there(server, settings):
    bomb = gzip.compress(b" " * (8 << 20))
    server.play("/data", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(RemoteError, match="sends more than 1 MiB"):
        ask(server, settings, max_bytes=1 << 20)


def test_nobody_there_says_what_to_do(settings):
    with pytest.raises(
        RemoteError, match=r"127\.0\.0\.1 can't be reached: check the network, or add files .*`assetmap add`"
    ):
        fetch_bytes("http://127.0.0.1:9/data", settings, expects="json")


def test_a_name_that_nobody_knows_says_what_to_do(settings, monkeypatch):
    import socket

    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(RemoteError, match=r"nowhere\.invalid can't be found: check the network"):
        fetch_bytes("https://nowhere.invalid/data", settings, expects="json")


def test_encryption_that_fails_says_what_to_do(server, settings):
    url = server.url.replace("http://", "https://")
    with pytest.raises(RemoteError, match=r"no secure connection to 127\.0\.0\.1 .*check this computer's clock"):
        fetch_bytes(f"{url}/data", settings, expects="json")


def test_an_address_that_is_none_is_one_line(settings):
    with pytest.raises(RemoteError, match="can't be asked"):
        fetch_bytes("http://[::1/data", settings, expects="json")


def test_a_moved_file_is_followed(server, settings):
    server.play("/data", Reply(PAGE, 302, "text/html", {"Location": "/new?x=1"}))
    server.play("/new", Reply(DATA))
    assert ask(server, settings, params={"old": "1"}) == DATA
    assert server.asked[1].query == {"x": "1"}


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://[::1", ""])
def test_a_moved_file_is_not_followed_off_the_web(server, settings, to):
    server.play("/data", Reply(b"", 301, headers={"Location": to}))
    with pytest.raises(RemoteError, match=r"/data has moved to .*: change the address"):
        ask(server, settings)


def test_a_question_by_post_is_not_sent_elsewhere(server, settings):
    server.play("/data", Reply(b"", 307, headers={"Location": "/new"}))
    with pytest.raises(RemoteError, match="has moved to /new"):
        ask(server, settings, form={"a": "b"})
    assert len(server.asked) == 1


def test_going_round_in_circles_ends(server, settings):
    server.play("/data", Reply(b"", 302, headers={"Location": "/data"}))
    with pytest.raises(RemoteError, match="sends us on without end"):
        ask(server, settings)
    assert len(server.asked) == 4


def test_nothing_is_left_running(server, settings):
    before, children = set(threading.enumerate()), psutil.Process(os.getpid()).children()
    server.play("/data", Reply(status=429), Reply(DATA, cut_at=3), Reply(DATA))
    ask(server, settings)
    ours = [t for t in set(threading.enumerate()) - before if "process_request" not in t.name]
    assert ours == []
    assert psutil.Process(os.getpid()).children() == children


def test_two_callers_take_turns(server, settings):
    """The second waits until the first has its answer, tries included."""
    server.play("/data", Reply(DATA, delay_s=0.15), Reply(DATA))
    got = []
    callers = [threading.Thread(target=lambda: got.append(ask(server, settings))) for _ in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert got == [DATA, DATA]
    assert server.most_at_once == 1


def test_defaults_are_five_tries_in_ten_minutes():
    patience = RemoteSettings().patience
    assert (patience.tries, patience.total_s) == (5, 600.0)
    assert [patience.wait_s(n) for n in (1, 2, 3, 4, 5, 6, 9)] == [5, 10, 20, 40, 80, 120, 120]
    assert patience.wait_s(1, 0.0) == 1.0
