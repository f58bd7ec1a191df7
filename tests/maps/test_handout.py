"""The handout of a map: what it says on paper, whatever is in it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pypdfium2
import pytest

from assetmap.maps.handout import handout_of
from assetmap.paper.handout import write_handout
from tests.maps.contents import assets_of, full_content, released, small_content, small_zones


def said(path: Path) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))


def many_places(count: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(0)
    one = assets_of([{"name": "x", "category": "cafe", "geometry": small_zones().geometry.iloc[0].centroid}])
    table = one.iloc[np.zeros(count, dtype=int)].reset_index(drop=True)
    table = table.assign(asset_id=[f"osm:node/{n}" for n in range(count)], name=[f"Cafe {n}" for n in range(count)])
    points = gpd.points_from_xy(536_000 + rng.uniform(0, 900, count), 183_000 + rng.uniform(0, 900, count))
    return table.set_geometry(gpd.GeoSeries(points, crs=one.crs))


@pytest.mark.parametrize("size", ["A4", "A3"])
@pytest.mark.parametrize("language", ["en", "bn", "ur"])
def test_residents_get_the_places_the_remarks_and_no_coloured_areas(tmp_path, language, size):
    handout = handout_of(released(full_content(language=language), "residents"))
    assert handout.zones is None
    write_handout(tmp_path / "map.pdf", handout, size=size)
    text = said(tmp_path / "map.pdf")
    assert "Bow Library" in text
    if language == "en":
        assert all(remark.split()[0] in text for _, remarks in handout.remarks for remark in remarks)


def test_the_team_s_has_the_areas_coloured(tmp_path):
    assert handout_of(full_content()).zones is not None


def test_no_place_at_all_is_a_page(tmp_path):
    write_handout(tmp_path / "map.pdf", handout_of(small_content(assets=many_places(1).iloc[:0])))
    assert len(pypdfium2.PdfDocument(tmp_path / "map.pdf")) >= 1


def test_more_places_than_paper_should_hold_are_the_first_and_it_says_so(tmp_path):
    write_handout(tmp_path / "map.pdf", handout_of(small_content(assets=many_places(20_000))))
    text = said(tmp_path / "map.pdf")
    assert "The list has the first 2,000 of 20,007 places." in text or "first 2,000 of 20,000 places" in text


@pytest.mark.parametrize(
    "name", ["A" * 200, "\U0001f333 Treehouse \U0001f3e1", "مسجد المدينة", "x" * 40 + "\u0301" * 30, "\u202egnp"]
)
def test_any_name_has_room(tmp_path, name):
    places = many_places(3).assign(name=[name, "Between", name])
    for size in ("A4", "A3"):
        write_handout(tmp_path / "map.pdf", handout_of(small_content(assets=places)), size=size)
    assert "Between" in said(tmp_path / "map.pdf")
