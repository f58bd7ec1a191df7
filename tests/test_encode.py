"""Text of any kind becomes HTML, JavaScript or a spreadsheet's cell without acting there."""

import base64
import csv
import gzip
import html
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap.encode import csv_cell, html_text, json_script, packed_payload, plain_text

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "`${alert(1)}`",
    "${{7*7}}",
    "</script><script>alert(1)//",
    "<!--<script>",
    "]]>",
    "\\u003cscript\\u003e",
    "javascript:alert(1)",
    "&lt;b&gt;",
    "\u2028alert(1)\u2029",
    "Park\u202egnp.exe",
    "a\x00b\x08c\x1bd\x7fe\x9bf",
    "half \ud83d character",
]


@pytest.mark.parametrize("text", PAYLOADS)
def test_nothing_that_acts_is_left_in_html(text):
    found = html_text(text)
    assert not set("<>\"'`${}\\\n\r\x00\u202e") & set(found)
    assert html.unescape(found) == plain_text(text)


@given(st.text(st.characters(codec="utf-8")))
def test_html_reads_back_as_the_text_without_its_control_characters(text):
    found = html_text(text)
    assert not set("<>\"'`${}\\\n\r") & set(found)
    # HTML itself reads a few numeric references as other characters; those are control characters, which are gone
    assert html.unescape(found) == plain_text(text)
    found.encode("utf-8")


def test_things_that_are_not_text_are_written_as_text():
    assert (html_text(None), html_text(3.5), html_text(True)) == ("None", "3.5", "True")


def test_plain_text_keeps_what_people_write():
    words = "Café – “Zoë’s” 🌳\tYr Wyddfa\nالحديقة 公园 नमस्ते שלום"
    assert plain_text(words) == words


@pytest.mark.parametrize("override", [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))])
def test_text_can_t_turn_the_line_round(override):
    assert plain_text(f"a{override}b") == "ab"


@pytest.mark.parametrize("text", PAYLOADS)
def test_nothing_in_json_ends_its_script_and_it_reads_back(text):
    content = {"name": text, text: [1, None, True]}
    found = json_script(content)
    assert not set("<>&`") & set(found)
    assert found.isascii()
    assert json.loads(found) == content


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_json_without_a_standard_is_an_error_of_ours(number):
    for encode in (json_script, packed_payload):
        with pytest.raises(ValueError, match="Out of range float"):
            encode({"x": number})


def test_a_packed_payload_reads_back_and_has_equal_bytes_each_time():
    content = {"name": "Zoë </script>", "at": [1.5, 2]}
    packed = packed_payload(content)
    assert json.loads(gzip.decompress(base64.b64decode(packed))) == content
    assert packed_payload(content) == packed
    assert set(packed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=", "-", "+44 20 7946 0812"]
)
def test_a_cell_that_would_run_is_held(text):
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["", "a=b", "1+1", "-0.5", "+3", "-1e-5", "+.5", "-7.", "'=1", "E01004222", 3, -4.5, None, True]
)
def test_numbers_and_plain_words_stay_as_they_are(value):
    assert csv_cell(value) is value


@given(st.text())
def test_no_cell_that_a_program_writes_begins_like_a_formula_unless_it_is_a_number(text):
    held = csv_cell(text)
    if held[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        float(held)
    assert held in (text, f"'{text}")


def test_a_held_cell_survives_the_journey_through_a_file(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerow([csv_cell('=HYPERLINK("http://a","b")'), csv_cell("-0.5")])
    with path.open(newline="", encoding="utf-8") as stream:
        assert next(csv.reader(stream)) == ['\'=HYPERLINK("http://a","b")', "-0.5"]
