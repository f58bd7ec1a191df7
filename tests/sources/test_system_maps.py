"""System maps are read, and written so that they can be read again, in every format; nobody's name comes along."""

from __future__ import annotations

import json
import math

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lzstring import LZString

from assetmap.errors import AssetMapError, InputError
from assetmap.schema import empty_frame
from assetmap.sources.system_maps.contents import SystemMap
from assetmap.sources.system_maps.graphml import graphml_text
from assetmap.sources.system_maps.kumu import kumu_text
from assetmap.sources.system_maps.lz_text import unpack_utf16
from assetmap.sources.system_maps.prsm import prsm_text
from assetmap.sources.system_maps.reading import read_system_map
from tests.browser.payloads import HOSTILE
from tests.hostile.mutations import spoil

WRITERS = {"prsm": prsm_text, "json": kumu_text, "graphml": graphml_text}


def packed(text: str) -> str:
    return LZString().compressToUTF16(text)


def small_map(labels=("Street lighting", "Walking at night", "Fear")) -> SystemMap:
    """Lighting helps walking, walking and fear act against each other; one place is nowhere, one link has no sign."""
    factors = pd.DataFrame(
        {
            "factor_id": ["light", "walk", "fear"],
            "label": list(labels),
            "kind": ["Policy", None, "Focal factor"],
            "note": ["Six lamps are out.\nSince March.", None, None],
            "colour": ["#ffff99", None, "#112233"],
            "x": [0.5, 100.25, math.nan],
            "y": [-3.0, 0.0, math.nan],
        }
    )
    rows = [
        ("l1", "light", "walk", "helps", "Positive influence", "positive", "one_way", "seen on the walk"),
        ("l2", "walk", "fear", None, "Negative influence", "negative", "both_ways", None),
        ("l3", "fear", "light", None, None, "unknown", "undirected", None),
        ("l4", "fear", "fear", None, None, "unknown", "one_way", None),
    ]
    columns = list(empty_frame("system_links", None).columns)
    return SystemMap("Nights", factors, pd.DataFrame(rows, columns=columns))


def write_prsm(path, **changes):
    content = {
        "version": "2.4.1",
        "mapTitle": "Nights",
        "styles": {
            "nodes": {"group0": {"groupLabel": "Sample"}, "group1": {"groupLabel": "Focal\nfactor"}},
            "edges": {
                "edge0": {"groupLabel": ""},
                "edge1": {"groupLabel": "+ve"},
                "edge2": {"groupLabel": "Reciprocal influence"},
            },
        },
        "nodes": [
            {
                "id": "a",
                "label": "Street\nlighting",
                "grp": "group1",
                "x": 1,
                "y": 2,
                "created": {"user": "Ada Quill"},
            },
            {
                "id": "b",
                "label": "Fear",
                "grp": "group0",
                "x": 3,
                "y": 4,
                "modified": {"time": 1, "user": "Ada Quill"},
                "note": {
                    "ops": [
                        {"insert": "at "},
                        {"insert": "night", "attributes": {"bold": True}},
                        {"insert": {"image": "x"}},
                    ]
                },
            },
        ],
        "edges": [
            {"id": "e1", "from": "a", "to": "b", "grp": "edge1", "created": {"user": "Ada Quill"}},
            {"id": "e2", "from": "b", "to": "a", "grp": "edge2"},
        ],
        "history": [{"user": "Ada Quill", "action": "added factor"}],
    }
    path.write_text(json.dumps(content | changes))
    return path


@pytest.mark.parametrize(
    ("name", "factors", "links", "signs"),
    [
        ("clusterexamplemap", 6, 7, {"positive": 5, "negative": 2}),
        ("npctheoryofchange191", 22, 30, {"unknown": 30}),
        ("supplychainandlogisticssystem191", 16, 26, {"positive": 16, "negative": 1, "unknown": 9}),
    ],
)
def test_maps_that_people_have_drawn(shared_data, name, factors, links, signs):
    drawing, tallies = read_system_map(shared_data / "systems" / f"{name}.prsm")
    assert (len(drawing.factors), len(drawing.links)) == (factors, links)
    assert [tally.dropped.total() for tally in tallies] == [0, 0]
    assert drawing.links["polarity"].value_counts().to_dict() == signs
    assert drawing.factors[["x", "y"]].notna().all(axis=None)


