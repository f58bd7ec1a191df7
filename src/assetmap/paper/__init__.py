"""Vector PDF: fonts, a page in millimetres, the base map, scale bar, north arrow and codes."""
