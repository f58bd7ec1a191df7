"""The same OpenStreetMap data read by assetmap and by its peers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import osmium

from assetmap.sources.osm_tags import walkable
from assetmap.taxonomy import taxonomy


def write_xml(pbf: Path, folder: Path) -> tuple[Path, Path]:
    """Write OSM data as XML for OSMnx: everything, and the walkable ways with their nodes.

    Ways with nodes outside the data, and relations with ways outside it, are left out: OSMnx raises on
    them where it should leave them out itself.
    """
    whole, walk = folder / "whole.osm", folder / "walk.osm"
    used: set[int] = set()
    for way in osmium.FileProcessor(str(pbf)).with_locations():
        if way.is_way() and walkable(dict(way.tags)) and all(node.location.valid() for node in way.nodes):
            used.update(node.ref for node in way.nodes)
    ways: set[int] = set()
    with osmium.SimpleWriter(str(whole)) as all_of_it, osmium.SimpleWriter(str(walk)) as walked:
        for thing in osmium.FileProcessor(str(pbf)).with_locations():
            if thing.is_node():
                all_of_it.add(thing)
                if thing.id in used:
                    walked.add(thing)
            elif thing.is_way():
                if all(node.location.valid() for node in thing.nodes):
                    ways.add(thing.id)
                    all_of_it.add(thing)
                    if walkable(dict(thing.tags)):
                        walked.add(thing)
            elif all(member.type != "w" or member.ref in ways for member in thing.members):
                all_of_it.add(thing)
    return whole, walk


def read_ours(pbf: str, _whole: str, _walk: str) -> dict[str, int]:
    from assetmap.network import build_network
    from assetmap.sources.osm import read_osm

    extract = read_osm(pbf)
    network = build_network(extract.walk)
    return {
        "assets": len(extract.assets),
        "buildings": len(extract.buildings),
        "nodes": len(network.xy),
        "edges": len(network.start),
        "base map": len(extract.base),
    }


def read_osmnx_features(_pbf: str, whole: str, _walk: str) -> dict[str, int]:
    import osmnx

    found = osmnx.features_from_xml(whole, tags={**taxonomy().osm_tags, "building": True})
    asked = (found[key].isin(values) for key, values in taxonomy().osm_tags.items() if key in found)
    is_asset = next(asked)
    for more in asked:
        is_asset |= more
    return {"assets": int(is_asset.sum()), "buildings": int(found["building"].notna().sum())}


def read_osmnx_graph(_pbf: str, _whole: str, walk: str) -> dict[str, int]:
    import osmnx

    graph = osmnx.graph_from_xml(walk, bidirectional=True, simplify=False, retain_all=True)
    return {"nodes": len(graph), "edges": graph.number_of_edges() // 2}


def read_pyrosm(pbf: str, _whole: str, _walk: str) -> dict[str, int]:
    import pyrosm

    data = pyrosm.OSM(pbf)
    nodes, edges = data.get_network("walking", nodes=True)
    assets = data.get_data_by_custom_criteria(taxonomy().osm_tags, filter_type="keep")
    return {"assets": len(assets), "buildings": len(data.get_buildings()), "nodes": len(nodes), "edges": len(edges)}


READERS: dict[str, Callable[[str, str, str], dict[str, int]]] = {
    "assetmap, all at once": read_ours,
    "OSMnx features_from_xml": read_osmnx_features,
    "OSMnx graph_from_xml": read_osmnx_graph,
    "pyrosm, network, assets, buildings": read_pyrosm,
}