@pytest.mark.parametrize("suffix", WRITERS)
def test_maps_that_people_have_drawn_come_back_the_same(shared_data, tmp_path, suffix):
    for path in sorted((shared_data / "systems").glob("*.prsm")):
        drawing, _ = read_system_map(path)
        text, _ = WRITERS[suffix](drawing)
        (tmp_path / f"x.{suffix}").write_text(text)
        again, _ = read_system_map(tmp_path / f"x.{suffix}")
        pd.testing.assert_frame_equal(again.factors, drawing.factors)
        pd.testing.assert_frame_equal(again.links, drawing.links)
        assert again.title == drawing.title


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_part_of_a_map_comes_back_the_same(tmp_path, suffix):
    path = tmp_path / f"x.{suffix}"
    path.write_text(WRITERS[suffix](small_map())[0])
    once, _ = read_system_map(path)
    path.write_text(WRITERS[suffix](once)[0])
    again, _ = read_system_map(path)
    wanted = small_map()
    for found in (once, again):
        pd.testing.assert_frame_equal(found.factors, wanted.factors, check_dtype=False)
        ordered = wanted.links.set_index("link_id").loc[["l1", "l2", "l3", "l4"]].reset_index()
        pd.testing.assert_frame_equal(found.links, ordered, check_dtype=False)


def test_what_a_format_cannot_hold_is_told(tmp_path):
    links = small_map().links.assign(kind=None)
    text, losses = prsm_text(SystemMap("Nights", small_map().factors, links))
    assert losses == [
        "2 link(s) whose sign became a style (+ve or -ve)",
        "1 factor(s) without a position, which PRSM puts at 0, 0",
    ]
    (tmp_path / "x.prsm").write_text(text)
    assert read_system_map(tmp_path / "x.prsm")[0].links["polarity"].tolist() == links["polarity"].tolist()
    many = pd.concat([small_map().factors.assign(factor_id=f"f{n}", kind=f"kind {n}").head(1) for n in range(20)])
    assert "6 factor(s) of more kinds than PRSM has styles" in prsm_text(SystemMap("", many, links.head(0)))[1]
    clash = small_map().links.assign(link_id=["light", "l2", "l3", "l4"])
    assert any("identifiers of links" in loss for loss in kumu_text(SystemMap("", small_map().factors, clash))[1])


def test_names_of_those_who_drew_are_not_read(tmp_path):
    drawing, _ = read_system_map(write_prsm(tmp_path / "x.prsm"))
    said = drawing.factors.to_json() + drawing.links.to_json() + drawing.title
    assert "Quill" not in said
    for write in WRITERS.values():
        assert "Quill" not in write(drawing)[0]


def test_prsm_styles_notes_and_wrapped_labels(tmp_path):
    drawing, _ = read_system_map(write_prsm(tmp_path / "x.prsm"))
    assert drawing.factors["label"].tolist() == ["Street lighting", "Fear"]
    assert drawing.factors["kind"].iloc[0] == "Focal factor"
    assert pd.isna(drawing.factors["kind"].iloc[1])
    assert drawing.factors["note"].iloc[1] == "at night"
    assert drawing.links["polarity"].tolist() == ["positive", "unknown"]


def test_a_reciprocal_link_without_its_opposite_goes_both_ways(tmp_path):
    path = write_prsm(tmp_path / "x.prsm")
    drawing, (_, tally) = read_system_map(path)
    assert drawing.links["direction"].tolist() == ["one_way", "both_ways"]
    assert tally.repaired == {"reciprocal, so both ways": 1}
    pair = [{"id": f"e{n}", "from": a, "to": b, "grp": "edge2"} for n, (a, b) in enumerate(["ab", "ba"])]
    assert read_system_map(write_prsm(path, edges=pair))[0].links["direction"].tolist() == ["one_way", "one_way"]


def test_a_study_s_own_words_for_signs(tmp_path):
    path = write_prsm(tmp_path / "x.prsm")
    assert read_system_map(path, polarity={"+VE": "negative"})[0].links["polarity"].tolist() == ["negative", "unknown"]


