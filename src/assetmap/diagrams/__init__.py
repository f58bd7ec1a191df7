"""Boxes and arrows: system maps and theories of change as drawings and as pages."""
