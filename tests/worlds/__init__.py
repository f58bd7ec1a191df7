"""Tiny places drawn by hand, with the answers that a pencil gives."""
