"""Degrees, reach, betweenness and loops: by hand, by NetworkX, and for maps of thousands of factors."""

from __future__ import annotations

import math
import random
import time

import networkx as nx
import pandas as pd
import pytest

from assetmap.engagement.systems.answers import answer_question
from assetmap.engagement.systems.factors import factor_measures
from assetmap.engagement.systems.graph import influence_graph
from assetmap.engagement.systems.loops import feedback_loops

SIGNS = {"+": "positive", "-": "negative", "?": "unknown"}


def tables(links, more=()):
    """Build a map from rows such as ("a", "b", "+"); a fourth word is the direction."""
    names = sorted({end for link in links for end in link[:2]} | set(more))
    factors = pd.DataFrame({"factor_id": names, "label": [name.upper() for name in names]})
    rows = [(*link[:2], SIGNS[link[2]], link[3] if link[3:] else "one_way") for link in links]
    return factors, pd.DataFrame(rows, columns=["from_id", "to_id", "polarity", "direction"])


def drawn_by_chance(seed, size, links):
    chance = random.Random(seed)
    names = [f"f{n}" for n in range(size)]
    rows = [(chance.choice(names), chance.choice(names), chance.choice("+-?")) for _ in range(links)]
    return tables(rows, names)


def test_a_map_worked_out_by_hand():
    """Lighting -> walking -> trust -> walking; fear -| walking; walking -| fear; a factor apart."""
    factors, links = tables(
        [
            ("light", "walk", "+"),
            ("walk", "trust", "+"),
            ("trust", "walk", "+"),
            ("fear", "walk", "-"),
            ("walk", "fear", "-"),
            ("light", "fear", "-"),
        ],
        more=["apart"],
    )
    found = factor_measures(factors, links)
    assert found.loc["light", ["in_degree", "out_degree", "upstream", "downstream"]].tolist() == [0, 2, 0, 3]
    assert math.isnan(found.loc["light", "leverage"])
    assert found.loc["walk", ["in_degree", "out_degree", "leverage"]].tolist() == [3, 2, 2 / 3]
    assert found.loc["walk", ["upstream", "downstream"]].tolist() == [3, 2]
    assert found.loc["fear", ["upstream", "downstream"]].tolist() == [3, 2]
    assert found.loc["apart", ["in_degree", "out_degree", "upstream", "downstream"]].tolist() == [0, 0, 0, 0]
    # Shortest ways of two links or more: light-walk-trust, fear-walk-trust, trust-walk-fear; of 4 x 3 ordered pairs
    # of others, three have walk between them.
    assert found["betweenness"].to_dict() == {"light": 0, "walk": 3 / 12, "trust": 0, "fear": 0, "apart": 0}
    loops = feedback_loops(influence_graph(factors, links))
    assert [(loop.factors, loop.kind) for loop in loops.loops] == [(("fear", "walk"), "R"), (("trust", "walk"), "R")]
    assert loops.complete


@pytest.mark.parametrize(
    ("signs", "kind"), [("+++", "R"), ("+--", "R"), ("-++", "B"), ("---", "B"), ("+?+", "unknown"), ("--?", "unknown")]
)
def test_a_loop_s_sign_is_the_product_of_its_links_signs(signs, kind):
    loops = feedback_loops(
        influence_graph(*tables([(*ends, sign) for ends, sign in zip(("ab", "bc", "ca"), signs, strict=True)]))
    )
    assert [(loop.factors, loop.kind) for loop in loops.loops] == [(("a", "b", "c"), kind)]


def test_links_both_ways_parallel_links_and_links_to_oneself():
    graph = influence_graph(
        *tables(
            [
                ("a", "b", "-", "both_ways"),
                ("b", "c", "+"),
                ("b", "c", "-"),
                ("c", "c", "-"),
                ("d", "e", "+", "undirected"),
            ]
        )
    )
    assert graph.edges["b", "c"]["sign"] == 0
    loops = feedback_loops(graph).loops
    assert [(loop.factors, loop.kind) for loop in loops] == [(("c",), "B"), (("a", "b"), "R"), (("d", "e"), "R")]


