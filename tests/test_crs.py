"""Degrees at the doors, metres inside, and swapped axes noticed."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from assetmap.crs import BRITISH_GRID, LONLAT, check_lonlat, metric_crs, require_metric, to_lonlat, to_metric
from assetmap.errors import CRSError

LONDON = (-0.51, 51.28, 0.33, 51.69)
LONDON_SWAPPED = (51.28, -0.51, 51.69, 0.33)
EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)


def points(*xy, crs=LONLAT):
    return gpd.GeoDataFrame({"n": range(len(xy))}, geometry=gpd.points_from_xy(*zip(*xy, strict=True)), crs=crs)


@pytest.mark.parametrize(
    ("place", "bounds", "code"),
    [
        ("London", LONDON, 27700),
        ("Lerwick", (-1.16, 60.14, -1.13, 60.17), 27700),
        ("Penzance", (-5.56, 50.11, -5.52, 50.13), 27700),
        ("Las Palmas", (-15.45, 28.08, -15.40, 28.15), 32628),
        ("Berlin", (13.3, 52.4, 13.5, 52.6), 32633),
        ("Quito, on the equator's south", (-78.6, -0.3, -78.4, -0.1), 32717),
        ("Sydney", (151.1, -33.95, 151.3, -33.8), 32756),
    ],
)
def test_the_metric_system_of_a_place(place, bounds, code):
    assert metric_crs(bounds).to_epsg() == code, place


def test_a_box_that_reaches_out_of_britain_is_not_on_its_grid():
    assert metric_crs((0.9, 50.9, 2.3, 51.2)) != BRITISH_GRID  # Dover to Calais and on


@pytest.mark.parametrize("bounds", [(10, 84.5, 11, 85), (-60, -89, -59, -88)])
def test_near_a_pole_there_is_no_zone(bounds):
    with pytest.raises(CRSError, match="no UTM zone covers"):
        metric_crs(bounds)


@pytest.mark.parametrize("bounds", [LONDON, EVERYWHERE, (0, 0, 0, 0), (-180, -90, -180, -90)])
def test_degrees_on_the_earth_pass(bounds):
    check_lonlat(bounds, "the list")


@pytest.mark.parametrize(
    "bounds",
    [
        (530_000, 180_000, 531_000, 181_000),
        (-180.1, 0, 0, 1),
        (0, 0, 180.1, 1),
        (0, -90.1, 1, 0),
        (0, 0, 1, 90.1),
        (1e300, 1e300, 1e300, 1e300),
    ],
)
def test_numbers_that_are_no_degrees_are_refused(bounds):
    with pytest.raises(CRSError, match="are not degrees of longitude and latitude: give those, or a file that says"):
        check_lonlat(bounds, "the list")


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", range(4))
def test_numbers_that_are_none_are_refused(wrong, where):
    bounds = list(LONDON)
    bounds[where] = wrong
    with pytest.raises(CRSError, match="the list: coordinates are not finite numbers"):
        check_lonlat(tuple(bounds), "the list")


def test_london_with_its_axes_swapped_is_noticed_though_it_projects_to_finite_metres():
    swapped = points((51.5, -0.1))
    assert np.isfinite(swapped.to_crs(BRITISH_GRID).total_bounds).all()
    with pytest.raises(CRSError, match="would be Britain with the axes exchanged: longitude goes first"):
        to_metric(swapped, what="the list")
    with pytest.raises(CRSError, match="the list: x 51"):
        check_lonlat(LONDON_SWAPPED, "the list")


def test_elsewhere_the_study_says_which_way_round_is_right():
    berlin, turned = (13.3, 52.4, 13.5, 52.6), (52.4, 13.3, 52.6, 13.5)
    check_lonlat(turned, "the list")  # in the Arabian Sea, as far as anyone knows
    check_lonlat(berlin, "the list", near=berlin)
    with pytest.raises(CRSError, match="latitude and longitude look swapped"):
        check_lonlat(turned, "the list", near=berlin)


def test_data_far_from_the_study_either_way_round_is_not_called_swapped():
    check_lonlat((2.2, 48.8, 2.4, 48.9), "the list", near=LONDON)  # Paris


def test_with_a_study_in_somalia_london_swapped_is_where_it_should_be():
    check_lonlat(LONDON_SWAPPED, "the list", near=(51.0, -1.0, 52.0, 1.0))


@pytest.mark.parametrize("code", [27700, 32628, 3857, 2154])
def test_metres_may_be_measured_in(code):
    assert require_metric(points((1, 1), crs=code), "the frame").to_epsg() == code


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        (None, "no coordinate reference system is set"),
        (4326, "are in WGS 84, not in metres"),
        (4277, "are in OSGB36, not in metres"),
        (2263, "not in metres"),  # New York's feet
    ],
)
def test_anything_else_may_not(crs, words):
    with pytest.raises(CRSError, match=words):
        require_metric(points((1, 1), crs=crs), "the frame")


def test_the_ordnance_survey_s_own_example_of_its_projection_is_met_to_the_millimetre():
    # Caister water tower in "A guide to coordinate systems in Great Britain", in the grid's own degrees
    lon, lat = 1 + 43 / 60 + 4.5177 / 3600, 52 + 39 / 60 + 27.2531 / 3600
    found = to_metric(points((lon, lat), crs=4277), BRITISH_GRID).geometry.iloc[0]
    assert (found.x, found.y) == pytest.approx((651_409.903, 313_177.270), abs=0.001)
    # the same tower in WGS 84: the shift between the two is rougher without the OSTN15 grid
    lon, lat = 1 + 42 / 60 + 57.8663 / 3600, 52 + 39 / 60 + 28.8282 / 3600
    found = to_metric(points((lon, lat))).geometry.iloc[0]
    assert (found.x, found.y) == pytest.approx((651_409.903, 313_177.270), abs=5)


def test_there_and_back_is_the_same_place():
    start = points((-0.03, 51.53), (-0.02, 51.54))
    back = to_lonlat(to_metric(start))
    assert back.crs == LONLAT
    assert shapely.equals_exact(back.geometry.to_numpy(), start.geometry.to_numpy(), 1e-7).all()  # a centimetre


def test_a_frame_is_projected_where_it_is_asked_to_be_and_keeps_its_columns():
    found = to_metric(points((13.4, 52.5)), CRS.from_epsg(25833))
    assert found.crs.to_epsg() == 25833
    assert list(found["n"]) == [0]
    assert to_metric(points((13.4, 52.5))).crs.to_epsg() == 32633


def test_an_empty_frame_is_no_mistake():
    empty = gpd.GeoDataFrame({"n": []}, geometry=[], crs=LONLAT)
    assert to_metric(empty).crs == BRITISH_GRID
    assert len(to_metric(empty, CRS.from_epsg(32628))) == 0


def test_a_frame_without_a_system_is_refused():
    nowhere = points((1, 1), crs=None)
    for convert in (to_metric, to_lonlat):
        with pytest.raises(CRSError, match="no coordinate reference system"):
            convert(nowhere)


def test_coordinates_that_have_no_place_in_the_target_are_refused():
    with pytest.raises(CRSError, match="coordinates fall outside the area of"):
        to_metric(points((0.0, -90.0)), CRS.from_epsg(2154))  # infinitely far down a cone about the other pole
