"""Strokes followed from ink, and the shapes that strokes make: points, lines, rings, hatched and filled areas."""
