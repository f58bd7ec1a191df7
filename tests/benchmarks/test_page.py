"""A page's weight and its first drawing on a throttled phone, beside what GeoPandas and Folium write as they come.

The peers' pages load their scripts from elsewhere; here those are answered at once from the same Leaflet, and
empty for all else, so that no network is timed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from playwright.sync_api import Browser, Page, Route, sync_playwright

from assetmap.maps import MapContent, map_html
from assetmap.maps.templates import leaflet_files
from assetmap.schema import validate_table
from assetmap.sources.osm import read_osm
from tests.browser.conftest import FLAGS, PHONE
from tests.maps.contents import SOURCES, assets_of

FEATURES, PLACES = 40_000, 4_000
SLOWER = 4
"""How many times slower than this machine's processor the phone's is."""
OURS = "html.drawn"
THEIRS = "path.leaflet-interactive, canvas.leaflet-zoom-animated"
WATCH = """
const watch = new MutationObserver(() => {
  if (!document.querySelector(%r)) return;
  watch.disconnect();
  const frame = requestAnimationFrame;
  frame(() => frame(() => { window.shownAfterMs = performance.now(); }));
});
watch.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
"""
"""Runs in the page: milliseconds from its opening until what is drawn has been shown. Playwright's own waiting would
run on the slowed processor too, and be timed with the page."""


@pytest.fixture(scope="module")
def phone(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def borough() -> MapContent:
    """Return a made-up borough: homes and streets on a bent grid, and a place at every tenth."""
    rng = np.random.default_rng(20_260_105)
    rows, columns = 200, 200
    x, y = (axis.ravel() * 25.0 for axis in np.meshgrid(np.arange(columns), np.arange(rows)))
    east, north = 530_000 + x + 8 * np.sin(y / 300), 178_000 + y + 8 * np.sin(x / 300)
    wide, tall = rng.uniform(6, 11, (2, FEATURES))
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.stack([wide, tall], axis=1)[:, None, :]
    corners += np.stack([east, north], axis=1)[:, None, :] + rng.normal(0, 0.6, corners.shape)
    homes = shapely.polygons(corners)
    of_place = np.arange(FEATURES) % (FEATURES // PLACES) == 0
    kinds = rng.choice(["park", "library", "pub", "school", "cafe", "pharmacy", "place_of_worship"], PLACES)
    places = assets_of(
        [
            {"name": f"{kind.title()} {n}", "category": kind, "geometry": shapely.Point(0, 0), "area_m2": 300.0}
            for n, kind in enumerate(kinds)
        ]
    )
    places = validate_table(places.set_geometry(gpd.GeoSeries(homes[of_place], crs=27700)), "assets")
    base = gpd.GeoDataFrame(
        pd.DataFrame({"kind": "building", "name": None}, index=range(FEATURES - PLACES)),
        geometry=homes[~of_place],
        crs=27700,
    )
    return MapContent("A borough", "", places, base, SOURCES, "2026-01-05")


def plain_table(content: MapContent) -> gpd.GeoDataFrame:
    """Return all that a content draws as one table with four attributes."""
    places = content.assets[["name", "category", "access", "area_m2", "geometry"]]
    base = content.base.rename(columns={"kind": "category"}).assign(access="", area_m2=content.base.area)
    return gpd.GeoDataFrame(pd.concat([places, base], ignore_index=True), crs=27700).to_crs(4326)


def write_ours(content: MapContent) -> str:
    return map_html(content)


def write_explore(content: MapContent) -> str:
    return str(plain_table(content).explore(tiles=None).get_root().render())


def write_folium(content: MapContent) -> str:
    table = plain_table(content)
    west, south, east, north = table.total_bounds
    made = folium.Map(location=[(south + north) / 2, (west + east) / 2], tiles=None, zoom_start=14)
    folium.GeoJson(table, tooltip=folium.GeoJsonTooltip(["name", "category", "access", "area_m2"])).add_to(made)
    return str(made.get_root().render())


WRITERS = {
    "assetmap": (write_ours, OURS),
    "gdf.explore": (write_explore, THEIRS),
    "folium.GeoJson": (write_folium, THEIRS),
}


def answer(route: Route) -> None:
    """Answer what a peer's page would load: Leaflet from the package, all else empty."""
    url = route.request.url
    if url.startswith("file:"):
        route.continue_()
    elif url.endswith("leaflet.js"):
        route.fulfill(body=leaflet_files()[1], content_type="text/javascript")
    else:
        route.fulfill(body="", content_type="text/css" if url.endswith(".css") else "text/javascript")


def open_on_phone(browser: Browser, path: Path, drawn: str) -> float:
    """Return after how many seconds the first drawing was shown."""
    context = browser.new_context(**PHONE)
    try:
        page: Page = context.new_page()
        page.set_default_timeout(300_000)
        page.route("**/*", answer)
        page.add_init_script(WATCH % drawn)
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(path.as_uri(), wait_until="commit")
        for _ in range(300):
            time.sleep(1)
            asked = session.send("Runtime.evaluate", {"expression": "window.shownAfterMs ?? null"})
            if asked["result"].get("value"):
                return round(asked["result"]["value"] / 1000, 2)
        raise AssertionError(f"{path} drew nothing in five minutes")
    finally:
        context.close()


@pytest.mark.bench
@pytest.mark.parametrize("writer", WRITERS)
def test_a_borough_s_first_drawing_on_a_phone(writer, borough, phone, race, tmp_path):
    if writer == "gdf.explore":
        pytest.importorskip("mapclassify", reason="gdf.explore needs mapclassify and matplotlib")
    write, drawn = WRITERS[writer]
    text = write(borough)
    path = tmp_path / "map.html"
    path.write_text(text, encoding="utf-8")
    facts = {"MB": round(len(text.encode()) / 1e6, 2), "features": FEATURES}
    rounds = 3 if writer == "assetmap" else 1
    seconds = []
    race(
        "a borough on a phone",
        writer,
        lambda: seconds.append(open_on_phone(phone, path, drawn)),
        facts=facts,
        rounds=rounds,
    )
    facts["drawn after s"] = statistics.median(seconds)


@pytest.mark.bench
@pytest.mark.parametrize("place", ["the sample", "the middle of Leeds"])
def test_a_neighbourhood_s_first_drawing_on_a_phone(place, phone, race, tmp_path, sample, shared_data):
    source = {
        "the sample": sample / "osm_cache" / "tidewell.osm",
        "the middle of Leeds": shared_data / "osm" / "osm2streets_leeds_cycleway.osm",
    }[place]
    extract = read_osm(source)
    text = map_html(MapContent(place, "", extract.assets, extract.base, SOURCES, "2026-01-05"))
    path = tmp_path / "map.html"
    path.write_text(text, encoding="utf-8")
    facts: dict[str, float] = {
        "MB": round(len(text.encode()) / 1e6, 2),
        "features": len(extract.assets) + len(extract.base),
    }
    seconds = []
    race(
        "a neighbourhood on a phone",
        place,
        lambda: seconds.append(open_on_phone(phone, path, OURS)),
        facts=facts,
        rounds=5,
    )
    facts["drawn after s"] = statistics.median(seconds)