def test_arrows_of_single_links(tmp_path):
    def arrow(to, back):
        return {"arrows": {"to": {"enabled": to}, "from": {"enabled": back}}, "from": "a", "to": "b", "grp": "edge0"}

    edges = [arrow(True, True), arrow(False, True), arrow(False, False)]
    links = read_system_map(write_prsm(tmp_path / "x.prsm", edges=edges))[0].links.set_index("link_id")
    assert links["direction"].to_dict() == {"link-1": "both_ways", "link-2": "one_way", "link-3": "undirected"}
    assert links.loc["link-2", ["from_id", "to_id"]].tolist() == ["b", "a"]


def test_a_link_to_nowhere_is_left_out_and_counted(tmp_path):
    edges = [{"id": "e1", "from": "a", "to": "b"}, {"id": "e2", "from": "a", "to": "gone"}, {"id": "e3"}]
    drawing, (_, tally) = read_system_map(write_prsm(tmp_path / "x.prsm", edges=edges))
    assert drawing.links["link_id"].tolist() == ["e1"]
    assert tally.summary() == "x.prsm, links: 3 read, 1 kept, 2 dropped (an end at a factor that isn't there 2)"


def test_two_factors_of_one_identifier_are_one_and_counted(tmp_path):
    nodes = [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}, {"label": "C"}, {"id": "a b/<c>", "label": ""}]
    drawing, (tally, _) = read_system_map(write_prsm(tmp_path / "x.prsm", nodes=nodes, edges=[]))
    assert drawing.factors["factor_id"].tolist() == ["a", "factor-4"]
    assert tally.dropped == {"an identifier that another factor has": 1, "no identifier": 1}
    assert tally.repaired == {"no label": 1, "identifier made of its label": 1}


@pytest.mark.parametrize("sheets", [("Factors", "Links"), ("Elements", "Connections")])
def test_workbooks(tmp_path, sheets):
    book = openpyxl.Workbook()
    factors, links = book.active, book.create_sheet(sheets[1])
    factors.title = sheets[0]
    for row in (
        ("label", "style", "creator", "x", "y"),
        ("Street lighting", 2, "Ada Quill", 1, 2),
        ("Fear", 1, "", 3, 4),
        ("Twin", 1, "", 5, 6),
        ("Twin", 1, "", 7, 8),
    ):
        factors.append(row)
    for row in (
        ("From", "To", "Type", "Direction"),
        ("Street lighting", "Fear", "−", "mutual"),
        ("Fear", "Twin", "+", ""),
        ("Fear", "Gone", "+", ""),
    ):
        links.append(row)
    book.save(tmp_path / "x.xlsx")
    drawing, (_, tally) = read_system_map(tmp_path / "x.xlsx")
    assert drawing.factors["factor_id"].tolist() == ["street-lighting", "fear", "twin", "twin-2"]
    assert drawing.factors["kind"].iloc[0] == "style 2"
    assert drawing.links[["from_id", "to_id", "polarity", "direction"]].to_numpy().tolist() == [
        ["street-lighting", "fear", "negative", "both_ways"]
    ]
    assert tally.dropped.total() == 2
    assert "Quill" not in drawing.factors.to_json()


def test_a_workbook_of_something_else(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(("name", "lat"))
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="has neither the sheets Factors and Links"):
        read_system_map(tmp_path / "x.xlsx")


def test_a_project_of_kumu_s(tmp_path):
    content = {
        "elements": [
            {"_id": "elem-1", "attributes": {"label": "A", "element type": "Driver", "description": "why"}},
            {"_id": "elem-2", "attributes": {"label": "B"}},
        ],
        "connections": [
            {
                "_id": "c-1",
                "from": "elem-1",
                "to": "elem-2",
                "direction": "directed",
                "attributes": {"connection type": "–"},
            },
            {"_id": "c-2", "from": "A", "to": "B", "direction": "undirected", "attributes": {}},
        ],
        "maps": [{"name": "Our map", "elements": [{"element": "elem-1", "position": {"x": 4, "y": 5}}]}],
    }
    (tmp_path / "x.json").write_text(json.dumps(content))
    drawing, _ = read_system_map(tmp_path / "x.json")
    assert drawing.title == "Our map"
    assert drawing.factors[["kind", "note", "x"]].iloc[0].tolist() == ["Driver", "why", 4.0]
    assert drawing.links["polarity"].tolist() == ["negative", "unknown"]
    assert drawing.links["direction"].tolist() == ["one_way", "undirected"]


