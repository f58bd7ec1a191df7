"""Names on the map can be read: none is cut at the map's edge, none stands under a button."""

from __future__ import annotations

from itertools import product

import pytest
from shapely import LineString, Point

from assetmap.maps import map_html
from tests.maps.contents import assets_of, frame, small_content

pytestmark = pytest.mark.browser

KEEP_NAMES = """
const write = CanvasRenderingContext2D.prototype.fillText;
window.__names = [];
CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
  if (text.startsWith("\\u2068")) {
    const wide = this.measureText(text).width / 2;
    const box = this.canvas.getBoundingClientRect();
    const sharp = this.canvas.width / box.width;
    const m = this.getTransform();
    const ends = [-wide, wide].map((x) => [box.left + (m.a * x + m.e) / sharp, box.top + (m.b * x + m.f) / sharp]);
    window.__names.push({ text: text.slice(1, -1), ends });
  }
  return write.call(this, text, ...at);
};
"""
"""Keeps where on the window each name's both ends are written, from the canvas itself."""

READ = """
([dx, dy]) => {
  const map = AssetMap.canvas._map;
  map.setZoom(16.5, { animate: false });
  map.panBy([dx, dy], { animate: false });
  window.__names = [];
  AssetMap.canvas.repaint();
  const box = ({ left, top, right, bottom }) => [left, top, right, bottom];
  const buttons = ".leaflet-control a, .leaflet-control button, .north, .leaflet-control-scale-line";
  return {
    names: window.__names,
    map: box(map.getContainer().getBoundingClientRect()),
    buttons: [...document.querySelectorAll(buttons)].map((button) => box(button.getBoundingClientRect())),
  };
}
"""


@pytest.fixture(scope="module")
def crowded() -> str:
    """A map with a named place every 90 m and streets that cross it all."""
    spots = list(product(range(20, 1000, 90), range(20, 1000, 90)))
    rows = [
        {"name": f"Hall of Row {x} and {y}", "category": "community_centre", "geometry": Point(x, y)} for x, y in spots
    ]
    ways = [LineString([(0, y), (1000, y)]) for y in (65, 335, 605, 875)]
    ways += [LineString([(x, 0), (x, 1000)]) for x in (65, 335, 605, 875)]
    names = [f"Long Street {number}" for number in range(len(ways))]
    base = frame(ways, kind=["street_major"] * len(ways), name=names)
    return map_html(small_content(assets=assets_of(rows), base=base, mark_cells=None))


def between(ends, part):
    (x1, y1), (x2, y2) = ends
    return x1 + part * (x2 - x1), y1 + part * (y2 - y1)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
@pytest.mark.parametrize("pan", [(0, 0), (53, -31), (-90, 47)])
def test_every_name_is_seen_whole(open_page, crowded, size, pan):
    page = open_page(crowded, before=KEEP_NAMES, viewport={"width": size[0], "height": size[1]}).page
    found = page.evaluate(READ, list(pan))
    names = [name["text"] for name in found["names"]]
    assert sum(name.startswith("Hall") for name in names) > 3
    assert len(found["buttons"]) >= 5
    left, top, right, bottom = found["map"]
    for name in found["names"]:
        for step in range(21):
            x, y = between(name["ends"], step / 20)
            assert left <= x <= right, name
            assert top + 5 <= y <= bottom - 5, name
            for button in found["buttons"]:
                under = button[0] < x < button[2] and button[1] - 4 < y < button[3] + 4
                assert not under, (name, button)
