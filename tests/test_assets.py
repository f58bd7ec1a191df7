"""Assets of several sources: what is one place and what is two, and which zone each is in."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import CRS
from shapely import LineString, MultiPolygon, Point, affinity, box

from assetmap.assets import assign_zones, combine_assets, compare_sources
from assetmap.crs import BRITISH_GRID
from assetmap.errors import CRSError, SchemaError, UsageError
from assetmap.schema import empty_frame, validate_table
from assetmap.sources.asset_rows import make_assets
from assetmap.sources.boundaries import read_zones
from assetmap.sources.green_space import read_green_space
from assetmap.sources.lists import read_list
from assetmap.sources.osm import read_osm

EAST, NORTH = 530_000, 180_000


def _assets(source, *rows, prefix=None):
    """Rows of (name, category, shape in metres from a corner, further columns)."""
    prefix = prefix or ("osm:way/" if source == "osm" else f"list:{source}:")
    extra = [row[3] if len(row) > 3 else {} for row in rows]
    values = {
        "asset_id": pd.Series([f"{prefix}{n}" for n in range(1, len(rows) + 1)]),
        "name": pd.Series([row[0] for row in rows], dtype="str"),
        "category": pd.Series([row[1] for row in rows]),
        "source": source,
        "source_ref": pd.Series([f"row {n}" for n in range(1, len(rows) + 1)]),
    }
    for key in {key for columns in extra for key in columns}:
        values[key] = pd.Series([columns.get(key) for columns in extra], dtype="str")
    if "access" in values:
        values["access"] = values["access"].fillna("unknown")
    shapes = [affinity.translate(row[2], EAST, NORTH) for row in rows]
    return make_assets(values, shapes, crs=BRITISH_GRID, what=source)


def _duplicates(*tables, **options):
    pairs = combine_assets(tables, **options).pairs
    return dict(zip(pairs["asset_id"], pairs["duplicate_of"], strict=True))


HALL = box(0, 0, 20, 20)


def test_a_list_row_near_the_same_building_is_one_place():
    osm = _assets("osm", ("Tidewell Community Centre", "community_centre", HALL))
    near = _assets("council", ("Tidewell Comm. Ctr", "community_centre", Point(35, 10)))
    far = _assets("council", ("Tidewell Comm. Ctr", "community_centre", Point(75, 10)))
    combined = combine_assets([osm, near])
    assert combined.pairs.to_dict("records") == [
        {
            "asset_id": "list:council:1",
            "duplicate_of": "osm:way/1",
            "distance_m": 15.0,
            "name_similarity": 1.0,
            "reason": "same kind, names 100% alike, 15 m apart",
        }
    ]
    assert _duplicates(osm, far) == {}
    assert _duplicates(osm, far, max_distance_m=60) == {"list:council:1": "osm:way/1"}


def test_nothing_is_deleted_and_the_contract_holds():
    osm = _assets("osm", ("Hall", "community_centre", HALL))
    listed = _assets("council", ("Hall", "community_centre", Point(10, 10)), ("Shop", "cafe", Point(90, 90)))
    combined = combine_assets([osm, listed])
    validate_table(combined.assets, "assets")
    assert len(combined.assets) == 3
    kept = combined.assets[combined.assets["duplicate_of"].isna()]
    assert kept["asset_id"].tolist() == ["osm:way/1", "list:council:2"]
    marked = combined.assets.set_index("asset_id").loc["list:council:1"]
    assert marked["duplicate_reason"] == "same kind, names 100% alike, one lies in the other"


def test_the_kept_one_takes_what_it_lacks_and_names_both_sources():
    osm = _assets("osm", ("Hall", "community_centre", HALL, {"opening_hours": "Mo-Fr 09:00-17:00"}))
    row = {"owner": "The Trust", "opening_hours": "9 to 5", "access": "restricted"}
    combined = combine_assets([osm, _assets("council", ("The Hall", "community_centre", Point(10, 10), row))])
    kept = combined.assets.iloc[0]
    assert kept["owner"] == "The Trust"
    assert kept["opening_hours"] == "Mo-Fr 09:00-17:00"
    assert kept["access"] == "restricted"
    assert kept["source"] == "osm; council"
    assert combined.assets["source"].iloc[1] == "council"
    assert osm["owner"].isna().all()  # what was given stays as it was
    assert combined.own_source.tolist() == ["osm", "council"]


def test_the_same_answer_in_any_order():
    osm = _assets("osm", ("Hall", "community_centre", HALL))
    listed = _assets("council", ("Hall", "community_centre", Point(10, 10)))
    assert _duplicates(osm, listed) == _duplicates(listed, osm) == {"list:council:1": "osm:way/1"}


def test_names_must_be_the_more_alike_the_farther_apart():
    osm = _assets("osm", ("Windmill Youth Club", "community_centre", Point(0, 0)))
    for metres, one in ((0, True), (45, False)):
        other = _assets("council", ("Windmill Village Hall", "community_centre", Point(metres, 0)))
        assert bool(_duplicates(osm, other)) is one


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("The Crown", "pub"), ("The Bell", "pub")),
        (("Charlton House", "community_centre"), ("Charlton Library", "library")),  # a library counts as a library
        (("Staithe", "gp_surgery"), ("Staithe", "pharmacy")),
        (("Mile End", "pitch"), ("Mile End", "sports_centre")),
        ((None, "cafe"), (None, "cafe")),
        (("Park Café", "cafe"), ("Park Café", "park")),
    ],
)
def test_what_is_two_places(mine, theirs):
    first = _assets("osm", (*mine, Point(0, 0)))
    assert _duplicates(first, _assets("council", (*theirs, Point(3, 0)))) == {}


def test_a_point_in_its_own_building_is_one_place():
    # as OSM has fire stations: a node, a building and a site for each
    osm = _assets(
        "osm",
        ("Library", "library", HALL),
        ("Library", "library", Point(5, 5)),
        (None, "library", Point(6, 6)),
        ("Library", "library", box(-0.5, -0.5, 20.5, 20.5)),
        ("Other Library", "library", Point(100, 100)),
    )
    assert _duplicates(osm) == {"osm:way/1": "osm:way/4", "osm:way/2": "osm:way/4", "osm:way/3": "osm:way/4"}


def test_two_schools_on_one_nameless_site_stay_two():
    osm = _assets(
        "osm",
        (None, "school", box(0, 0, 100, 100)),
        ("Santa Bárbara", "school", Point(20, 20)),
        ("Guanarteme", "school", Point(80, 80)),
        ("Santa Barbara", "school", Point(21, 70)),
    )
    assert _duplicates(osm) == {"osm:way/2": "osm:way/1", "osm:way/4": "osm:way/1"}


def test_parts_of_one_source_stay_apart():
    # a park in two pieces, and courts side by side, are no duplicates: their areas count
    osm = _assets(
        "osm",
        ("Victoria Park", "park", box(0, 0, 100, 100)),
        ("Victoria Park", "park", box(100, 0, 200, 100)),
        (None, "pitch", box(300, 0, 320, 30)),
        (None, "pitch", box(320, 0, 340, 30)),
        ("Rose Garden", "park", box(10, 10, 20, 20)),
    )
    assert _duplicates(osm) == {}


def test_green_space_goes_by_overlap_and_the_larger_is_kept():
    official = _assets("OS", ("Kingfisher Park", "park", box(0, 0, 100, 100)), prefix="green:x:")
    smaller = _assets("osm", ("Kingfisher Park", "park", box(5, 5, 95, 95)))
    larger = _assets("osm", (None, "park", box(-5, -5, 105, 105)))
    assert _duplicates(official, smaller) == {"osm:way/1": "green:x:1"}
    combined = combine_assets([official, larger])
    assert combined.pairs["reason"].tolist() == ["same kind, 100% of the smaller outline lies in the larger"]
    assert combined.assets["name"].tolist() == ["Kingfisher Park"] * 2  # the larger takes the name it lacks
    assert combined.assets["duplicate_of"].iloc[0] == "osm:way/1"


def test_one_publishers_park_is_anothers_recreation_ground():
    official = _assets("OS", ("The Green", "recreation_ground", box(0, 0, 100, 100)), prefix="green:x:")
    whole = _assets("osm", ("Fen Field", "park", box(2, 2, 100, 100)))
    part = _assets("osm", ("Fen Field", "garden", box(0, 0, 40, 40)))
    assert _duplicates(official, whole) == {"osm:way/1": "green:x:1"}
    assert _duplicates(official, part) == {}  # a garden in a playing field is a place of its own


def test_named_parts_of_a_park_are_places_of_their_own():
    official = _assets("OS", ("Victoria Park", "park", box(0, 0, 1000, 1000)), prefix="green:x:")
    inside = _assets("osm", ("Old English Garden", "park", box(10, 10, 60, 60)), (None, "park", box(100, 0, 150, 50)))
    assert _duplicates(official, inside) == {"osm:way/2": "green:x:1"}


def test_pieces_of_one_source_under_a_whole_of_another():
    official = _assets(
        "OS",
        ("Mile End Park", "park", box(0, 0, 49, 100)),
        ("Mile End Park", "park", box(51, 0, 100, 100)),
        prefix="green:x:",
    )
    whole = _assets("osm", ("Mile End Park", "park", box(0, 0, 100, 100)))
    assert _duplicates(official, whole) == {"green:x:1": "osm:way/1", "green:x:2": "osm:way/1"}


def test_every_duplicate_points_to_a_kept_asset():
    row = [("Hall", "community_centre", Point(30 * n, 0)) for n in range(6)]
    combined = combine_assets([_assets("a", *row), _assets("b", *row)])
    kept = set(combined.assets.loc[combined.assets["duplicate_of"].isna(), "asset_id"])
    assert set(combined.pairs["duplicate_of"]) <= kept
    assert not set(combined.pairs["asset_id"]) & kept


def test_wrong_tables_are_refused():
    osm = _assets("osm", ("Hall", "community_centre", HALL))
    with pytest.raises(UsageError, match="no assets"):
        combine_assets([])
    with pytest.raises(UsageError, match="0 m or more"):
        combine_assets([osm], max_distance_m=-1)
    with pytest.raises(SchemaError, match="asset_id"):
        combine_assets([osm, osm])
    with pytest.raises(CRSError, match="different systems"):
        combine_assets([osm, osm.to_crs(CRS.from_epsg(32630))])
    with pytest.raises(CRSError, match="not in metres"):
        combine_assets([osm.to_crs(4326)])
    assert combine_assets([empty_frame("assets", BRITISH_GRID)]).pairs.empty


def test_zero_distance_is_allowed():
    osm = _assets("osm", ("Hall", "community_centre", HALL))
    listed = _assets("council", ("Hall", "community_centre", Point(10, 10)))
    assert _duplicates(osm, listed, max_distance_m=0) == {"list:council:1": "osm:way/1"}


def test_comparison_of_sources_adds_up():
    osm = _assets(
        "osm",
        ("Hall", "community_centre", HALL),
        ("Hall", "community_centre", Point(5, 5)),
        ("Club", "community_centre", Point(500, 0)),
    )
    listed = _assets(
        "council",
        ("Hall", "community_centre", Point(10, 10)),
        ("Hut", "community_centre", Point(900, 0)),
        ("Books", "library", Point(0, 900)),
    )
    table = compare_sources(combine_assets([osm, listed])).set_index(["category", "source"])
    columns = ["records", "repeated", "shared", "only_here"]
    assert table.loc[("community_centre", "osm"), columns].tolist() == [3, 1, 1, 1]
    assert table.loc[("community_centre", "council"), columns].tolist() == [2, 0, 1, 1]
    assert table.loc[("library", "council"), columns].tolist() == [1, 0, 0, 1]
    assert (table["records"] == table["repeated"] + table["shared"] + table["only_here"]).all()


def test_zones_of_assets():
    codes = ["B", "A"]
    zones = gpd.GeoDataFrame({"zone_code": codes}, geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)], crs=BRITISH_GRID)
    shapes = [Point(5, 5), Point(15, 5), Point(10, 5), Point(50, 5), box(2, 2, 9, 9), LineString([(11, 1), (19, 1)]),
              MultiPolygon([box(0, 0, 1, 1), box(12, 2, 19, 9)])]  # fmt: skip
    assets = gpd.GeoDataFrame(geometry=shapes, crs=BRITISH_GRID, index=list("pqrstuv"))
    found = assign_zones(assets, zones)
    assert found.index.tolist() == list("pqrstuv")
    # on the line between the two, the lower code; outside, none
    assert found.fillna("-").tolist() == ["B", "A", "A", "-", "B", "A", "A"]
    assert found.name == "zone_code"
    assert assign_zones(assets.iloc[:0], zones).empty
    assert assign_zones(assets, zones.iloc[:0]).isna().all()
    with pytest.raises(CRSError, match="coordinates are in WGS 84, not in metres"):
        assign_zones(assets, zones.to_crs(4326))


def test_the_sample_list_half_overlaps_osm(sample):
    osm = read_osm(sample / "osm_cache" / "tidewell.osm").assets
    listed, _ = read_list(sample / "inputs" / "tidewell_community_buildings.csv", crs=BRITISH_GRID, name="Council list")
    combined = combine_assets([osm, listed])
    assert len(combined.pairs) == 7
    assert combined.pairs["asset_id"].str.startswith("list:").all()
    assert combined.pairs["distance_m"].between(10.9, 18.1).all()
    names = combined.assets.set_index("asset_id")["name"]
    told = {names[row.asset_id]: names[row.duplicate_of] for row in combined.pairs.itertuples()}
    assert told["Netmakers Comm. Centre"] == "Netmakers Community Centre"
    assert told["Tidewell Jamia Mosque"] == "Tidewell Jamia Masjid"
    assert "Ropewalk Scout Hut" not in told  # 45 m from the community centre, and another place
    zones, _ = read_zones(sample / "boundaries" / "tidewell_zones.geojson", crs=BRITISH_GRID)
    assert assign_zones(combined.assets, zones).isna().sum() == 1  # the cemetery lies beyond the zones


def test_london_at_once(shared_data):
    green, _ = read_green_space(
        shared_data / "greenspace" / "london_os_open_greenspace_2020_brant.gpkg", crs=BRITISH_GRID
    )
    tower, _ = read_green_space(
        shared_data / "greenspace" / "tower_hamlets_800m_os_open_greenspace_2020.geojson",
        crs=BRITISH_GRID,
        name="Tower Hamlets",
    )
    halls, _ = read_list(
        shared_data / "community" / "gla_community_centres.csv", crs=BRITISH_GRID, category="community_centre"
    )
    combined = combine_assets([green, tower, halls])
    assert len(combined.assets) == 10_046 + 583 + 903
    # the extract of Tower Hamlets is of the same data: all but what is cut or missing in the other pairs up
    shared = combined.pairs["asset_id"].isin(tower["asset_id"]) | combined.pairs["duplicate_of"].isin(tower["asset_id"])
    assert shared.sum() >= 575
    zones, _ = read_zones(shared_data / "boundaries" / "London-LSOA-2021.gpkg", crs=BRITISH_GRID)
    codes = assign_zones(halls, zones)
    assert codes.notna().sum() >= 895
