"""How each factor of a system map stands: what it drives, what drives it, how far it reaches, what goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from assetmap.engagement.systems.graph import influence_graph

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["EXACT_FACTORS", "factor_measures", "reached_factors"]

EXACT_FACTORS = 1000
"""Up to so many factors betweenness is exact; beyond, it is estimated from the paths that start at `PIVOTS` of them."""
PIVOTS = 200
_SEED = 20


def factor_measures(factors: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Measure each factor of a system map.

    ``leverage`` is out-degree over in-degree; it is empty for a factor that nothing drives. ``betweenness`` is the
    share of the shortest paths between two other factors that pass through it (Freeman 1977; for maps of more than
    1,000 factors estimated from 200 of them, Brandes and Pich 2007). ``downstream`` counts the other factors that it
    acts on through any number of links, ``upstream`` those that act on it.

    Parameters
    ----------
    factors, links
        Tables ``factors`` and ``system_links`` of `schema.py`.

    Returns
    -------
    DataFrame
        Indexed by factor_id in the table's order: ``label``, ``in_degree``, ``out_degree``, ``leverage``,
        ``betweenness`` (0 to 1), ``upstream``, ``downstream``.

    Examples
    --------
    >>> factors = pd.DataFrame({"factor_id": ["a", "b", "c"], "label": ["A", "B", "C"]})
    >>> links = pd.DataFrame({"from_id": ["a", "b"], "to_id": ["b", "c"]})
    >>> links = links.assign(polarity="unknown", direction="one_way")
    >>> factor_measures(factors, links).loc["b", ["in_degree", "out_degree", "betweenness"]].tolist()
    [1.0, 1.0, 0.5]
    """
    import networkx as nx

    graph = influence_graph(factors, links)
    pivots = PIVOTS if len(graph) > EXACT_FACTORS else None
    between = nx.betweenness_centrality(graph, k=pivots, seed=_SEED)
    reached = reached_factors(graph)
    reaching = reached_factors(graph.reverse(copy=False))
    order = list(graph)
    found = pd.DataFrame(
        {
            "label": [graph.nodes[name]["label"] for name in order],
            "in_degree": [graph.in_degree(name) for name in order],
            "out_degree": [graph.out_degree(name) for name in order],
            "betweenness": [between[name] for name in order],
            "upstream": [reaching[name] for name in order],
            "downstream": [reached[name] for name in order],
        },
        index=pd.Index(order, name="factor_id"),
    )
    driven = found["in_degree"].where(found["in_degree"] > 0, np.nan)
    found.insert(3, "leverage", found["out_degree"] / driven)
    return found


def reached_factors(graph: nx.DiGraph) -> dict[str, int]:
    """Return how many other factors each one acts on, through any number of links.

    Factors that act on one another in a circle reach the same ones, so the circles are taken as one; the sets are
    held as the bits of whole numbers, which makes thousands of factors quick.
    """
    import networkx as nx

    circles = nx.condensation(graph)
    place = {name: bit for bit, name in enumerate(graph)}
    reach: dict[int, int] = {}
    found: dict[str, int] = {}
    for circle in reversed(list(nx.topological_sort(circles))):
        members = circles.nodes[circle]["members"]
        own = sum(1 << place[name] for name in members)
        reach[circle] = own
        for after in circles.successors(circle):
            reach[circle] |= reach[after]
        found |= dict.fromkeys(members, reach[circle].bit_count() - 1)
    return found
