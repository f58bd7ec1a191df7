"""The walking network of a study, and where it leads into the places that something is measured to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assetmap.entrances import find_entrances
from assetmap.measures.routing import Routing
from assetmap.network import WalkNetwork, build_network

if TYPE_CHECKING:
    import geopandas as gpd

    from assetmap.study.inputs import Inputs

__all__ = ["network_of", "routing_to"]


def network_of(inputs: Inputs) -> WalkNetwork | None:
    """Build the walking network; None where there are no ways."""
    return build_network(inputs.osm.walk) if inputs.osm is not None and inputs.has_ways else None


def routing_to(inputs: Inputs, places: gpd.GeoDataFrame, network: WalkNetwork | None) -> Routing | None:
    """Return the walking network (`network_of`) with the entrances of some places; None without a network."""
    if network is None or inputs.osm is None:
        return None
    doors = find_entrances(places, inputs.osm.entrances, network, official=inputs.access_points)
    return Routing(network, doors)