@pytest.mark.parametrize("seed", range(40))
def test_maps_drawn_by_chance_agree_with_networkx(seed):
    size = 3 + seed % 9
    factors, links = drawn_by_chance(seed, size, size * 2)
    graph = influence_graph(factors, links)
    found = factor_measures(factors, links)
    between = nx.betweenness_centrality(graph)
    for name in graph:
        row = found.loc[name]
        assert row["downstream"] == len(nx.descendants(graph, name))
        assert row["upstream"] == len(nx.ancestors(graph, name))
        assert row["betweenness"] == pytest.approx(between[name])
    loops = feedback_loops(graph, at_most=100_000)
    assert loops.complete

    def first_smallest(loop):
        start = loop.index(min(loop))
        return (*loop[start:], *loop[:start])

    assert {loop.factors for loop in loops.loops} == {first_smallest(loop) for loop in nx.simple_cycles(graph)}
    assert len({loop.factors for loop in loops.loops}) == len(loops.loops)
    for loop in loops.loops:
        ends = zip(loop.factors, (*loop.factors[1:], loop.factors[0]), strict=True)
        product = math.prod(graph.edges[end]["sign"] for end in ends)
        assert loop.kind == {1: "R", -1: "B", 0: "unknown"}[product]


@pytest.mark.parametrize("seed", range(5))
def test_where_there_are_too_many_loops_all_up_to_the_length_told_are_there(seed):
    graph = influence_graph(*drawn_by_chance(seed, 40, 120))
    loops = feedback_loops(graph)
    assert not loops.complete
    assert len(loops.loops) <= 500
    wanted = list(nx.simple_cycles(graph, length_bound=loops.up_to))
    assert len(loops.loops) == len(wanted)
    assert len(list(nx.simple_cycles(graph, length_bound=loops.up_to + 1))) > 500


def test_a_ring_of_many_factors_is_one_loop():
    links = [(f"{n:03}", f"{(n + 1) % 300:03}", "-") for n in range(300)]
    loops = feedback_loops(influence_graph(*tables(links)))
    assert [(len(loop.factors), loop.kind) for loop in loops.loops] == [(300, "R")]
    assert loops.complete


@pytest.mark.slow
def test_five_thousand_factors_are_answered():
    factors, links = drawn_by_chance(1, 5000, 12_000)
    began = time.process_time()
    answers = {question: answer_question(question, factors, links) for question in ("start", "bottleneck", "loops")}
    assert time.process_time() - began < 120
    assert "estimated from 200" in answers["bottleneck"].sentences[-1]
    assert "there are too many longer ones" in answers["loops"].sentences[0]


def test_answers_in_words():
    factors, links = tables([("light", "walk", "+"), ("walk", "trust", "+"), ("trust", "walk", "-")])
    assert answer_question("start", factors, links).sentences[0] == (
        "LIGHT: a change here can reach 2 of the 2 other factors; it drives 1 directly, "
        "and nothing in the map drives it."
    )
    assert answer_question("bottleneck", factors, links).sentences == (
        "WALK: 50% of the shortest ways between two other factors pass through it.",
    )
    assert answer_question("loops", factors, links).sentences == (
        "1 feedback loop(s): 0 reinforcing (R), 1 balancing (B), 0 of which the sign isn't known.",
        "B: TRUST → WALK → TRUST (balancing: a change comes back against itself).",
    )
    nothing = tables([], more=["a"])
    assert [answer_question(q, *nothing).sentences for q in ("start", "bottleneck", "loops")] == [
        ("No factor acts on another, so there is nowhere to start from.",),
        ("No factor lies between two others.",),
        ("There is no feedback loop.",),
    ]
