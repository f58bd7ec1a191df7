"""The picture in the documentation is what the program draws of the sample's system map."""

from pathlib import Path

from assetmap.diagrams.drawing import diagram_svg
from assetmap.diagrams.system_drawing import system_diagram
from assetmap.sources.system_maps.reading import read_system_map

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"


def test_the_documented_system_map_is_drawn_by_the_program():
    drawing, _ = read_system_map(ROOT / "data/engagement/tidewell_system_map.json")
    svg = diagram_svg(system_diagram(drawing.title, drawing.factors, drawing.links)) + "\n"
    assert (PICTURES / "system-map.svg").read_text() == svg
