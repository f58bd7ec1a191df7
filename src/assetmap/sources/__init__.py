"""Everything that reads or fetches, one module a source."""
