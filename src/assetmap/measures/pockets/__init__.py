"""Pockets of deprivation: connected sets of zones, zones locally worst, and hubs for their people."""
