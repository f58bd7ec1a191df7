"""Frames: a part of the drawn world set in the whole of it, and Old Ford set in its borough."""

from __future__ import annotations

import json
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from assetmap.cli.main import cli
from assetmap.errors import InputError
from assetmap.measures.whatif import compare_access
from assetmap.study.adding import add_files
from assetmap.study.create import create_demo, create_study
from assetmap.study.figures.frame import Frame, read_next_door
from assetmap.study.figures.frame_access import frame_assets, measure_frame
from assetmap.study.figures.scenario import NEW_ID, Changed
from assetmap.study.figures.trial import Trial, measure_slope
from assetmap.study.flow import build_study
from assetmap.study.settings import check_settings

DAY = "2026-11-25"


def world(*, reach=(0, 0, 1000, 1000)):
    """Twelve strips of 1,000 by 80 m side by side, 100 people each; a park in the west, and its file's reach."""
    strips = [shapely.box(0, 80 * i, 1000, 80 * i + 80) for i in range(12)]
    zones = gpd.GeoDataFrame(
        {
            "zone_code": [f"Z{i:02}" for i in range(12)],
            "name": None,
            "vintage": "own",
            "population": 100.0,
            "imd_rank": [float(100 * i) for i in range(1, 13)],
            "imd_decile": 1.0,
        },
        geometry=strips,
        crs=27700,
    )
    park = gpd.GeoDataFrame(
        {
            "asset_id": ["green:x:1"], "name": ["Park"], "category": ["park"], "source": ["green"], "source_ref": ["1"],
            "observed_on": None, "access": ["open"], "owner": None, "opening_hours": None, "cost": None,
            "step_free": None, "area_m2": [1e4], "zone_code": None,
        },
        geometry=[shapely.box(0, -10, 1000, 0)],
        crs=27700,
    )  # fmt: skip
    frame = Frame("Strips", zones)
    frame.take(park, "parks")
    frame.sources[0] = type(frame.sources[0])(park, shapely.box(*reach), "parks")
    return frame


SETTINGS = check_settings({"study": {"name": "x"}}, "x")


def test_every_zone_of_the_frame_is_measured_from_its_middle():
    found = measure_frame(world(reach=(-9999, -9999, 9999, 9999)), SETTINGS, routing_of=lambda _: None)
    assert found.access["mean_m"].tolist() == [40.0 + 80 * i for i in range(12)]
    assert (found.access["left_out"] == "").all()


def test_zones_by_the_edge_of_a_source_are_left_out_with_the_reason():
    # the source ends at y = 1000: from y = 520 on, the edge is nearer than the park
    found = measure_frame(world(reach=(-9999, -9999, 9999, 1000)), SETTINGS, routing_of=lambda _: None).access
    kept = found[found["mean_m"].notna()]
    assert kept["zone_code"].tolist() == [f"Z{i:02}" for i in range(6)]
    assert found.loc[found["mean_m"].isna(), "left_out"].str.startswith("a nearer one may lie beyond the data").all()


def test_a_share_is_known_where_the_park_or_the_data_reaches_far_enough():
    # 400 m: five middles lie nearer to the park; three more have 400 m to the edge; from the others it may be beyond it
    found = measure_frame(world(reach=(-9999, -9999, 9999, 1000)), SETTINGS, routing_of=lambda _: None).access
    share = found.set_index("zone_code")["share_400m"]
    assert share.tolist()[:8] == [1, 1, 1, 1, 1, 0, 0, 0]
    assert share.iloc[8:].isna().all()
    whole = measure_frame(world(reach=(-9999, -9999, 9999, 9999)), SETTINGS, routing_of=lambda _: None).access
    assert whole["share_400m"].tolist() == [1] * 5 + [0] * 7


def test_a_source_that_knows_a_part_alone_is_not_counted():
    found = measure_frame(world(reach=(0, 0, 1000, 300)), SETTINGS, routing_of=lambda _: None)
    assert found.access.empty
    assert found.notes == ["parks reaches 4 of the 12 zones of the frame Strips, and isn't counted in it."]


@pytest.fixture(scope="module")
def part_of_tidewell(tmp_path_factory):
    folder = tmp_path_factory.mktemp("part") / "study"
    create_demo(folder)
    settings = folder / "assetmap.toml"
    zones = gpd.read_file(folder / "inputs" / "tidewell_zones.geojson")
    zones.iloc[:2].dissolve()[["geometry"]].to_file(folder / "inputs" / "part.geojson")
    text = settings.read_text()
    text += '\n[place]\nboundary = "inputs/part.geojson"\n'
    text += '\n[frame]\nzones = "inputs/tidewell_zones.geojson"\nname = "Tidewell"\n'
    settings.write_text(text)
    return folder, build_study(folder, today=DAY)


def test_a_frame_with_a_network_has_walks_and_straight_lines(part_of_tidewell):
    folder, manifest = part_of_tidewell
    equity = pd.read_csv(folder / "out" / "equity.csv")
    assert set(equity["frame"]) == {"neighbourhood", "Tidewell"}
    assert set(equity.loc[equity["frame"] == "Tidewell", "mode"]) == {"walk", "euclid"}
    assert manifest.figures["zones"] == 2
    assert manifest.figures["frame"]["name"] == "Tidewell"
    frame = pd.read_csv(folder / "out" / "frame.csv")
    both = frame.dropna(subset=["green_space_walk_mean_m", "green_space_euclid_mean_m"])
    assert len(both)
    assert (both["green_space_walk_mean_m"] >= both["green_space_euclid_mean_m"]).all()


