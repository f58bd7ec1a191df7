"""Interactive maps: one self-contained HTML file."""

from assetmap.maps.content import MapContent, SourceNote, ZoneView
from assetmap.maps.document import map_html, render_map

__all__ = ["MapContent", "SourceNote", "ZoneView", "map_html", "render_map"]
