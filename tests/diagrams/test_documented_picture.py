"""The picture in the documentation is what the program draws of the file beside it."""

from pathlib import Path

from assetmap.diagrams.drawing import diagram_svg
from assetmap.diagrams.system_drawing import system_diagram
from assetmap.sources.system_maps.reading import read_system_map

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def test_the_documented_system_map_is_drawn_by_the_program():
    drawing, _ = read_system_map(PICTURES / "system-map.json")
    svg = diagram_svg(system_diagram(drawing.title, drawing.factors, drawing.links)) + "\n"
    assert (PICTURES / "system-map.svg").read_text() == svg
