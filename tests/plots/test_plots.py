"""Plots: equal input in equal bytes, what they say to those who can't see them, and colours that can be told apart."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from assetmap.cartography.palettes import contrast_ratio
from assetmap.measures.equity.figures import Quantity
from assetmap.measures.equity.together import measure_equity
from assetmap.plots.curves import plot_coverage, plot_equity_curves
from assetmap.plots.deciles import plot_before_after, plot_distance_by_decile
from assetmap.plots.plot import COLOURS, draw
from assetmap.plots.shares import plot_share_equity

WALK = Quantity("Walk to a park", "m", "farther", "nearer")


def curves():
    zones = pd.DataFrame(
        {"population": [100.0] * 12, "imd_rank": range(1, 13), "value": [float(v) for v in range(12, 0, -1)]}
    )
    few = zones.head(4)
    return plot_equity_curves(
        {"Parks": measure_equity(zones, quantity=WALK, groups=5), "Few": measure_equity(few, quantity=WALK, groups=5)}
    )


def deciles():
    rows = {"decile": [1, 3, 1], "category": ["park", "park", "cafe"], "people": [10.0, 40.0, 10.0]}
    table = pd.DataFrame({**rows, "mode": "walk", "mean_m": [300.0, 100.0, float("nan")]})
    return plot_distance_by_decile(table, {"park": "Parks", "cafe": "Cafés", "pub": "Pubs"})


def shares():
    names = ["concentration index", "Erreygers index", "Wagstaff index"]
    rows = [("park", 400, [0.3, 0.33, 12 / 29]), ("cafe", 400, [-0.1, -0.2, -0.4]), ("park", 800, [0.0, 0.0, 0.0])]
    table = pd.DataFrame(
        [(code, "walk", within, *pair) for code, within, found in rows for pair in zip(names, found, strict=True)],
        columns=["category", "mode", "within_m", "measure", "value"],
    )
    return plot_share_equity(table, {"park": "Parks", "cafe": "Cafés", "pub": "Pubs"})


def coverage():
    rows = {"hubs": [0, 1, 2], "people_covered": [0.0, 90.0, 100.0], "share_covered": [0.0, 0.9, 1.0]}
    return plot_coverage(pd.DataFrame(rows), reach="10 minutes' walk")


def change():
    table = pd.DataFrame({"before": [0.2, 0.5], "after": [0.6, 0.5]}, index=[1, 4])
    return plot_before_after(table, change="a new <b>library</b> & $more$", unit="share")


@pytest.mark.parametrize("make", [curves, deciles, shares, coverage, change])
def test_equal_input_gives_equal_bytes_whatever_is_written_first(make):
    first, second = make(), make()
    assert first.png() == second.png()
    assert first.svg() == second.svg() == first.svg()
    assert first.png().startswith(b"\x89PNG")


@pytest.mark.parametrize("make", [curves, deciles, shares, coverage, change])
def test_it_says_what_it_shows_and_how_to_read_it(make):
    plot = make()
    assert plot.reading.startswith("How to read this: ")
    svg = plot.svg()
    root = ET.fromstring(svg)
    name = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.find(f"{name}title").text == plot.title
    assert root.find(f"{name}desc").text == plot.reading
    assert not re.search(r"<script|href=\"http|20\d\d-\d\d-\d\d", svg)


def points(axis):
    """Return the dots of a panel, by colour of their filling."""
    return [
        (tuple(dots.get_facecolor()[0].round(2)), dots.get_offsets().tolist())
        for dots in axis.collections
        if len(dots.get_offsets()) and dots.get_offsets().tolist() != [[0.0, 0.0]]
    ]


def test_the_curves_are_those_of_the_measure():
    (axis,) = curves().figure.axes  # four zones make no curve
    _, concentration, lorenz = axis.lines
    # twelve equal zones with 12, 11, … 1 m, most deprived first: 12/78, 23/78, … and the other way round
    assert concentration.get_ydata()[:3] == pytest.approx([0, 12 / 78, 23 / 78])
    assert lorenz.get_ydata()[:3] == pytest.approx([0, 1 / 78, 3 / 78])
    assert concentration.get_linestyle() != lorenz.get_linestyle()
    assert axis.get_title(loc="left").startswith("Parks\nconcentration -0.3")


def test_the_dots_are_the_means_and_what_is_not_known_has_none():
    parks, cafes = deciles().figure.axes  # there are no pubs
    ((_, dots),) = points(parks)
    assert dots == [[1.0, 300.0], [3.0, 100.0]]
    assert points(cafes) == []
    assert parks.get_ylim() == cafes.get_ylim() == (0, pytest.approx(330, abs=30))  # residents compare panels


def test_the_indices_of_shares_stand_on_the_row_of_their_kind_of_place():
    near, far = shares().figure.axes
    (_, wagstaff), (_, erreygers) = points(near)
    assert sorted(erreygers) == [[-0.2, 0.0], [0.33, 1.0]]  # parks above cafés
    assert sorted(wagstaff) == [[-0.4, 0.0], [pytest.approx(12 / 29), 1.0]]
    assert [label.get_text() for label in near.get_yticklabels()] == ["Cafés", "Parks"]
    assert near.get_xlim() == far.get_xlim()
    assert far.get_title(loc="left") == "within 800 m"


def test_what_does_not_change_has_one_dot():
    (axis,) = change().figure.axes
    (_, before), (_, after) = points(axis)
    assert before == [[1.0, 0.2], [4.0, 0.5]]
    assert after == [[1.0, 0.6]]


def test_the_colours_can_be_seen_and_told_apart():
    for name in ("ink", "quiet", "first", "second"):
        assert contrast_ratio(COLOURS[name], "#ffffff") >= 4.5
    assert contrast_ratio(COLOURS["first"], COLOURS["second"]) >= 1.5  # and a dash or a hollow dot beside it


def test_a_long_title_breaks():
    with draw("x", title="word " * 40, reading="How to read this: not.") as (plot, _):
        pass
    assert "\n" in plot.figure.get_suptitle()
