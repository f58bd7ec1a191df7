"""A study fetched from a server that plays replies: the same figures as from files, and nothing asked twice."""

from __future__ import annotations

import json
from functools import cache

import osmium
import pandas as pd
import pytest

from assetmap.errors import MissingInputError, RemoteError, UsageError
from assetmap.places import sample_folder
from assetmap.sources.remote.patience import Patience
from assetmap.study.create import create_study
from assetmap.study.fetching import fetch_study
from assetmap.study.flow import build_study
from assetmap.study.sources import study_sources
from tests.loopback import Loopback, Reply

CODES = [f"E01999{n:03d}" for n in range(1, 13)]
HASTE = Patience(sleep=lambda _: None)


@cache
def overpass_reply() -> bytes:
    """Tidewell's OSM file as an Overpass server would answer."""
    elements = []
    for thing in osmium.FileProcessor(sample_folder() / "osm_cache" / "tidewell.osm"):
        entry = {"type": thing.type_str(), "id": thing.id, "tags": dict(thing.tags)}
        if thing.is_node():
            entry |= {"type": "node", "lat": thing.lat, "lon": thing.lon}
        elif thing.is_way():
            entry |= {"type": "way", "nodes": [node.ref for node in thing.nodes]}
        else:
            members = [{"type": "way", "ref": m.ref, "role": m.role} for m in thing.members]
            entry |= {"type": "relation", "members": members}
        elements.append(entry)
    return json.dumps({"version": 0.6, "elements": elements}).encode()


@cache
def indices() -> bytes:
    """Tidewell's deprivation figures, filled up with invented zones to the 33,755 of a whole file."""
    header, *rows = (sample_folder() / "inputs" / "tidewell_iod2025.csv").read_text(encoding="utf-8").splitlines()
    figures = rows[0].partition(",")[2]
    filler = [f"E01{n:06d},{figures}" for n in range(33_755 - len(rows))]
    return "\n".join([header, *rows, *filler]).encode()


def residents() -> bytes:
    table = pd.read_csv(sample_folder() / "inputs" / "tidewell_population.csv")
    lines = "".join(f'"2021","{row.LSOA21NM}","{row.LSOA21CD}",{row.population}\n' for row in table.itertuples())
    return ('"DATE","GEOGRAPHY_NAME","GEOGRAPHY_CODE","OBS_VALUE"\n' + lines).encode()


@pytest.fixture
def server():
    with Loopback() as running:
        zones = (sample_folder() / "boundaries" / "tidewell_zones.geojson").read_bytes()
        running.play("_EW_BGC_V5/FeatureServer/0/query", Reply(zones, kind="application/geo+json"))
        running.play("NM_2021_1.data.csv", Reply(residents(), kind="text/csv"))
        running.play("_Population_Denominators.csv", Reply(indices(), kind="text/csv"))
        running.play("/api/interpreter", Reply(overpass_reply()))
        yield running


@pytest.fixture
def study(tmp_path, server):
    folder = tmp_path / "study"
    path = create_study(folder, name="Fetched", lsoa21=CODES)
    path.write_text(path.read_text() + f'\n[fetch]\nmirror = "{server.url}"\n')
    return folder


def fetch(folder, **kwargs):
    return fetch_study(folder, today="2026-11-22", patience=HASTE, **kwargs)


def test_fetch_then_build_gives_the_figures_on_paper(study, server):
    fetch(study)
    asked = len(server.asked)
    assert asked == 1 + 1 + 1 + 4  # zones, residents, indices, four questions to Overpass
    manifest = build_study(study, today="2026-11-22")
    assert manifest.figures["people"] == 18_000
    assert manifest.figures["deprivation"]["average_score"] == pytest.approx(29.5111, abs=1e-4)
    assert manifest.figures["assets_by_category"]["park"] == 5
    assert manifest.figures["network"]["components"] == 2
    assert {row["state"] for row in study_sources(study)} == {"whole"}
    assert {row["licence"] for row in study_sources(study)} == {"OGL-UK-3.0", "ODbL-1.0"}
    page = (study / "out" / "map.html").read_text(encoding="utf-8")
    assert "OpenStreetMap contributors" in page
    assert "Office for National Statistics" in page


def test_a_second_fetch_asks_nobody_and_refresh_asks_again(study, server):
    first = fetch(study)
    asked = len(server.asked)
    assert fetch(study) == first
    assert len(server.asked) == asked
    fetch(study, refresh=True)
    assert len(server.asked) == 2 * asked


def test_a_failing_service_keeps_what_came_before(study, server):
    server.play("_Population_Denominators.csv", Reply(b"<html>gone</html>", kind="text/html"))
    with pytest.raises(RemoteError):
        fetch(study)
    kept = {path.name for path in (study / "data" / "boundaries").glob("*") if path.suffix != ".toml"}
    assert kept == {"zones_lsoa21.geojson", "population_2021.csv"}
    server.play("_Population_Denominators.csv", Reply(indices(), kind="text/csv"))
    fetch(study)


def test_without_a_place_or_before_fetching_one_line_says_what_to_do(tmp_path, study):
    create_study(tmp_path / "nowhere", name="Nowhere")
    with pytest.raises(UsageError, match="names no place to fetch for"):
        fetch(tmp_path / "nowhere")
    with pytest.raises(MissingInputError, match="run `assetmap fetch"):
        build_study(study, today="2026-11-22")
    with pytest.raises(MissingInputError, match="names no place and no OpenStreetMap file"):
        build_study(tmp_path / "nowhere", today="2026-11-22")


def test_files_of_the_users_own_are_not_fetched(study, server):
    inputs = study / "inputs"
    for kind, name in (("inputs", "tidewell_population.csv"), ("osm_cache", "tidewell.osm")):
        (inputs / name).write_bytes((sample_folder() / kind / name).read_bytes())
    toml = study / "assetmap.toml"
    toml.write_text(
        toml.read_text()
        + '\n[population]\nfile = "inputs/tidewell_population.csv"\n[osm]\nfile = "inputs/tidewell.osm"\n'
    )
    fetch(study)
    assert len(server.asked) == 2  # zones and indices
