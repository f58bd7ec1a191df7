"""Rasters drawn by hand: the window, the cells without data, and what can't be read."""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio import Affine
from shapely import box

from assetmap.errors import CRSError, InputError, MissingInputError
from assetmap.sources import rasters
from assetmap.sources.rasters import read_raster

TENS = Affine(10, 0, 400_000, 0, -10, 300_040)  # cells of 10 m, four rows above northing 300,000


def draw(path, cells, *, transform=TENS, crs="EPSG:27700", nodata=None, **more):
    cells = np.asarray(cells)
    cells = cells[None] if cells.ndim == 2 else cells
    shape = {"count": cells.shape[0], "height": cells.shape[1], "width": cells.shape[2]}
    with rasterio.open(
        path, "w", driver="GTiff", dtype=cells.dtype, crs=crs, transform=transform, nodata=nodata, **shape, **more
    ) as raster:
        raster.write(cells)
    return path


def area(west, south, east, north, crs=27700):
    return gpd.GeoSeries([box(400_000 + west, 300_000 + south, 400_000 + east, 300_000 + north)], crs=27700).to_crs(crs)


NUMBERED = np.arange(1, 25, dtype="int16").reshape(4, 6)


def test_only_the_cells_round_the_area_are_read(tmp_path):
    # the area lies in the second row from below, third column; one cell more is read each way
    grid, tally = read_raster(draw(tmp_path / "n.tif", NUMBERED), area=area(22, 12, 28, 18))
    assert grid.values.tolist() == [[8, 9, 10], [14, 15, 16], [20, 21, 22]]
    assert grid.bounds == (400_010, 300_000, 400_040, 300_030)
    assert grid.cell_size == (10, 10)
    assert grid.crs.to_epsg() == 27700
    assert (tally.read, tally.kept) == (9, 9)


def test_the_window_is_found_from_another_reference_system(tmp_path):
    grid, _ = read_raster(draw(tmp_path / "n.tif", NUMBERED), area=area(22, 12, 28, 18, crs=4326))
    assert grid.values.tolist() == [[8, 9, 10], [14, 15, 16], [20, 21, 22]]


def test_cells_without_data_are_nan_and_counted(tmp_path):
    cells = NUMBERED.copy()
    cells[0, 0] = cells[3, 5] = -1
    grid, tally = read_raster(draw(tmp_path / "n.tif", cells, nodata=-1), area=area(0, 0, 60, 40))
    assert np.argwhere(np.isnan(grid.values)).tolist() == [[0, 0], [3, 5]]
    assert tally.summary() == "n.tif: 24 read, 22 kept, 2 dropped (cells without data 2)"


def test_infinite_cells_are_without_data(tmp_path):
    cells = NUMBERED.astype("float32")
    cells[1, 1] = np.inf
    cells[2, 2] = np.nan
    _, tally = read_raster(draw(tmp_path / "n.tif", cells), area=area(0, 0, 60, 40))
    assert tally.dropped == {"cells without data": 2}


def test_scale_and_offset_are_applied(tmp_path):
    path = draw(tmp_path / "n.tif", NUMBERED)
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (0.5,), (10,)
    grid, _ = read_raster(path, area=area(0, 0, 60, 40))
    assert grid.values[0, :2].tolist() == [10.5, 11.0]


@pytest.mark.parametrize(
    ("drawn", "error", "words"),
    [
        ({"crs": None}, CRSError, r"does not say which reference system.*rio edit-info --crs"),
        ({"transform": Affine(8, 5, 400_000, 5, -8, 300_040)}, InputError, "is rotated.*rio warp"),
        ({"transform": Affine(10, 0, 400_000, 0, 10, 300_000)}, InputError, "is rotated"),
        ({"transform": Affine(10, 0, 500_000, 0, -10, 300_040)}, InputError, "doesn't cover the neighbourhood"),
        ({"crs": "EPSG:4326", "transform": Affine(1, 0, 10, 0, -1, 52)}, InputError, "doesn't cover"),
        ({"cells": np.ones((3, 4, 6), "uint8")}, InputError, "has 3 bands, and one is needed"),
        ({"cells": np.ones((4, 6), "complex64")}, InputError, "not plain numbers"),
    ],
)
def test_what_can_t_be_used_is_said_in_one_line(tmp_path, drawn, error, words):
    path = draw(tmp_path / "n.tif", **{"cells": NUMBERED, **drawn})
    with pytest.raises(error, match=words) as caught:
        read_raster(path, area=area(0, 0, 60, 40))
    assert "\n" not in str(caught.value)


def test_files_that_are_no_rasters(tmp_path):
    with pytest.raises(MissingInputError):
        read_raster(tmp_path / "none.tif", area=area(0, 0, 60, 40))
    torn = tmp_path / "torn.tif"
    torn.write_bytes(draw(tmp_path / "n.tif", NUMBERED).read_bytes()[:60])
    with pytest.raises(InputError, match="can't be read as a raster"):
        read_raster(torn, area=area(0, 0, 60, 40))


def test_too_many_cells_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(rasters, "MOST_CELLS", 20)
    with pytest.raises(InputError, match="24 cells round the neighbourhood, more than 20"):
        read_raster(draw(tmp_path / "n.tif", NUMBERED), area=area(0, 0, 60, 40))
