"""A built study's map names whose data it draws, as far as the files themselves tell."""

import re

import geopandas as gpd
import pandas as pd
import shapely

from tests.cli.program import run_here

SETTINGS = '[study]\nname = "Bow"\n[place]\nboundary = "inputs/wards.geojson"\n[zones]\nfile = "inputs/wards.geojson"\n'


def write(path, **columns):
    corners = [(-0.030, 51.530), (-0.028, 51.530)]
    shapes = [shapely.box(x, y, x + 0.002, y + 0.002) for x, y in corners]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4326).to_file(path)


def test_wards_nobody_has_named_and_os_open_greenspace(tmp_path):
    study = tmp_path / "study"
    (study / "inputs").mkdir(parents=True)
    (study / "assetmap.toml").write_text(SETTINGS)
    write(study / "inputs/wards.geojson", WD22CD=["E05009317", "E05009318"], WD22NM=["Bow East", "Bow West"])
    write(tmp_path / "green.gpkg", id=["a", "b"], function=["Public Park Or Garden", "Play Space"])
    halls = {"name": ["Hall"], "lon": [-0.029], "lat": [51.531]}
    pd.DataFrame(halls).to_csv(tmp_path / "halls.csv", index=False)
    run_here("add", study, tmp_path / "green.gpkg", "--quiet").worked()
    run_here("add", study, tmp_path / "halls.csv", "--category", "community_centre", "--quiet").worked()
    run_here("build", study, "--quiet").worked()
    page = (study / "out/map.html").read_text(encoding="utf-8")
    line = re.search(r'<p class="credit">(.*?)</p>', page)[1]
    assert re.sub(r"<[^>]*>", "", line) == "Contains OS data © Crown copyright and database right · Sources"
    listed = re.search(r'<ul class="sources">(.*?)</ul>', page, re.DOTALL)[1]
    rows = [re.sub(r"<[^>]*>", "", row).strip() for row in re.findall(r"<li>(.*?)</li>", listed)]
    assert "halls.csv is a file that the team added; nobody has written down whose it is." in rows
    assert "wards.geojson is a file that the team added; nobody has written down whose it is." in rows
    assert [row for row in rows if row.startswith("OS Open Greenspace, ")]
