"""Measures: pure functions, frames in, tables out on the caller's index."""
