"""A theory of change: actions lead to outcomes, outcomes to others, and nothing to itself."""

from __future__ import annotations

from collections.abc import Iterable

from assetmap.errors import InputError

__all__ = ["theory_columns"]


def theory_columns(names: Iterable[str], steps: Iterable[tuple[str, str]], labels: dict[str, str]) -> dict[str, int]:
    """Return in which column each step of a theory stands: one to the right of all that lead to it.

    Parameters
    ----------
    names
        Everything in the theory.
    steps
        (what leads, to what).
    labels
        Words for messages.

    Raises
    ------
    InputError
        If something leads back to itself; the circle is named.

    Examples
    --------
    >>> theory_columns("abc", [("a", "b"), ("b", "c"), ("a", "c")], {})
    {'a': 0, 'b': 1, 'c': 2}
    """
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from(steps)
    try:
        circle = [start for start, _ in nx.find_cycle(graph)]
    except nx.NetworkXNoCycle:
        circle = []
    if circle:
        way = " → ".join(labels.get(name, name) for name in (*circle, circle[0]))
        raise InputError(f"the theory of change goes in a circle: {way}. Take one of these arrows out.")
    return {name: column for column, layer in enumerate(nx.topological_generations(graph)) for name in layer}
