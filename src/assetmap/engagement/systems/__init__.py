"""A system map as a graph: which factors drive it, which it passes through, and where it feeds back."""
