"""Participatory asset mapping: from OpenStreetMap and residents' marks to access and a map."""