@given(st.text(st.characters(codec="utf-8"), max_size=300) | st.text("ab", max_size=2000))
@settings(max_examples=200, deadline=None)
def test_lz_text_is_what_the_published_library_packs(text):
    units = text.encode("utf-16-le")
    halves = "".join(chr(units[i] | units[i + 1] << 8) for i in range(0, len(units), 2))  # JavaScript's characters
    assert unpack_utf16(packed(halves), at_most=len(text) + len(halves)) == text


def test_a_packed_map_that_would_grow_without_end(tmp_path):
    with pytest.raises(InputError, match="unpacks to more than 1,000 characters"):
        unpack_utf16(packed("a" * 1001), at_most=1000)
    bomb = packed("a" * 3_000_000)
    assert len(bomb) < 3000
    (tmp_path / "x.prsm").write_text(bomb)
    with pytest.raises(InputError, match="not whole JSON"):
        read_system_map(tmp_path / "x.prsm")


@pytest.mark.parametrize("text", ["", " ", "ab", "\x00\x01", "䁼粂潥"])
def test_text_that_lz_string_did_not_pack(text):
    with pytest.raises(InputError):
        unpack_utf16(text, at_most=1000)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.prsm", "", "is empty"),
        ("x.prsm", "{", "not whole JSON"),
        ("x.prsm", "{}", "neither PRSM's"),
        ("x.prsm", '{"nodes": [], "edges": []}', "holds no factor"),
        ("x.prsm", '{"nodes": [{"id": NaN}], "edges": []}', "NaN is no number"),
        ("x.prsm", "[" * 100_000, "not whole JSON"),
        ("x.json", '{"elements": {}}', "neither PRSM's"),
        ("x.csv", "a,b\n1,2\n", "not a system map"),
        ("x.graphml", "<graphml", "can't be read as GraphML"),
        ("x.graphml", "<html></html>", "holds no factor|can't be read as GraphML"),
        (
            "x.graphml",
            '<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><graphml>&b;</graphml>',
            "declares entities",
        ),
        (
            "x.graphml",
            '<!DOCTYPE g [<!ENTITY a SYSTEM "file:///etc/passwd">]><graphml>&a;</graphml>',
            "declares entities",
        ),
    ],
)
def test_bad_files_are_one_line(tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(AssetMapError, match=words):
        read_system_map(tmp_path / name)


def test_a_map_too_large_is_refused(tmp_path):
    nodes = [{"id": n, "label": "x"} for n in range(20_001)]
    with pytest.raises(InputError, match="20,001 factors"):
        read_system_map(write_prsm(tmp_path / "x.prsm", nodes=nodes))


@pytest.mark.parametrize("suffix", WRITERS)
def test_hostile_words_come_back_as_words(tmp_path, suffix):
    for start in range(0, len(HOSTILE) - 2, 3):
        labels = [" ".join(text.split()) or "x" for text in HOSTILE[start : start + 3]]
        (tmp_path / f"x.{suffix}").write_text(WRITERS[suffix](small_map(labels))[0])
        once, _ = read_system_map(tmp_path / f"x.{suffix}")
        (tmp_path / f"x.{suffix}").write_text(WRITERS[suffix](once)[0])
        again, _ = read_system_map(tmp_path / f"x.{suffix}")
        pd.testing.assert_frame_equal(again.factors, once.factors)


@pytest.mark.parametrize("suffix", [*WRITERS, "packed"])
def test_spoilt_maps_are_read_or_refused_in_one_line(tmp_path, suffix):
    kind = {"prsm": "geojson", "json": "geojson", "graphml": "kml", "packed": "osm"}[suffix]
    text = packed(prsm_text(small_map())[0]) if suffix == "packed" else WRITERS[suffix](small_map())[0]
    path = tmp_path / f"x.{'prsm' if suffix == 'packed' else suffix}"
    ends = set()
    for seed in range(150):
        path.write_bytes(spoil(kind, text.encode(), seed))
        try:
            drawing, tallies = read_system_map(path)
            assert [tally.kept for tally in tallies] == [len(drawing.factors), len(drawing.links)]
            ends.add("read")
        except AssetMapError as error:
            ends.add("refused" if "\n" not in str(error) else "a long story")
    assert "refused" in ends
    assert ends <= {"read", "refused"}
