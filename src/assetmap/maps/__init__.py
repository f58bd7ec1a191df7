"""Interactive maps: one self-contained HTML file."""
