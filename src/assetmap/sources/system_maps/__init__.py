"""System maps (causal maps, theories of change) as other programs write them; a format is one module, both ways."""
