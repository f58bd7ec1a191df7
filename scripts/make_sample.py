"""Make the sample that ships with assetmap: Tidewell Basin, a fictional neighbourhood.

Run ``python scripts/make_sample.py`` to write it into ``data/``, or give ``--out`` another folder. The same
version writes the same bytes each time. What it should measure is worked out by hand in
``tests/worlds/tidewell.py``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from assetmap.files import write_text
from assetmap.provenance import record_provenance
from tidewell.annotations import annotations_geojson
from tidewell.drawing import Drawing
from tidewell.green import draw_green
from tidewell.houses import draw_houses
from tidewell.places import draw_places
from tidewell.story import story_files
from tidewell.streets import draw_streets, draw_water
from tidewell.tables import buildings_csv, deprivation_csv, population_csv, zones_geojson

SHEET = (-100.0, -100.0, 1350.0, 1100.0)
"""What the drawing covers: the neighbourhood is (0, 0) to (1200, 900)."""

_TITLES = {
    "osm_cache/tidewell.osm": "Tidewell Basin (fictional): streets, green spaces and buildings",
    "boundaries/tidewell_zones.geojson": "Tidewell Basin (fictional): 12 zones",
    "inputs/tidewell_population.csv": "Tidewell Basin (fictional): residents by age",
    "inputs/tidewell_iod2025.csv": "Tidewell Basin (fictional): deprivation figures in the published columns",
    "inputs/tidewell_community_buildings.csv": "Tidewell Basin (fictional): a council's list of community buildings",
    "inputs/tidewell_annotations.geojson": "Tidewell Basin (fictional): residents' marks from three printed sheets",
    "engagement/tidewell_closed_buildings.csv": "Tidewell Basin (fictional): a hall that has closed",
    "engagement/tidewell_conversations.csv": "Tidewell Basin (fictional): what passers-by said at a stall",
    "engagement/tidewell_codes_ana.csv": "Tidewell Basin (fictional): themes that one coder gave the marks",
    "engagement/tidewell_codes_ben.csv": "Tidewell Basin (fictional): themes that another coder gave the marks",
    "engagement/tidewell_votes.csv": "Tidewell Basin (fictional): votes of a café",
    "engagement/tidewell_system_map.json": "Tidewell Basin (fictional): a workshop's system map",
    "engagement/tidewell_ties.csv": "Tidewell Basin (fictional): what the system map's factors are about",
    "engagement/tidewell_actions.csv": "Tidewell Basin (fictional): an agenda",
    "engagement/tidewell_outcomes.csv": "Tidewell Basin (fictional): what the agenda should change",
    "walks/tidewell_hall_walk.gpx": "Tidewell Basin (fictional): the track of a group walk",
    "walks/tidewell_hall_walk_stories.csv": "Tidewell Basin (fictional): what was told on the walk",
}


def draw_town() -> Drawing:
    """Return the whole drawing."""
    town = Drawing()
    for draw in (draw_water, draw_green, draw_houses, draw_places, draw_streets):
        draw(town)
    return town


def make_sample(folder: Path) -> list[Path]:
    """Write the sample's files and their provenance records under a folder, and return the files."""
    texts = {
        "osm_cache/tidewell.osm": draw_town().to_osm(SHEET),
        "boundaries/tidewell_zones.geojson": zones_geojson(),
        "inputs/tidewell_population.csv": population_csv(),
        "inputs/tidewell_iod2025.csv": deprivation_csv(),
        "inputs/tidewell_community_buildings.csv": buildings_csv(),
        "inputs/tidewell_annotations.geojson": annotations_geojson(),
        **story_files(),
    }
    written = []
    for name, text in texts.items():
        path = folder / name
        write_text(path, text)
        record_provenance(
            path,
            title=_TITLES[name],
            publisher="assetmap",
            licence="CC0-1.0",
            attribution="Tidewell Basin, a fictional place drawn for assetmap",
            date="2026-11-22",
            made_by="scripts/make_sample.py",
            note="Fictional: no real place, person, business or figure is described.",
        )
        written.append(path)
    return written


def main() -> None:
    """Write the sample and say how large each file is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "data")
    for path in make_sample(parser.parse_args().out):
        print(f"{path.stat().st_size / 1000:6.1f} kB  {path}")


if __name__ == "__main__":
    main()