def test_the_shares_of_a_frame_have_indices_where_the_neighbourhood_is_too_small(part_of_tidewell):
    folder, _ = part_of_tidewell
    table = pd.read_csv(folder / "out" / "equity_of_shares.csv")
    assert table.loc[table["frame"] == "neighbourhood", "value"].isna().all()
    frame = table[(table["frame"] == "Tidewell") & (table["category"] == "green_space")]
    assert set(frame["mode"]) == {"walk", "euclid"}
    assert (frame["value"].notna() == (frame["areas"] >= 10)).all()
    assert frame["value"].notna().any()


@pytest.fixture(scope="module")
def in_tower_hamlets(shared_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("old-ford-in-frame")
    create_study(folder, site="old-ford")
    files = [
        shared_data / "boundaries" / "London-LSOA-2021.gpkg",
        shared_data / "boundaries" / "London-Boroughs.gpkg",
        shared_data / "deprivation" / "imd2025_england_lsoa21.csv",
        shared_data / "population" / "London-LSOA-AgeGroup-census2021.csv",
        shared_data / "greenspace" / "tower_hamlets_800m_os_open_greenspace_2020.geojson",
        shared_data / "community" / "gla_community_centres.csv",
    ]
    added = add_files(folder, files, today=DAY)
    assert added[1].entry == "[[lookups]] file"
    settings = folder / "assetmap.toml"
    settings.write_text(settings.read_text() + '\n[frame]\nwithin = "E09000030"\n')
    return folder, build_study(folder, today=DAY)


def test_old_ford_set_in_its_borough_has_equity(in_tower_hamlets):
    folder, manifest = in_tower_hamlets
    equity = pd.read_csv(folder / "out" / "equity.csv")
    here = equity[equity["frame"] == "neighbourhood"]
    assert here["value"].isna().all()
    borough = equity[equity["frame"] == "Tower Hamlets"].set_index(["category", "measure"])
    assert borough["value"].notna().all()
    assert (borough["areas"] == 169).all()
    assert borough.loc[("green_space", "Gini"), "value"] >= abs(
        borough.loc[("green_space", "concentration index"), "value"]
    )
    # the census has 310,306 usual residents of Tower Hamlets; single zones are perturbed by the publisher
    assert manifest.figures["frame"]["people"] == pytest.approx(310_306, rel=1e-3)
    assert manifest.figures["zones"] == 2


def test_an_area_that_no_lookup_has_is_named_with_what_is_near(in_tower_hamlets):
    folder, _ = in_tower_hamlets
    settings = folder / "assetmap.toml"
    before = settings.read_text()
    settings.write_text(before.replace('"E09000030"', '"Tower Hamlet"'))
    try:
        with pytest.raises(InputError, match="did you mean Tower Hamlets"):
            build_study(folder, today=DAY)
    finally:
        settings.write_text(before)


def slope_over_strips(changed_of):
    frame = world(reach=(-9999, -9999, 9999, 9999))
    parks = frame_assets(frame)
    trial = Trial(None, SETTINGS, SimpleNamespace(frame=frame, osm=None), None, 10.0)
    origins = gpd.GeoDataFrame({"origin_id": ["a"], "zone_code": ["Z00"], "people": [1.0]})
    rows = pd.DataFrame({"origin_id": ["a"], "category": "park", "euclid_m": 40.0})
    return measure_slope(trial, changed_of(parks), compare_access(rows, rows, origins, category="park", within_m=400))


def test_the_slope_of_a_change_rests_on_the_frame():
    # on paper: 40 m, 120 m ... 920 m from the park, so 960 m over all ranks; with another in the north it is as far
    # from either end, and there is no slope
    def with_another(parks):
        new = parks.assign(asset_id=NEW_ID, geometry=[shapely.box(0, 960, 1000, 970)])
        return Changed(pd.concat([parks, new], ignore_index=True), "park", "a new park")

    found = slope_over_strips(with_another)
    assert (found.frame, found.areas, found.zones, found.refusal) == ("Strips", 12, 12, "")
    assert found.before == pytest.approx(960, abs=1e-6)
    assert found.after == pytest.approx(0, abs=1e-6)


def test_a_change_to_a_place_that_the_frame_does_not_count_has_no_slope():
    found = slope_over_strips(lambda parks: Changed(parks.assign(asset_id="mine"), "park", "closed", "mine"))
    assert "isn't counted in it" in found.refusal
    assert found.frame == "Strips"


def test_a_change_in_a_part_says_that_its_slope_rests_on_the_frame(part_of_tidewell, tmp_path):
    folder, _ = part_of_tidewell
    asked = ["whatif", str(folder), "--add", "community_centre@1.0133880,53.4600504", "--out", str(tmp_path), "--quiet"]
    done = CliRunner().invoke(cli, asked, catch_exceptions=False)
    # its file ends with its zones, so a nearer centre may lie beyond for most of them
    assert "No slope of inequality over the frame Tidewell: " in done.output
    slope = json.loads((tmp_path / "summary.json").read_text())["slope"]
    assert (slope["frame"], slope["zones"]) == ("Tidewell", 12)
    assert slope["areas"] < 10


def test_people_next_door_may_all_be_unknown_to_a_table_of_the_study_s_own_zones(tmp_path):
    strips = world().zones.assign(zone_code=[f"E0100{i:04}" for i in range(12)])
    own = strips.iloc[:2]
    area = SimpleNamespace(zones=own, file_zones=strips, outline=own.union_all())
    (tmp_path / "people.csv").write_text("zone_code,population\nE01000000,100\nE01000001,100\n")
    settings = check_settings({"study": {"name": "x"}, "population": {"file": "people.csv"}}, "x")
    found = read_next_door(tmp_path, settings, area=area, frame=None)
    assert found["zone_code"].tolist() == strips["zone_code"].tolist()[2:]
    assert found["population"].isna().all()
