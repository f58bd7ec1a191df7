"""Base map, symbols, palettes: drawn once, for the screen and for paper."""
